"""翠香街道, written by hand: last quarter's survey submitted, the current one half filled."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction

from assessments import beginning, workflow
from assessments.answering import Edit, Given, save
from assessments.deadlines import due_of
from assessments.demo.clock import clock
from assessments.forms import Questionnaire
from assessments.models import Survey
from assessments.periods import opened_period, quarter_before, quarter_of
from assessments.standings import standing_of
from facilities.models import Facility, Officer

BEFORE_DUE = timedelta(days=1, hours=8)


def fill_street(file: Path, day: date) -> list[str]:
    """Idempotent: surveys that are there already are left as they are. Gives a sentence for each survey."""
    invented = tomllib.loads(file.read_text(encoding="utf-8"))
    facility = Facility.objects.select_related("division").get(code=invented["facility"])
    officer = Officer.objects.select_related("facility").get(username=invented["surveyor"])
    year, quarter = quarter_of(day)
    return [
        _submitted(facility, officer, quarter_before(year, quarter), invented["submitted"] | invented["plan"]),
        _half_filled(facility, officer, (year, quarter), invented["current"]),
    ]


def _begun(facility: Facility, officer: Officer, quarter: tuple[int, int]) -> Survey | None:
    """A new survey, or None where there is one already."""
    period = opened_period(*quarter)
    if Survey.objects.filter(facility=facility, period=period).exists():
        return None
    survey = beginning.begin(facility, period, officer)
    survey.is_demo = True
    survey.save(update_fields=["is_demo"])
    return survey


@transaction.atomic
def _submitted(facility: Facility, officer: Officer, quarter: tuple[int, int], answers: dict[str, Any]) -> str:
    survey = _begun(facility, officer, quarter)
    if survey is None:
        return f"{facility.name} {opened_period(*quarter)}：已有核查表，未改动"
    with clock(due_of(survey.period).moment - BEFORE_DUE):
        answered(survey, officer, answers)
        snapshot = workflow.submit(survey, officer)
    return f"{facility.name} {survey.period}：已提交，编号 {snapshot.receipt}"


@transaction.atomic
def _half_filled(facility: Facility, officer: Officer, quarter: tuple[int, int], plan: dict[str, Any]) -> str:
    survey = _begun(facility, officer, quarter)
    if survey is None:
        return f"{facility.name} {opened_period(*quarter)}：已有核查表，未改动"
    asked = standing_of(survey).questionnaire
    for number in plan["confirmed"]:
        if page := asked.page(number):
            workflow.confirm(survey, page.keys, officer)
    answered(survey, officer, plan["changed"] | dict.fromkeys(plan["cleared"]))
    return f"{facility.name} {survey.period}：填写中"


def answered(survey: Survey, officer: Officer, answers: dict[str, Any]) -> None:
    """Saves what is told of what is asked."""
    asked = standing_of(survey).questionnaire
    held = dict(survey.answers.values_list("indicator", "revision"))
    save(survey, officer, _edits(asked, answers, held))


def _edits(asked: Questionnaire, answers: dict[str, Any], held: dict[str, int]) -> list[Edit]:
    operation = uuid4()
    """Of what is asked: the plan's only where it is adopted."""
    told = {key: value for key, value in answers.items() if key in asked.questions}
    return [Edit(asked.questions[key], Given(value), held.get(key, 0), operation) for key, value in told.items()]
