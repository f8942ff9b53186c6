"""Stretches of days, cut at the ends of months and wherever something changes."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction


@dataclass(frozen=True, order=True)
class Stretch:
    """From the first to the last day, both in it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def share(self) -> Fraction:
        """Its part of the month in which it lies."""
        return Fraction(self.days, days_in_month(self.first))


def days_in_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def months_of(stretch: Stretch) -> Iterator[Stretch]:
    """Month by month, the first and the last as far as the stretch reaches."""
    first = stretch.first
    while True:
        end = first.replace(day=days_in_month(first))
        if stretch.last <= end:
            yield Stretch(first, stretch.last)
            return
        yield Stretch(first, end)
        first = end + timedelta(days=1)


def cut(stretch: Stretch, cuts: Iterable[date]) -> Iterator[Stretch]:
    """Pieces, a new one beginning at each of the days that lies within."""
    firsts = [stretch.first, *sorted({day for day in cuts if stretch.first < day <= stretch.last})]
    lasts = [*(day - timedelta(days=1) for day in firsts[1:]), stretch.last]
    return (Stretch(first, last) for first, last in zip(firsts, lasts, strict=True))
