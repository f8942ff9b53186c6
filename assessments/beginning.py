"""A survey begins, one or a whole town's at once: made on first opening, prefilled from facts and the last one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments import summaries
from assessments.adopting import InForce, in_force_on
from assessments.answering import change_of
from assessments.derived import derived_of
from assessments.earlier import last_snapshots
from assessments.forms import Question
from assessments.locking import require_writable
from assessments.models import Answer, Change, Period, Snapshot, Survey
from assessments.periods import is_fillable, opened_period, period_of
from assessments.scoring import asked_by
from facilities.access import may_survey_all
from facilities.existence import is_open
from facilities.facts import implied_facts
from facilities.models import Facility, Officer, facts_of
from standards.edition import Indicator
from standards.values import parse_value


class NothingToSurvey(Exception):
    """The facility has no standard in force, or the quarter is not the one to fill."""


def require_surveyor(officer: Officer, *facilities: Facility) -> None:
    if not may_survey_all(officer, facilities):
        raise PermissionDenied("只有本单位的填报员可以填写，您可以查看。")


@transaction.atomic
def start(facility: Facility, period: Period, officer: Officer) -> Survey:
    """The survey of the current quarter; begun twice the same. Raises NothingToSurvey, PermissionDenied, Locked."""
    require_surveyor(officer, facility)
    if (
        found := Survey.objects.filter(facility=facility, period__year=period.year, period__quarter=period.quarter)
        .select_related("facility", "period")
        .first()
    ):
        return found
    if not is_fillable(period_of(period.year, period.quarter)):
        raise NothingToSurvey("只能开始填报当前季度，或者还没有关闭的上一季度。")
    return begin(facility, opened_period(period.year, period.quarter), officer)


def begin(facility: Facility, period: Period, officer: Officer) -> Survey:
    """Makes and prefills the survey of a quarter, or gives the one there is. Raises NothingToSurvey, Locked."""
    if not in_force_on(period.last_day).of(facility):
        raise NothingToSurvey(f"{facility.name}本季度没有适用的建设规范，不需要填报。")
    if not (is_open(facility, period.last_day) or period.due_surveys.filter(facility=facility).exists()):
        raise NothingToSurvey(f"{facility.name}到本季度末已经撤销或合并，或者还没有设立，不需要填报。")
    begin_all([facility], period, officer)
    return Survey.objects.select_related("facility", "period").get(facility=facility, period=period)


@transaction.atomic
def begin_all(facilities: Iterable[Facility], period: Period, officer: Officer) -> list[Survey]:
    """Makes and prefills the surveys of a quarter that are not there yet and that some standard judges: a handful of
    queries, however many. Gives the new ones. The caller sees to who may. Raises Locked where the quarter is closed."""
    standards = in_force_on(period.last_day)
    asked = [facility for facility in facilities if standards.of(facility)]
    there = set(
        Survey.objects.filter(period=period, facility__in=[f.pk for f in asked]).values_list("facility", flat=True)
    )
    new = [facility for facility in asked if facility.pk not in there]
    if not new:
        return []
    require_writable(Survey(facility=new[0], period=period))
    surveys = _made(new, period, officer)
    _prefill(surveys, standards, officer)
    summaries.refresh_all(surveys)
    return surveys


def _made(facilities: Sequence[Facility], period: Period, officer: Officer) -> list[Survey]:
    """Two who begin at once: the database keeps one survey of each, and only who made it prefills it."""
    at = timezone.now()
    wanted = [
        Survey(facility=f, period=period, created_by=officer, created_at=at, is_demo=settings.DEMO) for f in facilities
    ]
    Survey.objects.bulk_create(wanted, ignore_conflicts=True)
    mine = Survey.objects.filter(
        period=period, facility__in=[f.pk for f in facilities], created_by=officer, created_at=at
    )
    return list(mine.select_related("facility__division", "period"))


def _prefill(surveys: Sequence[Survey], standards: InForce, officer: Officer) -> None:
    """What is prefilled is stored, and every answer says where it came from."""
    answers = prefills(surveys, standards, officer)
    Answer.objects.bulk_create(answers, batch_size=500)
    operation = uuid4()
    Change.objects.bulk_create([change_of(answer, operation) for answer in answers], batch_size=500)


def prefills(surveys: Sequence[Survey], standards: InForce, officer: Officer) -> list[Answer]:
    """The answers that surveys of one quarter begin with, whether they are stored already or only thought of: dated
    facts first, then what the portal derives, then what was said last time. A handful of queries, however many."""
    if not surveys:
        return []
    facilities = [survey.facility for survey in surveys]
    period = surveys[0].period
    facts, implied = facts_of(facilities, period.last_day), implied_facts(facilities)
    last = last_snapshots(facilities, period)
    asked = {f.pk: asked_by(standards.of(f), f.subject).questions for f in facilities}
    derived = derived_of(facilities, period, {key for each in asked.values() for key in each}, last)
    return [
        answer
        for survey in surveys
        for answer in _prefilled(
            survey,
            asked[survey.facility_id],
            {key: each.value for key, each in derived.get(survey.facility_id, {}).items()}
            | implied.get(survey.facility_id, {})
            | facts.get(survey.facility_id, {}),
            last.get(survey.facility_id),
            officer,
        )
    ]


def _prefilled(
    survey: Survey,
    questions: Mapping[str, Question],
    known: Mapping[str, Any],
    last: Snapshot | None,
    officer: Officer,
) -> Iterable[Answer]:
    said = last.content["answers"] if last else {}
    for key, question in questions.items():
        before = said.get(key, {}).get("value")
        value, origin = (known[key], Answer.FACT) if key in known else (before, Answer.CARRIED)
        if value is not None and _fits(question.indicator, value):
            yield Answer(survey=survey, indicator=key, value=value, previous=before, origin=origin, by=officer)


def _fits(indicator: Indicator, value: Any) -> bool:
    try:
        parse_value(indicator, value)
    except ValueError:
        return False
    return True
