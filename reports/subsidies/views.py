"""补助结算 of the city, a unit, a town and a station; ``?file=xlsx`` and ``?file=pdf`` give what the page shows.
Whoever reads a place reads its amounts; names are for those who read the roster."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.subsidies import paying
from assessments.subsidies.reckoning import policy
from assessments.subsidies.spans import Span, key_of, span_of, spans_until
from assessments.views.found import officer_of
from facilities.access import today
from facilities.models import Officer, Post
from facilities.requests import Refused
from facilities.roster import may_see, roster_of
from reports.downloads import XLSX, download
from reports.pdf import PdfUnavailable, unavailable
from reports.subsidies import places
from reports.subsidies.paper import paper_of
from reports.subsidies.places import Place, address, own_way
from reports.subsidies.statement import statement_of
from reports.subsidies.workbook import workbook_of


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Leads to the officer's own, of the span that was chosen or of the current quarter."""
    way = own_way(officer_of(request))
    return redirect(address(way, _span_or_404(request.GET.get("span", "") or key_of(today())).key))


@require_safe
def city(request: HttpRequest, span: str) -> HttpResponse:
    found = _span_or_404(span)
    return _answer(request, places.city(officer_of(request), _as_of(found)), found)


@require_safe
def unit(request: HttpRequest, span: str, unit: str) -> HttpResponse:
    found = _span_or_404(span)
    return _answer(request, places.unit(officer_of(request), unit, _as_of(found)), found)


@require_safe
def town(request: HttpRequest, span: str, unit: str, town: str) -> HttpResponse:
    return _answer(request, places.town(officer_of(request), unit, town), _span_or_404(span))


@require_safe
def station(request: HttpRequest, code: str, span: str) -> HttpResponse:
    return _answer(request, places.station(officer_of(request), code), _span_or_404(span))


@require_safe
def now(request: HttpRequest, code: str) -> HttpResponse:
    """Leads to the station's of the current quarter."""
    return redirect(address(places.station(officer_of(request), code).way, key_of(today())))


@require_POST
def paid(request: HttpRequest, code: str, span: str) -> HttpResponse:
    """Of a quarter; 422 with what was typed where something is wrong."""
    by, found = officer_of(request), _span_or_404(span)
    place = places.station(by, code)
    if found.quarter is None:
        raise Http404("实发按季度登记。")
    try:
        paying.record(by, place.facilities[0], found.quarters[0], request.POST)
    except Refused as refused:
        return _page(request, place, found, request.POST, refused.errors, 422)
    messages.success(request, "已登记。")
    return redirect("reports:subsidy_station", code, found.key)


def _span_or_404(key: str) -> Span:
    found = span_of(key, policy().effective, today())
    if found is None:
        raise Http404("没有这个季度或年度。")
    return found


def _as_of(span: Span) -> date:
    return min(today(), span.stretch.last)


def _answer(request: HttpRequest, place: Place, span: Span) -> HttpResponse:
    if chosen := request.GET.get("span", ""):
        return redirect(address(place.way, _span_or_404(chosen).key))
    kind = request.GET.get("file", "")
    if kind not in ("xlsx", "pdf"):
        return _page(request, place, span)
    statement = statement_of(officer_of(request), place, span, kind == "xlsx" or place.of_station)
    if kind == "xlsx":
        return download(workbook_of(statement), XLSX, f"{statement.title}.xlsx")
    try:
        return download(paper_of(statement), "application/pdf", f"{statement.title}.pdf")
    except PdfUnavailable as missing:
        return _page(request, place, span, errors={"": str(missing)}, status=503)


def _page(
    request: HttpRequest,
    place: Place,
    span: Span,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    officer = officer_of(request)
    context = {
        "statement": statement_of(officer, place, span, place.of_station),
        "above": [(name, address(way, span.key)) for name, way in place.above],
        "spans": spans_until(today(), policy().effective),
        "address": address(place.way, span.key),
        "no_pdf": unavailable(),
        "typed": typed or {},
        "wrong": errors or {},
        "errors": list((errors or {}).items()),
    }
    context |= _paying(officer, place, span) if place.of_station and span.quarter else {}
    return render(request, "reports/subsidies/statement.html", context, status=status)


def _paying(officer: Officer, place: Place, span: Span) -> dict[str, Any]:
    """What was recorded of the quarter, and whom it can be recorded of. A name stands there for whom the roster is."""
    facility, quarter = place.facilities[0], span.quarters[0]
    said = list(paying.said_of(facility, quarter))
    named = may_see(officer)
    may_pay = paying.may_pay(officer, facility)
    return {
        "said": [(row, row.post.name if row.post and named else "") for row in said],
        "seen": said[0].pk if said else "",
        "may_pay": may_pay,
        "servants": [post for post in roster_of(officer, facility) if _is_servant(post, span)] if may_pay else [],
    }


def _is_servant(post: Post, span: Span) -> bool:
    return post.is_public_servant and post.kind == Post.PART_TIME and not post.has_left(span.stretch.first)
