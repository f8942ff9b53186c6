"""Quarters: which one is current, how they are written, how one is found."""

from __future__ import annotations

import re
from datetime import date

from django.db.models import Q

from assessments.models import Period
from assessments.opening import open_quarter
from facilities.access import today

KEY = re.compile(r"^(20\d\d)Q([1-4])$")


def parse_key(key: str) -> tuple[int, int]:
    """``"2026Q3"`` → (2026, 3). Raises Period.DoesNotExist for anything else."""
    match = KEY.match(key)
    if match is None:
        raise Period.DoesNotExist(f"“{key}”不是季度，请写成 2026Q3 这样")
    return int(match[1]), int(match[2])


def period_by_key(key: str) -> Period:
    """The stored quarter. Raises Period.DoesNotExist."""
    year, quarter = parse_key(key)
    return Period.objects.get(year=year, quarter=quarter)


def quarter_of(day: date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3


def quarter_before(year: int, quarter: int) -> tuple[int, int]:
    return (year, quarter - 1) if quarter > 1 else (year - 1, 4)


def current_period() -> Period:
    """The quarter to fill: the one that today (Asia/Shanghai) lies in. Named, not read."""
    year, quarter = quarter_of(today())
    return Period(year=year, quarter=quarter)


def period_of(year: int, quarter: int) -> Period:
    """The stored quarter, or one that is not stored yet."""
    return Period.objects.filter(year=year, quarter=quarter).first() or Period(year=year, quarter=quarter)


opened_period = open_quarter


def is_fillable(period: Period) -> bool:
    """The current quarter, and the one before it as long as it is open: its return is due when it has ended."""
    key, now = (period.year, period.quarter), quarter_of(today())
    return period.closed_at is None and (key == now or (key == quarter_before(*now) and period.opened_at is not None))


def quarters_now() -> tuple[Period, Period]:
    """The current quarter, stored or not, and the one whose due day is next: that before it until its return is due.
    One query."""
    now = quarter_of(today())
    before = quarter_before(*now)
    wanted = Q(year=now[0], quarter=now[1]) | Q(year=before[0], quarter=before[1])
    stored = {(period.year, period.quarter): period for period in Period.objects.filter(wanted)}
    current, last = stored.get(now) or current_period(), stored.get(before)
    waits = last is not None and last.closed_at is None and last.due_day is not None and last.due_day >= today()
    return current, last if last and waits else current
