"""Rows of the summaries → plain numbers: the same handful of queries, however many facilities, units or towns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from assessments.models import Period, Progress, Summary
from assessments.models.summaries import UNIT
from facilities.models import Division, ReportingUnit
from reports.dashboards.asked import Asked
from reports.dashboards.figures import Rate
from reports.dashboards.places import Place

WHOLE = {"clause": "", "requirement": "", "item": ""}
COUNTS = ("due", "begun", "submitted", "returned", "accepted", "on_time", "void", "late")


@dataclass(frozen=True, slots=True)
class Total:
    """Of one area, over the subjects asked for: how many are judged and reach it, and their scores."""

    reached: int = 0
    judged: int = 0
    scored: int = 0
    score: Decimal = Decimal(0)

    @property
    def rate(self) -> Rate:
        return Rate(self.reached, self.judged)

    @property
    def mean(self) -> Decimal | None:
        return self.score / self.scored if self.scored else None


@dataclass(frozen=True, slots=True)
class Count:
    """How many of one area are due, and how they stand."""

    due: int = 0
    begun: int = 0
    submitted: int = 0
    returned: int = 0
    accepted: int = 0
    on_time: int = 0
    void: int = 0
    late: int = 0

    @property
    def missing(self) -> int:
        return self.due - self.on_time - self.void - self.late

    @property
    def coverage(self) -> Rate:
        return Rate(self.accepted, self.due)

    @property
    def timely(self) -> Rate:
        return Rate(self.on_time, self.due)

    def plus(self, other: Count) -> Count:
        return Count(*(getattr(self, name) + getattr(other, name) for name in COUNTS))


@dataclass
class Read:
    """Everything that a board is made of. Totals of areas below by (quarter, code)."""

    rows: list[Summary]  # the place's own, of this quarter and the last
    counts: dict[int, dict[str, Count]]  # the place's own: quarter → subject
    totals: dict[tuple[int, str], Total] = field(default_factory=dict)
    below: dict[str, Count] = field(default_factory=dict)


def read(place: Place, asked: Asked) -> Read:
    """Four queries."""
    periods = [asked.period.pk, *([asked.before.pk] if asked.before else [])]
    subject = {"subject": asked.subject} if asked.subject else {}
    useful = Q(requirement="") | Q(lacking__gt=0, period=asked.period)
    rows = Summary.objects.filter(own(place), useful, period__in=periods)
    counts: dict[int, dict[str, Count]] = {}
    for row in Progress.objects.filter(own(place), period__in=periods):
        counts.setdefault(row.period_id, {})[row.subject] = Count(*(getattr(row, name) for name in COUNTS))
    found = Read(list(rows), counts)
    if place.below:
        found.totals = _totals(Summary.objects.filter(below(place), period__in=periods, **WHOLE, **subject))
        found.below = _counts(Progress.objects.filter(below(place), period=asked.period, **subject))
    return found


def own(place: Place) -> Q:
    if not place.code:
        return Q(kind=place.kind)
    return Q(kind=place.kind, area=place.code, **({"parent": place.parent} if place.parent else {}))


def below(place: Place) -> Q:
    return Q(kind=place.below, parent=place.code) if place.code else Q(kind=place.below)


def _totals(rows: Any) -> dict[tuple[int, str], Total]:
    grouped = rows.order_by().values_list("period", "area")
    sums = grouped.annotate(Sum("reached"), Sum("judged"), Sum("numbered"), Sum("score"))
    return {(period, area): Total(*figures) for period, area, *figures in sums}


def _counts(rows: Any) -> dict[str, Count]:
    grouped = rows.order_by().values_list("area").annotate(*(Sum(name) for name in COUNTS))
    return {area: Count(*figures) for area, *figures in grouped}


def cells(place: Place, asked: Asked, shown: Collection[str], standard: str, items: Collection[Any]) -> list[Summary]:
    """Of the areas shown: the rows of the schedule, and what they lack of the items. One query."""
    if not shown:
        return []
    rows_of_standard = Q(standard=standard, requirement="", item="") & ~Q(clause="")
    lacking = Q(lacking__gt=0) & (
        Q(item__in=[key for kind, key in items if kind == "item"])
        | Q(requirement__in=[key for kind, key in items if kind == "requirement"])
    )
    if asked.subject:
        lacking &= Q(subject=asked.subject)
    found = Summary.objects.filter(below(place), rows_of_standard | lacking, period=asked.period, area__in=shown)
    return list(found)


def history(place: Place, asked: Asked, shown: Collection[str]) -> dict[tuple[int, str], Total]:
    """(quarter, area) of the last eight quarters, the place itself under its own code. One query."""
    areas = own(place) | (below(place) & Q(area__in=shown) if shown else Q(pk=None))
    subject = {"subject": asked.subject} if asked.subject else {}
    rows = Summary.objects.filter(areas, period__in=[each.pk for each in asked.quarters], **WHOLE, **subject)
    grouped: Any = rows.order_by().values_list("period", "kind", "area")
    sums = grouped.annotate(Sum("reached"), Sum("judged"), Sum("numbered"), Sum("score"))
    return {
        (period, place.code if kind == place.kind else area): Total(*figures) for period, kind, area, *figures in sums
    }


def standing_among(place: Place, asked: Asked) -> tuple[list[tuple[str, Total]], int]:
    """The areas beside this one with their totals, and how many are due there: the row that is pinned. Two queries."""
    siblings = Q(kind=place.kind, parent=place.parent) if place.parent else Q(kind=UNIT)
    subject = {"subject": asked.subject} if asked.subject else {}
    totals = _totals(Summary.objects.filter(siblings, period=asked.period, **WHOLE, **subject))
    areas = Progress.objects.filter(siblings, period=asked.period, **subject).order_by().values("area").distinct()
    return [(area, total) for (_, area), total in totals.items()], areas.count()


def names_of(place: Place, codes: Iterable[str]) -> dict[str, str]:
    """One query."""
    wanted: Sequence[str] = sorted(set(codes))
    if not wanted:
        return {}
    named: Any = ReportingUnit if place.below == UNIT else Division
    return dict(named.objects.filter(code__in=wanted).values_list("code", "name"))


def key_of(period: Period | None) -> int:
    return period.pk if period else 0
