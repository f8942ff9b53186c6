"""核查表 by Excel: download the template, send it back filled, look at the difference, confirm, submit."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from assessments.views.found import officer_of
from assessments.workbooks.importing import import_some
from assessments.workbooks.returning import refused_workbook, scope_of
from assessments.workbooks.scope import choices_of
from assessments.workbooks.sending import codes_of, send_some
from assessments.workbooks.staging import stage
from assessments.workbooks.template import file_name
from assessments.workbooks.uploads import ShownUpload, drop, uploads_of
from facilities.models import Officer, Upload
from facilities.spreadsheets.guard import TOO_LARGE
from facilities.spreadsheets.reading import LARGEST
from facilities.spreadsheets.tables import Unreadable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_FILE = "请先选择填好的 Excel 文件，再上传。"
RECENT = 8


@require_safe
def workbooks(request: HttpRequest) -> HttpResponse:
    return _workbooks(request)


def _workbooks(request: HttpRequest, error: str = "") -> HttpResponse:
    officer = officer_of(request)
    context = {
        "choices": choices_of(officer),
        "may_send": officer.role == Officer.SURVEYOR,
        "uploads": uploads_of(officer).defer("rows")[:RECENT],
        "error": error,
    }
    return render(request, "assessments/workbooks.html", context, status=422 if error else 200)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    if officer.role != Officer.SURVEYOR:
        raise PermissionDenied("只有填报员可以导入，您可以下载查看。")
    sent = request.FILES.get("file")
    if sent is None:
        return _workbooks(request, NO_FILE)
    if (sent.size or 0) > LARGEST:
        return _workbooks(request, TOO_LARGE)
    try:
        staged = stage(officer, sent.name or "核查表.xlsx", sent.read())
    except Unreadable as why:
        return _workbooks(request, str(why))
    return redirect("assessments:workbook", staged.pk)


@require_safe
def workbook(request: HttpRequest, upload: UUID) -> HttpResponse:
    """The difference; while it goes in, how far it is; then what can be submitted. ``?from=40`` while that goes on."""
    officer = officer_of(request)
    found = _upload_or_404(officer, upload)
    if found.state == Upload.DROPPED:
        messages.success(request, f"“{found.name}”已放弃，什么都没有导入。")
        return redirect("assessments:workbooks")
    start = request.GET.get("from", "")
    context = {
        "shown": ShownUpload(found, officer, request.GET.get("page", "1")),
        "upload": found,
        "goes_on": "go" in request.GET,
        "start": int(start) if start.isdecimal() and len(start) < 6 else None,
    }
    return render(request, "assessments/workbook.html", context)


@require_POST
def confirm(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Some facilities a time; the page goes on by itself."""
    officer = officer_of(request)
    found = _upload_or_404(officer, upload)
    if found.state == Upload.CHECKED:
        import_some(found, officer)
        found.refresh_from_db(fields=["state"])
    page = reverse("assessments:workbook", args=[found.pk])
    return redirect(page if found.state != Upload.CHECKED else f"{page}?go=1")


@require_POST
def submit(request: HttpRequest, upload: UUID) -> HttpResponse:
    """提交资料齐全的, some a time."""
    officer = officer_of(request)
    found = _upload_or_404(officer, upload)
    page = reverse("assessments:workbook", args=[found.pk])
    if found.state != Upload.DONE:
        return redirect(page)
    start = request.POST.get("from", "")
    reached = send_some(found, officer, int(start) if start.isdecimal() and len(start) < 6 else 0)
    return redirect(page if reached >= len(codes_of(found)) else f"{page}?from={reached}")


@require_POST
def drop_upload(request: HttpRequest, upload: UUID) -> HttpResponse:
    found = _upload_or_404(officer_of(request), upload)
    drop(found)
    messages.success(request, f"“{found.name}”已放弃，{'已经导入的保留' if found.done else '什么都没有导入'}。")
    return redirect("assessments:workbooks")


@require_safe
def refused(request: HttpRequest, upload: UUID) -> HttpResponse:
    """The lines that were not imported, with the reasons."""
    officer = officer_of(request)
    found = _upload_or_404(officer, upload)
    scope = scope_of(found, officer)
    content = refused_workbook(found, officer, timezone.now())
    if scope is None or content is None:
        messages.error(request, "没有可以退回修改的行。")
        return redirect("assessments:workbooks")
    return _download(content, file_name(scope, "没有导入的行"))


def _upload_or_404(officer: Officer, upload: UUID) -> Upload:
    return get_object_or_404(uploads_of(officer), pk=upload)


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
