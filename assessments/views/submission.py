"""Check the answers, submit, receipt."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import reviewing, workflow
from assessments.answering import revision_in
from assessments.capturing import claimed
from assessments.deadlines import deadline_of
from assessments.earlier import valid
from assessments.evidence.listing import lacking_in
from assessments.history import trail_of
from assessments.locking import Locked, locked_in_words
from assessments.mending import mending_of
from assessments.models import Survey
from assessments.presenting import shown_page
from assessments.standings import edition_judging, standing_of
from assessments.views.found import officer_of, survey_or_404
from facilities.access import may_survey, today
from facilities.models import Officer


@require_safe
def check(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """检查答案: everything once more before it is sent."""
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    if not survey.is_open:
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
        "wished": lacking_in(standing),
        "tried": tried and bool(standing.needed),
        "deadline": deadline_of(survey.period, today()),
        "may_submit": may_survey(officer, survey.facility) and not survey.period.closed_at,
        "mending": mending_of(survey, standing.edition),
        "seen": survey.snapshots.count(),
    }
    return render(request, "assessments/check.html", context, status=422 if context["tried"] else 200)


@require_POST
def submit(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """Once or twice pressed, the same receipt."""
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    try:
        seen = revision_in(request.POST["seen"]) if "seen" in request.POST else None
        captured_at = claimed(request.POST.get("captured_at", ""), survey.period)
        workflow.submit(survey, officer, captured_at, seen=seen)
    except workflow.Incomplete:
        return _show(request, officer, survey, tried=True)
    except Locked as locked:
        messages.error(request, str(locked))
        return redirect("assessments:survey", code, period)
    return redirect("assessments:receipt", code, period)


@require_POST
def withdraw(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """撤回, while nobody has opened it."""
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    try:
        reviewing.withdraw(survey, officer)
    except reviewing.CannotReview as refused:
        messages.error(request, str(refused))
        return redirect("assessments:receipt", code, period)
    messages.success(request, "已撤回，可以修改。改好后请再提交。")
    return redirect("assessments:survey", code, period)


@require_safe
def receipt(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """回执: number, what happens next, the paper to keep."""
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    snapshot = valid(survey.snapshots.select_related("by")).first()
    if snapshot is None:
        return redirect("assessments:survey", code, period)
    first, *others = snapshot.judgements.select_related("standard").order_by("beside", "pk")
    edition = edition_judging(survey)
    trail = trail_of(survey, edition)
    context = {
        "locked": locked_in_words(survey),
        "mending": mending_of(survey, edition),
        "trail": trail,
        "may_withdraw": may_survey(officer, survey.facility) and reviewing.may_be_withdrawn(survey),
        "survey": survey,
        "facility": survey.facility,
        "period": survey.period,
        "snapshot": snapshot,
        "judged": first,
        "beside": others,
    }
    return render(request, "assessments/receipt.html", context)
