"""考核: the list, a year's appraisal, what a unit's figures are made of, and what is done to a draft. Drafts are the
city's; districts read what is published; surveyors read none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from facilities.access import today
from facilities.models import Officer
from reports.appraisals import workflow
from reports.appraisals.paper import file_of, proof_of
from reports.appraisals.showing import Shown
from reports.downloads import XLSX, download
from reports.issued import Damaged
from reports.models import Appraisal, AppraisalAdjustment
from reports.pdf import PdfUnavailable, unavailable
from reports.returns.found import OF_CITY, reader_or_404, units_read_by
from reports.returns.listing import quarters
from reports.returns.workflow import CannotReport

TYPES = {"pdf": "application/pdf", "xlsx": XLSX}


def appraisals_read_by(officer: Officer) -> QuerySet[Appraisal]:
    """Published ones for every reader of returns; drafts for who reads the whole city."""
    found = Appraisal.objects.select_related("published_by")
    return found if officer.role in OF_CITY else found.filter(state=Appraisal.PUBLISHED)


@require_safe
def appraisals(request: HttpRequest) -> HttpResponse:
    return _list(request, reader_or_404(request))


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    officer = reader_or_404(request)
    typed = request.POST.get("year", "").strip()
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0
    try:
        begun = workflow.begin(year, officer)
    except CannotReport as refused:
        return _list(request, officer, str(refused), status=422)
    return redirect("reports:appraisal", begun.year)


@require_safe
def appraisal(request: HttpRequest, year: int) -> HttpResponse:
    """The year's draft where there is one and it may be read, else the newest published; ``?number=`` an older one."""
    officer = reader_or_404(request)
    return _shown(request, officer, _found(request, officer, year))


@require_safe
def unit(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    """What each of a unit's figures is made of."""
    officer = reader_or_404(request)
    return _unit(request, officer, _found(request, officer, year), unit)


@require_safe
def file(request: HttpRequest, year: int, format: str) -> HttpResponse:
    """503 with what to do where it cannot be made."""
    found = _found(request, reader_or_404(request), year)
    try:
        body = file_of(found, format)
    except (PdfUnavailable, Damaged) as missing:
        context = {"appraisal": found, "why": str(missing)}
        return render(request, "reports/appraisals/no_file.html", context, status=503)
    return download(body, TYPES[format], f"{found}_{found.numbered}.{format}")


@require_POST
def adjust(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    """422 with what was typed where something is wrong."""
    officer = reader_or_404(request)
    said = {name: request.POST.get(name, "") for name in ("points", "reason")}
    try:
        made = workflow.adjust(year, officer, unit, said["points"], said["reason"])
    except CannotReport as refused:
        return _unit(request, officer, _found(request, officer, year), unit, refused.errors, said, 422)
    messages.success(request, f"{made.unit.name}：调整 {made.points:+} 分，已记下。")
    return redirect("reports:appraisal_unit", year, unit)


@require_POST
def take_back(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    officer = reader_or_404(request)
    said = {name: request.POST.get(name, "") for name in ("adjustment", "back")}
    number = said["adjustment"]
    row = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
    try:
        workflow.take_back(year, officer, row, said["back"])
    except CannotReport as refused:
        return _unit(request, officer, _found(request, officer, year), unit, refused.errors, said, 422)
    messages.success(request, "调整已撤回。")
    return redirect("reports:appraisal_unit", year, unit)


@require_POST
def publish(request: HttpRequest, year: int) -> HttpResponse:
    officer = reader_or_404(request)
    try:
        published = workflow.publish(year, officer, request.POST.get("seen", ""))
    except CannotReport as refused:
        return _shown(request, officer, _found(request, officer, year), refused.errors, 422)
    messages.success(request, f"已发布：{published.numbered}。")
    return redirect("reports:appraisal", year)


def _found(request: HttpRequest, officer: Officer, year: int) -> Appraisal:
    """Raises Http404 alike for a draft that is not the reader's and for none."""
    found = appraisals_read_by(officer).filter(year=year)
    number = request.GET.get("number", "")
    if number:
        found = (
            found.filter(number=int(number))
            if number.isascii() and number.isdigit() and len(number) < 5
            else found.none()
        )
    draft, newest = found.filter(state=Appraisal.DRAFT).first(), found.order_by("-number").exclude(number=None).first()
    if draft is None and newest is None:
        raise Http404("没有这一年度的考核，或者您无权查看。")
    return draft or newest  # type: ignore[return-value]


def _list(request: HttpRequest, officer: Officer, error: str = "", status: int = 200) -> HttpResponse:
    may_appraise = workflow.may_appraise(officer)
    years = sorted({period.year for period in quarters() if period.last_day < today()}, reverse=True)
    context = {
        "appraisals": appraisals_read_by(officer).defer("content")[:100],
        "years": years if may_appraise else [],
        "may_appraise": may_appraise,
        "error": error,
    }
    return render(request, "reports/appraisals/list.html", context, status=status)


def _context(officer: Officer, found: Appraisal, shown: Shown) -> dict[str, Any]:
    is_draft = found.state == Appraisal.DRAFT
    others = appraisals_read_by(officer).filter(year=found.year).exclude(pk=found.pk).defer("content")
    return {
        "appraisal": found,
        "shown": shown,
        "proof": proof_of(found),
        "no_pdf": unavailable(),
        "may_appraise": is_draft and workflow.may_appraise(officer),
        "others": others,
    }


def _shown(
    request: HttpRequest, officer: Officer, found: Appraisal, errors: Sequence[tuple[str, str]] = (), status: int = 200
) -> HttpResponse:
    """Also with what is wrong with what was asked. A reviewer's own row is pinned above the others."""
    content = workflow.content_shown(found)
    shown = Shown(content)
    context = _context(officer, found, shown) | {
        "own": shown.row_of(officer.unit.code) if officer.unit else None,
        "errors": errors,
        "seen": workflow.mark_of(content) if found.state == Appraisal.DRAFT else "",
        "lacking": workflow.lacking_of(content) if found.state == Appraisal.DRAFT and not errors else [],
    }
    return render(request, "reports/appraisals/appraisal.html", context, status=status)


def _unit(
    request: HttpRequest,
    officer: Officer,
    found: Appraisal,
    code: str,
    errors: Sequence[tuple[str, str]] = (),
    said: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Also with what is wrong with what was typed, at its place. A draft shows what was taken back too."""
    shown = Shown(workflow.content_shown(found))
    row = shown.row_of(code)
    if row is None:
        raise Http404("这个单位不在本年度的考核里。")
    context = _context(officer, found, shown) | {
        "row": row,
        "reads": units_read_by(officer).filter(code=code).exists(),
        "acts": _acts(found, code) if found.state == Appraisal.DRAFT else [],
        "errors": [(f"#{name}" if name else "", sentence) for name, sentence in errors],
        "wrong": dict(errors),
        "said": said or {},
    }
    return render(request, "reports/appraisals/unit.html", context, status=status)


def _acts(found: Appraisal, code: str) -> QuerySet[AppraisalAdjustment]:
    rows = AppraisalAdjustment.objects.filter(year=found.year, unit__code=code, takes_back=None)
    return rows.select_related("by", "taken_back__by")
