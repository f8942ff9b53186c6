"""Counts of a year → rates, points, a score, places. Pure and exact: total over total, rounded once, at the end.

An indicator with nothing below it (a denominator of 0, or no data at all) is not scored: its weight goes to the others
of the same unit in proportion, so that the score stays one of 100. It is never counted as 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reports.dashboards.league import ranks_of
from reports.returns.figures import percent
from standards.values import half_up

PLACES = 2  # of points


@dataclass(frozen=True, slots=True)
class Count:
    """``number`` of ``of``; of nothing there is no rate."""

    number: int = 0
    of: int = 0

    def plus(self, other: Count) -> Count:
        return Count(self.number + other.number, self.of + other.of)

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.number, self.of) if self.of else None

    @property
    def rate(self) -> Decimal | None:
        """In %, one decimal, half up."""
        return percent(self.number, self.of)


@dataclass(frozen=True, slots=True)
class Points:
    """What an indicator brings: ``weight`` as it counts here (more than the policy's where another's was shared
    out), ``points`` of it; both None where it is not scored."""

    weight: Decimal | None
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Score:
    """``score`` of 100, two decimals; None where nothing is scored. ``absent`` are the indicators left out."""

    score: Decimal | None
    points: Mapping[str, Points]
    absent: tuple[str, ...]


def total(counts: Iterable[Count]) -> Count:
    found = Count()
    for count in counts:
        found = found.plus(count)
    return found


def scored(counts: Mapping[str, Count], weights: Mapping[str, Decimal]) -> Score:
    """``weights`` come to 100; ``counts`` has every key of them."""
    shares = {key: counts[key].share for key in weights}
    known = sum((Fraction(weights[key]) for key, share in shares.items() if share is not None), Fraction(0))
    points: dict[str, Points] = {}
    exact = Fraction(0)
    for key, share in shares.items():
        if share is None or not known:
            points[key] = Points(None, None)
            continue
        weight = Fraction(weights[key]) * 100 / known
        exact += weight * share
        points[key] = Points(half_up(weight, PLACES), half_up(weight * share, PLACES))
    absent = tuple(key for key, share in shares.items() if share is None)
    return Score(half_up(exact, PLACES) if known else None, points, absent)


def places(scores: Mapping[str, Decimal | None]) -> dict[str, tuple[int, bool]]:
    """unit → place and whether it is shared, best first, as the scores are shown: 1, 2, 2, 4. None has no place."""
    known = {unit: score for unit, score in scores.items() if score is not None}
    ordered = sorted(known, key=lambda unit: (-known[unit], unit))
    return dict(zip(ordered, ranks_of(float(known[unit]) for unit in ordered), strict=True))
