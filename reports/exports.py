"""Ask for an export: a small one comes at once, a large one becomes a job with a page of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from assessments.models import Period
from assessments.periods import period_by_key
from assessments.views.found import officer_of
from assessments.workbooks.scope import chosen
from facilities.access import units_visible_to
from reports.downloads import sent
from reports.jobs.exports import NOTHING_HERE, results_workbook, template_workbook
from reports.jobs.running import start
from reports.jobs.work import CannotMake
from reports.unit_results import results_of

QUICK = 40  # facilities: what takes a second or two at most


@require_POST
def unit_xlsx(request: HttpRequest, unit: str, period: str) -> HttpResponse:
    """Every result of a reporting unit and quarter in one workbook. 404 alike for a stranger's unit and for none."""
    officer = officer_of(request)
    found = get_object_or_404(units_visible_to(officer), code=unit)
    try:
        quarter = period_by_key(period)
    except Period.DoesNotExist as unknown:
        raise Http404("没有这个季度。") from unknown
    results = results_of(found, quarter)
    if len(results.lines) <= QUICK:
        return sent(results_workbook(results))
    wanted = {"unit": found.code, "period": quarter.key}
    return redirect("reports:job", start(officer, "unit_results", f"{found}{quarter}判定结果", wanted).pk)


@require_POST
def template(request: HttpRequest) -> HttpResponse:
    """``subject``, ``place``, ``period``; what cannot be had falls back to the first that can."""
    officer, asked = officer_of(request), request.POST
    scope = chosen(officer, asked.get("subject", ""), asked.get("place", ""), asked.get("period", ""))
    if scope is None:
        return _nothing_here(request)
    if len(scope.facilities(officer)) <= QUICK:
        try:
            return sent(template_workbook(scope, officer))
        except CannotMake:
            return _nothing_here(request)
    wanted = {"subject": scope.subject, "place": scope.place.code, "period": scope.period.key}
    title = f"{scope.place.name}{scope.standard.source}核查表"
    return redirect("reports:job", start(officer, "template", title, wanted).pk)


def _nothing_here(request: HttpRequest) -> HttpResponse:
    messages.error(request, NOTHING_HERE)
    return redirect("assessments:workbooks")
