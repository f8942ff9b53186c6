"""The demonstration of review: past quarters are accepted by the units' reviewers; of the last one some still wait and
some were returned. Everything goes through the reviewers' own verbs, under a clock that stands after the submission."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from assessments.standings import standing_of
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
            waiting = _waiting(period, officers)
            done = [_review(plan, surveys, officer, number == PAST - 1) for surveys, officer in waiting]
        accepted, returned = (sum(each) for each in zip((0, 0), *done, strict=True))
        yield f"{period}：通过 {accepted} 份，退回 {returned} 份"


def _reviewers() -> dict[str, Officer]:
    """Unit code → its demo reviewer; the city's under the empty key."""
    found = Officer.objects.filter(is_demo=True, role__in=(Officer.REVIEWER, Officer.CITY)).select_related("unit")
    return {officer.unit.code if officer.unit else "": officer for officer in found.order_by("-pk")}


def _waiting(period: Period, officers: Mapping[str, Officer]) -> Iterator[tuple[list[Survey], Officer]]:
    """Submitted surveys of the quarter that came in on one day, with who decides on them."""
    submitted = Survey.objects.filter(period=period, state=Survey.SUBMITTED, is_demo=True)
    surveys = list(submitted.select_related("facility__division", "period").order_by("facility__code"))
    units = units_of([survey.facility for survey in surveys], period.last_day)
    together: dict[tuple[str, date], list[Survey]] = {}
    for survey in surveys:
        unit = units.get(survey.facility.code)
        office = "" if survey.facility.subject == "county" else unit.code if unit else "-"
        together.setdefault((office, _received(survey)), []).append(survey)
    for (office, _), came in together.items():
        if office in officers:
            yield came, officers[office]


def _received(survey: Survey) -> date:
    return (survey.received_at or timezone.now()).astimezone(SHANGHAI).date()


def _review(plan: Plan, surveys: Sequence[Survey], officer: Officer, last: bool) -> tuple[int, int]:
    """Gives how many are accepted and returned; of the last quarter some wait."""
    ends = [_end(plan, survey, officer, last) for survey in surveys]
    back = [survey for survey, end in zip(surveys, ends, strict=True) if end == Survey.RETURNED]
    good = [survey for survey, end in zip(surveys, ends, strict=True) if end == Survey.ACCEPTED]
    with clock(_moment(plan, surveys[0])):
        for survey in back:
            standing = standing_of(survey)
            rows = [stands.page.clause.key for stands in standing.pages if stands.result.outcome != "pass"][:2]
            reviewing.send_back(survey, officer, rows or [standing.pages[0].page.clause.key], "wrong", MEND)
        _determine(plan, good, officer)
        done = reviewing.accept_all(good, officer)
    return len(done.snapshots), len(back)


def _end(plan: Plan, survey: Survey, officer: Officer, last: bool) -> str:
    """The state in which the survey is left."""
    chance = share(plan.words.seed, survey.facility.code, survey.period.key, "review")
    lags = officer.unit is not None and officer.unit.code in plan.late
    returned, waiting = (2 * RETURNED, 4 * WAITING) if lags else (RETURNED, WAITING)
    if last and chance >= 1 - waiting and survey.facility.code != plan.by_hand:
        return Survey.SUBMITTED
    return Survey.RETURNED if last and chance < returned else Survey.ACCEPTED


def _determine(plan: Plan, surveys: Sequence[Survey], officer: Officer) -> None:
    own = {survey.pk: survey for survey in surveys}
    waiting = Finding.objects.filter(judgement__survey__in=list(own), outcome__in=reviewing.UNDECIDED)
    for pk, key, outcome in waiting.values_list("judgement__survey", "requirement__key", "outcome").order_by("pk"):
        survey = own[pk]
        recognized = share(plan.words.seed, survey.facility.code, survey.period.key, key) < RECOGNIZED[outcome]
        decision = Determination.ACCEPTED if recognized else Determination.REFUSED
        reviewing.determine(survey, officer, key, decision, SAID[decision])


def _moment(plan: Plan, survey: Survey) -> datetime:
    """Some days after the submission, in office hours."""
    chance = share(plan.words.seed, survey.facility.code, survey.period.key, "reviewed")
    day = _received(survey) + timedelta(days=1 + int(5 * chance))
    return datetime.combine(day, time(9 + int(8 * chance), int(59 * chance)), SHANGHAI)
