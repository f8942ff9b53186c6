"""The result of a submitted survey: as a page, as PDF, as JSON. What is not submitted yet leads to the survey."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from assessments.views.found import officer_of, survey_or_404
from reports.documents import json_of, newest_report
from reports.filtering import shown
from reports.pdf import PdfUnavailable, pdf_of, unavailable
from reports.report import Report


@require_safe
def result(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """``?outcome=fail`` keeps the requirements with that outcome."""
    report = report_or_none(request, code, period)
    if report is None:
        return redirect("assessments:survey", code, period)
    view = shown(report, request.GET.get("outcome", ""))
    return render(request, "reports/result.html", {"report": report, "view": view, "no_pdf": unavailable()})


@require_safe
def report_pdf(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """503 with what to install where no PDF can be made."""
    report = report_or_none(request, code, period)
    if report is None:
        return redirect("assessments:survey", code, period)
    try:
        return download(pdf_of(report), "application/pdf", f"{report.name}.pdf")
    except PdfUnavailable as missing:
        return render(request, "reports/no_pdf.html", {"report": report, "no_pdf": str(missing)}, status=503)


@require_safe
def report_json(request: HttpRequest, code: str, period: str) -> HttpResponse:
    report = report_or_none(request, code, period)
    if report is None:
        return redirect("assessments:survey", code, period)
    return download(json_of(report), "application/json; charset=utf-8", f"{report.name}.json")


def report_or_none(request: HttpRequest, code: str, period: str) -> Report | None:
    """None while nothing was submitted. Raises Http404 alike for a stranger's survey and for one never begun."""
    return newest_report(survey_or_404(officer_of(request), code, period))


def download(body: bytes, kind: str, name: str) -> HttpResponse:
    """A file with its Chinese name (RFC 6266)."""
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": disposition})
