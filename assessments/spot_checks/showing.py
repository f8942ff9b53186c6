"""What was found beside what was reported, row by row: of a check that is finished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assessments.answering import Given
from assessments.forms import Questionnaire, questionnaire
from assessments.models import SpotCheck, SpotDifference
from assessments.saying import given_in_words
from assessments.spot_checks.policy import policy
from assessments.spot_checks.rates import Rate
from standards.edition import Clause, Edition
from standards.loading import edition_of
from standards.models import Standard
from standards.outcomes import OUTCOMES, Judgement


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator that differs."""

    label: str
    reported: str
    found: str
    tolerance: str
    surveyor: str  # empty for who may not know


@dataclass(frozen=True, slots=True)
class Turned:
    """A requirement whose outcome is another."""

    label: str
    reported: str  # outcomes
    found: str

    @property
    def words(self) -> tuple[str, str]:
        return OUTCOMES[self.reported], OUTCOMES[self.found]


@dataclass(frozen=True)
class Row:
    clause: Clause
    compared: int
    lines: tuple[Line, ...]
    turned: tuple[Turned, ...]
    reported: str  # outcomes of the whole row
    found: str

    @property
    def words(self) -> tuple[str, str]:
        return OUTCOMES[self.reported], OUTCOMES[self.found]


@dataclass(frozen=True)
class Comparison:
    check: SpotCheck
    standard: Standard
    reported: Judgement
    found: Judgement
    differences: tuple[SpotDifference, ...]
    with_names: bool

    @property
    def edition(self) -> Edition:
        return edition_of(self.standard)

    @cached_property
    def asked(self) -> Questionnaire:
        return questionnaire(self.edition)

    @cached_property
    def rate(self) -> Rate:
        return Rate("合计", sum(each.differs for each in self.differences), len(self.differences))

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(clause) for clause in self.edition.clauses]

    @property
    def differing(self) -> list[Row]:
        return [row for row in self.rows if row.lines or row.turned]

    def _row(self, clause: Clause) -> Row:
        mine = [each for each in self.differences if each.clause == clause.key]
        lines = tuple(self._line(each) for each in mine if each.differs)
        outcomes = (self.reported.clauses[clause.key].outcome, self.found.clauses[clause.key].outcome)
        return Row(clause, len(mine), lines, tuple(self._turned(clause)), *outcomes)

    def _line(self, each: SpotDifference) -> Line:
        question = self.asked.questions[each.indicator]
        reported, found = (
            given_in_words(question, Given(told["value"], told["reason"])) for told in (each.reported, each.found)
        )
        area = policy().area
        apart = area.words if question.is_number and question.indicator.unit == area.unit else "任何不同"
        by = each.surveyor.display_name if self.with_names else ""
        return Line(question.indicator.label, reported, found, apart, by)

    def _turned(self, clause: Clause) -> Iterator[Turned]:
        for requirement in clause.requirements:
            reported, found = (_outcomes(each, requirement.key) for each in (self.reported, self.found))
            if reported != found:
                yield Turned(requirement.label, reported, found)


def _outcomes(judgement: Judgement, key: str) -> str:
    return judgement.results[key].outcome


def comparison_of(check: SpotCheck, with_names: bool) -> Comparison:
    """Two queries. What was reported is judged as it stood in the snapshot."""
    judged = check.snapshot.judgements.select_related("standard").get(beside=False)
    differences = tuple(check.differences.select_related("surveyor"))
    reported, found = (Judgement.from_json(each) for each in (judged.content, _judged(check.judged)))
    return Comparison(check, judged.standard, reported, found, differences, with_names)


def _judged(told: Mapping[str, object]) -> Mapping[str, object]:
    judgement = told["judgement"]
    assert isinstance(judgement, Mapping)  # noqa: S101 - narrows the type
    return judgement
