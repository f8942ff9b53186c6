"""内部时限: by which working day stations and offices hand on, so that the unit's return is on time.

Each unit sets its own, as numbers of working days after the quarter's last day; what a quarter opened with stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.deadlines import (
    DUE_AFTER,
    Calendar,
    Deadline,
    DeadlineDay,
    Due,
    Step,
    calendar_between,
    calendar_for,
    deadline_of,
    due_after,
    frozen_due,
    ruler,
)
from assessments.models import Period, Timetable, UnitDue
from assessments.refusals import Overtaken, Refused
from facilities.access import unit_of
from facilities.models import Act, Officer, ReportingUnit

STATION, OFFICE, UNIT = "village", "township", "unit"
LABELS = {STATION: "服务站报镇街", OFFICE: "镇街报区", UNIT: "区报市局"}
VERB = "内部时限"


# ── A quarter's timeline ──────────────────────────────────────────────────────


def steps_of(station_day: date, office_day: date, due_day: date, own: str = "") -> tuple[Step, ...]:
    days = {STATION: station_day, OFFICE: office_day, UNIT: due_day}
    return tuple(Step(LABELS[stage], day, stage == own) for stage, day in days.items())


def stage_of(officer: Officer) -> str:
    """Which of the days is the officer's own: a centre's is the unit's."""
    if officer.facility:
        return officer.facility.subject if officer.facility.subject in LABELS else UNIT
    return UNIT


def deadline_for(officer: Officer, period: Period, day: date) -> Deadline:
    """The due day as the officer's home says it, with the internal days of the officer's unit where there is one."""
    calendar = calendar_for(period, day)
    due = frozen_due(period, calendar) or due_after(period.last_day, calendar)
    internal = _internal(officer, period, calendar)
    steps = steps_of(*internal, due.day, stage_of(officer)) if internal else ()
    return deadline_of(period, day, steps, calendar)


def _internal(officer: Officer, period: Period, calendar: Calendar) -> tuple[date, date] | None:
    """Station's and office's day: frozen where the quarter is open (one query), else as they would be."""
    if not (officer.unit or officer.facility):
        return None
    frozen = _frozen(officer, period) if period.pk else None
    if frozen:
        return frozen.station_day, frozen.office_day
    unit = officer.unit or (unit_of(officer.facility) if officer.facility else None)
    if unit is None:
        return None
    timetable = Timetable.objects.filter(unit=unit).first() or Timetable(unit=unit)
    return days_of(timetable, period, calendar)


def _frozen(officer: Officer, period: Period) -> UnitDue | None:
    if officer.unit_id:
        return period.unit_dues.filter(unit=officer.unit_id).first()
    due_to = period.due_surveys.filter(facility=officer.facility).values("unit")
    return period.unit_dues.filter(unit__in=due_to).first()


def days_of(timetable: Timetable, period: Period, calendar: Calendar) -> tuple[date, date]:
    days = list(islice(calendar.working_days(period.last_day), DUE_AFTER))
    return days[timetable.station_days - 1], days[timetable.office_days - 1]


@dataclass(frozen=True)
class Timeline:
    """One quarter as a unit has it. ``is_open``: frozen; else what it would be."""

    period: Period
    due: Due
    steps: tuple[Step, ...]
    days: tuple[DeadlineDay, ...]
    is_open: bool


@dataclass(frozen=True)
class UnitTimes:
    """A unit's timetable with the open quarters, which it does not touch, and the next, which it will govern."""

    unit: ReportingUnit
    timetable: Timetable
    open: tuple[Timeline, ...]
    next: Timeline


def times_of(units: Sequence[ReportingUnit], day: date) -> list[UnitTimes]:
    """Four queries, however many units."""
    periods = list(Period.objects.filter(closed_at=None).exclude(opened_at=None)[:4])
    newest = max(((p.year, p.quarter) for p in periods), default=None)
    coming = _after(newest) if newest else Period(year=day.year, quarter=(day.month + 2) // 3)
    every = [*periods, coming]
    calendar = calendar_between(min(p.last_day for p in every), max(p.last_due_day for p in every))
    timetables = {
        timetable.unit_id: timetable for timetable in Timetable.objects.filter(unit__in=units).select_related("by")
    }
    frozen = {(row.period_id, row.unit_id): row for row in UnitDue.objects.filter(period__in=periods, unit__in=units)}
    told = []
    for unit in units:
        timetable = timetables.get(unit.pk) or Timetable(unit=unit)
        dues = [(period, frozen[period.pk, unit.pk]) for period in periods if (period.pk, unit.pk) in frozen]
        opened = tuple(_timeline(p, (row.station_day, row.office_day), calendar, day) for p, row in dues)
        told.append(
            UnitTimes(unit, timetable, opened, _timeline(coming, days_of(timetable, coming, calendar), calendar, day))
        )
    return told


def _timeline(period: Period, internal: tuple[date, date], calendar: Calendar, day: date) -> Timeline:
    due = frozen_due(period, calendar) or due_after(period.last_day, calendar)
    steps = steps_of(*internal, due.day)
    return Timeline(period, due, steps, tuple(ruler(period, due, day, calendar, steps)), bool(period.opened_at))


def _after(quarter: tuple[int, int]) -> Period:
    year, number = quarter
    return Period(year=year, quarter=number + 1) if number < 4 else Period(year=year + 1, quarter=1)


# ── Set ───────────────────────────────────────────────────────────────────────


def may_set(officer: Officer, unit: ReportingUnit) -> bool:
    return officer.is_active and officer.role == Officer.REVIEWER and officer.unit_id == unit.pk


def checked(station_days: str, office_days: str) -> tuple[int, int]:
    """As typed → numbers of working days. Raises Refused."""
    numbers = []
    for field, word, typed in (("station_days", "服务站", station_days), ("office_days", "镇街", office_days)):
        if not (typed.strip().isdecimal() and 1 <= int(typed) <= DUE_AFTER):
            raise Refused(field, f"{word}的时限请填 1 到 {DUE_AFTER} 的整数（季末次日起第几个工作日）。")
        numbers.append(int(typed))
    if numbers[0] > numbers[1]:
        raise Refused("station_days", "服务站的时限不能晚于镇街的时限，请改小，或把镇街的改大。")
    return numbers[0], numbers[1]


@transaction.atomic
def set_timetable(unit: ReportingUnit, officer: Officer, station_days: str, office_days: str, seen: str) -> Timetable:
    """As typed. ``seen`` is the ``version`` that the page showed. Of no effect on open quarters. Raises Refused,
    Overtaken, PermissionDenied."""
    if not may_set(officer, unit):
        raise PermissionDenied("内部时限由本单位的审核员设定，您可以查看。")
    days = checked(station_days, office_days)
    ReportingUnit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    timetable = Timetable.objects.filter(unit=unit).first() or Timetable(unit=unit)
    if version(timetable) != seen:
        raise Overtaken
    before = (timetable.station_days, timetable.office_days)
    timetable.station_days, timetable.office_days = days
    timetable.at, timetable.by = timezone.now(), officer
    timetable.save()
    Act.objects.create(by=officer, verb=VERB, said=f"{unit.name}：{_words(before)} 改为 {_words(days)}")
    return timetable


def version(timetable: Timetable) -> str:
    return timetable.at.isoformat() if timetable.pk else ""


def _words(days: Iterable[int]) -> str:
    station, office = days
    return f"服务站第 {station}、镇街第 {office} 个工作日"
