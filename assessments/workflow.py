"""draft → submitted: what is confirmed, what is kept, who closes a quarter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments import summaries
from assessments.answering import change_of, store
from assessments.beginning import require_surveyor
from assessments.forms import Question
from assessments.locking import held, require_writable
from assessments.models import Answer, Change, Period, Snapshot, Survey
from assessments.scoring import Standing
from assessments.snapshots import submitted
from assessments.standings import standing_of, standings_of
from facilities.access import visible_to
from facilities.models import Officer


class Incomplete(Exception):
    """The survey cannot be submitted yet: ``questions`` are open."""

    def __init__(self, questions: list[Question]) -> None:
        super().__init__("还有必填的数据没有填")
        self.questions = questions


def surveys_visible_to(officer: Officer) -> QuerySet[Survey]:
    return Survey.objects.filter(facility__in=visible_to(officer))


def confirm(survey: Survey, keys: tuple[str, ...], officer: Officer) -> int:
    """下一项: what was carried over on a page and left as it is has been read and holds. Gives how many."""
    return confirm_all([survey], keys, officer)


@transaction.atomic
def confirm_all(surveys: Sequence[Survey], keys: tuple[str, ...], officer: Officer) -> int:
    """As ``confirm``, for one row of many surveys: a handful of statements, all or nothing. Raises Locked."""
    for locked in held(surveys):
        require_writable(locked)
    own = [survey.pk for survey in surveys]
    return _read(Answer.objects.filter(survey__in=own, indicator__in=keys, origin__in=Answer.UNREAD), officer)


def _read(carried: Iterable[Answer], officer: Officer) -> int:
    """Answers that were carried over, of surveys that are held: somebody has looked at them."""
    answers, operation, at = list(carried), uuid4(), timezone.now()
    for answer in answers:
        answer.origin, answer.by, answer.at = Answer.CONFIRMED, officer, at
        answer.revision += 1
    store(answers)
    Change.objects.bulk_create([change_of(answer, operation) for answer in answers], batch_size=500)
    return len(answers)


# ── Submit ────────────────────────────────────────────────────────────────────


@transaction.atomic
def submit(survey: Survey, officer: Officer, captured_at: datetime | None = None, seen: int | None = None) -> Snapshot:
    """Judges, takes the snapshot, stores it and locks the survey, all or nothing. Submitted twice it gives the same
    snapshot, also where it was returned in between: ``seen`` is the number of snapshots that there were when the
    officer decided to submit. ``captured_at`` is the device's claim of when the site was surveyed; without
    one it is when the last answer was saved. Raises Incomplete, Locked, PermissionDenied."""
    require_surveyor(officer, survey.facility)
    [survey] = held([survey])
    repeated = seen is not None and survey.snapshots.count() > seen
    if repeated or survey.state in (Survey.SUBMITTED, Survey.ACCEPTED):
        return survey.snapshots.select_related("survey__facility", "survey__period").latest("number")
    require_writable(survey)
    standing = standing_of(survey)
    if standing.needed:
        raise Incomplete([question for page in standing.pages for question in page.open])
    return _submitted([standing], officer, captured_at)[0]


@transaction.atomic
def submit_all(surveys: Sequence[Survey], officer: Officer) -> list[Snapshot]:
    """As ``submit``, for surveys of one quarter: those that can be written and lack nothing; the others stay as they
    are. A handful of statements, however many. Raises PermissionDenied."""
    require_surveyor(officer, *(survey.facility for survey in surveys))
    standings = standings_of([survey for survey in held(surveys) if survey.is_open and not survey.period.closed_at])
    complete = [standing for standing in standings.values() if not standing.needed]
    return _submitted(complete, officer) if complete else []


def _submitted(standings: Sequence[Standing], officer: Officer, captured_at: datetime | None = None) -> list[Snapshot]:
    _read(chain.from_iterable(map(_carried, standings)), officer)  # to submit says: what was carried over still holds
    snapshots = submitted(standings, officer)
    for snapshot, standing in zip(snapshots, standings, strict=True):
        survey = standing.survey
        survey.state, survey.received_at = Survey.SUBMITTED, snapshot.at
        survey.submitted_at = survey.submitted_at or snapshot.at
        survey.captured_at = captured_at or standing.saved_at
    surveys = [standing.survey for standing in standings]
    Survey.objects.bulk_update(surveys, ["state", "received_at", "submitted_at", "captured_at"])
    summaries.refresh_all(surveys)
    return snapshots


def _carried(standing: Standing) -> Iterator[Answer]:
    """What nobody has looked at yet and still matters."""
    unread = {key for key, answer in standing.answers.items() if answer.is_unread}
    return (standing.answers[key] for key in standing.relevance.relevant_among(unread))


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
