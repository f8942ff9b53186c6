"""通报: the list, a bulletin as it reads, and what is done to a draft. Drafts are the city's; surveyors read none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.answering import revision_in
from facilities.access import today
from facilities.models import Officer
from reports.bulletins import workflow
from reports.bulletins.paper import pdf_of, proof_of
from reports.bulletins.policy import policy
from reports.bulletins.showing import HEAD, Shown
from reports.downloads import download
from reports.issued import Damaged
from reports.models import Bulletin, CriticismDecision
from reports.pdf import PdfUnavailable, unavailable
from reports.returns.found import OF_CITY, period_or_404, reader_or_404
from reports.returns.listing import quarters
from reports.returns.workflow import CannotReport
from reports.texts import text_fields


def bulletins_read_by(officer: Officer) -> QuerySet[Bulletin]:
    """Published ones for every reader of returns; drafts for who reads the whole city."""
    found = Bulletin.objects.select_related("period", "published_by")
    return found if officer.role in OF_CITY else found.filter(state=Bulletin.PUBLISHED)


@require_safe
def bulletins(request: HttpRequest) -> HttpResponse:
    officer = reader_or_404(request)
    may_issue = workflow.may_issue(officer)
    ended = [period for period in quarters() if period.last_day < today()] if may_issue else []
    context = {"bulletins": bulletins_read_by(officer).defer("content")[:100], "ended": ended, "may_issue": may_issue}
    return render(request, "reports/bulletins.html", context)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    officer = reader_or_404(request)
    workflow.require_issuer(officer)
    try:
        begun = workflow.begin(period_or_404(request.POST.get("period", "")), officer)
    except CannotReport as refused:
        messages.error(request, str(refused))
        return redirect("reports:bulletins")
    return redirect("reports:bulletin", begun.pk)


@require_safe
def bulletin(request: HttpRequest, bulletin: int) -> HttpResponse:
    officer = reader_or_404(request)
    return _shown(request, officer, _found(officer, bulletin))


@require_safe
def pdf(request: HttpRequest, bulletin: int) -> HttpResponse:
    """503 with what to do where it cannot be made."""
    found = _found(reader_or_404(request), bulletin)
    try:
        return download(pdf_of(found), "application/pdf", f"{found}_{found.numbered}.pdf")
    except (PdfUnavailable, Damaged) as missing:
        return render(request, "reports/bulletin_no_file.html", {"bulletin": found, "why": str(missing)}, status=503)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, bulletin: int) -> HttpResponse:
    """409 with both texts where somebody saved in between; what was typed is kept."""
    officer = reader_or_404(request)
    found = _found(officer, bulletin)
    workflow.require_issuer(officer)
    if found.state != Bulletin.DRAFT:
        return redirect("reports:bulletin", found.pk)
    if request.method != "POST":
        return _form(request, found, {name: getattr(found, name) for name in workflow.TEXTS})
    typed = {name: request.POST.get(name, "") for name in workflow.TEXTS}
    try:
        workflow.write(found, officer, typed, revision_in(request.POST.get("revision", "")))
    except workflow.Stale as stale:
        return _form(request, stale.bulletin, typed, theirs=stale.bulletin, status=409)
    except CannotReport as refused:
        return _form(request, found, typed, errors=refused.errors, status=422)
    messages.success(request, "已保存。")
    return redirect("reports:bulletin", found.pk)


@require_POST
def decide(request: HttpRequest, bulletin: int) -> HttpResponse:
    officer = reader_or_404(request)
    found = _found(officer, bulletin)
    said = {name: request.POST.get(name, "") for name in ("unit", "decision", "reason")}
    try:
        made = workflow.decide(found, officer, said["unit"], said["decision"], said["reason"])
    except CannotReport as refused:
        return _shown(request, officer, found, refused.errors, said, status=422)
    messages.success(request, f"{made.unit.name}：{made.get_decision_display()}，已记下。")
    return redirect("reports:bulletin", found.pk)


@require_POST
def publish(request: HttpRequest, bulletin: int) -> HttpResponse:
    officer = reader_or_404(request)
    found = _found(officer, bulletin)
    try:
        published = workflow.publish(found, officer)
    except CannotReport as refused:
        return _shown(request, officer, found, refused.errors, status=422)
    messages.success(request, f"已发布：{published.numbered}。")
    return redirect("reports:bulletin", found.pk)


def _found(officer: Officer, bulletin: int) -> Bulletin:
    """Raises Http404 alike for another's draft and for none."""
    return get_object_or_404(bulletins_read_by(officer), pk=bulletin)


def _shown(
    request: HttpRequest,
    officer: Officer,
    found: Bulletin,
    errors: Sequence[tuple[str, str]] = (),
    said: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Also with what is wrong with what was asked; what was typed is kept."""
    is_draft = found.state == Bulletin.DRAFT
    shown = Shown(workflow.content_shown(found))
    may_issue = is_draft and workflow.may_issue(officer)
    context = {
        "bulletin": found,
        "shown": shown,
        "head": HEAD,
        "policy": policy(),
        "proof": proof_of(found),
        "no_pdf": unavailable(),
        "may_issue": may_issue,
        "errors": _linked(found, errors),
        "said": said or {},
        "lacking": _linked(found, workflow.lacking_of(found, shown.content)) if may_issue and not errors else [],
        "decisions": CriticismDecision.DECISIONS.items(),
    }
    return render(request, "reports/bulletin.html", context, status=status)


def _linked(found: Bulletin, errors: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where each is mended (a text on its own page, a decision here), and its sentence."""
    edit = reverse("reports:bulletin_edit", args=[found.pk])
    return [(f"{edit if name in workflow.TEXTS else ''}#{name}" if name else "", sentence) for name, sentence in errors]


def _form(
    request: HttpRequest,
    found: Bulletin,
    typed: Mapping[str, str],
    errors: Sequence[tuple[str, str]] = (),
    theirs: Bulletin | None = None,
    status: int = 200,
) -> HttpResponse:
    labels = {name: label for name, (label, _) in workflow.TEXTS.items()}
    fields = text_fields(labels, workflow.PROSE, typed, errors, theirs)
    context = {"bulletin": found, "fields": fields, "errors": errors, "conflict": theirs is not None}
    return render(request, "reports/bulletin_edit.html", context | {"revision": found.revision}, status=status)
