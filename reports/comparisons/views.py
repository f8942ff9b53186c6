"""规范对照 of the city, a unit and a town, and the facilities behind its numbers. ``?format=xlsx`` gives what the page
shows as a file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assessments.models.summaries import TOWN
from assessments.views.found import officer_of
from facilities.access import inspects, sees_whole_city
from facilities.models import Officer
from reports.comparisons.asked import Asked, asked_of
from reports.comparisons.counting import MOST, UNSENT, Area, TooMany, area_of
from reports.comparisons.tables import notes_of, table_of, table_of_list
from reports.dashboards.files import xlsx_of
from reports.dashboards.places import Place, areas_inside, own_place, place_or_404
from reports.dashboards.tables import Table
from reports.downloads import XLSX, download

PER_PAGE = 50


@require_safe
def comparison(request: HttpRequest, unit: str = "", town: str = "") -> HttpResponse:
    """Without a unit, and for those who do not see the whole city: leads to their own. With ``kind`` (and ``row``) the
    list behind a number."""
    officer = officer_of(request)
    if not unit and not sees_whole_city(officer):
        return redirect(f"{own_place(officer).comparison_url}?{request.GET.urlencode()}")
    place = place_or_404(officer, unit, town)
    asked = asked_of(request.GET, place)
    if asked is None:
        return render(request, "reports/dashboards/empty.html", {"place": place})
    context = _around(officer, place, asked)
    try:
        area = area_of(officer, place, asked)
    except TooMany as many:
        area, context = None, context | {"many": many.number, "most": MOST}
    if area and asked.kind:
        return _behind(request, area, context)
    if area and request.GET.get("format") == "xlsx":
        return _file(area, table_of(area), "规范对照")
    below = [(each.name, each.comparison_url + asked.address()) for each in areas_inside(officer, place)]
    return render(request, "reports/comparisons/area.html", context | {"area": area, "below": below})


def _behind(request: HttpRequest, area: Area, context: dict[str, object]) -> HttpResponse:
    """404 where there is no such number."""
    asked = area.asked
    lines = area.behind(asked.row, asked.kind)
    if lines is None:
        raise Http404("没有这样的数字。")
    word = "还没有提交，或退回未再提交" if asked.kind == UNSENT else area.words[asked.kind]
    row = next((each for each in area.rows if each.key == asked.row), None)
    if request.GET.get("format") == "xlsx":
        return _file(area, table_of_list(area, row, word, lines), "规范对照名单")
    page = Paginator(lines, PER_PAGE).get_page(asked.page)
    own = asked.address(row=asked.row, kind=asked.kind)
    more = {"area": area, "row": row, "word": word, "page": page, "own": own, "sides": asked.of_one}
    return render(request, "reports/comparisons/facilities.html", context | more)


def _around(officer: Officer, place: Place, asked: Asked) -> dict[str, object]:
    own_town = officer.facility is not None and officer.facility.subject == "township"
    reach = {"whole_city": sees_whole_city(officer), "sees_unit": place.kind == TOWN and not own_town}
    blind = officer.role == Officer.CITY and inspects(officer)
    return {"place": place, "asked": asked, "inspecting": blind} | reach


def _file(area: Area, table: Table, name: str) -> HttpResponse:
    title = f"{area.place.name}{area.asked.period}{name}"
    return download(xlsx_of([table], title, notes_of(area)), XLSX, f"{title}.xlsx")
