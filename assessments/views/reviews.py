"""审核: the queue, a survey beside the last one, and what a reviewer does with it.

To look is a GET and writes nothing. That a survey was opened, after which it cannot be withdrawn, is recorded by the
POST that leads to it: 开始审核, or the act upon the survey before it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import queue, reviewing, threads
from assessments.comparison import comparison_of
from assessments.earlier import last_snapshot
from assessments.evidence.listing import shots_of
from assessments.flags import flags_of
from assessments.history import trail_of
from assessments.locking import reviewing_office
from assessments.models import Review, Survey
from assessments.reviewers import has_surveyed, may_review, require_reviewer
from assessments.reviewing import CannotReview, Overtaken
from assessments.standings import standing_of
from assessments.views.found import frame_of, officer_of, survey_or_404
from facilities.access import may_survey
from facilities.models import Officer


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """待审核: what waits, first; ``?state=returned``, ``?flagged=no``, ``?town=440402001``."""
    asked = request.GET
    state = asked.get("state", "")
    wanted = queue.Asked(
        state if state in queue.STATES else Survey.SUBMITTED,
        asked.get("flagged", "") if asked.get("flagged") in (queue.FLAGGED, queue.UNFLAGGED) else "",
        asked.get("town", ""),
        asked.get("page", "1"),
        asked.get("period", ""),
    )
    found = queue.queue_of(officer_of(request), wanted)
    return render(request, "assessments/reviews.html", {"queue": found, "states": queue.STATES.items()})


@require_POST
def accept_many(request: HttpRequest) -> HttpResponse:
    """What became of each is told; sent again, those that were accepted say so."""
    officer = officer_of(request)
    names = request.POST.getlist("survey")
    queue.readable_by(officer)
    if not names:
        messages.error(request, "还没有勾选。请先勾选没有提示的核查表。")
        return redirect("assessments:reviews")
    results = queue.accept_many(officer, names)
    done = sum(not each.why_not for each in results)
    context = {"results": results, "done": done, "left": len(results) - done}
    return render(request, "assessments/reviews_accepted.html", context)


@require_safe
def review(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """This quarter beside the last. ``?all=1`` shows what did not change too."""
    officer = officer_of(request)
    return _show(request, officer, survey_or_404(officer, code, period))


def _show(
    request: HttpRequest, officer: Officer, survey: Survey, wrong: CannotReview | None = None, anchor: str = "acts"
) -> HttpResponse:
    if survey.state == Survey.DRAFT:
        return redirect("assessments:survey", survey.facility.code, survey.period.key)
    standing = standing_of(survey)
    flags = flags_of([survey]).get(survey.pk, [])
    typed = request.POST if wrong else None
    comments = list(survey.comments.select_related("by"))
    shown = comparison_of(standing, last_snapshot(survey), flags, shots_of(survey, officer), comments, typed)
    context = (
        frame_of(officer, survey, standing)
        | _acts(officer, survey)
        | {
            "compared": shown,
            "all": request.GET.get("all") == "1" or request.POST.get("all") == "1",
            "trail": trail_of(survey, standing.edition),
            "reasons": Review.REASONS.items(),
            "typed": typed or {},
            "due": reviewing.proposed_due().isoformat(),
            "errors": [(anchor, str(wrong))] if wrong else [],
        }
    )
    status = 200 if wrong is None else 409 if isinstance(wrong, Overtaken) else 422
    return render(request, "assessments/review.html", context, status=status)


def _acts(officer: Officer, survey: Survey) -> dict[str, Any]:
    """What the officer may do with it now, and whose turn it is."""
    newest = reviewing.submission_of(survey)
    opened = newest.reviews.filter(verb=Review.OPENED).select_related("by").first()
    office = may_review(officer, survey.facility, survey.period.last_day)
    surveyed = office and has_surveyed(officer, survey)
    decides = office and not surveyed
    waits = decides and survey.state == Survey.SUBMITTED
    return {
        "submission": newest,
        "opened": opened,
        "surveyed": surveyed,
        "may_answer": survey.state != Survey.ACCEPTED and (decides or may_survey(officer, survey.facility)),
        "may_rectify": office and not survey.is_open,
        "may_open": waits and opened is None,
        "may_decide": waits and opened is not None,
        "may_reopen": officer.role == Officer.CITY and survey.state == Survey.ACCEPTED,
        "office": reviewing_office(survey),
        "next": queue.next_after(officer, survey) if office else None,
    }


# ── Acts ──────────────────────────────────────────────────────────────────────


@require_POST
def open_review(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """开始审核: from now on it cannot be withdrawn."""
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    try:
        reviewing.open_review(survey, officer)
    except CannotReview as gone:
        messages.error(request, str(gone))
    return redirect("assessments:review", code, period)


@require_POST
def determine(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """认定; judged again at once."""
    said = request.POST
    key = said.get("requirement", "")

    def act(survey: Survey, officer: Officer) -> str:
        reviewing.determine(survey, officer, key, said.get("decision", ""), said.get("reason", ""))
        judged = standing_of(survey).judgement
        score = "" if judged.score is None else f"{judged.score} 分，"
        return f"已认定，并重新判定：{score}{judged.grade or '不定等级'}。"

    return _done(request, code, period, act, f"d-{key}")


@require_POST
def comment(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """留言 to one row: the button names it."""
    key = request.POST.get("clause", "")

    def act(survey: Survey, officer: Officer) -> str:
        threads.comment(survey, officer, key, request.POST.get(f"said__{key}", ""))
        return "留言已保存，填报员可以在这一项回复。"

    return _done(request, code, period, act, "rows")


@require_POST
def send_back(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """退回 the rows that are ticked, and on to the next."""
    said = request.POST

    def act(survey: Survey, officer: Officer) -> str:
        comments = {key.removeprefix("said__"): said[key] for key in said if key.startswith("said__")}
        rows = said.getlist("row")
        told = said.get("reason", ""), said.get("text", ""), _due(said), comments
        with transaction.atomic():
            threads.tell_returned(reviewing.send_back(survey, officer, rows, *told))
        return f"{survey.facility.name}已退回 {len(rows)} 项。"

    return _done(request, code, period, act, "acts", go_on=True)


@require_POST
def accept(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """通过, and on to the next."""

    def act(survey: Survey, officer: Officer) -> str:
        reviewing.accept(survey, officer, request.POST.get("text", ""))
        return f"{survey.facility.name}已通过。"

    return _done(request, code, period, act, "acts", go_on=True)


@require_POST
def reopen(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """重新打开, by the city."""
    said = request.POST

    def act(survey: Survey, officer: Officer) -> str:
        reviewing.reopen(survey, officer, said.getlist("row"), said.get("text", ""), _due(said))
        return f"{survey.facility.name}已重新打开，原来通过的结果留着，可以查看。"

    return _done(request, code, period, act, "acts")


def _due(said: Any) -> date | None:
    """The proposed day where none is given. Raises CannotReview."""
    text = said.get("due", "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CannotReview("改好的期限要写成 2026-10-15 这样的日期。") from None


def _done(
    request: HttpRequest,
    code: str,
    period: str,
    act: Callable[[Survey, Officer], str],
    anchor: str,
    go_on: bool = False,
) -> HttpResponse:
    """The act, once; what cannot be done is said on the same page, with what was typed."""
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    if survey.state == Survey.DRAFT:
        require_reviewer(officer, survey)
    try:
        words = act(survey, officer)
    except CannotReview as wrong:
        survey.refresh_from_db(fields=["state", "accepted_at"])
        return _show(request, officer, survey, wrong, anchor)
    messages.success(request, words)
    following = queue.next_after(officer, survey) if go_on and request.POST.get("go") == "next" else None
    if following is None:
        return redirect("assessments:review", code, period)
    return _on_to(officer, following)


def _on_to(officer: Officer, following: Survey) -> HttpResponse:
    """The next one is opened by the act that leads to it, unless the officer surveyed it or another was quicker."""
    with suppress(CannotReview, PermissionDenied):
        reviewing.open_review(following, officer)
    return redirect("assessments:review", following.facility.code, following.period.key)
