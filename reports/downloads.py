"""Files that leave as an answer, with their Chinese names (RFC 6266)."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from reports.jobs.work import Made

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(body: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": disposition})


def sent(made: Made) -> HttpResponse:
    return download(made.body, made.content_type, made.name)
