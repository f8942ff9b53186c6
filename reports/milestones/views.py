"""建设期限: the board of what was wanted by a day, and the bodies behind each number. Who reads the whole city sees all
units, a district its own; surveyors none."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.milestones.board import CITY, board_of, lines_of, reach_of
from reports.milestones.standing import STATUSES
from reports.returns.found import reader_or_404

PER_PAGE = 50


@require_safe
def milestones(request: HttpRequest) -> HttpResponse:
    board = board_of(reader_or_404(request))
    return render(request, "reports/milestones/board.html", {"board": board, "statuses": STATUSES})


@require_safe
def facilities(request: HttpRequest) -> HttpResponse:
    """``?item=`` a requirement's key; ``unit`` and ``status`` narrow; what is unknown is 404."""
    officer = reader_or_404(request)
    key, unit, status = (request.GET.get(name, "") for name in ("item", "unit", "status"))
    reach = reach_of(officer, key or "-", unit)
    names = {CITY: "全市" if len(reach.units) != 1 else "", **{each.code: each.name for each in reach.units}}
    if not reach.items or status not in ("", *STATUSES) or unit not in names:
        raise Http404("没有这样的数字。")
    item = reach.items[-1]
    page = Paginator(lines_of(reach, item, status), PER_PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "item": item,
        "place": names[unit],
        "unit": unit,
        "status": status,
        "word": STATUSES.get(status, "全部"),
        "page": page,
        "period": reach.period,
    }
    return render(request, "reports/milestones/facilities.html", context)
