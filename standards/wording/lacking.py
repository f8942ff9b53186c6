"""What stands between a subject and 达标, in one line: 「还差 2 台计算机、1 名工作人员；缺 调解室，即达标」."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from standards.edition import Any_, Edition, Requirement
from standards.outcomes import NOT_SET_UP, OUTCOMES, Judgement, Measured, Result
from standards.wording.figures import Scale, items_in_words, quoted, scale_of

ASIDE = re.compile(r"（[^（）]*）$")
MOST_LABELS = 4


@dataclass(slots=True)
class Lacking:
    """Gaps by name: the largest amount of each with its words, the items by indicator, and what has no amount."""

    amounts: dict[str, tuple[Decimal, str]] = field(default_factory=dict)
    items: dict[str, list[str]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    def add_amount(self, name: str, amount: Decimal, words: str) -> None:
        if name not in self.amounts or self.amounts[name][0] < amount:
            self.amounts[name] = amount, words

    def add_items(self, indicator: str, values: tuple[str, ...]) -> None:
        held = self.items.setdefault(indicator, [])
        held += [value for value in values if value not in held]


def lacking_line(edition: Edition, judgement: Judgement) -> str:
    """In real units, each name of a gap once with its largest; empty where nothing is lacking."""
    if judgement.grade == NOT_SET_UP:
        return "先要设立机构，设立后再评其余各项"
    lacking = _lacking(edition, judgement)
    parts = list(_parts(edition, lacking))
    if waiting := waiting_in_words(judgement):
        return "；".join([*parts, f"{'另' if parts else ''}有 {waiting}"])
    return f"{'；'.join(parts)}，{'整改后' if lacking.others else ''}即达标" if parts else ""


def waiting_in_words(judgement: Judgement) -> str:
    """「3 项缺数据、1 项待认定」; empty where nothing is open."""
    counts = ((count(judgement, outcome), OUTCOMES[outcome]) for outcome in ("missing", "pending"))
    return "、".join(f"{number} 项{word}" for number, word in counts if number)


def count(judgement: Judgement, outcome: str) -> int:
    return sum(result.outcome == outcome for result in judgement.results.values())


def _parts(edition: Edition, lacking: Lacking) -> Iterator[str]:
    if lacking.amounts:
        yield f"还差 {'、'.join(words for _, words in lacking.amounts.values())}"
    for key, values in lacking.items.items():
        indicator = edition.indicators[key]
        of = indicator.label if len(lacking.items) > 1 else ""
        yield f"{of}缺 {items_in_words(indicator, frozenset(values))}"
    if lacking.others:
        named = "、".join(quoted(label) if "、" in label else label for label in lacking.others[:MOST_LABELS])
        count = len(lacking.others)
        yield f"{named}{'等' if count > MOST_LABELS else ''}{f' {count} 项' if count > 1 else ''}要整改"


def _lacking(edition: Edition, judgement: Judgement) -> Lacking:
    lacking = Lacking()
    for requirement in edition.requirements:
        result = judgement.results.get(requirement.key)
        if result is not None and stands_in_the_way(result):
            _add(lacking, edition, requirement, result)
    return lacking


def stands_in_the_way(result: Result) -> bool:
    """It keeps the subject from 达标 and is neither missing nor pending."""
    return result.outcome == "fail" or (result.outcome == "deviation" and not result.accepted)


def _add(lacking: Lacking, edition: Edition, requirement: Requirement, result: Result) -> None:
    counted = [] if isinstance(requirement.check, Any_) else [each for each in result.measured if _is_counted(each)]
    for measured in counted:
        if measured.lacking:
            lacking.add_items(measured.indicator or "", measured.lacking)
        else:
            named = requirement.gap if measured == result.main else None
            words = _amount(edition, requirement, measured)
            lacking.add_amount(named or measured.indicator or requirement.key, measured.shortfall or Decimal(0), words)
    if not counted or len(counted) < len(result.measured):
        lacking.others.append(requirement.label)


def _is_counted(measured: Measured) -> bool:
    """What is too much, or exactly on an excluded line, has no number that one could supply."""
    return not measured.over and bool(measured.shortfall or measured.lacking)


def _amount(edition: Edition, requirement: Requirement, measured: Measured) -> str:
    """「2 台计算机」「1 名工作人员」「14.00 ㎡建筑面积」."""
    indicator = edition.indicators.get(measured.indicator or "")
    scale = scale_of(indicator) if indicator else Scale()
    label = ASIDE.sub("", indicator.label) if indicator else requirement.label
    amount = scale.actual(measured.shortfall or Decimal(0))
    if scale.unit in ("", "%"):
        return f"{label} {amount}"
    return f"{amount.removesuffix('人')}名{label}" if scale.unit == "人" else f"{amount}{label}"
