"""What is left to do in the open quarters, of what is due: not begun, not submitted, sent back, waiting for review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from assessments.models import DueSurvey, Period, Review, Survey, UnitDue


@dataclass(frozen=True)
class Undone:
    """A facility that is due and not accepted yet. ``state``: of its survey, empty where none was begun; ``town``: code
    of the township that it lies in, empty for a centre; ``mend_by``: the day of its own that a return has set."""

    facility: int
    code: str
    name: str
    unit: int | None
    subject: str
    town: str
    state: str
    mend_by: date | None = None

    @property
    def waits(self) -> bool:
        """Submitted: the reviewer's turn."""
        return self.state == Survey.SUBMITTED

    @property
    def office(self) -> str:
        """Code of the facility whose surveyors fill it besides its own: a station's office."""
        return self.town if self.subject == "village" else self.code


@dataclass(frozen=True)
class Quarter:
    """An open quarter with what is left to do in it. ``sent``: ids of the units whose return has been sent;
    ``centres``: code of a centre → its unit."""

    period: Period
    due_day: date
    units: Mapping[int, UnitDue]
    undone: Sequence[Undone]
    sent: frozenset[int]
    centres: Mapping[str, int]

    @property
    def missing(self) -> list[UnitDue]:
        return [row for unit, row in self.units.items() if unit not in self.sent]


def open_quarters() -> QuerySet[Period]:
    """Newest first."""
    return Period.objects.filter(closed_at=None).exclude(due_day=None)


def quarters_left(sent: Mapping[int, frozenset[int]]) -> list[Quarter]:
    """Oldest first: three queries, and one for each quarter. ``sent``: period → units whose return has been sent."""
    periods = list(open_quarters().reverse())
    units: dict[int, dict[int, UnitDue]] = {period.pk: {} for period in periods}
    for row in UnitDue.objects.filter(period__in=periods).select_related("unit"):
        units[row.period_id][row.unit_id] = row
    centres: dict[int, dict[str, int]] = {period.pk: {} for period in periods}
    rows = DueSurvey.objects.filter(period__in=periods, subject="county").exclude(unit=None)
    for pk, code, unit in rows.values_list("period", "facility__code", "unit"):
        centres[pk][code] = unit
    return [
        Quarter(p, p.due_day, units[p.pk], undone_in(p.due_surveys.all()), sent.get(p.pk, frozenset()), centres[p.pk])
        for p in periods
        if p.due_day
    ]


def undone_in(rows: QuerySet[DueSurvey]) -> list[Undone]:
    """One query."""
    own = Survey.objects.filter(facility=OuterRef("facility"), period=OuterRef("period"))
    sent_back = Review.objects.filter(
        verb__in=(Review.RETURNED, Review.REOPENED),
        survey__state=Survey.RETURNED,
        survey__facility=OuterRef("facility"),
        survey__period=OuterRef("period"),
    )
    now, mend_by = Subquery(own.values("state")[:1]), Subquery(sent_back.values("due")[:1])  # the newest is first
    left = rows.annotate(now=now, mend_by=mend_by).filter(~Q(now=Survey.ACCEPTED) | Q(now=None))
    fields = ("facility", "facility__code", "facility__name", "unit", "subject", "town", "now", "mend_by")
    return [
        Undone(pk, code, name, unit, subject, town, now or "", mend_by)
        for pk, code, name, unit, subject, town, now, mend_by in left.order_by("facility__code").values_list(*fields)
    ]
