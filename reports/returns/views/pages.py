"""A return as a page that reads like the paper; each number opens to the facilities behind it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from facilities.models import Officer
from reports.models import QuarterlyReturn
from reports.pdf import unavailable
from reports.returns.behind import DUE, NoSuchNumber, behind
from reports.returns.found import (
    period_or_404,
    reader_or_404,
    return_or_404,
    return_or_none,
    shown_to,
    unit_or_404,
)
from reports.returns.listing import listed_of
from reports.returns.narrative import opening_of, sections_of
from reports.returns.showing import shown_tables, written
from reports.returns.statement import Statement
from reports.returns.workflow import OPEN, may_receive, may_write


@require_safe
def report(request: HttpRequest, unit: str, period: str) -> HttpResponse:
    """``?version=`` shows an older one."""
    officer = reader_or_404(request)
    found_unit, found_period = unit_or_404(officer, unit), period_or_404(period)
    found = return_or_none(found_unit, found_period)
    if found is None:
        context = {"unit": found_unit, "period": found_period, "may_write": may_write(officer, found_unit)}
        return render(request, "reports/return_not_begun.html", context)
    return shown(request, officer, found)


def shown(
    request: HttpRequest, officer: Officer, found: QuarterlyReturn, error: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    """Also with what is wrong with a reason that was typed."""
    asked = request.GET.get("version", "")
    statement, version = shown_to(officer, found, asked)
    newest = found.versions.order_by("-number").values_list("number", flat=True).first()
    is_newest = version is None or version.number == newest
    context = {
        "report": found,
        "unit": found.unit,
        "period": found.period,
        "version": version,
        "is_newest": is_newest,
        "listed": listed_of(found),
        "acts": found.acts.select_related("by", "version").defer("version__content"),
        "versions": found.versions.select_related("by").defer("content"),
        "may_write": may_write(officer, found.unit),
        "may_receive": may_receive(officer),
        "is_open": found.state in OPEN,
        "error": error,
        "typed": typed,
        "no_pdf": unavailable(),
        "query": f"?version={version.number}" if version else "",
        "version_query": f"&version={version.number}" if version else "",
        "opens": reverse("reports:return", args=[found.unit.code, found.period.key]) + "figures/",
    }
    if statement is not None:
        context |= told_of(statement)
    return render(request, "reports/return.html", context, status=status)


def told_of(statement: Statement) -> dict[str, Any]:
    """What page and paper say alike."""
    return {
        "statement": statement,
        "opening": opening_of(statement),
        "sections": sections_of(statement),
        "tables": shown_tables(statement),
    }


@require_safe
def figure(request: HttpRequest, unit: str, period: str, figure: str) -> HttpResponse:
    """The facilities behind a number: ``?part=`` of it, ``?subject=``, ``?group=`` (a town) and ``?version=``."""
    officer = reader_or_404(request)
    found = return_or_404(officer, unit, period)
    statement, version = shown_to(officer, found, request.GET.get("version", ""))
    if statement is None:
        raise Http404("这份季报还没有报送。")
    context = {"report": found, "unit": found.unit, "period": found.period, "version": version}
    return render(request, "reports/return_figure.html", context | behind_of(request, statement, figure))


def behind_of(request: HttpRequest, statement: Statement, figure: str) -> dict[str, Any]:
    asked = request.GET
    try:
        found = behind(
            statement,
            figure,
            asked.get("part", DUE if figure == DUE else "all"),
            asked.get("subject", ""),
            asked.get("group", None),
        )
    except NoSuchNumber as unknown:
        raise Http404("没有这个数字。") from unknown
    rows = [
        (line, group, *(written(each, found.places) for each in (part.number, part.of, part.short)))
        if part
        else (line, group, "", "", "")
        for line, group, part in found.lines
    ]
    return {"behind": found, "rows": rows, "statement": statement}
