"""What is done to a return: begun, written, sent, received, sent back, corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from reports.models import QuarterlyReturn
from reports.returns import workflow
from reports.returns.content import content_of
from reports.returns.found import period_or_404, reader_or_404, return_or_404, unit_or_404
from reports.returns.listing import listed_of
from reports.returns.statement import Statement
from reports.returns.views.pages import shown
from reports.texts import text_fields

FIELDS = (*workflow.PROSE, *workflow.NAMES)


@require_POST
def start(request: HttpRequest, unit: str, period: str) -> HttpResponse:
    officer = reader_or_404(request)
    workflow.begin(unit_or_404(officer, unit), period_or_404(period), officer)
    return redirect("reports:return_edit", unit, period)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, unit: str, period: str) -> HttpResponse:
    """409 with both texts where somebody saved in between; what was typed is kept."""
    officer = reader_or_404(request)
    found = return_or_404(officer, unit, period)
    workflow.require_writer(officer, found.unit)
    if request.method != "POST":
        if found.state not in workflow.OPEN:
            return redirect("reports:return", unit, period)
        return _form(request, found, {name: getattr(found, name) for name in FIELDS})
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        workflow.write(found, officer, typed, _revision(request))
    except workflow.Stale as stale:
        return _form(request, stale.report, typed, theirs=stale.report, status=409)
    except workflow.CannotReport as refused:
        return _form(request, found, typed, errors=refused.errors, status=422)
    messages.success(request, "已保存。")
    return redirect("reports:return_submit" if "go_on" in request.POST else "reports:return", unit, period)


def _form(
    request: HttpRequest,
    report: QuarterlyReturn,
    typed: Mapping[str, str],
    errors: tuple[tuple[str, str], ...] = (),
    theirs: QuarterlyReturn | None = None,
    status: int = 200,
) -> HttpResponse:
    fields = text_fields({**workflow.PROSE, **workflow.NAMES}, workflow.PROSE, typed, errors, theirs)
    for field in fields:
        field["optional"] = field["name"] == "phone"
    context: dict[str, Any] = {
        "report": report,
        "unit": report.unit,
        "period": report.period,
        "fields": fields,
        "errors": [(name, sentence) for name, sentence in errors],
        "conflict": theirs is not None,
        "revision": report.revision,
    }
    return render(request, "reports/return_edit.html", context, status=status)


def _revision(request: HttpRequest) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 9 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, unit: str, period: str) -> HttpResponse:
    """Says what will be sent, then sends it. Once or twice pressed, one version."""
    officer = reader_or_404(request)
    found = return_or_404(officer, unit, period)
    workflow.require_writer(officer, found.unit)
    if request.method != "POST":
        if found.state not in workflow.OPEN:
            return redirect("reports:return", unit, period)
        return _confirm(request, found, tuple(workflow.lacking_of(found, timezone.now())), 200)
    try:
        version = workflow.submit(found, officer)
    except workflow.CannotReport as refused:
        return _confirm(request, found, refused.errors, 422)
    messages.success(request, f"已报送第{version.number}版，等市局接收。")
    return redirect("reports:return", unit, period)


def _confirm(
    request: HttpRequest, report: QuarterlyReturn, errors: tuple[tuple[str, str], ...], status: int
) -> HttpResponse:
    context = {
        "report": report,
        "unit": report.unit,
        "period": report.period,
        "statement": Statement(content_of(report.unit, report.period, report)),
        "listed": listed_of(report),
        "errors": errors,
        "tried": status != 200,
        "number": report.versions.count() + 1,
    }
    return render(request, "reports/return_submit.html", context, status=status)


@require_POST
def receive(request: HttpRequest, unit: str, period: str) -> HttpResponse:
    officer = reader_or_404(request)
    found = return_or_404(officer, unit, period)
    try:
        workflow.receive(found, officer)
    except workflow.CannotReport as refused:
        return shown(request, officer, found, str(refused), status=422)
    messages.success(request, f"已接收{found.unit.name}{found.period}的季报。")
    return redirect("reports:return", unit, period)


@require_POST
def send_back(request: HttpRequest, unit: str, period: str) -> HttpResponse:
    return _with_reason(request, unit, period, workflow.send_back, "已退回，原因已告诉报送单位。")


@require_POST
def correct(request: HttpRequest, unit: str, period: str) -> HttpResponse:
    return _with_reason(request, unit, period, workflow.correct, "已开始更正。原来的版本仍可查看，报送后是新的一版。")


def _with_reason(request: HttpRequest, unit: str, period: str, verb: Any, said: str) -> HttpResponse:
    officer = reader_or_404(request)
    found = return_or_404(officer, unit, period)
    typed = request.POST.get("text", "")
    try:
        verb(found, officer, typed)
    except workflow.CannotReport as refused:
        return shown(request, officer, found, str(refused), typed, status=422)
    messages.success(request, said)
    return redirect("reports:return", unit, period)
