"""One row of the schedule: 原文 beside the questions; read, and saved as a whole page."""

from __future__ import annotations

from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments import workflow
from assessments.answering import (
    REUSED,
    REVISION,
    Conflict,
    Edit,
    Given,
    Locked,
    OperationReused,
    all_ticked,
    given_from,
    revision_in,
    save,
    untouched,
)
from assessments.forms import Page
from assessments.models import Survey
from assessments.presenting import shown_page
from assessments.scoring import Standing, standing_of
from assessments.views.found import frame_of, officer_of, survey_or_404
from facilities.models import Officer


@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: HttpRequest, code: str, period: str, number: str) -> HttpResponse:
    """One row of the schedule: 原文 beside the questions. Without scripts the whole page is posted."""
    officer = officer_of(request)
    found = survey_or_404(officer, code, period)
    standing = standing_of(found)
    page = standing.questionnaire.page(number)
    if page is None:
        raise Http404("规范里没有这一项。")
    if request.method == "POST":
        return _save_page(request, officer, standing, page)
    return _show_page(request, standing, page)


def _show_page(
    request: HttpRequest,
    standing: Standing,
    page: Page,
    errors: dict[str, str] | None = None,
    conflicts: dict[str, Conflict] | None = None,
    status: int = 200,
) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    context = frame_of(officer_of(request), standing.survey, standing) | {
        "page": shown_page(standing, page, typed, errors, conflicts),
        "before": standing.questionnaire.before(page),
        "after": standing.questionnaire.after(page),
        "operation": uuid4(),
        "from_check": _from_check(request),
    }
    return render(request, "assessments/clause.html", context, status=status)


def _save_page(request: HttpRequest, officer: Officer, standing: Standing, page: Page) -> HttpResponse:
    survey = standing.survey
    workflow.require_surveyor(officer, survey.facility)
    edits, errors = _edits(all_ticked(page, request.POST), standing, page)
    try:
        saved = save(survey, officer, edits)
        if request.POST.get("go") == "next" and not errors and not saved.conflicts:
            workflow.confirm(survey, page.keys, officer)
    except Locked as locked:
        return _show_typed(request, survey, page, str(locked))
    except OperationReused:
        messages.error(request, REUSED)
        return redirect("assessments:clause", survey.facility.code, survey.period.key, page.clause.number)
    conflicts = {conflict.edit.question.key: conflict for conflict in saved.conflicts}
    if errors or conflicts:
        status = 409 if conflicts else 422
        return _show_page(request, standing_of(survey, standing.standard), page, errors, conflicts, status)
    return _go_on(request, standing, page)


def _show_typed(request: HttpRequest, survey: Survey, page: Page, why: str) -> HttpResponse:
    """The survey was locked meanwhile: nothing is saved, and what was typed stays to be copied."""
    messages.error(request, f"{why}刚才填的没有保存，还在下面，可以抄下来。")
    survey.refresh_from_db()
    unsaved = {question.key: "没有保存" for question in page.questions if question.key + REVISION in request.POST}
    return _show_page(request, standing_of(survey), page, unsaved, status=423)


def _edits(data: QueryDict, standing: Standing, page: Page) -> tuple[list[Edit], dict[str, str]]:
    """Edits of every question that was posted and changed; sentences for those that cannot be read."""
    given, errors, seen = {}, {}, {}
    taken, verdict, revision = _taken(data)
    for question in page.questions:
        key = question.key
        if key == taken and verdict == "theirs":
            continue
        if key + REVISION not in data:
            if key in data:
                errors[key] = f"{question.indicator.label}：{REUSED}"
            continue
        try:
            given[key] = given_from(question, data, standing.answers.get(key))
            seen[key] = revision if key == taken else revision_in(data.get(key + REVISION, ""))
        except ValueError as wrong:
            errors[key] = str(wrong)
    stale = {key: base for key, base in seen.items() if base != _held(standing, key)}
    idle = untouched(standing.survey, stale, given) if stale else set()
    questions = standing.questionnaire.questions
    edits = [
        Edit(questions[key], given[key], seen[key], _operation(data, key, given[key]))
        for key in given
        if key not in idle and given[key] != Given.of(standing.answers.get(key))
    ]
    return edits, errors


def _taken(data: QueryDict) -> tuple[str, str, int]:
    """The choice in a conflict: ``mine:KEY:REVISION`` or ``theirs:KEY:REVISION``."""
    verdict, key, revision, *_ = [*data.get("take", "").split(":"), "", "", ""]
    return key, verdict, revision_in(revision)


def _held(standing: Standing, key: str) -> int:
    answer = standing.answers.get(key)
    return answer.revision if answer else 0


def _operation(data: QueryDict, key: str, given: Given) -> UUID:
    """One act of a page: the same page sent twice with the same content is the same act."""
    return uuid5(
        NAMESPACE_OID, f"{data.get('operation', '')}:{key}:{revision_in(data.get(key + REVISION, ''))}:{given}"
    )


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
