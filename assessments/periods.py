"""Quarters: which one is current, how they are written, how one is found."""

from __future__ import annotations

import re
from datetime import date

from assessments.models import Period
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


def opened_period(year: int, quarter: int) -> Period:
    period, _ = Period.objects.get_or_create(year=year, quarter=quarter)
    return period
