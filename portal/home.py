"""The home page: a surveyor's tasks, or the overview of what a reader may see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.models import Period
from assessments.periods import quarter_before, quarters_now
from assessments.spot_checks.listing import waiting_checks
from assessments.tasks import BACK, DOING, NOT_BEGUN, SENT, desk_of, earlier_results, overview_of
from assessments.timetables import deadline_for
from facilities.access import today
from facilities.models import Officer
from facilities.requests import waiting_for

PAGE_SIZE = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Officer)  # noqa: S101 - narrows the type
    show = _tasks if request.user.role == Officer.SURVEYOR else _overview
    return show(request, request.user, *quarters_now())


def _tasks(request: HttpRequest, officer: Officer, period: Period, due: Period) -> HttpResponse:
    desk = desk_of(officer, period, request.GET.get("page", "1"), PAGE_SIZE)
    groups = {state: [task for task in desk.tasks if task.state == state] for state in (BACK, DOING, NOT_BEGUN, SENT)}
    context = {
        "period": period,
        "deadline": deadline_for(officer, due, today()),
        "tasks": desk.tasks,
        "overview": desk.others,
        "groups": [
            (BACK, "退回修改", groups[BACK]),
            (DOING, "填写中", groups[DOING]),
            (NOT_BEGUN, "未开始", groups[NOT_BEGUN]),
            (SENT, "已提交", groups[SENT]),
        ],
        "earlier": earlier_results(officer),
    }
    return render(request, "home/tasks.html", context)


def _overview(request: HttpRequest, officer: Officer, period: Period, due: Period) -> HttpResponse:
    overview = overview_of(officer, period, request.GET.get("page", "1"), PAGE_SIZE)
    year, quarter = quarter_before(period.year, period.quarter)
    context = {
        "period": period,
        "deadline": deadline_for(officer, due, today()),
        "overview": overview,
        "waiting_requests": waiting_for(officer),
        "waiting_checks": waiting_checks(officer),
        "previous_key": Period(year=year, quarter=quarter).key,
    }
    return render(request, "home/overview.html", context)
