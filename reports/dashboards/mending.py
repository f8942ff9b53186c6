"""整改 of an area as it stands today, whatever quarter it was found in: by state, overdue, and by the areas below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Substr
from django.urls import reverse

from assessments.models import Rectification
from assessments.models.summaries import CITY, TOWN, UNIT
from assessments.rectification_list import GOING, STATES, Asked, late_on
from facilities.access import below, today
from facilities.models import Division
from reports.dashboards.headlines import Waiting
from reports.dashboards.places import Place

TOWN_LENGTH = 9  # digits of a township's code
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MendingLine:
    """An area below: its items that are not closed, and those of them that are overdue. ``url`` is empty for what lies
    in no township."""

    name: str
    going: int
    overdue: int
    url: str
    overdue_url: str


@dataclass(frozen=True, slots=True)
class Mending:
    """``again``: not closed, and mended once before."""

    number: int
    counts: Sequence[Waiting]
    again: int
    lines: Sequence[MendingLine]


def mending_of(place: Place) -> Mending:
    """One query, however many items and areas."""
    going = ~Q(state=Rectification.CLOSED)
    counts = {state: Count("pk", filter=Q(state=state)) for state in Rectification.STATES}
    counts |= {GOING: Count("pk", filter=going), "overdue": Count("pk", filter=late_on(today()))}
    counts["again"] = Count("pk", filter=going & Q(earlier__isnull=False))
    rows = list(_by_area(place).annotate(**counts).order_by())
    total = {key: sum(row[key] for row in rows) for key in counts}
    lines = list(_lines(place, rows)) if place.below else []
    number = total[GOING] + total[Rectification.CLOSED]
    return Mending(number, list(_counts(place, total)), total["again"], lines)


def _by_area(place: Place) -> QuerySet[Rectification, Row]:
    """Grouped by the areas below, with code and name; a town is one group."""
    items = Rectification.objects.filter(unit__code=place.parent or place.code) if place.code else (
        Rectification.objects.all()
    )  # fmt: skip
    if place.kind == CITY:
        return items.annotate(area=F("unit__code"), named=F("unit__name")).values("area", "named")
    if place.kind == TOWN:
        return items.filter(below(place.code, "facility__code")).annotate(area=Value(place.code)).values("area")
    town = Division.objects.filter(code=OuterRef("area"))
    coded = items.annotate(area=Substr("facility__code", 1, TOWN_LENGTH))
    return coded.annotate(named=Subquery(town.values("name")[:1])).values("area", "named")


def _counts(place: Place, total: Mapping[str, int]) -> Iterator[Waiting]:
    yield Waiting("未销号", total[GOING], _address(place, Asked(state=GOING)))
    yield Waiting("逾期", total["overdue"], _address(place, Asked(overdue=True)))
    for state in Rectification.STATES:
        yield Waiting(STATES[state], total[state], _address(place, Asked(state=state)))


def _lines(place: Place, rows: Sequence[Row]) -> Iterator[MendingLine]:
    """Worst first."""
    for row in sorted((row for row in rows if row[GOING]), key=lambda row: (-row["overdue"], -row[GOING], row["area"])):
        known = bool(row["named"])
        area = place.child(row["area"], row["named"]) if known else None
        url = _address(area, Asked(state=GOING)) if area else ""
        late = _address(area, Asked(overdue=True)) if area else ""
        yield MendingLine(row["named"] or f"{place.name}本级", row[GOING], row["overdue"], url, late)


def _address(place: Place, asked: Asked) -> str:
    unit, town = (place.parent, place.code) if place.kind == TOWN else (place.code if place.kind == UNIT else "", "")
    narrowed = Asked(asked.state, unit, town, asked.overdue)
    return reverse("assessments:rectifications") + narrowed.address
