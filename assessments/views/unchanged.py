"""本季度无变化: read, look at what ages, confirm and submit."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments import workflow
from assessments.answering import Conflict
from assessments.beginning import NothingToSurvey, require_surveyor
from assessments.deadlines import deadline_of
from assessments.locking import Locked
from assessments.models import Period
from assessments.periods import parse_key, period_of
from assessments.presenting import shown_page
from assessments.unchanged import Carried, NotUnchanged, carried_of, submit_unchanged
from assessments.views.found import officer_of
from facilities.access import facility_or_404, may_survey, today


@require_http_methods(["GET", "HEAD", "POST"])
def unchanged(request: HttpRequest, code: str, period: str) -> HttpResponse:
    officer = officer_of(request)
    facility = facility_or_404(request.user, code)
    try:
        found = period_of(*parse_key(period))
    except Period.DoesNotExist as unknown:
        raise Http404(str(unknown)) from unknown
    if request.method == "POST":
        require_surveyor(officer, facility)
    try:
        carried = carried_of(facility, found, officer)
        if carried.survey is not None and not carried.survey.is_open:
            return redirect("assessments:receipt", code, period)
        if request.method != "POST":
            return _show(request, carried, {}, [])
        snapshot, errors, conflicts = submit_unchanged(facility, found, officer, request.POST)
        if snapshot is None:
            return _show(request, carried_of(facility, found, officer), errors, conflicts)
    except (NotUnchanged, Locked, NothingToSurvey) as refused:
        messages.error(request, str(refused))
        return redirect("assessments:survey", code, period)
    except workflow.Incomplete as incomplete:
        messages.error(request, f"{incomplete}，请先填完。")
        return redirect("assessments:check", code, period)
    return redirect("assessments:receipt", code, period)


def _show(request: HttpRequest, carried: Carried, errors: dict[str, str], conflicts: list[Conflict]) -> HttpResponse:
    officer, standing = officer_of(request), carried.standing
    collided = {conflict.edit.question.key: conflict for conflict in conflicts}
    typed = request.POST if errors or conflicts else None
    pages = [shown_page(standing, each.page, typed, errors, collided) for each in standing.pages]
    ageing = {question.key for question in carried.ageing}
    context = {
        "carried": carried,
        "facility": carried.facility,
        "period": carried.period,
        "standing": standing,
        "pages": [page for page in pages if not page.stands.spared],
        "ageing": [shown for page in pages for shown in page.asked if shown.key in ageing],
        "ageing_keys": ageing,
        "errors": [(f"i-{key}", words) for key, words in errors.items()],
        "deadline": deadline_of(carried.period, today()),
        "may_submit": may_survey(officer, carried.facility) and not carried.period.closed_at,
        "operation": uuid4(),
    }
    status = 409 if conflicts else 422 if errors else 200
    return render(request, "assessments/unchanged.html", context, status=status)
