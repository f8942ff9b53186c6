"""批量填写: choose a row, fill it for a whole town, line by line."""

from __future__ import annotations

from itertools import groupby
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import workflow
from assessments.adopting import in_force_on
from assessments.answering import REUSED, OperationReused, save_locked
from assessments.beginning import NothingToSurvey, begin_all, require_surveyor, start
from assessments.grids import Grid, GridLine, asked_below, facilities_of, standings_of
from assessments.locking import Locked, require_writable
from assessments.models import Period
from assessments.periods import opened_period, parse_key, period_of, quarter_of
from assessments.posting import posted_edits
from assessments.scoring import glance
from assessments.standings import answers_of
from assessments.views.found import officer_of, survey_or_404
from assessments.workflow import confirm_all
from facilities.access import facility_or_404, may_survey, today
from facilities.models import Facility


@require_safe
def rows(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """Choose a row of the schedule; with each, how many facilities have come through it."""
    grid = _grid(request, code, period, None)
    done = [(page, _done(grid, page.clause.number)) for page in grid.pages]
    parts = groupby(done, key=lambda row: grid.part_of(row[0]))
    context = {"grid": grid, "parts": [(edition, list(rows)) for edition, rows in parts]}
    return render(request, "assessments/grid_rows.html", context)


def _done(grid: Grid, number: str) -> int:
    return sum(
        survey is not None
        and any(stands.page.clause.number == number and stands.is_complete for stands in standing.pages)
        for survey, standing in grid.standings.values()
    )


@require_safe
def grid(request: HttpRequest, code: str, period: str, number: str) -> HttpResponse:
    return _show(request, _grid(request, code, period, number))


@require_POST
def begin(request: HttpRequest, code: str, period: str, number: str) -> HttpResponse:
    """Begins every survey of the grid that is not begun yet."""
    found = _writable(request, code, period, number)
    try:
        begun = begin_all(found.facilities, opened_period(found.period.year, found.period.quarter), officer_of(request))
        messages.success(request, f"已开始填报 {len(begun)} 家，沿用的数据标着来历，请核对。")
    except Locked as locked:
        messages.error(request, str(locked))
    return redirect("assessments:grid", code, period, number)


@require_POST
def confirm(request: HttpRequest, code: str, period: str, number: str) -> HttpResponse:
    """本页沿用的数据都属实: of every line that is begun and not submitted."""
    found = _writable(request, code, period, number)
    drafts = [line.survey for line in found.lines if line.survey is not None and line.writable]
    try:
        confirmed = confirm_all(drafts, found.page.keys, officer_of(request))
        messages.success(request, f"已核对 {confirmed} 项沿用的数据。")
    except Locked as locked:
        messages.error(request, str(locked))
    return redirect("assessments:grid", code, period, number)


@require_POST
def line(request: HttpRequest, code: str, period: str, number: str, facility: str) -> HttpResponse:
    """Saves the cells of one line. To a script: the line again, 200 saved · 409 conflict · 422 not understood · 423
    locked. Without one: the whole page again."""
    found = _grid(request, code, period, number, only=facility)
    if not found.facilities:
        raise Http404("这里没有这个机构。")
    own = found.facilities[0]
    saved, status = _saved(request, found, own)
    if request.headers.get("X-Requested-With"):
        return render(request, "assessments/_grid_line.html", {"grid": found, "line": saved}, status=status)
    if status == 200:
        messages.success(request, f"{own.name}已保存。")
        return redirect("assessments:grid", code, period, number)
    return _show(request, _grid(request, code, period, number), saved, status)


def _saved(request: HttpRequest, found: Grid, own: Facility) -> tuple[GridLine, int]:
    officer, data, period = officer_of(request), request.POST, found.period
    require_surveyor(officer, own)
    try:
        with transaction.atomic():
            start(own, period, officer)
            survey = survey_or_404(officer, own.code, period.key, lock=True)
            require_writable(survey)
            standing = glance(survey, found.standings[own.pk][1].standards, answers_of(survey))
            edits, errors = posted_edits(data, standing, found.page.questions)
            saved = save_locked(survey, officer, edits)
            if data.get("go") == "confirm" and not errors and not saved.conflicts:
                workflow.confirm(survey, found.page.keys, officer)
                saved.answers = answers_of(survey)
    except (Locked, NothingToSurvey) as locked:
        return _line(found, own, data, {}, str(locked)), 423
    except OperationReused:
        return _line(found, own, data, {}, REUSED), 422
    conflicts = {conflict.edit.question.key: conflict for conflict in saved.conflicts}
    now = glance(survey, standing.standards, saved.answers)
    fresh = GridLine(found, own, survey, now, data, errors, conflicts)
    return fresh, 409 if conflicts else 422 if errors else 200


def _line(found: Grid, own: Facility, data: QueryDict, errors: dict[str, str], locked: str) -> GridLine:
    """A line of which nothing was saved; what was typed stays to be copied."""
    unsaved = errors or {key: locked for key in found.page.keys if key + "__revision" in data}
    survey, standing = found.standings[own.pk]
    return GridLine(found, own, survey, standing, data, unsaved, {}, locked)


# ── Find and show ─────────────────────────────────────────────────────────────


def _grid(request: HttpRequest, code: str, key: str, number: str | None, only: str = "") -> Grid:
    officer = officer_of(request)
    head = facility_or_404(request.user, code)
    try:
        period = period_of(*parse_key(key))
    except Period.DoesNotExist as unknown:
        raise Http404(str(unknown)) from unknown
    standards, facilities = in_force_on(period.last_day), facilities_of(officer, head, period, only)
    asked = asked_below(head, facilities, standards)
    page = asked.page(number) if number else asked.pages[0]
    current = (period.year, period.quarter) == quarter_of(today())
    if page is None or not (current or period.pk):
        raise Http404("没有这一项。")
    may = bool(facilities) and may_survey(officer, facilities[0]) and not period.closed_at
    standings = standings_of(facilities, period, standards, officer)
    return Grid(head, period, asked, page, may, current, facilities, standings)


def _writable(request: HttpRequest, code: str, period: str, number: str) -> Grid:
    found = _grid(request, code, period, number)
    for facility in found.facilities[:1]:
        require_surveyor(officer_of(request), facility)
    return found


def _show(request: HttpRequest, found: Grid, saved: GridLine | None = None, status: int = 200) -> HttpResponse:
    lines = [saved if saved and saved.facility.pk == each.facility.pk else each for each in found.lines]
    context = {"grid": found, "lines": lines, "saved": saved, "operation": uuid4()}
    return render(request, "assessments/grid.html", context, status=status)
