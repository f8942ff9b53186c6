"""Working days and due dates (PROCESSES §6).

A return is due at 24:00 (Asia/Shanghai) of the fifth working day after the quarter's last day; the count starts the
next day. Working days come from the table of the work calendar; a year that has not been announced is counted by
Monday to Friday without New Year's Day, and the date is called provisional.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar

from assessments.models import Period, WorkDay
from facilities.access import SHANGHAI

DUE_AFTER = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Days that differ from Monday to Friday, and the years that have been announced."""

    differing: dict[date, bool]
    announced: frozenset[int]

    def works(self, day: date) -> bool:
        usual = day.weekday() < 5
        if day.year not in self.announced:
            usual = usual and (day.month, day.day) != (1, 1)
        return self.differing.get(day, usual)

    def provisional(self, day: date) -> bool:
        return day.year not in self.announced

    def working_days(self, after: date) -> Iterator[date]:
        """Working days after ``after``, without end."""
        day = after + ONE_DAY
        while True:
            if self.works(day):
                yield day
            day += ONE_DAY

    def count(self, first: date, last: date) -> int:
        """Working days from ``first`` to ``last``, both included; 0 where last lies before first."""
        return sum(self.works(first + timedelta(days=n)) for n in range((last - first).days + 1))


@dataclass(frozen=True)
class Due:
    """``day`` is the last day on which a return is on time; ``provisional`` where its year is not announced."""

    day: date
    provisional: bool

    @property
    def moment(self) -> datetime:
        """On time means before this moment: 24:00 of the day."""
        return datetime.combine(self.day + ONE_DAY, time(), SHANGHAI)

    def on_time(self, at: datetime) -> bool:
        return at < self.moment

    def days_late(self, at: datetime, calendar: Calendar) -> int:
        """Working days after the due day up to the day of ``at``; 0 when on time."""
        return 0 if self.on_time(at) else calendar.count(self.day + ONE_DAY, at.astimezone(SHANGHAI).date())


def calendar_between(first: date, last: date) -> Calendar:
    """The work calendar of the years from ``first`` to ``last``: one query."""
    rows = WorkDay.objects.filter(day__gte=date(first.year, 1, 1), day__lte=date(last.year, 12, 31))
    days = list(rows.values_list("day", "works", "announces"))
    return Calendar(
        {day: works for day, works, _ in days}, frozenset(day.year for day, _, announces in days if announces)
    )


def due_after(last_day: date, calendar: Calendar) -> Due:
    days = calendar.working_days(last_day)
    due = [next(days) for _ in range(DUE_AFTER)][-1]
    return Due(due, calendar.provisional(due))


def frozen_due(period: Period, calendar: Calendar | None = None) -> Due | None:
    """As it was fixed when the quarter opened; a calendar that changes later does not move it. With the calendar of
    now it is provisional no more once its year has been announced."""
    if not period.due_day:
        return None
    announced = calendar is not None and not calendar.provisional(period.due_day)
    return Due(period.due_day, period.due_provisional and not announced)


def due_of(period: Period) -> Due:
    return dues_of([period])[0]


def dues_of(periods: Sequence[Period]) -> list[Due]:
    """Of as many quarters as a page shows: one query at most, for those that have not opened."""
    asked = [period for period in periods if not period.due_day]
    if not asked:
        return [due for period in periods if (due := frozen_due(period))]
    calendar = calendar_between(min(p.last_day for p in asked), max(p.last_due_day for p in asked))
    return [frozen_due(period) or due_after(period.last_day, calendar) for period in periods]


@dataclass(frozen=True)
class Step:
    """A day of a quarter's timetable, by the end of which somebody hands on. ``is_own``: the reader is that one."""

    label: str  # 服务站报镇街
    day: date
    is_own: bool = False


@dataclass(frozen=True)
class DeadlineDay:
    """One day of the ruler that leads to the due day. ``steps`` are the internal days that fall on it."""

    day: date
    works: bool
    is_past: bool
    is_today: bool
    is_due: bool
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Deadline:
    """What a home page says of the due day. ``left`` counts today. ``days`` is empty until the count is near."""

    due: Due
    left: int
    late: int
    days: tuple[DeadlineDay, ...]
    steps: tuple[Step, ...] = ()
    period: Period | None = None


def calendar_for(period: Period, today: date) -> Calendar:
    """From the earlier of today and the quarter's end to the later of today and its due day: one query."""
    return calendar_between(min(today, period.last_day), max(today, period.last_due_day))


def deadline_of(period: Period, today: date, steps: Sequence[Step] = (), calendar: Calendar | None = None) -> Deadline:
    calendar = calendar or calendar_for(period, today)
    due = frozen_due(period, calendar) or due_after(period.last_day, calendar)
    late = calendar.count(due.day + ONE_DAY, today)
    first = next(calendar.working_days(period.last_day))
    days = ruler(period, due, today, calendar, steps) if first <= today <= due.day else ()
    return Deadline(due, calendar.count(today, due.day), late, tuple(days), tuple(steps), period)


def ruler(
    period: Period, due: Due, today: date, calendar: Calendar, steps: Sequence[Step] = ()
) -> Iterator[DeadlineDay]:
    """The days of the count, from the first working day to the due day."""
    first = next(calendar.working_days(period.last_day))
    for n in range((due.day - first).days + 1):
        day = first + timedelta(days=n)
        on = tuple(step for step in steps if step.day == day)
        yield DeadlineDay(day, calendar.works(day), day < today, day == today, day == due.day, on)


def announced_days() -> list[WorkDay]:
    """Every day of chinesecalendar's years on which work differs from Monday to Friday, from 2011 on
    (the plan's first return is of 2011Q4)."""
    days = []
    for year in range(2011, max(day.year for day in chinese_calendar.constants.workdays) + 1):
        for n in range((date(year, 12, 31) - date(year, 1, 1)).days + 1):
            day = date(year, 1, 1) + timedelta(days=n)
            works = chinese_calendar.is_workday(day)
            if works != (day.weekday() < 5):
                days.append(WorkDay(day=day, works=works, source=f"国务院办公厅{year}年节假日安排"))
    return days
