"""The demonstration of a district as such: one quarter surveyed by the plan, submitted and accepted by the city."""

from __future__ import annotations

import tomllib
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
from assessments.models import Survey
from assessments.periods import opened_period, quarter_before, quarter_of
from facilities.models import Facility, Officer

DAY = timedelta(days=1)


@transaction.atomic
def fill_governed(file: Path, day: date) -> list[str]:
    """Of the quarter before the one of ``day``, where the plan is adopted for it by then. Gives a sentence if so."""
    told: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))["governed"]
    body = Facility.objects.select_related("division").filter(code=told["facility"]).first()
    surveyor = Officer.objects.select_related("facility").filter(username=told["surveyor"]).first()
    reviewer = Officer.objects.filter(username=told["reviewer"]).first()
    period = opened_period(*quarter_before(*quarter_of(day)))
    done = Survey.objects.filter(facility=body, period=period).exists()
    if not (body and surveyor and reviewer) or done or not in_force_on(period.last_day).of(body):
        return []
    moment = due_of(period).moment
    with clock(moment - DAY):
        survey = begin(body, period, surveyor)
        known = set(survey.answers.values_list("indicator", flat=True))  # derived already
        answered(survey, surveyor, {key: value for key, value in told["answers"].items() if key not in known})
        workflow.submit(survey, surveyor)
    survey.refresh_from_db()
    with clock(moment):
        reviewing.accept(survey, reviewer)
    return [f"{body.name} {period}：已提交并通过"]
