"""The demonstration of review: past quarters are accepted by the units' reviewers; of the last one some still wait and
some were returned. Everything goes through the reviewers' own verbs, under a clock that stands after the submission."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from assessments import reviewing
from assessments.demo.chance import share
from assessments.demo.city import PAST, Plan, quarters_of
from assessments.demo.clock import clock
from assessments.models import Determination, Finding, Period, Survey
from assessments.periods import period_of
from assessments.scoring import standing_of
from facilities.access import SHANGHAI, units_of
from facilities.models import Officer

RETURNED, WAITING = 0.04, 0.10  # of the last past quarter; of a unit that lags, twice and four times as many
RECOGNIZED = {"relaxed": 0.85, "pending": 0.6}  # share of what waits for a person that is recognized
SAID = {
    Determination.ACCEPTED: "现场查看过，情况属实，予以认可。",
    Determination.REFUSED: "现场查看过，不符合放宽的条件。",
}
MEND = "填报数与台账对不上，请核对后重新填报。"


def review_city(file: Path, day: date) -> Iterator[str]:
    """A sentence for each past quarter. What was decided already stays."""
    plan, officers = Plan.read(file), _reviewers()
    for number, key in enumerate(quarters_of(day)[:PAST]):
        period = period_of(*key)
        with transaction.atomic():
            states = [
                _review(plan, survey, officer, number == PAST - 1) for survey, officer in _waiting(period, officers)
            ]
        yield f"{period}：通过 {states.count(Survey.ACCEPTED)} 份，退回 {states.count(Survey.RETURNED)} 份"


def _reviewers() -> dict[str, Officer]:
    """Unit code → its demo reviewer; the city's under the empty key."""
    found = Officer.objects.filter(is_demo=True, role__in=(Officer.REVIEWER, Officer.CITY)).select_related("unit")
    return {officer.unit.code if officer.unit else "": officer for officer in found.order_by("-pk")}


def _waiting(period: Period, officers: Mapping[str, Officer]) -> Iterator[tuple[Survey, Officer]]:
    """Submitted surveys of the quarter, each with who decides on it."""
    submitted = Survey.objects.filter(period=period, state=Survey.SUBMITTED, is_demo=True)
    surveys = list(submitted.select_related("facility__division", "period").order_by("facility__code"))
    units = units_of([survey.facility for survey in surveys], period.last_day)
    for survey in surveys:
        unit = units.get(survey.facility.code)
        officer = officers.get("" if survey.facility.subject == "county" else unit.code if unit else "-")
        if officer is not None:
            yield survey, officer


def _review(plan: Plan, survey: Survey, officer: Officer, last: bool) -> str:
    """The state in which the survey is left."""
    chance = share(plan.words.seed, survey.facility.code, survey.period.key, "review")
    lags = officer.unit is not None and officer.unit.code in plan.late
    returned, waiting = (2 * RETURNED, 4 * WAITING) if lags else (RETURNED, WAITING)
    if last and chance >= 1 - waiting and survey.facility.code != plan.by_hand:
        return Survey.SUBMITTED
    with clock(_moment(survey, chance)):
        if last and chance < returned:
            standing = standing_of(survey)
            rows = [stands.page.clause.key for stands in standing.pages if stands.result.outcome != "pass"][:2]
            reviewing.send_back(survey, officer, rows or [standing.pages[0].page.clause.key], "wrong", MEND)
            return Survey.RETURNED
        _determine(plan, survey, officer)
        reviewing.accept(survey, officer)
    return Survey.ACCEPTED


def _determine(plan: Plan, survey: Survey, officer: Officer) -> None:
    waiting = Finding.objects.filter(judgement__survey=survey, outcome__in=reviewing.UNDECIDED)
    for key, outcome in waiting.values_list("requirement__key", "outcome"):
        recognized = share(plan.words.seed, survey.facility.code, survey.period.key, key) < RECOGNIZED[outcome]
        decision = Determination.ACCEPTED if recognized else Determination.REFUSED
        reviewing.determine(survey, officer, key, decision, SAID[decision])


def _moment(survey: Survey, chance: float) -> datetime:
    """Some days after the submission, in office hours."""
    received = (survey.received_at or timezone.now()).astimezone(SHANGHAI)
    day = received.date() + timedelta(days=1 + int(5 * chance))
    return datetime.combine(day, time(9 + int(8 * chance), int(59 * chance)), SHANGHAI)
