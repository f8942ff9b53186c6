"""Whose statement it is, and through which gate it is reached. Who may read a place is decided as of today; which
stations make up the city's units, as of ``day``: the last day of the span, or today while it runs. A town is itself,
whatever it reported to then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from facilities.access import (
    below,
    divisions_reporting_to,
    facility_or_404,
    reporting_to,
    sees_whole_city,
    town_visible_to,
    unit_of,
    units_of,
    units_visible_to,
)
from facilities.models import Division, Facility, Officer

CITY, UNIT, TOWN, STATION = "city", "unit", "town", "station"


@dataclass(frozen=True)
class Part:
    """One row of a statement: a unit, a town or a station, and the stations in it."""

    name: str
    code: str
    way: tuple[str, ...]  # the arguments of its own statement's address; empty where it has none
    stations: frozenset[str]


@dataclass(frozen=True)
class Place:
    """``parts`` make up the whole; a station has itself alone. ``way`` as in Part, ``above``: what leads back."""

    kind: str
    name: str
    code: str
    way: tuple[str, ...]
    facilities: tuple[Facility, ...]
    parts: tuple[Part, ...]
    head: str  # what a row is
    above: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def of_station(self) -> bool:
        return self.kind == STATION


def address(way: Sequence[str], span: str) -> str:
    """Of a statement: () the city's, a unit's code, a unit's and a town's; a station's code after STATION."""
    if way and way[0] == STATION:
        return reverse("reports:subsidy_station", args=[way[1], span])
    name = ("subsidy_city", "subsidy_unit", "subsidy_town")[len(way)]
    return reverse(f"reports:{name}", args=[span, *way])


def own_way(officer: Officer) -> tuple[str, ...]:
    """Where the officer's own statement is. Raises Http404 for whom there is none."""
    if sees_whole_city(officer):
        return ()
    own = officer.facility
    if own is not None and own.subject == "village":
        return STATION, own.code
    unit = unit_of(own) if own else officer.unit
    if unit is None:
        raise Http404("没有可看的补助结算。")
    return (unit.code, own.code) if own is not None and own.subject == "township" else (unit.code,)


def city(officer: Officer, day: date) -> Place:
    if not sees_whole_city(officer):
        raise Http404("没有这一页，或者您无权查看。")
    stations = tuple(Facility.objects.filter(subject="village"))
    units = units_of(stations, day)
    by_unit = {unit.code: unit for unit in sorted(units.values(), key=lambda unit: unit.code)}
    parts = [
        Part(unit.name, code, (code,), frozenset(each for each, own in units.items() if own.code == code))
        for code, unit in by_unit.items()
    ]
    lost = frozenset(each.code for each in stations if each.code not in units)
    parts += [Part("报送单位未定", "", (), lost)] if lost else []
    return Place(CITY, "珠海市", "", (), stations, tuple(parts), "报送单位")


def unit(officer: Officer, code: str, day: date) -> Place:
    found = get_object_or_404(units_visible_to(officer), code=code)
    stations = tuple(reporting_to(found.pk, day).filter(subject="village"))
    by_town: dict[str, set[str]] = {}
    for station in stations:
        by_town.setdefault(station.code[:9], set()).add(station.code)
    names = dict(Division.objects.filter(code__in=by_town).values_list("code", "name"))
    here = set(divisions_reporting_to(found.pk).filter(code__in=by_town).values_list("code", flat=True))
    parts = tuple(
        Part(names.get(town, town), town, (code, town) if town in here else (), frozenset(codes))
        for town, codes in sorted(by_town.items())
    )
    return Place(UNIT, found.name, code, (code,), stations, parts, "镇街", _above(officer))


def town(officer: Officer, code: str, town: str) -> Place:
    place, above = town_visible_to(officer, code, town)
    stations = tuple(reporting_to(above.pk).filter(below(place.code), subject="village"))
    way = (code, town)
    unit_above = ((above.name, (code,)),) if units_visible_to(officer).filter(pk=above.pk).exists() else ()
    return Place(TOWN, place.name, town, way, stations, _each(stations), "服务站", (*_above(officer), *unit_above))


def station(officer: Officer, code: str) -> Place:
    found = facility_or_404(officer, code)
    if found.subject != "village":
        raise Http404("补助只发给社区（村）的协理员，这家机构没有补助结算。")
    return Place(STATION, found.name, code, (STATION, code), (found,), _each((found,)), "服务站")


def _each(stations: Sequence[Facility]) -> tuple[Part, ...]:
    return tuple(Part(each.name, each.code, (STATION, each.code), frozenset([each.code])) for each in stations)


def _above(officer: Officer) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("珠海市", ()),) if sees_whole_city(officer) else ()
