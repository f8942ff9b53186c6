"""Quarters: an administrator closes and reopens them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import workflow
from assessments.deadlines import dues_of
from assessments.models import Period
from assessments.periods import period_by_key
from assessments.timeliness import rosters_of
from assessments.views.found import officer_of
from assessments.workdays import otherwise_due
from facilities.models import Officer


@require_safe
def periods(request: HttpRequest) -> HttpResponse:
    workflow.require_admin(officer_of(request))
    shown = list(Period.objects.select_related("closed_by")[:12])
    rosters = rosters_of(shown)
    rows = [(period, due, rosters.get(period.pk)) for period, due in zip(shown, dues_of(shown), strict=True)]
    return render(request, "assessments/periods.html", {"rows": rows, "otherwise": otherwise_due()})


@require_POST
def close(request: HttpRequest, period: str) -> HttpResponse:
    return _set(request, period, workflow.close, "已关闭，没有提交的核查表不能再填。")


@require_POST
def reopen(request: HttpRequest, period: str) -> HttpResponse:
    return _set(request, period, workflow.reopen, "已重新开放。")


def _set(request: HttpRequest, key: str, verb: Callable[[Period, Officer], None], said: str) -> HttpResponse:
    workflow.require_admin(officer_of(request))
    try:
        period = period_by_key(key)
    except Period.DoesNotExist as unknown:
        raise Http404("没有这个季度。") from unknown
    verb(period, officer_of(request))
    messages.success(request, f"{period}{said}")
    return redirect("assessments:periods")
