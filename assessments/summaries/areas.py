"""The areas that a facility counts for: its town, its unit and the city; and the rows that they have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Q

from assessments.models import DueSurvey, Survey
from assessments.models.summaries import CITY, TOWN, UNIT
from assessments.timeliness import LATE, ON_TIME, VOID
from facilities.models import Division


class Area(NamedTuple):
    kind: str
    code: str
    parent: str = ""


def the_city() -> Area:
    """The top of the division tree. One query."""
    top = Division.objects.filter(parent=None).order_by("code").values_list("code", flat=True).first()
    return Area(CITY, top or "")


def areas_of(due: DueSurvey, city: Area) -> tuple[Area, ...]:
    """With ``unit`` loaded. A facility that reports to nobody counts for the city alone."""
    if due.unit is None:
        return (city,)
    unit = Area(UNIT, due.unit.code, city.code)
    return (city, unit, Area(TOWN, due.town, due.unit.code)) if due.town else (city, unit)


def rows_of(areas: Iterable[Area]) -> Q:
    """For Summary and Progress alike."""
    found = Q()
    for area in areas:
        found |= Q(kind=area.kind, area=area.code, parent=area.parent)
    return found


def tally(state: str, timeliness: str) -> Iterator[str]:
    """The fields of Progress in which a due survey of that state counts."""
    yield "due"
    if state:
        yield "begun"
    if state in (Survey.SUBMITTED, Survey.ACCEPTED):
        yield "submitted"
    if state in (Survey.RETURNED, Survey.ACCEPTED):
        yield state
    if timeliness in (ON_TIME, LATE, VOID):
        yield timeliness
