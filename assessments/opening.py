"""A quarter opens, once: its due day, who must report and to whom, and each unit's internal days are frozen.

Whoever comes first opens it: the first survey, ``manage.py open_quarter``, or set-up for quarters that were stored
before there was a roster. The roster is that of the quarter's first day, so that it is the same whoever comes first and
whenever: what closes later stays due, what opens later is due from the next quarter on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from django.db import transaction
from django.utils import timezone

from assessments import summaries
from assessments.adopting import standards_in_force
from assessments.deadlines import Calendar, calendar_between, due_after
from assessments.models import DueSurvey, Period, Timetable, UnitDue
from facilities.access import in_force, prefixes
from facilities.existence import open_on
from facilities.models import Facility

BATCH = 1000


def open_quarter(year: int, quarter: int) -> Period:
    """The quarter, opened. Done twice, or by two at once, it freezes only once: one query where it is open already."""
    period, _ = Period.objects.get_or_create(year=year, quarter=quarter)
    return period if period.opened_at else _opened(period)


@transaction.atomic
def _opened(period: Period) -> Period:
    period = Period.objects.select_for_update(of=("self",)).get(pk=period.pk)
    if period.opened_at:
        return period
    calendar = calendar_between(period.last_day, period.last_due_day)
    due = due_after(period.last_day, calendar)
    period.opened_at, period.due_day, period.due_provisional = timezone.now(), due.day, due.provisional
    period.save(update_fields=["opened_at", "due_day", "due_provisional"])
    units = _units_on(period.first_day)
    DueSurvey.objects.bulk_create(_due_surveys(period, units), batch_size=BATCH)
    UnitDue.objects.bulk_create(_unit_dues(period, set(units.values()), calendar))
    summaries.begin(period)
    return period


def open_stored() -> list[Period]:
    """Opens every quarter that was stored before there was a roster. Gives those."""
    return [open_quarter(p.year, p.quarter) for p in Period.objects.filter(opened_at=None).order_by("year", "quarter")]


# ── What is frozen ────────────────────────────────────────────────────────────


def _units_on(day: date) -> dict[str, int]:
    """Division code → the unit that it reports to with all below it, where nothing nearer says otherwise."""
    return dict(in_force(day).values_list("division__code", "unit"))


def _due_surveys(period: Period, units: dict[str, int]) -> Iterator[DueSurvey]:
    """A facility with several intervals of existence is due once."""
    subjects = list(standards_in_force(period.last_day))
    due = Facility.objects.filter(open_on(period.first_day), subject__in=subjects).order_by("code")
    for facility in due.iterator(chunk_size=BATCH):
        yield DueSurvey(
            period=period,
            facility=facility,
            unit_id=unit_above(facility.code, units),
            subject=facility.subject,
            town=town_of(facility),
        )


def unit_above(code: str, units: dict[str, int]) -> int | None:
    return next((units[prefix] for prefix in reversed(prefixes(code)) if prefix in units), None)


def town_of(facility: Facility) -> str:
    return facility.code[:9] if facility.subject in ("township", "village") else ""


def _unit_dues(period: Period, units: set[int], calendar: Calendar) -> Iterator[UnitDue]:
    """Of every unit that has any division on the first day, with its timetable as it stands now, or the usual one."""
    timetables = {timetable.unit_id: timetable for timetable in Timetable.objects.filter(unit__in=units)}
    days = list(islice(calendar.working_days(period.last_day), 5))
    for unit in sorted(units):
        own = timetables.get(unit) or Timetable()
        yield UnitDue(
            period=period, unit_id=unit, station_day=days[own.station_days - 1], office_day=days[own.office_days - 1]
        )
