"""The inspector's blind survey, row by row; and when it is finished, what differs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.answering import Conflict, all_ticked
from assessments.capturing import claimed
from assessments.forms import Page
from assessments.models import SpotCheck
from assessments.posting import read_edits
from assessments.presenting import shown_page
from assessments.refusals import Overtaken, Refused
from assessments.saying import said_in_short
from assessments.scoring import Standing
from assessments.spot_checks import surveying
from assessments.spot_checks.inspectors import require_inspector
from assessments.spot_checks.reach import checks_visible_to, sees_names
from assessments.spot_checks.rectifying import may_open, open_all, source_of
from assessments.spot_checks.showing import comparison_of
from assessments.views.found import officer_of, page_or_404
from assessments.views.rectify import ask_what, opened
from assessments.workflow import Incomplete
from facilities.models import Officer


@require_safe
def spot_check(request: HttpRequest, draw: int, check: int) -> HttpResponse:
    """Finished: what differs. Else the rows, for its inspector; for others how far it is and nothing of it."""
    found = _check_or_404(request, draw, check)
    if found.state == SpotCheck.DONE:
        return _result(request, found)
    if found.inspector_id != officer_of(request).pk:
        return render(request, "assessments/spot_checks/waiting.html", {"check": found, "facility": found.facility})
    return _rows(request, found)


def _result(request: HttpRequest, check: SpotCheck) -> HttpResponse:
    officer = officer_of(request)
    with_names = sees_names(officer, check.unit)
    context = {
        "check": check,
        "facility": check.facility,
        "comparison": comparison_of(check, with_names),
        "with_names": with_names,
        "sees_inspector": officer.role != Officer.SURVEYOR,
        "may_rectify": may_open(officer, check),
        "rectifications": check.rectifications.select_related("requirement"),
    }
    return render(request, "assessments/spot_checks/result.html", context)


def _rows(
    request: HttpRequest, check: SpotCheck, wrong: Refused | Incomplete | None = None, place: str = ""
) -> HttpResponse:
    standing = surveying.standing_of(check)
    context = {
        "check": check,
        "facility": check.facility,
        "standing": standing,
        "rows": [(page, said_in_short(standing, page.page)) for page in standing.pages],
        "place": place,
        "tried": isinstance(wrong, Incomplete),
        "errors": [(wrong.field, str(wrong))] if isinstance(wrong, Refused) else [],
    }
    return render(request, "assessments/spot_checks/survey.html", context, status=422 if wrong else 200)


# ── One row ───────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, draw: int, check: int, number: str) -> HttpResponse:
    """The questions of one row, without anything that was reported; the whole page is posted. 409 with both answers
    where one was saved elsewhere meanwhile."""
    found = _own_or_404(request, draw, check)
    if found.state == SpotCheck.DONE:
        return _gone(request, found)
    standing = surveying.standing_of(found)
    page = page_or_404(standing.questionnaire, number)
    if request.method != "POST":
        return _show_row(request, found, standing, page)
    edits, errors = read_edits(all_ticked(page, request.POST), standing, page.questions)
    try:
        saved = surveying.save(found, officer_of(request), edits)
    except Overtaken:
        return _gone(request, found)
    conflicts = {conflict.edit.question.key: conflict for conflict in saved.conflicts}
    now = surveying.standing_of(saved.check)
    if errors or conflicts:
        return _show_row(request, saved.check, now, page, errors, conflicts)
    return _go_on(request, saved.check, standing, now, page)


def _show_row(
    request: HttpRequest,
    check: SpotCheck,
    standing: Standing,
    page: Page,
    errors: dict[str, str] | None = None,
    conflicts: dict[str, Conflict] | None = None,
) -> HttpResponse:
    typed = request.POST if errors or conflicts else None
    context = {
        "check": check,
        "facility": check.facility,
        "standing": standing,
        "page": shown_page(standing, page, typed, errors, conflicts),
        "before": standing.questionnaire.before(page),
        "after": standing.questionnaire.after(page),
    }
    status = 409 if conflicts else 422 if errors else 200
    return render(request, "assessments/spot_checks/row.html", context, status=status)


def _go_on(request: HttpRequest, check: SpotCheck, before: Standing, now: Standing, page: Page) -> HttpResponse:
    where, after = [check.draw_id, check.pk], now.questionnaire.after(page)
    appeared = [question for question in now.page(page).open if question.key not in before.relevant]
    if appeared:
        messages.success(request, f"已保存。这样填，本页多出 {len(appeared)} 项要填，请接着填。")
    if appeared or request.POST.get("go") != "next":
        return redirect("assessments:spot_check_row", *where, page.clause.number)
    if after is None:
        return redirect("assessments:spot_check", *where)
    return redirect("assessments:spot_check_row", *where, after.clause.number)


def _gone(request: HttpRequest, check: SpotCheck) -> HttpResponse:
    messages.error(request, surveying.FINISHED)
    return redirect("assessments:spot_check", check.draw_id, check.pk)


# ── The end of it ─────────────────────────────────────────────────────────────


@require_POST
def finish(request: HttpRequest, draw: int, check: int) -> HttpResponse:
    found = _own_or_404(request, draw, check)
    place = request.POST.get("place", "")
    captured_at = claimed(request.POST.get("captured_at", ""), found.draw.period)
    try:
        surveying.finish(found, officer_of(request), place, captured_at)
    except (Incomplete, Refused) as wrong:
        return _rows(request, found, wrong, place)
    messages.success(request, "已办结，和填报的数作了比较。")
    return redirect("assessments:spot_check", draw, check)


@require_http_methods(["GET", "HEAD", "POST"])
def rectify(request: HttpRequest, draw: int, check: int) -> HttpResponse:
    """整改 from what was found. ``?row=town.7.computer`` ticks one."""
    found, officer, said = _check_or_404(request, draw, check), officer_of(request), request.POST
    if not may_open(officer, found):
        raise PermissionDenied("整改在检查办结以后，由市局或所属报送单位的审核员提出。")
    survey = found.snapshot.survey
    above = reverse("assessments:spot_check", args=[draw, check])
    asked = {"action": reverse("assessments:spot_check_rectify", args=[draw, check]), "above": above, "check": found}
    if request.method != "POST":
        return ask_what(request, survey, source_of(found), asked)
    told: dict[str, Any] = {name: said.get(name, "") for name in ("responsible", "days", "text")}
    try:
        with transaction.atomic():
            items = open_all(found, officer, said.getlist("row"), **told)
    except (Refused, Overtaken) as wrong:
        return ask_what(request, survey, source_of(found), asked, wrong)
    return opened(request, items)


# ── Find and permit ───────────────────────────────────────────────────────────


def _check_or_404(request: HttpRequest, draw: int, check: int) -> SpotCheck:
    rows = checks_visible_to(officer_of(request)).select_related(
        "draw__period", "facility__division", "unit", "inspector", "snapshot__survey__period"
    )
    return get_object_or_404(rows.defer("draw__frame"), pk=check, draw=draw)


def _own_or_404(request: HttpRequest, draw: int, check: int) -> SpotCheck:
    """Of an inspector's own; another's is refused, a stranger's does not exist."""
    found = _check_or_404(request, draw, check)
    require_inspector(officer_of(request), found)
    return found
