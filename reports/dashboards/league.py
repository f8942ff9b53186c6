"""名次: areas side by side, ties shared, with what they are measured by beside the rank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reports.dashboards.asked import BEST, BY_CODE, Asked
from reports.dashboards.figures import ABSENT, Change, Rate, points
from reports.dashboards.places import Place
from reports.dashboards.reading import Count, Total

SHOWN = 24  # areas on a page, in the matrix and in the table


@dataclass(frozen=True, slots=True)
class Standing:
    """One area's place; ``rank`` None where nothing is accepted yet."""

    code: str
    rank: int | None
    shared: bool
    total: Total
    count: Count
    before: Total


@dataclass(frozen=True, slots=True)
class Line:
    standing: Standing
    place: Place
    change: Change | None
    asked: Asked

    @property
    def rate(self) -> Rate:
        return self.standing.total.rate

    @property
    def rank(self) -> str:
        if self.standing.rank is None:
            return ABSENT
        return f"{self.standing.rank}{'（并列）' if self.standing.shared else ''}"

    @property
    def mean(self) -> str:
        return mean_of(self.standing.total)

    @property
    def url(self) -> str:
        return self.place.url + self.asked.address(page="")

    def list_url(self, **more: str) -> str:
        return self.place.list_url + self.asked.address(page="", order="", **more)

    @property
    def reached_url(self) -> str:
        return self.list_url(grade="good")

    @property
    def accepted_url(self) -> str:
        return self.list_url(show="accepted")

    @property
    def timely_url(self) -> str:
        return self.list_url(show="on_time")


def mean_of(total: Total) -> str:
    mean = total.mean
    return ABSENT if mean is None else str(mean.quantize(Decimal("0.1"), ROUND_HALF_UP))


def ranked(
    totals: Mapping[tuple[int, str], Total], counts: Mapping[str, Count], now: int, before: int
) -> list[Standing]:
    """Best first; those of which nothing is accepted last. The same rate is the same rank."""
    areas = {area for period, area in totals if period == now} | set(counts)
    own = {area: totals.get((now, area), Total()) for area in areas}
    judged = sorted((area for area in areas if own[area].judged), key=lambda area: (-_share(own[area]), area))
    ranks = ranks_of(_share(own[area]) for area in judged)
    standings = [
        Standing(area, rank, shared, own[area], counts.get(area, Count()), totals.get((before, area), Total()))
        for area, (rank, shared) in zip(judged, ranks, strict=True)
    ]
    waiting = sorted(area for area in areas if not own[area].judged)
    return standings + [Standing(area, None, False, Total(), counts.get(area, Count()), Total()) for area in waiting]


def _share(total: Total) -> float:
    """Of whole numbers far below 2²⁶, as here, equal shares are equal floats and different ones differ: exact, and for
    thousands of areas many times as fast as fractions."""
    return total.reached / total.judged


def ranks_of(shares: Iterable[float]) -> list[tuple[int, bool]]:
    """Of shares from the best on: rank, and whether it is shared. 1, 2, 2, 4."""
    listed = list(shares)
    firsts: dict[float, int] = {}
    for place, share in enumerate(listed, 1):
        firsts.setdefault(share, place)
    return [(firsts[share], _beside(listed, n)) for n, share in enumerate(listed)]


def _beside(listed: list[float], n: int) -> bool:
    """Equal ones stand side by side."""
    return listed[n] in (listed[max(n - 1, 0) : n] + listed[n + 1 : n + 2])


def page_of(standings: list[Standing], asked: Asked) -> tuple[list[Standing], int]:
    """The areas of the page that is asked for, in its order, and how many pages there are."""
    ordered = in_order(standings, asked.order)
    pages = max(1, -(-len(ordered) // SHOWN))
    first = (min(asked.page, pages) - 1) * SHOWN
    return ordered[first : first + SHOWN], pages


def in_order(standings: list[Standing], order: str) -> list[Standing]:
    """Worst first has those without a rate at its end too."""
    if order == BY_CODE:
        return sorted(standings, key=lambda each: each.code)
    if order == BEST:
        return standings
    judged = [each for each in standings if each.rank is not None]
    return sorted(judged, key=lambda each: (_share(each.total), each.code)) + standings[len(judged) :]


def lines_of(standings: Iterable[Standing], place: Place, names: Mapping[str, str], asked: Asked) -> list[Line]:
    """In the order of ranks, whatever the page's."""
    listed = sorted(standings, key=lambda each: (each.rank is None, each.rank or 0, each.code))
    return [
        Line(
            each,
            place.child(each.code, names.get(each.code, each.code)),
            points(each.total.rate, each.before.rate),
            asked,
        )
        for each in listed
    ]


@dataclass(frozen=True, slots=True)
class Pinned:
    """The place's own row among those beside it."""

    rank: int | None
    shared: bool
    ranked: int
    of: int

    @property
    def text(self) -> str:
        if self.rank is None:
            return "还没有名次"
        return f"第 {self.rank} 名" + ("（并列）" if self.shared else "")


def pinned(place: Place, siblings: list[tuple[str, Total]], areas: int) -> Pinned:
    own = next((total for code, total in siblings if code == place.code and total.judged), None)
    judged = [_share(total) for _, total in siblings if total.judged]
    if own is None:
        return Pinned(None, False, len(judged), areas)
    share = _share(own)
    ahead = sum(other > share for other in judged)
    return Pinned(ahead + 1, judged.count(share) > 1, len(judged), areas)
