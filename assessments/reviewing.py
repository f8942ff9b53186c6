"""submitted → returned | accepted, and back: what a reviewer (and a surveyor who withdraws) may do. Rows, never
overwritten; each verb one transaction with the survey's row locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments import snapshots, summaries
from assessments.beginning import require_surveyor
from assessments.deadlines import calendar_between
from assessments.earlier import valid
from assessments.locking import CITY_OFFICE, held
from assessments.models import Comment, Determination, Review, Snapshot, Survey
from assessments.reviewers import refusals, require_reviewer
from assessments.scoring import Standing
from assessments.standings import standing_of, standings_of
from facilities.access import today
from facilities.models import Officer
from standards.models import Requirement
from standards.parsing import shown_characters

UNDECIDED = ("relaxed", "pending")
DECIDABLE = ("relaxed", "pending", "deviation")
LONGEST_REASON = 300
DAYS_TO_MEND = 3  # working days that a return proposes
LONGEST_TO_MEND = timedelta(days=60)
NOTHING: Mapping[str, str] = MappingProxyType({})


class CannotReview(Exception):
    """What was asked cannot be done as it is; the message says what is to be mended, in a sentence."""


class Overtaken(CannotReview):
    """The survey does not stand as the officer saw it: another was quicker."""


# ── Verbs ─────────────────────────────────────────────────────────────────────


@transaction.atomic
def open_review(survey: Survey, officer: Officer) -> None:
    """A reviewer looks at a submission for the first time: from now on it cannot be withdrawn."""
    require_reviewer(officer, survey)
    [survey] = held([survey])
    _open(_submitted(survey), officer)


def _open(snapshot: Snapshot, officer: Officer) -> None:
    Review.objects.get_or_create(
        snapshot=snapshot, verb=Review.OPENED, defaults={"survey": snapshot.survey, "by": officer, "at": timezone.now()}
    )


@transaction.atomic
def withdraw(survey: Survey, officer: Officer) -> None:
    """撤回, before anyone has opened it: the submission is void. Raises CannotReview."""
    require_surveyor(officer, survey.facility)
    [survey] = held([survey])
    newest = _submitted(survey)
    if newest.reviews.filter(verb=Review.OPENED).exists():
        raise Overtaken("审核员已经打开这份核查表，不能撤回。需要修改请联系审核员退回。")
    _record(newest, Review.WITHDRAWN, officer)
    first = valid(survey.snapshots.filter(kind=Snapshot.SUBMITTED)).order_by("number").first()
    survey.submitted_at = first.at if first else None  # what was withdrawn was no valid submission
    returned = survey.reviews.filter(verb__in=(Review.RETURNED, Review.REOPENED)).exists()
    _move(survey, Survey.RETURNED if returned else Survey.DRAFT, "submitted_at")


@transaction.atomic
def send_back(
    survey: Survey,
    officer: Officer,
    rows: Sequence[str],
    reason: str,
    text: str,
    due: date | None = None,
    said: Mapping[str, str] = NOTHING,
) -> Review:
    """退回: only ``rows`` (clause keys) unlock; ``said`` is what the reviewer writes to single rows. Without a day that
    which is proposed. Raises CannotReview with what is to be mended."""
    require_reviewer(officer, survey)
    [survey] = held([survey])
    newest = _submitted(survey)
    if not rows:
        raise CannotReview("请勾选要退回的事项。")
    if reason not in Review.REASONS:
        raise CannotReview("请选退回的原因。")
    words = _said(text, "请写明为什么退回、要怎么改。")
    opened = {"reason": reason, "text": words, "rows": _known(survey, rows), "due": _due(survey, due)}
    _open(newest, officer)
    review = _record(newest, Review.RETURNED, officer, **opened)
    _comment_all(survey, officer, said)
    _move(survey, Survey.RETURNED)
    return review


@transaction.atomic
def determine(survey: Survey, officer: Officer, requirement: str, decision: str, reason: str) -> Determination:
    """认定 of one requirement; the submission is judged again with it. Raises CannotReview."""
    require_reviewer(officer, survey)
    [survey] = held([survey])
    newest = _submitted(survey)
    standing = standing_of(survey)
    result = standing.found.results.get(requirement)
    if result is None or result.outcome not in DECIDABLE:
        raise CannotReview("这一条不需要认定。")
    if decision not in Determination.DECISIONS:
        raise CannotReview("请选认可或不认可。")
    _open(newest, officer)
    determination = Determination.objects.create(
        survey=survey,
        snapshot=newest,
        requirement=Requirement.objects.get(standard__in=standing.standards, key=requirement),
        decision=decision,
        reason=_said(reason),
        found=result.as_json(),
        at=timezone.now(),
        by=officer,
    )
    snapshots.judge_again(newest, standing_of(survey))
    return determination


def accept(survey: Survey, officer: Officer, text: str = "") -> Snapshot:
    """通过: a last snapshot with the determinations, which never changes. Raises CannotReview, PermissionDenied."""
    done = accept_all([survey], officer, text)
    if survey.pk in done.refused:
        raise done.refused[survey.pk]
    return done.snapshots[survey.pk]


class Done(NamedTuple):
    """survey → its acceptance, or why it was not accepted."""

    snapshots: dict[int, Snapshot]
    refused: dict[int, CannotReview | PermissionDenied]


@transaction.atomic
def accept_all(surveys: Sequence[Survey], officer: Officer, text: str = "", as_read: bool = False) -> Done:
    """As ``accept``, for surveys of one quarter: a handful of statements, however many. What cannot be accepted stays
    as it is; with ``as_read`` also what was submitted again since ``surveys`` were read. Raises CannotReview where
    ``text`` is too long."""
    said = _said(text) if text.strip() else ""
    refused: dict[int, CannotReview | PermissionDenied] = {**refusals(officer, surveys)}
    mine = held([survey for survey in surveys if survey.pk not in refused])
    refused |= {survey.pk: _overtaken(survey) for survey in mine if survey.state != Survey.SUBMITTED}
    read = {survey.pk: survey.received_at for survey in surveys if as_read}
    refused |= {
        survey.pk: _overtaken(survey)
        for survey in mine
        if read.get(survey.pk, survey.received_at) != survey.received_at
    }
    standings = standings_of([survey for survey in mine if survey.pk not in refused])
    refused |= {pk: _waits(standing, keys) for pk, standing in standings.items() if (keys := undecided(standing))}
    ready = [standing for pk, standing in standings.items() if pk not in refused]
    return Done(_accepted(ready, officer, said) if ready else {}, refused)


def _accepted(standings: Sequence[Standing], officer: Officer, text: str) -> dict[int, Snapshot]:
    surveys = [standing.survey for standing in standings]
    newest = submissions_of(surveys)
    taken = snapshots.accepted([newest[survey.pk] for survey in surveys], standings, officer)
    Review.objects.bulk_create(_row(newest[each.survey_id], Review.ACCEPTED, officer, text=text) for each in taken)
    for survey, snapshot in zip(surveys, taken, strict=True):
        survey.state, survey.accepted_at = Survey.ACCEPTED, snapshot.at
    Survey.objects.bulk_update(surveys, ["state", "accepted_at"])
    summaries.refresh_all(surveys)
    return {snapshot.survey_id: snapshot for snapshot in taken}


@transaction.atomic
def reopen(survey: Survey, officer: Officer, rows: Sequence[str], text: str, due: date | None = None) -> Review:
    """重新打开: the city alone, with a reason. The accepted snapshot stays readable; a new one follows."""
    if officer.role != Officer.CITY:
        raise PermissionDenied(f"已通过的核查表只有{CITY_OFFICE}可以重新打开。")
    [survey] = held([survey])
    if survey.state != Survey.ACCEPTED:
        raise Overtaken(f"只有已通过的核查表可以重新打开，这份现在是“{survey.get_state_display()}”。")
    if not rows:
        raise CannotReview("请勾选要重新打开的事项。")
    accepted = survey.snapshots.latest("number")
    opened = {"text": _said(text), "rows": _known(survey, rows), "due": _due(survey, due)}
    review = _record(accepted, Review.REOPENED, officer, **opened)
    survey.accepted_at = None
    _move(survey, Survey.RETURNED, "accepted_at")
    return review


@transaction.atomic
def comment(survey: Survey, officer: Officer, clause: str, text: str) -> Comment:
    """留言 to one row, without a decision. Raises CannotReview."""
    require_reviewer(officer, survey)
    [survey] = held([survey])
    _open(_submitted(survey), officer)
    clause = _known(survey, [clause])[0]
    return Comment.objects.create(survey=survey, clause=clause, text=_said(text, "请先写留言。"), by=officer)


def _comment_all(survey: Survey, officer: Officer, said: Mapping[str, str]) -> None:
    written = {clause: text for clause, text in said.items() if text.strip()}
    known = _known(survey, list(written)) if written else []
    Comment.objects.bulk_create(
        Comment(survey=survey, clause=clause, text=_said(written[clause]), by=officer) for clause in known
    )


# ── What holds ────────────────────────────────────────────────────────────────


def undecided(standing: Standing) -> list[str]:
    """Requirements that a person must decide before the survey can be accepted."""
    return [
        key
        for key, result in standing.judgement.results.items()
        if result.outcome in UNDECIDED and key not in standing.determinations
    ]


def may_be_withdrawn(survey: Survey) -> bool:
    """Submitted, and nobody has opened it yet."""
    if survey.state != Survey.SUBMITTED:
        return False
    return not submission_of(survey).reviews.filter(verb=Review.OPENED).exists()


def proposed_due() -> date:
    """So many working days from today."""
    days = calendar_between(today(), today() + LONGEST_TO_MEND).working_days(today())
    return [next(days) for _ in range(DAYS_TO_MEND)][-1]


def submission_of(survey: Survey) -> Snapshot:
    return submissions_of([survey])[survey.pk]


def submissions_of(surveys: Sequence[Survey]) -> dict[int, Snapshot]:
    """survey → its newest submission: one query."""
    own = {survey.pk: survey for survey in surveys}
    found = Snapshot.objects.filter(survey__in=list(own), kind=Snapshot.SUBMITTED).order_by("number")
    newest = {snapshot.survey_id: snapshot for snapshot in found}
    for snapshot in newest.values():
        snapshot.survey = own[snapshot.survey_id]
    return newest


def _submitted(survey: Survey) -> Snapshot:
    if survey.state != Survey.SUBMITTED:
        raise _overtaken(survey)
    return submission_of(survey)


def _overtaken(survey: Survey) -> Overtaken:
    return Overtaken(f"没有办理：这份核查表现在是“{survey.get_state_display()}”，刚有人办过。最新情况见本页。")


def _waits(standing: Standing, keys: Sequence[str]) -> CannotReview:
    labels = "、".join(standing.edition.by_key[key].label for key in keys)
    return CannotReview(f"还有 {len(keys)} 条没有认定：{labels}")


def _known(survey: Survey, rows: Sequence[str]) -> list[str]:
    """The rows in the order of the schedule."""
    asked = set(rows)
    known = [clause.key for clause in standing_of(survey).edition.clauses if clause.key in asked]
    if len(known) < len(asked):
        raise CannotReview("勾选的事项不在这份核查表里，请刷新本页后再选。")
    return known


def _due(survey: Survey, due: date | None) -> date:
    if survey.period.closed_at:
        raise CannotReview(f"{survey.period}已关闭，退回以后填报员不能改。请先由系统管理员重新开放本季度。")
    due = due or proposed_due()
    if not today() <= due <= today() + LONGEST_TO_MEND:
        raise CannotReview(f"改好的期限要在今天到 {today() + LONGEST_TO_MEND:%Y-%m-%d} 之间。")
    return due


def _said(text: str, lacking: str = "请写明理由。") -> str:
    words = " ".join(shown_characters(text).split())
    if not words:
        raise CannotReview(lacking)
    if len(words) > LONGEST_REASON:
        raise CannotReview(f"理由最多 {LONGEST_REASON} 字，现在 {len(words)} 字，请缩短。")
    return words


def _record(snapshot: Snapshot, verb: str, officer: Officer, **more: object) -> Review:
    review = _row(snapshot, verb, officer, **more)
    review.save()
    return review


def _row(snapshot: Snapshot, verb: str, officer: Officer, **more: object) -> Review:
    return Review(survey=snapshot.survey, snapshot=snapshot, verb=verb, by=officer, at=timezone.now(), **more)


def _move(survey: Survey, state: str, *fields: str) -> None:
    survey.state = state
    survey.save(update_fields=["state", *fields])
    summaries.refresh(survey)
