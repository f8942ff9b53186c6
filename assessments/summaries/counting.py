"""One judgement → what it adds to the summaries: pure. Gaps do not double: of the requirements that name the same thing
(``gap``), a facility lacks the largest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from standards.edition import Compare, Edition, Requirement
from standards.outcomes import BASICALLY, COMPLIANT, Judgement, Result
from standards.wording.comparing import compares

REACHED = ("pass", "relaxed")
NOT_JUDGED = ("not_applicable", "info")
LACKING = ("fail", "deviation", "pending")  # what is missing is not known, and never guessed
GOOD_GRADES = (COMPLIANT, BASICALLY)
BODIES, ITEMS = "家", "项"
NONE = Decimal(0)


class Key(NamedTuple):
    """Which row of an area. All of the last three empty: the whole."""

    subject: str
    standard: str
    clause: str = ""
    requirement: str = ""
    item: str = ""


@dataclass(slots=True)
class Sums:
    """The figures of one row, with a sign: what is to be added."""

    facilities: int = 0
    judged: int = 0
    reached: int = 0
    numbered: int = 0
    required: Decimal = NONE
    actual: Decimal = NONE
    lacking: int = 0
    gap: Decimal = NONE
    score: Decimal = NONE
    unit_word: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, other: Sums, sign: int = 1) -> None:
        self.facilities += sign * other.facilities
        self.judged += sign * other.judged
        self.reached += sign * other.reached
        self.numbered += sign * other.numbered
        self.required += sign * other.required
        self.actual += sign * other.actual
        self.lacking += sign * other.lacking
        self.gap += sign * other.gap
        self.score += sign * other.score
        self.unit_word = other.unit_word or self.unit_word
        for word, number in other.counts.items():
            self.counts[word] = self.counts.get(word, 0) + sign * number


def name_of(key: str, effective: object) -> str:
    """An edition, as summaries name it: town_office@2016-01-01."""
    return f"{key}@{effective}"


def contributions(edition: Edition, subject: str, judgement: Judgement) -> dict[Key, Sums]:
    """What one facility's judgement adds, row by row; nothing for what is not scored."""
    standard = name_of(edition.key, edition.effective)
    sums = {Key(subject, standard): _whole(judgement)}
    for key, clause in judgement.clauses.items():
        sums[Key(subject, standard, key)] = _counted(clause.outcome, clause.score)
    for key, result in judgement.results.items():
        requirement = edition.by_key[key]
        if not requirement.scored:
            continue
        sums[Key(subject, standard, requirement.clause, key)] = _of_requirement(edition, requirement, result)
    for item, largest in largest_gaps(edition, judgement):
        sums[Key(subject, standard, item=item)] = largest
    return sums


def largest_gaps(edition: Edition, judgement: Judgement) -> Iterator[tuple[str, Sums]]:
    """Each thing that requirements name, with the largest norm and gap of those that apply."""
    found: dict[str, Sums] = {}
    for key, result in judgement.results.items():
        requirement = edition.by_key[key]
        if requirement.gap and requirement.scored and result.outcome not in NOT_JUDGED:
            sums = _of_requirement(edition, requirement, result)
            before = found.get(requirement.gap)
            if before is None or _weight(sums) > _weight(before):
                found[requirement.gap] = sums
    for item, sums in found.items():
        sums.counts, sums.judged, sums.reached = {}, 0, 0
        yield item, sums


def _weight(sums: Sums) -> tuple[Decimal, int, Decimal]:
    return sums.gap, sums.lacking, sums.required


def _whole(judgement: Judgement) -> Sums:
    grade = judgement.grade or ""
    sums = Sums(facilities=1, counts={grade: 1} if grade else {})
    sums.judged, sums.reached = int(bool(grade)), int(grade in GOOD_GRADES)
    if judgement.score is not None:
        sums.numbered, sums.score = 1, judgement.score
    return sums


def _counted(outcome: str, score: Decimal | None = None) -> Sums:
    sums = Sums(facilities=1, counts={outcome: 1})
    sums.judged, sums.reached = int(outcome not in NOT_JUDGED), int(outcome in REACHED)
    if score is not None:
        sums.numbered, sums.score = 1, score
    return sums


def _of_requirement(edition: Edition, requirement: Requirement, result: Result) -> Sums:
    sums = _counted(result.outcome)
    if result.outcome in NOT_JUDGED:
        return sums
    sums.unit_word = _unit_word(edition, requirement)
    lacks = result.outcome in LACKING
    if sums.unit_word == BODIES:
        sums.lacking, sums.gap = int(lacks), Decimal(int(lacks))
        return sums
    norm, actual = _figures(result, sums.unit_word)
    if norm is not None and actual is not None:
        sums.numbered, sums.required, sums.actual = 1, norm, actual
        sums.gap = max(norm - actual, NONE) if lacks else NONE
    sums.lacking = int(lacks)
    return sums


def _figures(result: Result, unit_word: str) -> tuple[Decimal | None, Decimal | None]:
    """应有 and 实有 of the deciding comparison: numbers, or items of a list."""
    main = result.main or (result.measured[0] if len(result.measured) == 1 else None)
    if main is None:
        return None, None
    if unit_word != ITEMS:
        return (None, None) if main.listed is not None else (main.norm, main.actual)
    listed = None if main.listed is None else Decimal(main.listed)
    return listed, None if main.held is None else Decimal(main.held)


# ── In what a requirement is counted ──────────────────────────────────────────


def unit_word_of(edition: Edition, requirement: str) -> str:
    """人, ㎡, 台 … of what can be added up; 项 of the items of one list; else 家: facilities that do not reach it."""
    return _unit_word(edition, edition.by_key[requirement])


def _unit_word(edition: Edition, requirement: Requirement) -> str:
    asked = [compare for compare in compares(requirement.check) if compare.operator != "answered"]
    numbers = [compare for compare in asked if compare.operator == "at_least"]
    others = {compare.operator for compare in asked} - {"at_least", "is"}
    units = {_unit(edition, compare) for compare in numbers}
    if len(units) == 1 and not others and units.isdisjoint({"", "%"}):
        return units.pop()
    lists = [compare for compare in asked if compare.operator == "includes"]
    if len(asked) == len(lists) == 1 and not (isinstance(lists[0].norm, tuple) and len(lists[0].norm) == 1):
        return ITEMS
    return BODIES


def _unit(edition: Edition, compare: Compare) -> str:
    indicator = edition.indicators.get(getattr(compare.measure, "indicator", ""))
    return indicator.unit if indicator else ""
