"""佐证: sent, shown, served, used for more, removed. Bytes leave through the gate alone, each with its own policy."""

from __future__ import annotations

import logging
from uuid import NAMESPACE_OID, UUID, uuid5

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import beginning
from assessments.answering import REUSED, OperationReused
from assessments.evidence.capture import claimed
from assessments.evidence.images import Refused
from assessments.evidence.keeping import Sent, keep, remove, set_uses
from assessments.evidence.listing import choices_of, shelf_of, shelves_of, shots_of
from assessments.evidence.receiving import content_of, sha256, shown_name
from assessments.evidence.uses import Use, uses_in, uses_of
from assessments.locking import Locked, require_writable
from assessments.models import Evidence, Survey
from assessments.models.evidence import KeptFile
from assessments.scoring import Standing
from assessments.standings import standing_of
from assessments.views.found import frame_of, officer_of, survey_or_404
from facilities.models import Officer

log = logging.getLogger(__name__)
TYPES = {Evidence.IMAGE: "image/jpeg", Evidence.PDF: "application/pdf"}
NOTHING_CHOSEN = "还没有选文件。请先拍照或选文件，再点“上传”。"
NO_USE = "请选一下这些照片说明什么，再上传。"
OWN_POLICY = "default-src 'none'; sandbox"  # a photo shows itself; nothing else, and no script, ever


@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """All files of a survey; and where they are sent to."""
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    if request.method == "POST":
        return _receive(request, officer, survey)
    return _show_all(request, officer, survey)


def _show_all(request: HttpRequest, officer: Officer, survey: Survey, status: int = 200) -> HttpResponse:
    standing = standing_of(survey)
    shots = shots_of(survey, officer)
    context = frame_of(officer, survey, standing) | {
        "shelves": shelves_of(standing, shots),
        "shots": shots,
        "doubled": sum(bool(shot.duplicate) for shot in shots),
    }
    return render(request, "assessments/evidence.html", context, status=status)


# ── Sent ──────────────────────────────────────────────────────────────────────


def _receive(request: HttpRequest, officer: Officer, survey: Survey) -> HttpResponse:
    """From a script one file: 200 and the row's files · 422 not taken · 423 locked, each with its sentence. From a
    form as many as were chosen, and back to the row."""
    beginning.require_surveyor(officer, survey.facility)
    standing = standing_of(survey)
    use = uses_of(standing.edition).get(request.POST.get("use", ""))
    files = request.FILES.getlist("files")
    if use is None or not files:
        return _answer(request, standing, use, [NO_USE if use is None else NOTHING_CHOSEN])
    refused = []
    for number, file in enumerate(files):
        try:
            keep(survey, officer, _sent(request, file, number, use))
        except (Refused, OperationReused) as why:
            refused.append(f"“{shown_name(file.name or '')}”没有收。{why if str(why) else REUSED}")
        except Locked as locked:
            return _locked(request, officer, survey, str(locked))
    return _answer(request, standing, use, refused)


def _sent(request: HttpRequest, file: UploadedFile[bytes], number: int, use: Use) -> Sent:
    """Raises Refused where the file is too large to be read at all."""
    content, said = content_of(file), request.POST
    claim = claimed(said.get("taken_at", ""), said.get("latitude", ""), said.get("longitude", ""))
    consents = said.get("keep_capture") == "1"
    alone = number == 0 and _from_script(request)
    return Sent(_operation(request, content, number), file.name or "", content, use, consents, claim if alone else None)


def _operation(request: HttpRequest, content: bytes, number: int) -> UUID:
    """A script names each act; the files of a form are acts of their own, the same when the form is sent again."""
    try:
        given = UUID(request.POST.get("operation", ""))
    except ValueError as wrong:
        raise Refused("这次上传没有编号，请刷新本页后再传。") from wrong
    return given if _from_script(request) else uuid5(NAMESPACE_OID, f"{given}:{number}:{sha256(content)}")


def _from_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("X-Requested-With"))


def _answer(request: HttpRequest, standing: Standing, use: Use | None, refused: list[str]) -> HttpResponse:
    officer, survey = officer_of(request), standing.survey
    if _from_script(request):
        if refused or use is None:
            return HttpResponse(refused[0], status=422, content_type="text/plain; charset=utf-8")
        clause = next(clause for clause in standing.edition.clauses if clause.key == use.clause)
        shelf = shelf_of(standing, clause, officer)
        return render(request, "assessments/_evidence_kept.html", {"shelf": shelf, **_place(survey), "writable": True})
    for sentence in refused:
        messages.error(request, sentence)
    return _back(request, standing, whole=bool(refused))


def _locked(request: HttpRequest, officer: Officer, survey: Survey, why: str) -> HttpResponse:
    if _from_script(request):
        return HttpResponse(why, status=423, content_type="text/plain; charset=utf-8")
    messages.error(request, f"{why}佐证没有变。")
    return _show_all(request, officer, survey, status=423)


def _back(request: HttpRequest, standing: Standing, whole: bool = False) -> HttpResponse:
    """To the row that the officer came from (``clause``), at its files, or at the head of the page; else to all."""
    survey = standing.survey
    page = standing.questionnaire.page(request.POST.get("clause", ""))
    where = (survey.facility.code, survey.period.key)
    if page is None:
        return redirect("assessments:evidence", *where)
    return redirect(reverse("assessments:clause", args=[*where, page.clause.number]) + ("" if whole else "#evidence"))


def _place(survey: Survey) -> dict[str, object]:
    return {"survey": survey, "facility": survey.facility, "period": survey.period}


# ── Served ────────────────────────────────────────────────────────────────────


def _file_or_404(officer: Officer, code: str, period: str, file: UUID) -> Evidence:
    """What was removed before it was submitted is not there any more."""
    survey = survey_or_404(officer, code, period)
    found = get_object_or_404(survey.evidence.select_related("survey__facility", "survey__period"), pk=file)
    if found.removed_at and not any(str(file) in kept for kept in _kept_in_snapshots(survey)):
        raise Http404("这个文件已经移除。")
    return found


def _kept_in_snapshots(survey: Survey) -> list[set[str]]:
    contents = survey.snapshots.values_list("content__evidence", flat=True)
    return [{each["id"] for each in content or ()} for content in contents]


@require_safe
def evidence_file(request: HttpRequest, code: str, period: str, file: UUID) -> HttpResponse:
    """A photo in the window, a PDF as a download."""
    found = _file_or_404(officer_of(request), code, period, file)
    return served(found, found.file, TYPES[found.kind], attached=found.kind == Evidence.PDF)


@require_safe
def evidence_thumbnail(request: HttpRequest, code: str, period: str, file: UUID) -> HttpResponse:
    found = _file_or_404(officer_of(request), code, period, file)
    if not found.thumbnail:
        raise Http404("PDF 没有缩略图。")
    return served(found, found.thumbnail, "image/jpeg", attached=False)


def served(found: KeptFile, kept: FieldFile, kind: str, attached: bool) -> HttpResponse:
    """With its Chinese name (RFC 6266), whose ending follows the content. Already packed: not packed once more."""
    try:
        with kept.open() as stored:
            content = stored.read()
    except FileNotFoundError as gone:
        log.error("evidence %s is not in the storage", found.pk)
        raise Http404("这个文件在服务器上找不到了，请联系系统管理员。") from gone
    name = found.name.rsplit(".", 1)[0] + (".pdf" if found.kind == Evidence.PDF else ".jpg")
    headers = {
        "Content-Disposition": content_disposition_header(attached, name) or "attachment",
        "Content-Security-Policy": OWN_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Encoding": "identity",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


# ── Used for more, removed ────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_uses(request: HttpRequest, code: str, period: str, file: UUID) -> HttpResponse:
    """One file and everything that it could show: rows and requirements, ticked where it does."""
    officer = officer_of(request)
    found = _file_or_404(officer, code, period, file)
    beginning.require_surveyor(officer, found.survey.facility)
    if found.removed_at:
        raise Http404("这个文件已经移除。")
    standing = standing_of(found.survey)
    offered = uses_of(standing.edition)
    try:
        require_writable(found.survey)
        if request.method == "POST":
            chosen = [offered[key] for key in request.POST.getlist("use") if key in offered]
            set_uses(found, officer, offered.values(), chosen)
            messages.success(request, f"“{found.name}”的用途已保存。")
            return _back(request, standing)
    except Refused as refused:
        messages.error(request, str(refused))
    except Locked as locked:
        return _locked(request, officer, found.survey, str(locked))
    return _show_uses(request, officer, standing, found)


def _show_uses(request: HttpRequest, officer: Officer, standing: Standing, found: Evidence) -> HttpResponse:
    came_from = standing.questionnaire.page(
        (request.POST if request.method == "POST" else request.GET).get("clause", "")
    )
    context = frame_of(officer, found.survey, standing) | {
        "file": found,
        "choices": choices_of(standing, uses_in(found)),
        "clause": came_from.clause.number if came_from else "",
    }
    return render(request, "assessments/evidence_uses.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def evidence_remove(request: HttpRequest, code: str, period: str, file: UUID) -> HttpResponse:
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    found = get_object_or_404(survey.evidence.select_related("survey__facility", "survey__period"), pk=file)
    try:
        remove(found, officer)
    except Locked as locked:
        return _locked(request, officer, survey, str(locked))
    messages.success(request, f"已移除“{found.name}”。")
    return _back(request, standing_of(survey))
