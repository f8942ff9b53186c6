"""What a statement is of: a quarter or a year, named 2026Q3 or 2026."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assessments.periods import quarter_of
from assessments.subsidies.months import Stretch, days_in_month

KEY = re.compile(r"(20\d\d)(?:Q([1-4]))?")


@dataclass(frozen=True)
class Quarter:
    year: int
    number: int

    @property
    def stretch(self) -> Stretch:
        end = date(self.year, 3 * self.number, 1)
        return Stretch(date(self.year, 3 * self.number - 2, 1), end.replace(day=days_in_month(end)))


@dataclass(frozen=True)
class Span:
    """Its quarters that have begun, in order; never none."""

    year: int
    quarter: int | None
    quarters: tuple[Quarter, ...]

    @property
    def key(self) -> str:
        return f"{self.year}Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def stretch(self) -> Stretch:
        return Stretch(self.quarters[0].stretch.first, self.quarters[-1].stretch.last)

    def __str__(self) -> str:
        return f"{self.year}年第{'一二三四'[self.quarter - 1]}季度" if self.quarter else f"{self.year}年"


def span_of(key: str, first: date, day: date) -> Span | None:
    """None for what is no quarter or year, is over before ``first`` or begins after ``day``."""
    match = KEY.fullmatch(key)
    if match is None:
        return None
    numbers = (int(match[2]),) if match[2] else (1, 2, 3, 4)
    quarters = (Quarter(int(match[1]), number) for number in numbers)
    begun = tuple(each for each in quarters if each.stretch.first <= day and each.stretch.last >= first)
    return Span(int(match[1]), int(match[2]) if match[2] else None, begun) if begun else None


def spans_until(day: date, first: date) -> Iterator[Span]:
    """Quarters and years, newest first, as many as somebody looks back upon."""
    for year in range(day.year, max(first.year, day.year - 2) - 1, -1):
        keys = (str(year), *(f"{year}Q{number}" for number in (4, 3, 2, 1)))
        yield from (span for key in keys if (span := span_of(key, first, day)))


def key_of(day: date) -> str:
    year, number = quarter_of(day)
    return f"{year}Q{number}"
