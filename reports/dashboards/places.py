"""Which area a dashboard is of, and who may see it: the city by those who read all of it, a unit and its towns by its
own people, a town by its office."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from assessments.models.summaries import CITY, TOWN, UNIT
from facilities.access import (
    TOWN_LEVELS,
    divisions_reporting_to,
    sees_whole_city,
    town_visible_to,
    unit_of,
    units_visible_to,
)
from facilities.models import Officer

BELOW = {CITY: UNIT, UNIT: TOWN, TOWN: ""}
WORDS = {UNIT: "单位", TOWN: "镇街", "": ""}


@dataclass(frozen=True, slots=True)
class Place:
    """``kind`` and ``code`` as in the summaries, without the city's code, as there is one; of a town ``parent`` and
    ``above`` are the unit's code and name."""

    kind: str
    code: str
    parent: str
    name: str
    above: str = ""

    @property
    def below(self) -> str:
        """The kind of the areas that it is compared by; none below a town."""
        return BELOW[self.kind]

    @property
    def below_word(self) -> str:
        return WORDS[self.below]

    @property
    def own_word(self) -> str:
        return WORDS.get(self.kind, "")

    @property
    def path(self) -> tuple[str, ...]:
        return {CITY: (), UNIT: (self.code,), TOWN: (self.parent, self.code)}[self.kind]

    def child(self, code: str, name: str = "") -> Place:
        town = self.below == TOWN
        return Place(self.below, code, self.code if town else "", name, self.name if town else "")

    @property
    def url(self) -> str:
        return reverse(f"reports:dashboard{SUFFIX[self.kind]}", args=self.path)

    @property
    def list_url(self) -> str:
        return reverse(f"reports:behind{SUFFIX[self.kind]}", args=self.path)

    @property
    def comparison_url(self) -> str:
        return reverse(f"reports:comparison{SUFFIX[self.kind]}", args=self.path)


SUFFIX = {CITY: "", UNIT: "_unit", TOWN: "_town"}


def place_or_404(officer: Officer, unit: str = "", town: str = "") -> Place:
    """404 alike for a stranger's area and for none."""
    if not unit:
        if not sees_whole_city(officer):
            raise Http404("没有这个看板。")
        return Place(CITY, "", "", "全市")
    if not town:
        found = get_object_or_404(units_visible_to(officer), code=unit)
        return Place(UNIT, found.code, "", found.name)
    place, above = town_visible_to(officer, unit, town)
    return Place(TOWN, place.code, above.code, place.name, above.name)


def own_place(officer: Officer) -> Place:
    """Where /dashboard/ leads somebody who does not see the whole city. Raises Http404 for who has no area."""
    if officer.role == Officer.REVIEWER and officer.unit:
        return Place(UNIT, officer.unit.code, "", officer.unit.name)
    own = officer.facility
    if own is None or not officer.has_area:
        raise Http404("没有您的看板。")
    unit = unit_of(own)
    if unit is None:
        raise Http404("没有您的看板。")
    if own.subject == "county":
        return Place(UNIT, unit.code, "", unit.name)
    return Place(TOWN, own.code[:9], unit.code, own.name, unit.name)


def areas_inside(officer: Officer, place: Place) -> list[Place]:
    """The units of the city that the officer reads as a whole, the towns of a unit: two queries at most."""
    if place.kind == CITY:
        return [place.child(each.code, each.name) for each in units_visible_to(officer).order_by("code")]
    if place.kind == TOWN:
        return []
    unit = get_object_or_404(units_visible_to(officer), code=place.code)
    towns = divisions_reporting_to(unit.pk).filter(level__in=TOWN_LEVELS).order_by("code")
    return [place.child(each.code, each.name) for each in towns]
