"""看板 of the city, a unit and a town, and the facilities behind their numbers. ``?format=csv`` and ``?format=xlsx``
give what the page shows as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assessments.models.summaries import TOWN
from assessments.views.found import officer_of
from facilities.access import sees_whole_city
from facilities.models import Officer
from reports.dashboards.asked import asked_of
from reports.dashboards.behind import behind_of
from reports.dashboards.board import board_of
from reports.dashboards.files import csv_of, xlsx_of
from reports.dashboards.places import Place, own_place, place_or_404
from reports.dashboards.tables import Table, notes_of, table_of_list, tables_of
from reports.downloads import XLSX, download

CSV = "text/csv; charset=utf-8"


@require_safe
def dashboard(request: HttpRequest, unit: str = "", town: str = "") -> HttpResponse:
    """Without a unit, and for those who do not see the whole city: leads to their own."""
    officer = officer_of(request)
    if not unit and not sees_whole_city(officer):
        return redirect(own_place(officer).url)
    place = place_or_404(officer, unit, town)
    asked = asked_of(request.GET)
    if asked is None:
        return render(request, "reports/dashboards/empty.html", {"place": place})
    board = board_of(officer, place, asked)
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        only = request.GET.get("table", "")
        tables = [table for table in tables_of(board) if only in ("", table.key)]
        return _file(kind, tables or tables_of(board), f"{place.name}{asked.period}看板", notes_of(board))
    listed = behind_of(officer, place, asked, {"show": "due"}) if not place.below else None
    context = {"board": board, "listed": listed} | _above(officer, place)
    return render(request, "reports/dashboards/dashboard.html", context)


@require_safe
def behind(request: HttpRequest, unit: str = "", town: str = "") -> HttpResponse:
    """The list behind a number."""
    officer = officer_of(request)
    place = place_or_404(officer, unit, town)
    asked = asked_of(request.GET)
    if asked is None:
        return render(request, "reports/dashboards/empty.html", {"place": place})
    kind = request.GET.get("format", "")
    found = behind_of(officer, place, asked, request.GET.dict(), whole=kind in ("csv", "xlsx"))
    if kind in ("csv", "xlsx"):
        notes = [f"{place.name}　{asked.period}　{asked.subject_word}　{found.wanted.said}　共 {found.total} 家"]
        return _file(kind, [table_of_list(found)], f"{place.name}{asked.period}名单", notes)
    return render(request, "reports/dashboards/behind.html", {"behind": found} | _above(officer, place))


def _above(officer: Officer, place: Place) -> dict[str, bool]:
    """Which areas above the place the officer may go up to."""
    whole = sees_whole_city(officer)
    own_town = officer.facility is not None and officer.facility.subject == "township"
    return {"whole_city": whole, "sees_unit": place.kind == TOWN and not own_town}


def _file(kind: str, tables: list[Table], title: str, notes: list[str]) -> HttpResponse:
    if kind == "csv":
        return download(csv_of(tables, notes), CSV, f"{title}.csv")
    return download(xlsx_of(tables, title, notes), XLSX, f"{title}.xlsx")
