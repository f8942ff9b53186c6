"""名单: take the current one, bring a changed one, look at the difference, confirm, and what became of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from facilities.access import today
from facilities.lists import staging
from facilities.lists.kinds import KINDS, kinds_for
from facilities.lists.lines import STATES, Kind
from facilities.lists.workbook import refused_workbook, workbook_of
from facilities.models import Officer, Upload
from facilities.spreadsheets.guard import TOO_LARGE
from facilities.spreadsheets.reading import LARGEST
from facilities.spreadsheets.tables import Unreadable
from facilities.views import entries

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_FILE = "请先选择填好的文件，再上传。"
RECENT = 8
LINES_A_PAGE = 50


@require_safe
def one(request: HttpRequest, kind: str) -> HttpResponse:
    return _list(request, _kind(request, kind))


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The current list; with ``?blank=1`` a table to be filled."""
    found, blank = _kind(request, kind), request.GET.get("blank") == "1"
    content = workbook_of(found, [] if blank else found.current(_by(request)))
    return _download(content, f"{found.title}{'模板' if blank else '名单'}_{today().isoformat()}.xlsx")


@require_POST
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    by, found = _by(request), _kind(request, kind)
    staging.require_import(by, found)
    sent = request.FILES.get("file")
    if sent is None:
        return _list(request, found, NO_FILE)
    if (sent.size or 0) > LARGEST:
        return _list(request, found, TOO_LARGE)
    try:
        staged = staging.stage(by, found, sent.name or f"{found.title}.xlsx", sent.read())
    except Unreadable as why:
        return _list(request, found, str(why))
    return redirect("facilities:list_difference", staged.pk)


@require_safe
def difference(request: HttpRequest, upload: UUID) -> HttpResponse:
    """What would be done, or what was. ``?state=refused&page=2``"""
    found = _upload_or_404(request, upload)
    if found.state == Upload.DROPPED:
        messages.success(request, f"“{found.name}”已放弃，什么都没有导入。")
        return redirect("facilities:list", found.kind)
    return _difference(request, found)


@require_POST
@sensitive_variables("done")
def confirm(request: HttpRequest, upload: UUID) -> HttpResponse:
    """New officers' slips are shown in the answer, this once, and kept nowhere."""
    found = _upload_or_404(request, upload)
    try:
        done = staging.confirm(_by(request), found)
    except staging.Stale as stale:
        return _difference(request, _upload_or_404(request, upload), str(stale))
    if done.entries:
        return entries.slips(request, done.entries)
    return redirect("facilities:list_difference", upload)


@require_POST
def drop(request: HttpRequest, upload: UUID) -> HttpResponse:
    found = _upload_or_404(request, upload)
    staging.drop(found)
    return redirect("facilities:list_difference", upload)


@require_safe
def refused(request: HttpRequest, upload: UUID) -> HttpResponse:
    """The lines that did not go in, with the reasons."""
    found = _upload_or_404(request, upload)
    rows = staging.refused_rows(found) if found.state != Upload.DROPPED else []
    if not rows:
        messages.error(request, "没有可以退回修改的行。")
        return redirect("facilities:list_difference", upload)
    kind = staging.kind_of(found)
    return _download(refused_workbook(kind, rows), f"{kind.title}没有导入的行_{today().isoformat()}.xlsx")


# ── Beats of the views ────────────────────────────────────────────────────────


def _by(request: HttpRequest) -> Officer:
    assert isinstance(request.user, Officer)  # noqa: S101 - narrows the type
    return request.user


def _kind(request: HttpRequest, key: str) -> Kind:
    """Raises Http404 for what is no list, PermissionDenied for one that is not the officer's."""
    if key not in KINDS:
        raise Http404("没有这种名单。")
    if not KINDS[key].exports(_by(request)):
        raise PermissionDenied(f"{KINDS[key].title}名单不归您管理。")
    return KINDS[key]


def _upload_or_404(request: HttpRequest, upload: UUID) -> Upload:
    return get_object_or_404(staging.uploads_of(_by(request)), pk=upload)


def _list(request: HttpRequest, kind: Kind, error: str = "") -> HttpResponse:
    by = _by(request)
    context = {
        "kind": kind,
        "kinds": kinds_for(by),
        "imports": kind.imports(by),
        "uploads": staging.uploads_of(by).filter(kind=kind.key).defer("rows", "outcome")[:RECENT],
        "error": error,
    }
    return render(request, "facilities/list.html", context, status=422 if error else 200)


def _difference(request: HttpRequest, found: Upload, stale: str = "") -> HttpResponse:
    """Lines that are refused first, then what changes; the unchanged are counted, and listed when asked for."""
    lines, state = found.outcome["lines"], request.GET.get("state", "")
    counts = {key: (STATES[key], count) for key, count in found.outcome["counts"].items()}
    if state in STATES:
        shown = [line for line in lines if line["state"] == state]
    else:
        shown = sorted((line for line in lines if line["state"] != "same"), key=lambda line: not line["refused"])
    context = {
        "upload": found,
        "kind": staging.kind_of(found),
        "page": Paginator(shown, LINES_A_PAGE).get_page(request.GET.get("page")),
        "counts": counts,
        "refused": found.outcome["counts"]["refused"],
        "state": state if state in STATES else "",
        "stale": stale,
    }
    return render(request, "facilities/list_difference.html", context, status=409 if stale else 200)


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
