"""What looks odd in an answer: it asks for a note and never blocks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from assessments.models import Answer
from standards.edition import Indicator
from standards.values import parse_value
from standards.wording import value_in_words

#: what the division tree tells of a place (facilities.facts.implied_facts)
TOLD_BY_THE_PLACE = frozenset(("unit_type", "supervising_office"))
JUMP = Decimal("0.3")  # a change of more than 30 % is looked at


def warning_of(indicator: Indicator, answer: Answer | None, registered: Any = None) -> str:
    """The sentence, or an empty one where nothing is odd. ``registered`` is what the place itself tells, if it does."""
    if answer is None or answer.value is None:
        return ""
    if registered is not None and answer.value != registered:
        said = value_in_words(indicator, parse_value(indicator, registered))
        return f"登记的是“{said}”，这里填的不一样。请写一句说明。"
    value = parse_value(indicator, answer.value)
    if isinstance(value, Decimal) and (odd := _implausible(indicator, value)):
        return odd
    jump = jump_in_words(indicator, answer.value, answer.previous)
    return f"{jump}。请写一句说明。" if jump else ""


def jump_in_words(indicator: Indicator, now: Any, before: Any) -> str:
    """What changed so much since the last quarter that it is looked at; both in their JSON form. Empty where little."""
    if now is None or before is None or now == before:
        return ""
    value = parse_value(indicator, now)
    if isinstance(value, bool):
        return f"上季填的是“{'是' if before else '否'}”，本季改成了“{'是' if value else '否'}”"
    return _jump(indicator, value, before) if isinstance(value, Decimal) else ""


def _implausible(indicator: Indicator, value: Decimal) -> str:
    low, high = indicator.low, indicator.high
    said = value_in_words(indicator, value)
    if high is not None and value > high:
        return f"{said}比常见的多（一般不超过 {value_in_words(indicator, high)}）。请再看一眼，属实就写一句说明。"
    if low is not None and value < low:
        return f"{said}比常见的少（一般不少于 {value_in_words(indicator, low)}）。请再看一眼，属实就写一句说明。"
    return ""


def _jump(indicator: Indicator, value: Decimal, before: Any) -> str:
    previous = parse_value(indicator, before)
    if not isinstance(previous, Decimal) or value == previous:
        return ""
    last = value_in_words(indicator, previous)
    if previous == 0 or value == 0:
        return f"上季是 {last}，本季是 {value_in_words(indicator, value)}"
    change = abs(value - previous) / previous
    if change <= JUMP:
        return ""
    word = "多" if value > previous else "少"
    return f"比上季（{last}）{word} {change * 100:.0f}%"
