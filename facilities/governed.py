"""The bodies that govern, which a plan speaks to: a district and the city as a whole, each surveyed like a facility.

Their code is their division's, with a G. The plan's districts take in the functional zones: 三（一）4 says
“各区（含横琴新区、经济功能区，下同）”, 四（一） “各区政府（管委会）”. A zone has no division of its own (see
fixtures/divisions): its 管委会 stands in the first of the towns that report to it and answers for them all. It has no
centre either, so its reviewer fills what a district's centre fills; the city accepts it, as of a district."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from facilities.access import below, in_force, today
from facilities.existence import MARKS
from facilities.models import Division, Facility, ReportingUnit

GOVERNED = ("district", "city")  # a division's level is the subject's key
NAME, ZONE_NAME = "{}人民政府", "{}管理委员会"


def lacking_governed(area: str, subjects: Collection[str]) -> list[Facility]:
    """A body for each district, zone and city in an area that has none yet, not kept."""
    levels = [subject for subject in GOVERNED if subject in subjects]
    divisions = Division.objects.filter(below(area), level__in=levels).exclude(facilities__subject__in=GOVERNED)
    governed = [
        Facility(code=each.code + MARKS[each.level], name=NAME.format(each.name), subject=each.level, division=each)
        for each in divisions
    ]
    zones = _zones(area) if "district" in subjects else ()
    return [*governed, *zones]


def add_governed(area: str, subjects: Collection[str]) -> int:
    """Keeps what is lacking; how many. Those there stay as they are."""
    return len(Facility.objects.bulk_create(lacking_governed(area, subjects)))


def _zones(area: str) -> Iterator[Facility]:
    """Of zones that have none in any of their towns, and of which a town lies in the area."""
    towns = in_force(today()).filter(unit__kind=ReportingUnit.ZONE)
    governed = set(towns.filter(division__facilities__subject="district").values_list("unit", flat=True))
    first: dict[int, Division] = {}
    inside = towns.filter(below(area, "division__code"))
    for membership in inside.select_related("division").order_by("division__code"):
        first.setdefault(membership.unit_id, membership.division)
    for unit in ReportingUnit.objects.filter(pk__in=first.keys() - governed):
        town = first[unit.pk]
        name = ZONE_NAME.format(unit.name)
        yield Facility(code=town.code + MARKS["district"], name=name, subject="district", division=town)
