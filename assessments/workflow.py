"""draft → submitted: who may, what is kept, what happens next."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments import snapshots
from assessments.answering import change_of, require_writable
from assessments.forms import Question, questionnaire
from assessments.models import Answer, Change, Period, Snapshot, Survey
from assessments.periods import opened_period, quarter_of
from assessments.scoring import standard_for, standing_of
from facilities.access import may_survey, today, visible_to
from facilities.models import Facility, Fact, Officer, facts_on
from standards.edition import Indicator
from standards.loading import edition_of
from standards.values import parse_value


class Incomplete(Exception):
    """The survey cannot be submitted yet: ``questions`` are open."""

    def __init__(self, questions: list[Question]) -> None:
        super().__init__("还有必填的数据没有填")
        self.questions = questions


class NothingToSurvey(Exception):
    """The facility has no standard in force, or the quarter is not the one to fill."""


def surveys_visible_to(officer: Officer) -> QuerySet[Survey]:
    return Survey.objects.filter(facility__in=visible_to(officer))


def require_surveyor(officer: Officer, facility: Facility) -> None:
    if not may_survey(officer, facility):
        raise PermissionDenied("只有本单位的填报员可以填写，您可以查看。")


# ── Begin ─────────────────────────────────────────────────────────────────────


@transaction.atomic
def start(facility: Facility, period: Period, officer: Officer) -> Survey:
    """The survey of the current quarter, made on first opening and prefilled from dated facts and the last survey.
    Begun twice it is the same survey. Raises NothingToSurvey, PermissionDenied, Locked."""
    require_surveyor(officer, facility)
    if (
        found := Survey.objects.filter(facility=facility, period__year=period.year, period__quarter=period.quarter)
        .select_related("facility", "period")
        .first()
    ):
        return found
    if (period.year, period.quarter) != quarter_of(today()):
        raise NothingToSurvey("只能开始填报当前季度。")
    return begin(facility, opened_period(period.year, period.quarter), officer)


def begin(facility: Facility, period: Period, officer: Officer) -> Survey:
    """Makes and prefills the survey of a quarter. Raises NothingToSurvey, Locked."""
    standard = standard_for(facility, period.last_day)
    if standard is None:
        raise NothingToSurvey(f"{facility.name}本季度没有适用的建设规范，不需要填报。")
    survey, created = Survey.objects.get_or_create(
        facility=facility, period=period, defaults={"created_by": officer, "is_demo": settings.DEMO}
    )
    if created:
        require_writable(survey)
        _prefill(survey, questionnaire(edition_of(standard)).questions, officer)
    return survey


def _prefill(survey: Survey, questions: dict[str, Question], officer: Officer) -> None:
    """Dated facts first, then what was said last time; every prefilled answer says where it came from."""
    facts = facts_on(survey.facility, survey.period.last_day)
    last = snapshots.last_snapshot(survey)
    said = last.content["answers"] if last else {}
    answers = [
        answer
        for key, question in questions.items()
        if (answer := _prefilled(survey, question.indicator, facts.get(key), said.get(key, {}).get("value"), officer))
    ]
    Answer.objects.bulk_create(answers)
    operation = uuid4()
    Change.objects.bulk_create([change_of(answer, operation) for answer in answers])


def _prefilled(survey: Survey, indicator: Indicator, fact: Fact | None, last: Any, officer: Officer) -> Answer | None:
    value, origin = (fact.value, Answer.FACT) if fact else (last, Answer.CARRIED)
    if value is None or not _fits(indicator, value):
        return None
    return Answer(survey=survey, indicator=indicator.key, value=value, previous=last, origin=origin, by=officer)


def _fits(indicator: Indicator, value: Any) -> bool:
    try:
        parse_value(indicator, value)
    except ValueError:
        return False
    return True


def confirm(survey: Survey, keys: tuple[str, ...], officer: Officer) -> None:
    """下一项: what was carried over on a page and left as it is has been read and holds."""
    with transaction.atomic():
        locked = Survey.objects.select_for_update(of=("self",)).select_related("period").get(pk=survey.pk)
        require_writable(locked)
        carried = list(locked.answers.filter(indicator__in=keys).exclude(origin=Answer.ENTERED))
        for answer in carried:
            answer.origin, answer.by, answer.at = Answer.ENTERED, officer, timezone.now()
            answer.revision += 1
        Answer.objects.bulk_update(carried, ["origin", "by", "at", "revision"])
        operation = uuid4()
        Change.objects.bulk_create([change_of(answer, operation) for answer in carried])


# ── Submit ────────────────────────────────────────────────────────────────────


@transaction.atomic
def submit(survey: Survey, officer: Officer) -> Snapshot:
    """Judges, takes the snapshot, stores it and locks the survey, all or nothing. Submitted twice it gives the same
    snapshot. Raises Incomplete, Locked, PermissionDenied."""
    require_surveyor(officer, survey.facility)
    survey = (
        Survey.objects.select_for_update(of=("self",)).select_related("facility__division", "period").get(pk=survey.pk)
    )
    if not survey.is_draft:
        return survey.snapshots.select_related("survey__facility", "survey__period").latest("number")
    require_writable(survey)
    standing = standing_of(survey)
    if standing.needed:
        raise Incomplete([question for page in standing.pages for question in page.open])
    snapshot = snapshots.take(standing, officer)
    survey.state = Survey.SUBMITTED
    survey.save(update_fields=["state"])
    return snapshot


# ── Quarters ──────────────────────────────────────────────────────────────────


def close(period: Period, officer: Officer) -> None:
    """Only an administrator closes a quarter; its drafts can no longer be written."""
    require_admin(officer)
    Period.objects.filter(pk=period.pk, closed_at=None).update(closed_at=timezone.now(), closed_by=officer)


def reopen(period: Period, officer: Officer) -> None:
    require_admin(officer)
    Period.objects.filter(pk=period.pk).update(closed_at=None, closed_by=None)


def require_admin(officer: Officer) -> None:
    if officer.role != Officer.ADMIN:
        raise PermissionDenied("只有系统管理员可以管理季度。")
