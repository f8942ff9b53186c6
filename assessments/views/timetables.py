"""内部时限: each unit's own days, shown to who sees the unit, set by its reviewer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments import timetables as verbs
from assessments.refusals import Overtaken, Refused
from assessments.views.found import officer_of
from facilities.access import today, units_visible_to
from facilities.models import ReportingUnit

FIELDS = ("station_days", "office_days")


@require_safe
def timetables(request: HttpRequest) -> HttpResponse:
    units = list(units_visible_to(officer_of(request)))
    if not units:
        raise PermissionDenied("内部时限由区审核员设定；您这里的时限在“我的任务”里。")
    if len(units) == 1:
        return redirect("assessments:timetable", units[0].code)
    return render(request, "assessments/timetables.html", {"rows": verbs.times_of(units, today())})


@require_http_methods(["GET", "HEAD", "POST"])
def timetable(request: HttpRequest, unit: str) -> HttpResponse:
    officer = officer_of(request)
    found = get_object_or_404(units_visible_to(officer), code=unit)
    if request.method != "POST":
        return _show(request, found)
    typed = {field: request.POST.get(field, "")[:10] for field in FIELDS}
    try:
        verbs.set_timetable(found, officer, **typed, seen=request.POST.get("seen", ""))
    except Refused as refused:
        return _show(request, found, typed, {refused.field: str(refused)}, 422)
    except Overtaken:
        sentence = "您打开本页以后，别人改过这里。下面是您填的；现行时限见右侧，请核对后再保存。"
        return _show(request, found, typed, {"": sentence}, 409)
    messages.success(request, "已保存，从下一个开启的季度起用；已开启的季度不变。")
    return redirect("assessments:timetable", unit)


def _show(
    request: HttpRequest,
    unit: ReportingUnit,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    times = verbs.times_of([unit], today())[0]
    kept = {field: getattr(times.timetable, field) for field in FIELDS}
    context = {
        "times": times,
        "typed": typed or kept,
        "errors": errors or {},
        "listed": [(f"id_{field}" if field else "", sentence) for field, sentence in (errors or {}).items()],
        "seen": verbs.version(times.timetable),
        "may_set": verbs.may_set(officer_of(request), unit),
    }
    return render(request, "assessments/timetable.html", context, status=status)
