"""A survey's task list, its beginning and its history."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import beginning
from assessments.answering import Given
from assessments.deadlines import Due, deadline_of
from assessments.earlier import last_snapshot, last_snapshots
from assessments.history import trail_of
from assessments.locking import Locked
from assessments.models import Period, Survey
from assessments.periods import current_period, is_fillable, parse_key, period_of, quarter_of
from assessments.saying import given_in_words, said_in_short
from assessments.standings import standing_of
from assessments.tasks import results_of
from assessments.views.found import frame_of, officer_of, survey_or_404, survey_or_none
from facilities.access import facility_or_404, may_survey, today
from facilities.models import Facility


@require_safe
def surveys(request: HttpRequest, code: str) -> HttpResponse:
    """历次核查 of one facility."""
    officer = officer_of(request)
    facility = facility_or_404(officer, code)
    context = {"facility": facility, "results": results_of(facility), "period": current_period()}
    return render(request, "assessments/surveys.html", context)


@require_safe
def survey(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """任务清单, or the invitation to begin."""
    officer = officer_of(request)
    found = survey_or_none(officer, code, period)
    if found is None:
        return _not_begun(request, facility_or_404(officer, code), period)
    standing = standing_of(found)
    deadline = deadline_of(found.period, today())
    context = frame_of(officer, found, standing) | {
        "rows": [(page, said_in_short(standing, page.page)) for page in standing.pages],
        "deadline": deadline,
        "sent": _sent(deadline.due, found.submitted_at),
        "last": last_snapshot(found),
        "trail": [] if found.state == Survey.DRAFT else trail_of(found, standing.edition),
    }
    return render(request, "assessments/survey.html", context)


def _sent(due: Due, submitted_at: datetime | None) -> str:
    """Empty while nothing valid was submitted: the day is still ahead, or missed."""
    if submitted_at is None:
        return ""
    return "已按时提交" if due.on_time(submitted_at) else "已逾期提交"


def _not_begun(request: HttpRequest, facility: Facility, key: str) -> HttpResponse:
    year, quarter = parse_key(key)
    period = period_of(year, quarter)
    current = (year, quarter) == quarter_of(today()) or is_fillable(period)
    may_begin = is_fillable(period) and may_survey(officer_of(request), facility)
    if not (current or period.pk):
        raise Http404("这个季度没有核查表。")
    last = bool(last_snapshots([facility], period)) if may_begin else False
    context = {"facility": facility, "period": period, "may_begin": may_begin, "current": current, "last": last}
    return render(request, "assessments/not_begun.html", context)


@require_POST
def start(request: HttpRequest, code: str, period: str) -> HttpResponse:
    officer = officer_of(request)
    facility = facility_or_404(officer, code)
    try:
        year, quarter = parse_key(period)
        beginning.start(facility, Period(year=year, quarter=quarter), officer)
    except Period.DoesNotExist as unknown:
        raise Http404(str(unknown)) from unknown
    except (beginning.NothingToSurvey, Locked) as refused:
        messages.error(request, str(refused))
        return redirect("home")
    return redirect("assessments:survey", code, period)


@require_safe
def changes(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """经过: every change of every answer, newest first."""
    officer = officer_of(request)
    found = survey_or_404(officer, code, period)
    standing = standing_of(found)
    questions = standing.questionnaire.questions
    listed = Paginator(found.changes.select_related("by"), 50).get_page(request.GET.get("page"))
    rows = [
        (row, questions[row.indicator].indicator.label, given_in_words(questions[row.indicator], Given.of(row)))
        for row in listed
        if row.indicator in questions
    ]
    context = frame_of(officer, found, standing) | {"rows": rows, "listed": listed}
    return render(request, "assessments/changes.html", context)
