"""draft → submitted: who may, what is kept, what happens next."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.answering import Locked, change_of, require_writable
from assessments.deadlines import due_of
from assessments.forms import Question, questionnaire
from assessments.models import SHANGHAI, Answer, Change, Finding, Judgement, Period, Snapshot, Survey
from assessments.periods import opened_period, quarter_of, today
from assessments.scoring import Standing, standard_for, standing_of
from facilities.access import may_survey, prefixes, unit_of, visible_to
from facilities.models import Division, Facility, Fact, Officer, facts_on
from standards.edition import Indicator
from standards.loading import edition_of
from standards.models import Requirement
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
    if (found := Survey.objects.filter(facility=facility, period__year=period.year, period__quarter=period.quarter)
            .select_related("facility", "period").first()):
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
    last = last_snapshot(survey)
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


def last_snapshot(survey: Survey) -> Snapshot | None:
    """The newest submission of the facility from before the survey's quarter."""
    period = survey.period
    snapshots = Snapshot.objects.filter(survey__facility=survey.facility)
    earlier = snapshots.filter(survey__period__year__lt=period.year) | snapshots.filter(
        survey__period__year=period.year, survey__period__quarter__lt=period.quarter
    )
    return earlier.order_by("-survey__period__year", "-survey__period__quarter", "-number").first()


def confirm(survey: Survey, keys: tuple[str, ...], officer: Officer) -> None:
    """下一项: what was carried over on a page and left as it is has been read and holds."""
    with transaction.atomic():
        locked = Survey.objects.select_for_update().select_related("period").get(pk=survey.pk)
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
    survey = Survey.objects.select_for_update(of=("self",)).select_related("facility__division", "period").get(pk=survey.pk)
    if not survey.is_draft:
        return survey.snapshots.select_related("survey__facility", "survey__period").latest("number")
    require_writable(survey)
    standing = standing_of(survey)
    if standing.needed:
        raise Incomplete([question for page in standing.pages for question in page.open])
    snapshot = _snapshot(standing, officer)
    _keep_judgement(snapshot, standing)
    survey.state = Survey.SUBMITTED
    survey.save(update_fields=["state"])
    return snapshot


def _snapshot(standing: Standing, officer: Officer) -> Snapshot:
    survey = standing.survey
    snapshot = Snapshot(survey=survey, number=survey.snapshots.count() + 1, by=officer)
    snapshot.content = _content(standing, snapshot)
    snapshot.content_hash = hash_of(snapshot.content)
    snapshot.save()
    return snapshot


def hash_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _content(standing: Standing, snapshot: Snapshot) -> dict[str, Any]:
    survey, standard = standing.survey, standing.standard
    return {
        "receipt": snapshot.receipt,
        "facility": _facility(survey),
        "period": _period(survey.period),
        "submitted": {"at": snapshot.at.astimezone(SHANGHAI).isoformat(), "by": snapshot.by.display_name},
        "demo": survey.is_demo,
        "answers": {
            key: {"value": a.value, "reason": a.reason, "note": a.note, "origin": a.origin}
            for key, a in standing.answers.items()
        },
        "judgements": [
            {
                "standard": standard.key,
                "effective": standard.effective.isoformat(),
                "content_hash": standard.content_hash,
                "judgement": standing.judgement.as_json(),
            }
        ],
        "previous": _previous(survey, standard.key),
    }


def _facility(survey: Survey) -> dict[str, Any]:
    facility = survey.facility
    unit = unit_of(facility, survey.period.last_day)
    return {
        "code": facility.code,
        "name": facility.name,
        "subject": facility.subject,
        "place": place_of(facility),
        "unit": unit.name if unit else "",
    }


def place_of(facility: Facility) -> list[str]:
    """珠海市, 香洲区, 翠香街道."""
    above = Division.objects.filter(code__in=prefixes(facility.code)).order_by("code")
    return [division.name for division in above]


def _period(period: Period) -> dict[str, Any]:
    due = due_of(period)
    return {
        "key": period.key,
        "name": str(period),
        "last_day": period.last_day.isoformat(),
        "due": due.day.isoformat(),
        "provisional": due.provisional,
    }


def _previous(survey: Survey, standard: str) -> dict[str, Any] | None:
    last = last_snapshot(survey)
    judged = next((j for j in last.content["judgements"] if j["standard"] == standard), None) if last else None
    if last is None or judged is None:
        return None
    judgement = judged["judgement"]
    return {
        "period": last.content["period"]["key"],
        "score": judgement["score"],
        "grade": judgement["grade"],
        "clauses": {key: clause["score"] for key, clause in judgement["clauses"].items()},
    }


def _keep_judgement(snapshot: Snapshot, standing: Standing) -> None:
    judged = standing.judgement
    judgement = Judgement.objects.create(
        snapshot=snapshot,
        survey=snapshot.survey,
        standard=standing.standard,
        score=judged.score,
        grade=judged.grade or "",
        content=judged.as_json(),
    )
    rows = {r.key: r for r in Requirement.objects.filter(standard=standing.standard)}
    Finding.objects.bulk_create(
        Finding(
            judgement=judgement,
            requirement=rows[key],
            outcome=result.outcome,
            shortfall=result.main.shortfall if result.main else None,
        )
        for key, result in judged.results.items()
        if result.outcome not in ("pass", "not_applicable", "info")
    )


# ── Quarters ──────────────────────────────────────────────────────────────────


def close(period: Period, officer: Officer) -> None:
    """Only an administrator closes a quarter; its drafts can no longer be written."""
    _require_admin(officer)
    Period.objects.filter(pk=period.pk, closed_at=None).update(closed_at=timezone.now(), closed_by=officer)


def reopen(period: Period, officer: Officer) -> None:
    _require_admin(officer)
    Period.objects.filter(pk=period.pk).update(closed_at=None, closed_by=None)


def _require_admin(officer: Officer) -> None:
    if officer.role != Officer.ADMIN:
        raise PermissionDenied("只有系统管理员可以关闭或重新开放季度。")


