"""One answer saves itself: the fragments of the page that it changes come back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from assessments import beginning
from assessments.adopting import Standards
from assessments.answering import REUSED, REVISION, Edit, OperationReused, Saved, given_from, revision_in, save_locked
from assessments.forms import Questionnaire
from assessments.locking import Locked, require_writable
from assessments.models import Survey
from assessments.presenting import Shown, ShownBlock, ShownPage, shown_page
from assessments.scoring import asked_by, stand
from assessments.standings import determinations_of, standards_of
from assessments.views.found import officer_of, survey_or_404


@require_POST
def answer(request: HttpRequest, code: str, period: str, indicator: str) -> HttpResponse:
    """200 saved · 409 conflict, with both values · 422 not understood · 423 locked; each with its sentence."""
    officer = officer_of(request)
    try:
        with transaction.atomic():
            survey = survey_or_404(officer, code, period, lock=True)
            beginning.require_surveyor(officer, survey.facility)
            require_writable(survey)
            standards = standards_of(survey)
            edit = _edit(request, asked_by(standards, survey.facility.subject), indicator)
            saved = save_locked(survey, officer, [edit])
    except Locked as locked:
        return HttpResponse(str(locked), status=423, content_type="text/plain; charset=utf-8")
    except (ValueError, OperationReused) as wrong:
        return HttpResponse(str(wrong) or REUSED, status=422, content_type="text/plain; charset=utf-8")
    return _fragments(request, survey, standards, edit, saved)


def _edit(request: HttpRequest, asked: Questionnaire, key: str) -> Edit:
    question = asked.questions.get(key)
    if question is None:
        raise Http404("这份核查表里没有这个数据项。")
    base = revision_in(request.POST.get(key + REVISION, ""))
    return Edit(question, given_from(question, request.POST, None), base, _operation(request))


def _operation(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("operation", ""))
    except ValueError as wrong:
        raise ValueError("这次保存没有编号，请刷新本页后再填一次。") from wrong


def _fragments(request: HttpRequest, survey: Survey, standards: Standards, edit: Edit, saved: Saved) -> HttpResponse:
    standing = stand(survey, standards, saved.answers, determinations_of(survey))
    page = standing.questionnaire.page_of[edit.question.key]
    conflicts = {conflict.edit.question.key: conflict for conflict in saved.conflicts}
    shown = shown_page(standing, page, request.POST, None, conflicts)
    mine = next(each for each in shown.shown if each.key == edit.question.key)
    context = {
        "survey": survey,
        "standing": standing,
        "page": shown,
        "shown": mine,
        "lines": shown.lines_moved_by(mine.key),
        "moved": _moved(request, shown),
    }
    return render(request, "assessments/_saved.html", context, status=409 if conflicts else 200)


def _moved(request: HttpRequest, page: ShownPage) -> list[tuple[ShownBlock, list[Shown]]]:
    """Questions that the browser does not show, or is not to show: it says what has vanished there, and so learns what
    changed, however often an answer is sent again."""
    if "vanished" not in request.POST:
        return []
    return page.blocks_with({*request.POST["vanished"].split(), *(shown.key for shown in page.vanished)})
