"""The home page: a surveyor's tasks, or the overview of what a reader may see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.deadlines import deadline_of
from assessments.models import Period
from assessments.periods import current_period, period_of
from assessments.tasks import DOING, NOT_BEGUN, SENT, earlier_results, overview_of, tasks_of
from facilities.access import today
from facilities.models import Officer

PAGE_SIZE = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Officer)  # noqa: S101 - narrows the type
    period = current_period()
    show = _tasks if request.user.role == Officer.SURVEYOR else _overview
    return show(request, request.user, period)


def _tasks(request: HttpRequest, officer: Officer, period: Period) -> HttpResponse:
    period = period_of(period.year, period.quarter)
    tasks = tasks_of(officer, period)
    groups = {state: [task for task in tasks if task.state == state] for state in (DOING, NOT_BEGUN, SENT)}
    context = {
        "period": period,
        "deadline": deadline_of(period, today()),
        "tasks": tasks,
        "facilities": len({task.facility.pk for task in tasks}),
        "groups": [
            (DOING, "填写中", groups[DOING]),
            (NOT_BEGUN, "未开始", groups[NOT_BEGUN]),
            (SENT, "已提交", groups[SENT]),
        ],
        "earlier": earlier_results(officer),
    }
    return render(request, "home/tasks.html", context)


def _overview(request: HttpRequest, officer: Officer, period: Period) -> HttpResponse:
    overview = overview_of(officer, period, request.GET.get("page", "1"), PAGE_SIZE)
    context = {"period": period, "deadline": deadline_of(period, today()), "overview": overview}
    return render(request, "home/overview.html", context)
