"""消息: what an officer was told; and 催报 by hand."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import inbox as verbs
from assessments import nudging
from assessments.inbox import Told
from assessments.models import Period
from assessments.refusals import Refused
from assessments.views.found import officer_of

PER_PAGE = 30


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(verbs.notices_of(officer_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assessments/inbox.html", {"page": page})


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    verbs.read(verbs.notices_of(officer_of(request)))
    return redirect("assessments:inbox")


@require_POST
def read(request: HttpRequest, notice: int) -> HttpResponse:
    """Marked as read, and on to what it is about."""
    own = verbs.notices_of(officer_of(request)).filter(pk=notice)
    found = get_object_or_404(own)
    verbs.read(own)
    leads_here = url_has_allowed_host_and_scheme(found.link, allowed_hosts=None)
    return redirect(found.link if found.link and leads_here else "assessments:inbox")


# ── 催报 ──────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    nudging.require_nudger(officer)
    period, periods = nudging.quarter_to_nudge(officer, request.POST.get("period") or request.GET.get("period", ""))
    if request.method != "POST" or period is None:
        return _show(request, period, periods)
    try:
        told = nudging.nudge(officer, period, request.POST.getlist("groups"), request.POST.get("text", ""))
    except Refused as refused:
        return _show(request, period, periods, {refused.field: str(refused)})
    _say(request, told)
    return redirect(f"{reverse('assessments:reminders')}?period={period.key}")


def _say(request: HttpRequest, told: Told) -> None:
    if told.new:
        messages.success(request, f"已催报 {len(told.new)} 人：{_names([n.officer.display_name for n in told.new])}。")
    if told.before:
        names = _names([letter.officer.display_name for letter in told.before])
        messages.error(request, f"今天已经催过、没有再发的 {len(told.before)} 人：{names}。每人每天最多催一次。")


def _names(names: list[str]) -> str:
    return "、".join(names[:12]) + ("等" if len(names) > 12 else "")


def _show(
    request: HttpRequest, period: Period | None, periods: list[Period], errors: dict[str, str] | None = None
) -> HttpResponse:
    officer = officer_of(request)
    groups = nudging.groups_of(officer, period) if period else []
    context = {
        "period": period,
        "periods": periods,
        "groups": groups,
        "undone": sum(group.undone for group in groups),
        "waiting": sum(group.waiting for group in groups),
        "ticked": request.POST.getlist("groups") if errors else [group.key for group in groups if group.undone],
        "text": request.POST.get("text", "") if errors else "",
        "errors": errors or {},
        "listed": [(f"id_{field}", sentence) for field, sentence in (errors or {}).items()],
        "lately": nudging.lately(officer),
    }
    return render(request, "assessments/reminders.html", context, status=422 if errors else 200)
