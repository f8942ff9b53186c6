"""留言: what a reviewer and the surveyor say to each other of one row, oldest first, until the survey is accepted.

A reviewer begins it on the review page; on the row's own page the surveyor answers and both go on. The other side gets
a notice of who wrote to which row, and not of what: it stays in the inbox when reach has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments import reviewing
from assessments.forms import Page
from assessments.inbox import Letter, tell
from assessments.locking import by_the_city, held
from assessments.models import Comment, Review, Survey
from assessments.refusals import Overtaken, Refused
from assessments.reviewers import has_surveyed, may_review
from assessments.standings import standing_of
from facilities.access import may_survey, unit_of, visible_to
from facilities.models import Officer
from standards.parsing import shown_characters

LONGEST = reviewing.LONGEST_REASON
REVIEWER, SURVEYOR = "reviewer", "surveyor"


def thread_of(survey: Survey, clause: str) -> list[Comment]:
    """One query."""
    return list(survey.comments.filter(clause=clause).select_related("by"))


def side_of(officer: Officer, survey: Survey) -> str:
    """On which side the officer writes; empty for who only reads. No query for a surveyor's own facility."""
    reviews = may_review(officer, survey.facility, survey.period.last_day)
    if reviews and not has_surveyed(officer, survey):
        return REVIEWER
    return SURVEYOR if may_survey(officer, survey.facility) else ""


def may_answer(officer: Officer, survey: Survey, thread: Sequence[Comment]) -> bool:
    return bool(thread) and survey.state != Survey.ACCEPTED and bool(side_of(officer, survey))


@transaction.atomic
def comment(survey: Survey, officer: Officer, clause: str, text: str) -> Comment:
    """A reviewer's, to a submitted survey. Raises reviewing.CannotReview, PermissionDenied."""
    made = reviewing.comment(survey, officer, clause, text)
    _tell(made, _surveyors(survey, officer))
    return made


def tell_returned(review: Review) -> None:
    """退回, with what is said of single rows, in one notice to who fills it; within the caller's transaction."""
    surveyors = _seeing(_surveyors(review.survey, review.by), review.survey)
    tell([_returned(review, each) for each in surveyors])


@transaction.atomic
def answer(survey: Survey, officer: Officer, clause: str, text: str) -> Comment:
    """To what was said of the row. Raises Refused, Overtaken, PermissionDenied."""
    side = side_of(officer, survey)
    if not side:
        raise PermissionDenied("留言由填报员和审核员写，您可以查看。")
    [survey] = held([survey])
    if survey.state == Survey.ACCEPTED:
        raise Overtaken("没有保存：这份核查表刚审核通过，不能再留言。")
    if not survey.comments.filter(clause=clause).exists():
        raise Refused("said", "审核员没有对这一项留言，没有可以回复的。")
    words = _words(text)
    if side == REVIEWER and survey.state == Survey.SUBMITTED:
        return comment(survey, officer, clause, words)  # which opens the submission
    made = Comment.objects.create(survey=survey, clause=clause, text=words, at=timezone.now(), by=officer)
    _tell(made, _surveyors(survey, officer) if side == REVIEWER else _reviewers(survey, clause, officer))
    return made


def _words(text: str) -> str:
    words = " ".join(shown_characters(text).split())
    if not words:
        raise Refused("said", "请先写留言。")
    if len(words) > LONGEST:
        raise Refused("said", f"最多 {LONGEST} 字，现在 {len(words)} 字，请缩短。")
    return words


# ── The other side ────────────────────────────────────────────────────────────


def _surveyors(survey: Survey, but: Officer) -> list[Officer]:
    """Who submitted it, and the facility's own."""
    own = Q(role=Officer.SURVEYOR, facility=survey.facility)
    sent = Officer.objects.filter(Q(pk__in=survey.snapshots.values("by")) | own, is_active=True).exclude(pk=but.pk)
    return [each for each in sent.select_related("facility").order_by("pk") if may_survey(each, survey.facility)]


def _reviewers(survey: Survey, clause: str, but: Officer) -> list[Officer]:
    """Who wrote to the row, or else, where none of them reviews it any more, the office."""
    wrote = Officer.objects.filter(pk__in=survey.comments.filter(clause=clause).values("by"))
    office = Officer.objects.filter(role=Officer.CITY)
    if not by_the_city(survey.facility):
        unit = unit_of(survey.facility, survey.period.last_day)
        office = Officer.objects.filter(role=Officer.REVIEWER, unit=unit)
    return _reviewing(wrote.exclude(pk=but.pk), survey) or _reviewing(office.exclude(pk=but.pk), survey)


def _reviewing(officers: Iterable[Officer], survey: Survey) -> list[Officer]:
    return [each for each in officers if side_of(each, survey) == REVIEWER]


def _seeing(officers: Iterable[Officer], survey: Survey) -> list[Officer]:
    """Those who may read the survey, still."""
    return [each for each in officers if visible_to(each).filter(pk=survey.facility_id).exists()]


def _returned(review: Review, to: Officer) -> Letter:
    survey, number = review.survey, len(review.rows)
    by = f"，请在 {review.due.month}月{review.due.day}日 前改好" if review.due else ""
    text = f"{review.by.display_name}退回了{survey.period}核查表的 {number} 项{by}。退回的理由和留言写在核查表里。"
    link = reverse("assessments:survey", args=[survey.facility.code, survey.period.key])
    return Letter(to, f"return {review.pk}", f"退回：{survey.facility.name}"[:100], text, link, review.by)


def _tell(made: Comment, officers: Iterable[Officer]) -> None:
    survey = made.survey
    page = next((each for each in standing_of(survey).questionnaire.pages if each.clause.key == made.clause), None)
    if page is not None:
        tell([_letter(made, page, each) for each in _seeing(officers, survey)])


def _letter(made: Comment, page: Page, to: Officer) -> Letter:
    survey, clause = made.survey, page.clause
    title = f"留言：{survey.facility.name} 第{clause.number}项"
    text = f"{made.by.display_name}对{survey.period}核查表的“{clause.title}”留了言，请到这一项查看、回复。"
    link = reverse("assessments:clause", args=[survey.facility.code, survey.period.key, clause.number])
    return Letter(to, f"comment {made.pk}", title[:100], text, f"{link}#thread", made.by)
