"""The demonstration of the districts and the city as such: one quarter surveyed by the plan, submitted and accepted by
the city; of its own by another of its officers than who filled it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from assessments import reviewing, workflow
from assessments.adopting import in_force_on
from assessments.beginning import begin
from assessments.deadlines import due_of
from assessments.demo.clock import clock
from assessments.demo.street import answered
from assessments.models import Period, Survey
from assessments.periods import opened_period, quarter_before, quarter_of
from facilities.models import Facility, Officer

DAY = timedelta(days=1)


@transaction.atomic
def fill_governed(file: Path, day: date) -> list[str]:
    """Of the quarter before the one of ``day``, where the plan is adopted for a body by then. A sentence for each."""
    told: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))["governed"]
    period = opened_period(*quarter_before(*quarter_of(day)))
    standards = in_force_on(period.last_day)
    bodies = Facility.objects.select_related("division").filter(code__in=told).exclude(surveys__period=period)
    return [
        f"{body.name} {period}：已提交并通过"
        for body in bodies.order_by("-code")
        if standards.of(body) and _filled(body, period, told[body.code])
    ]


def _filled(body: Facility, period: Period, told: Mapping[str, Any]) -> Survey | None:
    """None where an account that it takes is not there."""
    named = {each.username: each for each in Officer.objects.filter(is_demo=True).select_related("facility")}
    surveyor, reviewer = named.get(told["surveyor"]), named.get(told["reviewer"])
    if surveyor is None or reviewer is None:
        return None
    moment = due_of(period).moment
    with clock(moment - DAY):
        survey = begin(body, period, surveyor)
        known = set(survey.answers.values_list("indicator", flat=True))  # derived already
        answered(survey, surveyor, {key: value for key, value in told["answers"].items() if key not in known})
        workflow.submit(survey, surveyor)
    survey.refresh_from_db()
    with clock(moment):
        reviewing.accept(survey, reviewer)
    return survey
