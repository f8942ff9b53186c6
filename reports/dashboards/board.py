"""One page's whole content: an area in a quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from assessments.deadlines import Due, due_of
from assessments.models import Summary
from assessments.summaries.counting import name_of
from facilities.access import SHANGHAI
from facilities.models import Officer
from reports.dashboards import gaps, league, reading
from reports.dashboards.asked import ORDERS, SUBJECTS, WORST, Asked
from reports.dashboards.checking import Checking, checking_of
from reports.dashboards.figures import Rate
from reports.dashboards.headlines import Headline, Own, Waiting, headlines_of, own_of, previous_of, waiting_of
from reports.dashboards.heat import Ground, Heat, heat_of
from reports.dashboards.league import Line, Pinned, Standing, mean_of
from reports.dashboards.mending import Mending, mending_of
from reports.dashboards.moves import Move, Moves, moves_of
from reports.dashboards.places import Place
from reports.dashboards.reading import Read, key_of
from reports.dashboards.trends import DRAWN, Trends, trends_of
from standards.edition import Edition
from standards.loading import edition_of
from standards.models import Standard

Shown = Sequence[tuple[Standing, Place]]


@dataclass(frozen=True)
class Tab:
    label: str
    due: int
    url: str
    current: bool


@dataclass(frozen=True)
class Below:
    """The areas that the place is compared by: those of the page, and of how many."""

    shown: Shown = ()
    league: Sequence[Line] = ()
    moves: Sequence[Move] = ()
    number: int = 0
    pages: int = 1

    @property
    def codes(self) -> list[str]:
        return [each.code for each, _ in self.shown]


@dataclass(frozen=True)
class Matter:
    """What the schedule's rows say: the matrix of one subject, and what is lacking."""

    subject: str
    heat: Heat | None
    gaps: Sequence[gaps.GapLine]
    more_gaps: int  # that are not shown

    @property
    def word(self) -> str:
        return SUBJECTS.get(self.subject, "")


@dataclass(frozen=True)
class Board:
    place: Place
    asked: Asked
    at: datetime
    own: Own
    headlines: Sequence[Headline]
    tabs: Sequence[Tab]
    below: Below
    pinned: Pinned | None
    matter: Matter
    trends: Trends | None
    moves: Moves
    due: Due
    waiting: Sequence[Waiting]
    mending: Mending
    checking: Checking | None

    @property
    def finding(self) -> str:
        """The headline sentence: what is worst."""
        worst = self.matter.heat.worst if self.matter.heat else None
        if worst is None:
            return f"{self.place.name}{self.asked.period}还没有已通过的核查表"
        if worst.total.rate.rest == 0:
            return f"{self.place.name}已通过的{self.matter.word}各项都达标"
        return f"{worst.clause.title}是最大短板，{self.place.name} {worst.total.rate.text} 的{self.matter.word}达标"

    @property
    def mean(self) -> str:
        return mean_of(self.own.total)

    @property
    def turns(self) -> Iterable[tuple[str, str]]:
        """The pages before and after, of areas."""
        page = min(self.asked.page, self.below.pages)
        if page > 1:
            yield "上一页", self.asked.address(page=page - 1 if page > 2 else "")
        if page < self.below.pages:
            yield "下一页", self.asked.address(page=page + 1)

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        """Word, address, current."""
        orders = ORDERS.items()
        return [
            (word, self.asked.address(order="" if key == WORST else key, page=""), key == self.asked.order)
            for key, word in orders
        ]

    @property
    def all_gaps(self) -> str:
        return self.asked.address(gaps="all")

    @property
    def csv(self) -> str:
        return self.asked.address(format="csv")

    @property
    def xlsx(self) -> str:
        return self.asked.address(format="xlsx")


def board_of(officer: Officer, place: Place, asked: Asked) -> Board:
    """The same queries, some dozen, however many facilities and areas."""
    found, at, due = reading.read(place, asked), timezone.now(), due_of(asked.period)
    own, last = own_of(found, asked.period.pk, asked.subject), previous_of(found, asked)
    below, editions = _below(place, asked, found), _editions(found)
    return Board(
        place=place,
        asked=asked,
        at=at.astimezone(SHANGHAI),
        own=own,
        headlines=headlines_of(place, asked, own, last, not due.on_time(at)),
        tabs=_tabs(place, asked, found),
        below=below,
        pinned=_pinned(place, asked),
        matter=_matter(place, asked, found, below, editions),
        trends=_trends(place, asked, below.shown),
        moves=moves_of([*_clause_moves(found, place, asked, editions), *below.moves]),
        due=due,
        waiting=waiting_of(place, asked, own.count, due, not due.on_time(at)),
        mending=mending_of(place),
        checking=checking_of(officer, place, asked.period),
    )


def _below(place: Place, asked: Asked, found: Read) -> Below:
    if not place.below:
        return Below()
    standings = league.ranked(found.totals, found.below, asked.period.pk, key_of(asked.before))
    page, pages = league.page_of(standings, asked)
    moving = _moving(standings)
    names = reading.names_of(place, [each.code for each in (*page, *moving)])
    shown = [(each, place.child(each.code, names.get(each.code, each.code))) for each in page]
    lines = league.lines_of(page, place, names, asked)
    return Below(shown, lines, list(_area_moves(moving, names, place, asked)), len(standings), pages)


def _matter(place: Place, asked: Asked, found: Read, below: Below, editions: Mapping[str, Edition]) -> Matter:
    every = gaps.gaps_of(found.rows, asked, editions, place)
    listed = every if asked.all_gaps else every[: gaps.FIRST]
    subject = asked.subject or _largest(found, asked)
    standard = _standard_of(found, asked, subject)
    cells = reading.cells(place, asked, below.codes, standard, [gap.key for gap in listed])
    heat = None
    if standard in editions:
        ground = Ground(place, asked, editions[standard], standard, subject)
        heat = heat_of(ground, _now(found, asked), cells, below.shown)
    return Matter(subject, heat, gaps.lines_of(listed, cells, below.shown, asked), len(every) - len(listed))


# ── Parts ─────────────────────────────────────────────────────────────────────


def _tabs(place: Place, asked: Asked, found: Read) -> list[Tab]:
    counts = found.counts.get(asked.period.pk, {})
    dues = {key: counts[key].due if key in counts else 0 for key in SUBJECTS}
    every = Tab("合计", sum(dues.values()), place.url + asked.address(subject="", page=""), not asked.subject)
    return [every] + [
        Tab(word, dues[key], place.url + asked.address(subject=key, page=""), asked.subject == key)
        for key, word in SUBJECTS.items()
        if dues[key] or asked.subject == key
    ]


def _largest(found: Read, asked: Asked) -> str:
    """The subject with the most accepted, else due: whose matrix is shown where none is chosen."""
    counts = found.counts.get(asked.period.pk, {})
    return max(counts, key=lambda subject: (counts[subject].accepted, counts[subject].due), default="")


def _now(found: Read, asked: Asked) -> list[Summary]:
    return [row for row in found.rows if row.period_id == asked.period.pk]


def _standard_of(found: Read, asked: Asked, subject: str) -> str:
    """The edition that judged most of the subject's facilities."""
    whole = [row for row in _now(found, asked) if row.subject == subject and not (row.clause or row.item)]
    return max(whole, key=lambda row: row.facilities).standard if whole else ""


def _editions(found: Read) -> dict[str, Edition]:
    """Name in the summaries → edition. One query where they are parsed already."""
    names = {row.standard for row in found.rows}
    asked = Q()
    for name in names:
        key, _, effective = name.partition("@")
        asked |= Q(key=key, effective=effective)
    rows = Standard.objects.filter(asked).select_related("file") if names else ()
    return {name_of(row.key, row.effective): edition_of(row) for row in rows}


def _pinned(place: Place, asked: Asked) -> Pinned | None:
    if not place.code:
        return None
    siblings, areas = reading.standing_among(place, asked)
    return league.pinned(place, siblings, areas)


def _trends(place: Place, asked: Asked, shown: Shown) -> Trends | None:
    drawn = shown[:DRAWN]
    history = reading.history(place, asked, [each.code for each, _ in drawn])
    areas = [(each.code, area.name, area.url + asked.address(page="")) for each, area in drawn]
    return trends_of(asked.quarters, history, (place.code, place.name), areas)


def _moving(standings: Iterable[Standing]) -> list[Standing]:
    """The areas that can be among those that rose or fell most."""
    moves = {each.code: Move(each.code, "", each.total.rate, each.before.rate) for each in standings}
    most = moves_of(moves.values())
    codes = {move.name for move in (*most.up, *most.down)}
    return [each for each in standings if each.code in codes]


def _area_moves(moving: Iterable[Standing], names: Mapping[str, str], place: Place, asked: Asked) -> Iterable[Move]:
    for each in moving:
        area = place.child(each.code, names.get(each.code, each.code))
        yield Move(area.name, area.url + asked.address(page=""), each.total.rate, each.before.rate)


def _clause_moves(found: Read, place: Place, asked: Asked, editions: Mapping[str, Edition]) -> Iterable[Move]:
    before = {
        (row.standard, row.subject, row.clause): row for row in found.rows if row.period_id == key_of(asked.before)
    }
    for row in _now(found, asked):
        if not row.clause or row.requirement or row.standard not in editions or asked.subject not in ("", row.subject):
            continue
        last = before.get((row.standard, row.subject, row.clause))
        if last is None:
            continue
        clause = editions[row.standard].clause_by_key[row.clause]
        name = f"第{clause.number}项 {clause.title}" + ("" if asked.subject else f"（{SUBJECTS.get(row.subject, '')}）")
        url = place.list_url + asked.address(subject=row.subject, page="", order="", clause=row.clause)
        yield Move(name, url, Rate(row.reached, row.judged), Rate(last.reached, last.judged))
