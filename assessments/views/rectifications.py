"""整改: the list, one item with before and after, and opening several from a survey's findings."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import rectifying
from assessments.answering import given_from
from assessments.beginning import require_surveyor
from assessments.evidence import mending
from assessments.evidence.images import Refused as NotTaken
from assessments.evidence.receiving import content_of, shown_name
from assessments.mended import Mended, mended_of
from assessments.models import Answer, Rectification, RectificationAct, RectificationFile, SpotCheck
from assessments.presenting import Shown
from assessments.rectification_list import STATES, Asked, entries_of, listing_of
from assessments.refusals import Overtaken, Refused
from assessments.reviewers import may_review
from assessments.spot_checks.reach import checks_visible_to
from assessments.standings import standing_of
from assessments.views.evidence import TYPES, served
from assessments.views.found import officer_of
from assessments.views.rectify import status_of
from facilities.access import may_survey, today
from facilities.models import Officer


@require_safe
def rectifications(request: HttpRequest) -> HttpResponse:
    """``?state=doing&unit=440402&overdue=1``"""
    told = request.GET
    state, town = told.get("state", ""), told.get("town", "")
    asked = Asked(
        state if state in STATES else "",
        told.get("unit", "")[:12],
        town if re.fullmatch("[0-9]{9}", town) else "",
        told.get("overdue") == "1",
        told.get("page", "1"),
    )
    context = {"listing": listing_of(officer_of(request), asked), "asked": asked, "states": STATES}
    return render(request, "assessments/rectifications.html", context)


@require_safe
def rectification(request: HttpRequest, item: int) -> HttpResponse:
    return _show(request, _item_or_404(request, item))


# ── Acts ──────────────────────────────────────────────────────────────────────


@require_POST
def take(request: HttpRequest, item: int) -> HttpResponse:
    return _done(request, item, rectifying.take, "已开始整改。整改好以后填新的数据，提交佐证。")


@require_POST
def evidence(request: HttpRequest, item: int) -> HttpResponse:
    """The new facts, read as the survey's form reads them, and what was done."""
    found = _item_or_404(request, item)
    require_surveyor(officer_of(request), found.facility)
    try:
        refused = _keep_files(request, found)
    except Overtaken as gone:
        return _show(request, _item_or_404(request, item), {"": str(gone)}, 409)
    facts, errors = {}, {"files": "".join(refused)} if refused else {}
    for question in mended_of(found).questions:
        try:
            value = given_from(question, request.POST, None).value
        except ValueError as wrong:
            errors[question.key] = str(wrong)
            continue
        if value is not None:
            facts[question.key] = value
    if errors:
        return _show(request, found, errors)
    text = request.POST.get("text", "")
    words = "已提交佐证，等审核员核实。"
    return _done(request, item, lambda held, by: rectifying.give_evidence(held, by, facts, text), words)


def _keep_files(request: HttpRequest, item: Rectification) -> list[str]:
    """Keeps what can be kept, before anything else may be refused; gives a sentence for each that cannot."""
    refused = []
    for file in request.FILES.getlist("files"):
        name = file.name or ""
        try:
            mending.keep(item, officer_of(request), name, content_of(file))
        except NotTaken as why:
            refused.append(f"“{shown_name(name)}”没有收：{why}")
    return refused


@require_safe
def file(request: HttpRequest, item: int, file: UUID) -> HttpResponse:
    found = get_object_or_404(_item_or_404(request, item).files, pk=file)
    return served(found, found.file, TYPES[found.kind], attached=found.kind == RectificationFile.PDF)


@require_safe
def thumbnail(request: HttpRequest, item: int, file: UUID) -> HttpResponse:
    found = get_object_or_404(_item_or_404(request, item).files.exclude(thumbnail=""), pk=file)
    return served(found, found.thumbnail, "image/jpeg", attached=False)


@require_POST
def file_remove(request: HttpRequest, item: int, file: UUID) -> HttpResponse:
    """A file that waits to be sent."""
    found = _item_or_404(request, item)
    kept = get_object_or_404(found.files.select_related("rectification"), pk=file)
    try:
        mending.remove(kept, officer_of(request))
    except Overtaken as gone:
        return _show(request, _item_or_404(request, item), {"": str(gone)}, 409)
    return redirect("assessments:rectification", item)


@require_POST
def send_back(request: HttpRequest, item: int) -> HttpResponse:
    text = request.POST.get("text", "")
    return _done(request, item, lambda held, by: rectifying.send_back(held, by, text), "已退回整改。")


@require_POST
def verify(request: HttpRequest, item: int) -> HttpResponse:
    text = request.POST.get("text", "")
    return _done(request, item, lambda held, by: rectifying.verify(held, by, text), "已核实，可以销号。")


@require_POST
def close(request: HttpRequest, item: int) -> HttpResponse:
    text = request.POST.get("text", "")
    return _done(request, item, lambda held, by: rectifying.close(held, by, text), "已销号。")


# ── Beats of the views ────────────────────────────────────────────────────────


def _item_or_404(request: HttpRequest, item: int) -> Rectification:
    rows = rectifying.rectifications_visible_to(officer_of(request)).select_related(
        "facility__division", "unit", "requirement__standard", "snapshot__survey__period", "earlier", "spot_check"
    )
    return get_object_or_404(rows, pk=item)


def _done(request: HttpRequest, pk: int, verb: Callable[[Rectification, Officer], None], words: str) -> HttpResponse:
    try:
        verb(_item_or_404(request, pk), officer_of(request))
    except (Refused, Overtaken) as wrong:
        return _show(request, _item_or_404(request, pk), {getattr(wrong, "field", ""): str(wrong)}, status_of(wrong))
    messages.success(request, words)
    return redirect("assessments:rectification", pk)


def _show(
    request: HttpRequest, item: Rectification, errors: dict[str, str] | None = None, status: int = 0
) -> HttpResponse:
    officer, errors = officer_of(request), errors or {}
    mended = mended_of(item)
    mends = may_survey(officer, item.facility)
    acts = list(item.acts.select_related("by").prefetch_related("files"))
    mine = any(act.by_id == officer.pk and act.verb in rectifying.MENDING for act in acts)
    decides = may_review(officer, item.facility) and not mine
    typed = request.POST if errors and request.method == "POST" else None
    context = {
        "item": item,
        "entry": entries_of([item], today())[0],
        "mended": mended,
        "sees_check": item.spot_check is not None and _sees(officer, item.spot_check),
        "acts": acts,
        "waiting": list(item.files.filter(act=None)) if mends else [],
        "most_files": mending.MOST,
        "shown": _shown(mended, typed, errors) if mends and item.state == Rectification.DOING else [],
        "may_take": mends and item.state == Rectification.OPEN,
        "may_verify": decides and item.state == Rectification.EVIDENCED,
        "may_close": decides and item.state == Rectification.VERIFIED,
        "answered": any(act.verb == RectificationAct.EVIDENCE for act in acts),
        "errors": [(_place_of(key, item), words) for key, words in errors.items()],
        "text": typed.get("text", "") if typed else "",
    }
    return render(request, "assessments/rectification.html", context, status=status or (422 if errors else 200))


def _sees(officer: Officer, check: SpotCheck) -> bool:
    return checks_visible_to(officer).filter(pk=check.pk).exists()


def _place_of(key: str, item: Rectification) -> str:
    """The id of the field that a sentence speaks of: the opinion and the evidence are told in fields of their own."""
    if key == "files":
        return key
    if key == "text":
        return "text" if item.state == Rectification.DOING else "said"
    return f"i-{key}" if key else ""


def _shown(mended: Mended, typed: Any, errors: dict[str, str]) -> list[Shown]:
    """The survey's own fields, holding the newest values."""
    survey = mended.item.snapshot.survey
    standing, values = standing_of(survey, (mended.item.requirement.standard,)), mended.values
    return [
        Shown(
            question,
            Answer(survey=survey, indicator=question.key, value=values.get(question.key)),
            standing,
            typed,
            errors.get(question.key, ""),
        )
        for question in mended.questions
    ]
