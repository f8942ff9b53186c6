"""The last eight quarters as small drawings on one scale. A quarter without accepted surveys is a hole, not 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.models import Period
from reports.dashboards.figures import Change, Rate, points
from reports.dashboards.reading import Total

WIDTH, HEIGHT, EDGE = 252, 62, 6
DRAWN = 11  # areas beside the place itself


@dataclass(frozen=True, slots=True)
class Trend:
    """``lines`` and ``of_all`` are polylines, a stretch of quarters each; ``dots`` the ends and single quarters."""

    name: str
    url: str
    rates: tuple[Rate, ...]
    lines: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    of_all: tuple[str, ...]

    @property
    def last(self) -> Rate:
        return self.rates[-1]

    @property
    def change(self) -> Change | None:
        """From the first quarter that has a rate to the last."""
        known = [rate for rate in self.rates if rate.share is not None]
        return points(known[-1], known[0]) if len(known) > 1 and self.last.share is not None else None

    @property
    def said(self) -> str:
        return f"{self.name} 各季度达标率：" + "、".join(rate.text for rate in self.rates)


@dataclass(frozen=True, slots=True)
class Trends:
    quarters: tuple[Period, ...]
    low: int
    high: int
    drawn: tuple[Trend, ...]

    @property
    def first_word(self) -> str:
        return short(self.quarters[0])

    @property
    def last_word(self) -> str:
        return short(self.quarters[-1])


def short(period: Period) -> str:
    return f"{period.year % 100:02d}年{'一二三四'[period.quarter - 1]}季"


def trends_of(
    quarters: Sequence[Period],
    history: Mapping[tuple[int, str], Total],
    own: tuple[str, str],
    shown: Sequence[tuple[str, str, str]],
) -> Trends | None:
    """``own`` is code and name, ``shown`` code, name and address of those below. None before two quarters have one."""
    rates = {code: _rates(quarters, history, code) for code in (own[0], *(code for code, _, _ in shown))}
    known = [float(rate.percent) for each in rates.values() for rate in each if rate.percent is not None]
    if sum(rate.share is not None for rate in rates[own[0]]) < 2:
        return None
    low, high = int(min(known) // 10 * 10), min(100, int(-(-max(known) // 10) * 10))
    scale = (low, max(high, low + 10))
    whole = _lines(rates[own[0]], scale)
    drawn = [_trend(own[1], "", rates[own[0]], scale, ())]
    drawn += [_trend(name, url, rates[code], scale, whole) for code, name, url in shown]
    return Trends(tuple(quarters), *scale, tuple(drawn))


def _rates(quarters: Sequence[Period], history: Mapping[tuple[int, str], Total], code: str) -> tuple[Rate, ...]:
    return tuple(history.get((period.pk, code), Total()).rate for period in quarters)


def _trend(name: str, url: str, rates: tuple[Rate, ...], scale: tuple[int, int], whole: tuple[str, ...]) -> Trend:
    stretches = _stretches(rates, scale)
    single = [stretch[0] for stretch in stretches if len(stretch) == 1]
    last = [stretches[-1][-1]] if stretches else []
    return Trend(name, url, rates, _joined(stretches), tuple(dict.fromkeys(single + last)), whole)


def _lines(rates: tuple[Rate, ...], scale: tuple[int, int]) -> tuple[str, ...]:
    return _joined(_stretches(rates, scale))


def _joined(stretches: Sequence[Sequence[tuple[str, str]]]) -> tuple[str, ...]:
    return tuple(" ".join(f"{x},{y}" for x, y in stretch) for stretch in stretches if len(stretch) > 1)


def _stretches(rates: tuple[Rate, ...], scale: tuple[int, int]) -> list[list[tuple[str, str]]]:
    """Points of the quarters that have a rate, broken where one has none."""
    found: list[list[tuple[str, str]]] = [[]]
    for place, rate in enumerate(rates):
        if rate.percent is None:
            found.append([])
        else:
            found[-1].append((_x(place, len(rates)), _y(rate.percent, scale)))
    return [stretch for stretch in found if stretch]


def _x(place: int, count: int) -> str:
    return f"{EDGE + place * (WIDTH - 2 * EDGE) / max(count - 1, 1):.1f}"


def _y(percent: Decimal, scale: tuple[int, int]) -> str:
    low, high = scale
    return f"{HEIGHT - EDGE - (float(percent) - low) / (high - low) * (HEIGHT - 2 * EDGE):.1f}"
