"""留言: an answer to what was said of a row, on the row's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments import threads
from assessments.refusals import Overtaken, Refused
from assessments.standings import standing_of
from assessments.views.clauses import show_page
from assessments.views.found import officer_of, page_or_404, survey_or_404


@require_POST
def answer(request: HttpRequest, code: str, period: str, number: str) -> HttpResponse:
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    standing = standing_of(survey)
    page = page_or_404(standing.questionnaire, number)
    try:
        threads.answer(survey, officer, page.clause.key, request.POST.get("said", ""))
    except Refused as wrong:
        return show_page(request, standing, page, unsaid=str(wrong), status=422)
    except Overtaken as wrong:
        survey.refresh_from_db(fields=["state", "accepted_at"])
        return show_page(request, standing_of(survey), page, unsaid=str(wrong), status=409)
    messages.success(request, "留言已保存，对方在这一项能看到。")
    return redirect(reverse("assessments:clause", args=[code, period, number]) + "#thread")
