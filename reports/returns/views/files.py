"""Downloads of a return."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from reports.downloads import download
from reports.issued import Damaged
from reports.jobs.asking import in_background
from reports.pdf import PdfUnavailable
from reports.returns.files import TYPES, WORDS, file_of, takes_long
from reports.returns.found import reader_or_404, return_or_404, shown_to


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, unit: str, period: str, format: str) -> HttpResponse:
    """``?version=`` gives an older one; 503 with what to do where it cannot be made."""
    officer = reader_or_404(request)
    found = return_or_404(officer, unit, period)
    statement, version = shown_to(officer, found, request.GET.get("version", ""))
    if statement is None:
        raise Http404("这份季报还没有报送。")
    if takes_long(statement, version, format):
        wanted = {"unit": found.unit.code, "period": found.period.key, "format": format}
        wanted |= {"version": str(version.number)} if version else {}
        return in_background(request, "return_file", f"{statement.title}（{WORDS[format]}）", wanted)
    try:
        body = file_of(statement, version, format)
    except (PdfUnavailable, Damaged) as missing:
        context = {"unit": found.unit, "period": found.period, "why": str(missing)}
        return render(request, "reports/return_no_file.html", context, status=503)
    return download(body, TYPES[format], f"{statement.name}.{format}")
