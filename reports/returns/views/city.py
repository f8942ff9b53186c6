"""The city's report over all units, for who reads the whole city."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from reports.downloads import download
from reports.jobs.asking import in_background
from reports.pdf import PdfUnavailable, unavailable
from reports.returns.city import city_statement
from reports.returns.files import TYPES, WORDS, file_of, takes_long
from reports.returns.found import city_reader_or_404, facilities_reader_or_404, period_or_404
from reports.returns.listing import quarters
from reports.returns.views.pages import behind_of, told_of


@require_safe
def report(request: HttpRequest, period: str) -> HttpResponse:
    city_reader_or_404(request)
    found = period_or_404(period)
    context = {"period": found, "periods": quarters(), "no_pdf": unavailable()}
    context["opens"] = reverse("reports:city_report", args=[found.key]) + "figures/"
    return render(request, "reports/city_report.html", context | told_of(city_statement(found)))


@require_safe
def figure(request: HttpRequest, period: str, figure: str) -> HttpResponse:
    """The facilities behind a number: ``?part=``, ``?subject=`` and ``?group=`` (a unit)."""
    facilities_reader_or_404(request)
    found = period_or_404(period)
    context = {"period": found} | behind_of(request, city_statement(found), figure)
    return render(request, "reports/return_figure.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, period: str, format: str) -> HttpResponse:
    facilities_reader_or_404(request)
    found = period_or_404(period)
    statement = city_statement(found)
    if takes_long(statement, None, format):
        wanted = {"period": found.key, "format": format}
        return in_background(request, "city_file", f"{statement.title}（{WORDS[format]}）", wanted)
    try:
        body = file_of(statement, None, format)
    except PdfUnavailable as missing:
        return render(request, "reports/return_no_file.html", {"period": found, "why": str(missing)}, status=503)
    return download(body, TYPES[format], f"{statement.name}.{format}")
