"""One row of the schedule: 原文 beside the questions; read, and saved as a whole page."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments import beginning, workflow
from assessments.answering import REUSED, REVISION, Conflict, OperationReused, all_ticked, save
from assessments.evidence.listing import shelf_of
from assessments.forms import Page
from assessments.locking import Locked
from assessments.mending import shut_in_words
from assessments.models import Survey
from assessments.posting import posted_edits
from assessments.presenting import shown_page
from assessments.scoring import Standing, stand
from assessments.standings import determinations_of, standing_of
from assessments.threads import may_answer, thread_of
from assessments.views.found import frame_of, officer_of, page_or_404, survey_or_404
from facilities.models import Officer


@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: HttpRequest, code: str, period: str, number: str) -> HttpResponse:
    """One row of the schedule: 原文 beside the questions. Without scripts the whole page is posted."""
    officer = officer_of(request)
    found = survey_or_404(officer, code, period)
    standing = standing_of(found)
    page = page_or_404(standing.questionnaire, number)
    if request.method == "POST":
        return _save_page(request, officer, standing, page)
    return show_page(request, standing, page)


def show_page(
    request: HttpRequest,
    standing: Standing,
    page: Page,
    errors: dict[str, str] | None = None,
    conflicts: dict[str, Conflict] | None = None,
    status: int = 200,
    unsaid: str = "",
) -> HttpResponse:
    """``unsaid``: why what was said (not filled) was not taken."""
    typed = request.POST if request.method == "POST" and not unsaid else None
    officer = officer_of(request)
    frame = frame_of(officer, standing.survey, standing)
    shut = shut_in_words(frame["mending"], page, standing)
    context = frame | {
        "row_locked": shut,
        "writable": frame["writable"] and not shut,
        "page": shown_page(standing, page, typed, errors, conflicts),
        "shelf": shelf_of(standing, page.clause, officer),
        "before": standing.questionnaire.before(page),
        "after": standing.questionnaire.after(page),
        "operation": uuid4(),
        "from_check": _from_check(request),
    }
    return render(request, "assessments/clause.html", context | _thread(request, standing, page, unsaid), status=status)


def _thread(request: HttpRequest, standing: Standing, page: Page, unsaid: str) -> dict[str, Any]:
    thread = thread_of(standing.survey, page.clause.key)
    return {
        "thread": thread,
        "may_answer": may_answer(officer_of(request), standing.survey, thread),
        "unsaid": unsaid,
        "said": request.POST.get("said", "") if unsaid else "",
    }


def _save_page(request: HttpRequest, officer: Officer, standing: Standing, page: Page) -> HttpResponse:
    survey = standing.survey
    beginning.require_surveyor(officer, survey.facility)
    edits, errors = posted_edits(all_ticked(page, request.POST), standing, page.questions)
    try:
        saved = save(survey, officer, edits)
        if request.POST.get("go") == "next" and not errors and not saved.conflicts:
            workflow.confirm(survey, _seen(request.POST, page), officer)
    except Locked as locked:
        return _show_typed(request, survey, page, str(locked))
    except OperationReused:
        messages.error(request, REUSED)
        return redirect("assessments:clause", survey.facility.code, survey.period.key, page.clause.number)
    conflicts = {conflict.edit.question.key: conflict for conflict in saved.conflicts}
    now = stand(survey, standing.standards, saved.answers, determinations_of(survey))
    if errors or conflicts:
        return show_page(request, now, page, errors, conflicts, 409 if conflicts else 422)
    if appeared := [question for question in now.page(page).open if question.key not in standing.relevant]:
        messages.success(request, f"已保存。这样填，本页多出 {len(appeared)} 项要填，请接着填。")
        return redirect("assessments:clause", survey.facility.code, survey.period.key, page.clause.number)
    return _go_on(request, standing, page)


def _seen(data: QueryDict, page: Page) -> tuple[str, ...]:
    """The questions that stood on the posted page."""
    return tuple(key for key in page.keys if key + REVISION in data)


def _show_typed(request: HttpRequest, survey: Survey, page: Page, why: str) -> HttpResponse:
    """The survey was locked meanwhile: nothing is saved, and what was typed stays to be copied."""
    messages.error(request, f"{why}刚才填的没有保存，还在下面，可以抄下来。")
    survey.refresh_from_db()
    unsaved = {question.key: "没有保存" for question in page.questions if question.key + REVISION in request.POST}
    return show_page(request, standing_of(survey), page, unsaved, status=423)


def _from_check(request: HttpRequest) -> bool:
    """Came from the check page to mend one row: goes back there."""
    return (request.POST if request.method == "POST" else request.GET).get("from") == "check"


def _go_on(request: HttpRequest, standing: Standing, page: Page) -> HttpResponse:
    survey = standing.survey
    where = (survey.facility.code, survey.period.key)
    if request.POST.get("go") != "next":
        return redirect("assessments:clause", *where, page.clause.number)
    after = standing.questionnaire.after(page)
    if after is None or _from_check(request):
        return redirect("assessments:check", *where)
    return redirect("assessments:clause", *where, after.clause.number)
