"""What looks odd in an answer: it asks for a note and never blocks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from assessments.models import Answer
from standards.edition import Indicator
from standards.values import parse_value
from standards.wording import value_in_words

JUMP = Decimal("0.3")  # a change of more than 30 % is looked at


def warning_of(indicator: Indicator, answer: Answer | None) -> str:
    """The sentence, or an empty one where nothing is odd."""
    if answer is None or answer.value is None:
        return ""
    value = parse_value(indicator, answer.value)
    if isinstance(value, Decimal):
        return _implausible(indicator, value) or _jump(indicator, value, answer.previous)
    if isinstance(value, bool) and answer.previous is not None and value != answer.previous:
        return f"上季填的是“{'是' if answer.previous else '否'}”，本季改成了“{'是' if value else '否'}”。请写一句说明。"
    return ""


def _implausible(indicator: Indicator, value: Decimal) -> str:
    low, high = indicator.low, indicator.high
    said = value_in_words(indicator, value)
    if high is not None and value > high:
        return f"{said}比常见的多（一般不超过 {value_in_words(indicator, high)}）。请再看一眼，属实就写一句说明。"
    if low is not None and value < low:
        return f"{said}比常见的少（一般不少于 {value_in_words(indicator, low)}）。请再看一眼，属实就写一句说明。"
    return ""


def _jump(indicator: Indicator, value: Decimal, before: Any) -> str:
    if before is None:
        return ""
    previous = parse_value(indicator, before)
    if not isinstance(previous, Decimal) or value == previous:
        return ""
    last = value_in_words(indicator, previous)
    if previous == 0 or value == 0:
        return f"上季是 {last}，本季是 {value_in_words(indicator, value)}。请写一句说明。"
    change = abs(value - previous) / previous
    if change <= JUMP:
        return ""
    word = "多" if value > previous else "少"
    return f"比上季（{last}）{word} {change * 100:.0f}%。请写一句说明。"
