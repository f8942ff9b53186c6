"""How many facilities stand at present, begun or not, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessments.adopting import Standards, in_force_on
from assessments.beginning import prefills
from assessments.forms import Questionnaire
from assessments.locking import Opening, openings_of
from assessments.models import Answer, Period, Survey
from assessments.scoring import Standing, asked_by, stand
from assessments.warnings import TOLD_BY_THE_PLACE, warning_of
from facilities.facts import implied_facts
from facilities.models import Division, Facility, Officer


@dataclass(frozen=True)
class Present:
    """``answers`` of a survey that is not begun are those that it would begin with."""

    survey: Survey
    standards: Standards
    asked: Questionnaire  # of every facility of the subject
    answers: Mapping[str, Answer]
    implied: Mapping[str, Any]
    opening: Opening | None = None  # of what was returned

    @property
    def facility(self) -> Facility:
        return self.survey.facility

    @property
    def is_begun(self) -> bool:
        return self.survey.pk is not None

    @property
    def state(self) -> str:
        return self.survey.get_state_display() if self.is_begun else "未开始"

    @cached_property
    def standing(self) -> Standing:
        return stand(self.survey, self.standards, self.answers)

    def is_open(self, key: str) -> bool:
        """Whether the answer can be written now."""
        if self.opening is None:
            return self.survey.is_open
        question = self.asked.questions[key]
        return self.opening.opens(question, self.answers.get(key), self.standing.needed)

    def revision(self, key: str) -> int:
        """The revision to base an edit on; that of a prefilled answer will be the first."""
        return self.answers[key].revision if key in self.answers else 0

    def warning(self, key: str, answer: Answer | None) -> str:
        indicator = self.asked.questions[key].indicator
        return warning_of(indicator, answer, self.implied.get(key) if key in TOLD_BY_THE_PLACE else None)

    @cached_property
    def unexplained(self) -> list[str]:
        """Indicators that look odd and have no note yet, of those that matter."""
        held = ((key, answer) for key, answer in self.answers.items() if key in self.standing.relevant)
        return [key for key, answer in held if not answer.note and self.warning(key, answer)]

    @property
    def unread(self) -> int:
        relevant = self.standing.relevant
        return sum(a.is_unread and a.value is not None for key, a in self.answers.items() if key in relevant)


def present_of(facilities: Sequence[Facility], period: Period, officer: Officer) -> list[Present]:
    """Of those that some standard judges; their divisions are loaded."""
    standards = in_force_on(period.last_day)
    judged = [facility for facility in facilities if standards.of(facility)]
    asked = {each: asked_by(standards.anywhere(each), each) for each in {facility.subject for facility in judged}}
    begun = _begun(judged, period)
    fresh = {f.pk: Survey(facility=f, period=period) for f in judged if f.pk not in begun}
    answers = _by_facility(_stored(begun.values()), prefills(list(fresh.values()), standards, officer))
    implied, openings = implied_facts(judged), openings_of(begun.values())
    return [
        Present(
            begun.get(each.pk) or fresh[each.pk],
            standards.of(each),
            asked[each.subject],
            answers.get(each.pk, {}),
            implied.get(each.pk, {}),
            openings.get(begun[each.pk].pk) if each.pk in begun else None,
        )
        for each in judged
    ]


def _begun(facilities: Sequence[Facility], period: Period) -> dict[int, Survey]:
    if period.pk is None:
        return {}
    there = {facility.pk: facility for facility in facilities}
    surveys = {survey.facility_id: survey for survey in Survey.objects.filter(period=period, facility__in=list(there))}
    for survey in surveys.values():
        survey.facility, survey.period = there[survey.facility_id], period
    return surveys


def _stored(surveys: Iterable[Survey]) -> list[Answer]:
    held = {survey.pk: survey for survey in surveys}
    answers = list(Answer.objects.filter(survey__in=list(held)).select_related("by"))
    for answer in answers:
        answer.survey = held[answer.survey_id]
    return answers


def _by_facility(*many: Iterable[Answer]) -> dict[int, dict[str, Answer]]:
    found: dict[int, dict[str, Answer]] = {}
    for answers in many:
        for answer in answers:
            found.setdefault(answer.survey.facility_id, {})[answer.indicator] = answer
    return found


def towns_of(facilities: Sequence[Facility]) -> dict[str, str]:
    """Facility's code → the street or town that it lies in, the district of a centre: one query."""
    names = dict(Division.objects.filter(code__in={each.code[:9] for each in facilities}).values_list("code", "name"))
    return {each.code: names.get(each.code[:9], each.division.name) for each in facilities}
