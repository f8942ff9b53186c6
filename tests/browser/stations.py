"""Stations below 翠香街道 in these tests: 紫荆社区's own, and a made-up town with every kind of village."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from assessments import beginning, workflow
from assessments.answering import Edit, Given, save
from assessments.models import Period, Snapshot, Survey
from assessments.periods import opened_period, quarter_before
from assessments.standings import standing_of
from facilities.models import Facility, Officer
from tests.assessments.town import make_stations, note_places, town_answers
from tests.browser.filling import CODE

STATION = "440402001001"  # 紫荆社区; zijing fills it
SURVEYOR = "zijing"


def station() -> Facility:
    return Facility.objects.select_related("division").get(code=STATION)


def said(place: Facility) -> dict[str, Any]:
    """What a station in good order says: of a 城镇社区, everything answered."""
    return town_answers([place])[place.code] | {"signboard_name": "紫荆社区人力资源和社会保障服务站"}


def answer(survey: Survey, officer: Officer, values: dict[str, Any]) -> None:
    """Straight into the database."""
    asked = standing_of(survey).questionnaire.questions
    held = dict(survey.answers.values_list("indicator", "revision"))
    save(survey, officer, [Edit(asked[k], Given(v), held.get(k, 0), uuid4()) for k, v in values.items()])


def submitted_before(place: Facility, officer: Officer, period: Period) -> Snapshot:
    """Last quarter's survey, filled and sent."""
    survey = beginning.begin(place, opened_period(*quarter_before(period.year, period.quarter)), officer)
    answer(survey, officer, said(place))
    return workflow.submit(survey, officer)


def made_town(count: int) -> list[Facility]:
    """So many stations more below 翠香街道, kinds of village in turn; what is known of each place is noted."""
    stations = make_stations(Facility.objects.select_related("division").get(code=CODE), count)
    note_places(stations)
    return stations
