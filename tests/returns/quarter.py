"""A made-up district in a quarter that has ended: a centre, two offices and their stations, each as far as told."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any
from uuid import uuid4

import time_machine
from django.core.management import call_command

from assessments import beginning, reviewing, summaries, workflow
from assessments.answering import Edit, Given, save
from assessments.models import Determination, DueSurvey, Period, Survey, UnitDue
from assessments.standings import standing_of
from facilities.access import unit_of
from facilities.models import Division, Facility, Fact, Officer, ReportingUnit
from tests.assessments.town import town_answers
from tests.reports.samples import FIXTURES

DEMO = tomllib.loads((FIXTURES / "demo_surveys.toml").read_text(encoding="utf-8"))["submitted"]
PLACE = {
    "resident_population": 70000,
    "registered_population": 65000,
    "served_population": 52000,
    "served_population_basis": "区人社局核定",
    "town_has_own_budget": True,
}
FILLED = "2026-09-28T10:00:00+08:00"


def make_quarter(key: str = "2026Q3") -> Period:
    period, _ = Period.objects.get_or_create(year=int(key[:4]), quarter=int(key[5]))
    return period


def due(facility: Facility, period: Period, unit: ReportingUnit | None = None) -> DueSurvey:
    """As the opening of the quarter freezes it."""
    unit = unit or unit_of(facility, period.last_day)
    town = "" if facility.subject == "county" else facility.code[:9]
    row, _ = DueSurvey.objects.get_or_create(
        period=period, facility=facility, defaults={"unit": unit, "subject": facility.subject, "town": town}
    )
    UnitDue.objects.get_or_create(
        period=period, unit=unit, defaults={"station_day": period.last_day, "office_day": period.last_day}
    )
    summaries.begin(period)
    return row


def make_station(office: Facility, number: int, **facts: Any) -> Facility:
    code = f"{office.code}{800 + number}"
    place = Division.objects.create(code=code, name=f"第{number}社区", level="community", parent=office.division)
    station = Facility.objects.create(code=code, name=f"第{number}社区服务站", subject="village", division=place)
    note(station, unit_type="城镇社区", resident_population=4000, served_population=1600, **facts)
    return station


def note(facility: Facility, **facts: Any) -> None:
    for key, value in facts.items():
        Fact.objects.update_or_create(
            facility=facility, indicator=key, since=date(2025, 1, 1), defaults={"value": value, "source": "年报"}
        )


def surveyor_of(facility: Facility) -> Officer:
    officer, _ = Officer.objects.get_or_create(
        username=f"s{facility.code}", defaults={"last_name": "陈嘉敏", "role": "surveyor", "facility": facility}
    )
    return officer


def fill(facility: Facility, period: Period, answers: dict[str, Any]) -> Survey:
    """A draft; what is unknown to the questionnaire is left out, None is stated as 无法提供."""
    officer = surveyor_of(facility)
    survey = beginning.begin(facility, period, officer)
    questions = standing_of(survey).questionnaire.questions
    held = dict(survey.answers.values_list("indicator", "revision"))
    edits = [
        Edit(
            questions[key], Given(None, reason="台账缺失") if value is None else Given(value), held.get(key, 0), uuid4()
        )
        for key, value in answers.items()
        if key in questions
    ]
    save(survey, officer, edits)
    return survey


def accept(survey: Survey, reviewer: Officer) -> None:
    """Submitted, everything that waits for a person let pass, accepted."""
    workflow.submit(survey, surveyor_of(survey.facility))
    survey.refresh_from_db()
    for key in reviewing.undecided(standing_of(survey)):
        reviewing.determine(survey, reviewer, key, Determination.ACCEPTED, "看过现场")
    reviewing.accept(survey, reviewer)


def office_answers(**changed: Any) -> dict[str, Any]:
    return DEMO | PLACE | changed


def station_answers(station: Facility, **changed: Any) -> dict[str, Any]:
    told = town_answers([station])[station.code]
    return told | {"unit_type": "城镇社区", "resident_population": 4000, "served_population": 1600} | changed


def make_district(reviewer: Officer) -> Period:
    """香洲区's quarter: two offices and four stations. 翠香's office and two stations are accepted, one station is
    submitted, one is a draft; 狮山's office has not begun."""
    period = make_quarter()
    office = Facility.objects.get(code="440402001")
    other = Facility.objects.get(code="440402002")
    stations = [make_station(office, number) for number in range(4)]
    with time_machine.travel(FILLED, tick=False):
        for facility in (office, other, *stations):
            due(facility, period)
        accept(fill(office, period, office_answers(computer_count=3, staff_count=4, building_area="180.00")), reviewer)
        accept(fill(stations[0], period, station_answers(stations[0], computer_count=0, staff_count=1)), reviewer)
        accept(fill(stations[1], period, station_answers(stations[1], workplace_area=None, staff_count=3)), reviewer)
        workflow.submit(fill(stations[2], period, station_answers(stations[2])), surveyor_of(stations[2]))
        fill(stations[3], period, {"has_station": True})
    return period


def load_city() -> None:
    for command in ("load_standards", "load_places", "load_calendar"):
        call_command(command, verbosity=0)
