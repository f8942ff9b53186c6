"""Numbers that lie far from those of the same quarter's other sites of the same subject and population band. Pure.

A number is far where it lies beyond the quartiles by more than 1.5 times their distance (Tukey), and by more than half
of the median and more than two: where all are alike, one more is no oddity. Of fewer than eight others nothing is said.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

LEAST_OTHERS = 8
BEYOND = Decimal("1.5")
LEAST_SHARE, LEAST_STEP = Decimal("0.5"), Decimal(2)
#: subject → bounds of the population bands; a bound itself lies in the upper band, as in 附表2 row 7
BANDS: Mapping[str, tuple[int, ...]] = {"township": (60_000, 90_000), "village": (1_500,)}
POPULATION = "resident_population"


@dataclass(frozen=True)
class Fences:
    """What is usual: from ``low`` to ``high``, around ``median``, by ``number`` of sites."""

    low: Decimal
    high: Decimal
    median: Decimal
    number: int

    def side(self, value: Decimal) -> str:
        """高 or 低 where the value is far from the others; empty where it is not."""
        if value > self.high:
            return "高"
        return "低" if value < self.low else ""


def band_of(subject: str, population: Decimal | None) -> int | None:
    """The band's number from below; None where the population is not known. A subject without bounds has one band."""
    bounds = BANDS.get(subject, ())
    if not bounds:
        return 0
    return None if population is None else bisect_right(bounds, population)


def fences_of(values: Sequence[Decimal]) -> Fences | None:
    """None where there are too few to compare with."""
    if len(values) < LEAST_OTHERS + 1:
        return None
    ordered = sorted(values)
    lower, median, upper = (_quantile(ordered, Decimal(n) / 4) for n in (1, 2, 3))
    step = max((upper - lower) * BEYOND, abs(median) * LEAST_SHARE, LEAST_STEP)
    return Fences(lower - step, upper + step, median, len(values))


def _quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    """Between two values in proportion."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
