"""Made-up towns of the scratch portal: an office, its surveyor, and so many stations that have answered everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from assessments.answering import Edit, Given, save
from assessments.beginning import begin_all
from assessments.periods import current_period, opened_period
from assessments.standings import standing_of
from facilities.models import Division, Facility, Officer
from tests.assessments.town import make_stations, note_places, town_answers

DISTRICT = "440402"
FIRST = -700  # codes of the stations from …100 on: three digits for 360 of them


@dataclass(frozen=True)
class Town:
    office: Facility
    officer: Officer
    stations: Sequence[Facility]
    period: str


def town_of(number: int, stations: int, answered: bool) -> Town:
    """``answered``: every station's survey of the current quarter is begun and filled."""
    code, name = f"{DISTRICT}9{number:02d}", f"第{number}试验镇"
    place = Division.objects.create(code=code, name=name, level="town", parent=Division.objects.get(code=DISTRICT))
    office = Facility.objects.create(code=code, name=f"{name}服务所", subject="township", division=place)
    officer = Officer.objects.create(
        username=f"bench{number}", last_name=f"第{number}人", role=Officer.SURVEYOR, facility=office
    )
    made = make_stations(office, stations, FIRST)
    note_places(made)
    if answered:
        _answer(made, officer)
    return Town(office, officer, made, current_period().key)


def _answer(stations: Sequence[Facility], officer: Officer) -> None:
    now, told = current_period(), town_answers(list(stations))
    for survey in begin_all(stations, opened_period(now.year, now.quarter), officer):
        questions = standing_of(survey).questionnaire.questions
        held = dict(survey.answers.values_list("indicator", "revision"))
        said = told[survey.facility.code].items()
        save(survey, officer, [Edit(questions[k], Given(value), held.get(k, 0), uuid4()) for k, value in said])
