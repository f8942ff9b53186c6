"""The bodies that govern, which a plan speaks to: a district and the city as a whole, each surveyed like a facility.

Their code is their division's, with a G. A functional zone has no division of its own (see fixtures/divisions), so
there is nothing that could stand for it: what it reports is surveyed in its towns."""

from __future__ import annotations

from collections.abc import Collection

from facilities.access import below
from facilities.existence import MARKS
from facilities.models import Division, Facility

GOVERNED = ("district", "city")  # a division's level is the subject's key
NAME = "{}人民政府"


def lacking_governed(area: str, subjects: Collection[str]) -> list[Facility]:
    """A body for each district and city in an area that has none yet, not kept."""
    levels = [subject for subject in GOVERNED if subject in subjects]
    divisions = Division.objects.filter(below(area), level__in=levels).exclude(facilities__subject__in=GOVERNED)
    return [
        Facility(code=each.code + MARKS[each.level], name=NAME.format(each.name), subject=each.level, division=each)
        for each in divisions
    ]


def add_governed(area: str, subjects: Collection[str]) -> int:
    """Keeps what is lacking; how many. Those there stay as they are."""
    return len(Facility.objects.bulk_create(lacking_governed(area, subjects)))
