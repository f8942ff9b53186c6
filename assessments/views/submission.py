"""Check the answers, submit, receipt."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import workflow
from assessments.answering import Locked
from assessments.deadlines import deadline_of
from assessments.models import Survey
from assessments.presenting import shown_page
from assessments.scoring import standing_of
from assessments.views.found import officer_of, survey_or_404
from facilities.access import may_survey, today
from facilities.models import Officer


@require_safe
def check(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """检查答案: everything once more before it is sent."""
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    if not survey.is_draft:
        return redirect("assessments:survey", code, period)
    return _show(request, officer, survey, tried=False)


def _show(request: HttpRequest, officer: Officer, survey: Survey, tried: bool) -> HttpResponse:
    standing = standing_of(survey)
    context = {
        "survey": survey,
        "facility": survey.facility,
        "period": survey.period,
        "standing": standing,
        "pages": [shown_page(standing, stands.page) for stands in standing.pages],
        "unconfirmed": sum(stands.unconfirmed for stands in standing.pages),
        "tried": tried and bool(standing.needed),
        "deadline": deadline_of(survey.period, today()),
        "may_submit": may_survey(officer, survey.facility) and not survey.period.closed_at,
    }
    return render(request, "assessments/check.html", context, status=422 if context["tried"] else 200)


@require_POST
def submit(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """Once or twice pressed, the same receipt."""
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    try:
        workflow.submit(survey, officer)
    except workflow.Incomplete:
        return _show(request, officer, survey, tried=True)
    except Locked as locked:
        messages.error(request, str(locked))
        return redirect("assessments:survey", code, period)
    return redirect("assessments:receipt", code, period)


@require_safe
def receipt(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """回执: number, what happens next, the paper to keep."""
    survey = survey_or_404(officer_of(request), code, period)
    snapshot = survey.snapshots.select_related("by").first()
    if snapshot is None:
        return redirect("assessments:survey", code, period)
    judged = snapshot.judgements.select_related("standard").first()
    context = {
        "survey": survey,
        "facility": survey.facility,
        "period": survey.period,
        "snapshot": snapshot,
        "judged": judged,
    }
    return render(request, "assessments/receipt.html", context)
