"""抽查: draws, who inspects, and what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Draw, Period, SpotCheck
from assessments.periods import period_by_key
from assessments.refusals import Overtaken, Refused
from assessments.spot_checks import draws as drawing
from assessments.spot_checks import inspectors
from assessments.spot_checks.listing import draws_of, groups_of, own_checks, quarters_with_reports, rates_in
from assessments.spot_checks.policy import policy
from assessments.spot_checks.reach import checks_visible_to, draws_visible_to, may_draw, require_city
from assessments.views.found import officer_of
from assessments.views.rectify import status_of
from facilities.access import today
from facilities.models import Officer, ReportingUnit


@require_safe
def spot_checks(request: HttpRequest) -> HttpResponse:
    """``?period=2026Q3``: the difference rates of that quarter's draws, else of all."""
    return _list(request)


@require_POST
def draw_new(request: HttpRequest) -> HttpResponse:
    officer, said = officer_of(request), request.POST
    require_city(officer)
    try:
        period = period_by_key(said.get("period", ""))
        made = drawing.draw(period, officer, said.get("seed", ""), said.getlist("unit"), said.get("note", ""))
    except Period.DoesNotExist:
        return _list(request, Refused("period", "请选一个季度。"))
    except (Refused, Overtaken) as wrong:
        return _list(request, wrong)
    messages.success(request, f"已抽取 {made.checks.count()} 家。种子和名单已存下，不能再改。")
    return redirect("assessments:draw", made.pk)


def _list(request: HttpRequest, wrong: Refused | Overtaken | None = None) -> HttpResponse:
    officer = officer_of(request)
    periods = list(quarters_with_reports())
    asked = next((each for each in periods if each.key == request.GET.get("period")), None)
    of = SpotCheck.objects.filter(draw__period=asked) if asked else SpotCheck.objects.all()
    context = {
        "draws": draws_of(officer),
        "own": own_checks(officer),
        "periods": periods,
        "asked": asked,
        "rates": rates_in(officer, of),
    }
    form = _form(request, wrong, periods) if may_draw(officer) else {}
    return render(request, "assessments/spot_checks/list.html", context | form, status=status_of(wrong))


def _form(request: HttpRequest, wrong: Refused | Overtaken | None, periods: list[Period]) -> dict[str, Any]:
    typed = request.POST
    field = getattr(wrong, "field", "seed")
    return {
        "may_draw": True,
        "units": ReportingUnit.objects.all(),
        "ticked": typed.getlist("unit"),
        "wanted": typed.get("period") or _proposed(periods),
        "seed": typed.get("seed") or drawing.fresh_seed(),
        "note": typed.get("note", ""),
        "policy": policy(),
        "errors": [(field, str(wrong))] if wrong else [],
        "wrong": {field: str(wrong)} if wrong else {},
    }


def _proposed(periods: list[Period]) -> str:
    """The last quarter that has ended, else the newest."""
    ended = [period for period in periods if period.last_day < today()]
    return (ended or periods)[0].key if periods else ""


@require_safe
def draw(request: HttpRequest, draw: int) -> HttpResponse:
    return _show(request, _draw_or_404(officer_of(request), draw))


@require_POST
def draw_assign(request: HttpRequest, draw: int) -> HttpResponse:
    """轮流指派 of all that have no inspector yet."""
    officer = officer_of(request)
    assigned, left = inspectors.assign_all(_draw_or_404(officer, draw), officer)
    words = f"已指派 {assigned} 家。" if assigned else "没有要指派的。"
    messages.success(request, words + (f"还有 {left} 家没有合适的检查员。" if left else ""))
    return redirect("assessments:draw", draw)


@require_POST
def check_assign(request: HttpRequest, draw: int, check: int) -> HttpResponse:
    """By hand. The city sees who inspects what, whatever else of it is hidden."""
    officer = officer_of(request)
    require_city(officer)
    found = get_object_or_404(SpotCheck.objects.select_related("draw__period", "facility"), pk=check, draw=draw)
    try:
        kept = inspectors.assign(found, officer, request.POST.get("inspector", ""))
    except (Refused, Overtaken) as wrong:
        return _show(request, found.draw, wrong, found)
    messages.success(request, f"{kept.facility}由{kept.inspector.display_name if kept.inspector else ''}检查。")
    return redirect("assessments:draw", draw)


def _draw_or_404(officer: Officer, draw: int) -> Draw:
    return get_object_or_404(draws_visible_to(officer).select_related("period", "by"), pk=draw)


def _show(
    request: HttpRequest, draw: Draw, wrong: Refused | Overtaken | None = None, check: SpotCheck | None = None
) -> HttpResponse:
    officer = officer_of(request)
    groups = groups_of(draw, officer)
    lines = [line.check for group in groups for line in group.lines]
    context = {
        "draw": draw,
        "groups": groups,
        "readable": _readable(officer, lines),
        "done": sum(each.state == SpotCheck.DONE for each in lines),
        "total": len(lines),
        "unassigned": sum(each.inspector_id is None for each in lines),
        "rates": rates_in(officer, SpotCheck.objects.filter(draw=draw)),
        "may_draw": may_draw(officer),
        "errors": [(f"inspector-{check.pk}", str(wrong))] if wrong and check else [],
    }
    return render(request, "assessments/spot_checks/draw.html", context, status=status_of(wrong))


def _readable(officer: Officer, checks: list[SpotCheck]) -> set[int]:
    """Those of the listed whose page the officer may open: one query."""
    listed = Q(pk__in=[check.pk for check in checks])
    return set(checks_visible_to(officer).filter(listed).order_by().values_list("pk", flat=True))
