"""The board: a row for each dated sentence, a column for each unit, in each cell how many bodies stand how."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from facilities.access import today, units_visible_to
from facilities.models import Officer, ReportingUnit
from reports.milestones.items import Item, items
from reports.milestones.reading import Body, Said, bodies_of, newest_quarter, said_by, standing_of
from reports.milestones.standing import STATUSES, UNKNOWN, day_of
from standards.outcomes import OUTCOMES

CITY = ""  # the column of all units


@dataclass(frozen=True, slots=True)
class Cell:
    """``counts``: status, its word, how many; of those there are. Empty where the sentence is to nobody here."""

    unit: str
    counts: tuple[tuple[str, str, int], ...]

    @property
    def is_silent(self) -> bool:
        """Nothing is known of anybody."""
        return bool(self.counts) and all(status == UNKNOWN for status, _, _ in self.counts)


@dataclass(frozen=True, slots=True)
class Row:
    item: Item
    cells: tuple[Cell, ...]

    @property
    def is_silent(self) -> bool:
        return all(cell.is_silent or not cell.counts for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day and what was wanted by it."""

    day: date
    is_past: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Board:
    """``period``: the quarter whose bodies stand here; None where no quarter was opened."""

    period: str | None
    units: Sequence[ReportingUnit]
    deadlines: Sequence[Deadline]
    bodies: int
    read: int  # of them, with a snapshot


@dataclass(frozen=True, slots=True)
class Line:
    """A body behind a number: how it stands, since when, and what that rests on."""

    body: Body
    status: str
    day: date | None
    quarter: str  # key of the snapshot's
    why: str

    @property
    def word(self) -> str:
        return STATUSES[self.status]


@dataclass(frozen=True)
class Reach:
    """Everything that is read for an officer."""

    period: str | None
    units: Sequence[ReportingUnit]
    bodies: Sequence[Body]
    items: Sequence[Item]
    said: Said


def reach_of(officer: Officer, only: str = "", unit: str = CITY) -> Reach:
    """Of the units that the officer reads; narrowed to one item and one unit."""
    found = units_visible_to(officer)
    wanted = [item for item in items() if only in ("", item.key)]
    period = newest_quarter()
    units = list(found.filter(dues__period=period).order_by("code")) if period else []
    bodies = bodies_of(period, found.filter(code=unit) if unit else found) if period else []
    return Reach(str(period) if period else None, units, bodies, wanted, said_by(bodies, wanted))


def board_of(officer: Officer) -> Board:
    reach, day = reach_of(officer), today()
    counts = _counts(reach, day)
    columns = [CITY, *(unit.code for unit in reach.units)] if len(reach.units) != 1 else [reach.units[0].code]
    rows = [Row(item, tuple(_cell(counts, item, code) for code in columns)) for item in reach.items]
    deadlines = [
        Deadline(deadline, deadline < day, tuple(found))
        for deadline, found in groupby(rows, key=lambda row: row.item.deadline)
    ]
    read = sum(body.snapshot is not None for body in reach.bodies)
    return Board(reach.period, reach.units, deadlines, len(reach.bodies), read)


def _counts(reach: Reach, day: date) -> Mapping[tuple[int, str, str], Counter[str]]:
    """(standard, requirement, unit) → how many stand how; the city's are the sums of the units'."""
    found: dict[tuple[int, str, str], Counter[str]] = defaultdict(Counter)
    bodies: dict[str, list[Body]] = defaultdict(list)
    for body in reach.bodies:
        bodies[body.subject].append(body)
    columns = {body.unit for body in reach.bodies}
    for item in reach.items:
        standard, key = item.standard.pk, item.key
        for body in (body for subject in item.subjects for body in bodies.get(subject, ())):
            if status := standing_of(item, body, reach.said, day):
                found[standard, key, body.unit][status] += 1
        for unit in columns:
            found[standard, key, CITY].update(found[standard, key, unit])
    return found


def _cell(counts: Mapping[tuple[int, str, str], Counter[str]], item: Item, unit: str) -> Cell:
    own = counts.get((item.standard.pk, item.key, unit), Counter())
    return Cell(unit, tuple((status, word, own[status]) for status, word in STATUSES.items() if own[status]))


def lines_of(reach: Reach, item: Item, status: str) -> list[Line]:
    """The bodies behind a cell, or behind one of its numbers; worst first."""
    order = list(STATUSES)
    lines = [line for line in _lines(reach, item) if status in ("", line.status)]
    return sorted(lines, key=lambda line: (order.index(line.status), line.body.code))


def _lines(reach: Reach, item: Item) -> Iterable[Line]:
    day = today()
    for body in reach.bodies:
        status = standing_of(item, body, reach.said, day)
        if status is None:
            continue
        told = reach.said.told(item, body)
        period = reach.said.quarters.get(body.snapshot) if body.snapshot else None
        when = day_of(told.facts.get(item.day)) if item.day else None
        why = _why(item, body, told.outcome, status)
        yield Line(body, status, when, period.key if period else "", why)


def _why(item: Item, body: Body, outcome: str, status: str) -> str:
    """What it rests on."""
    if body.snapshot is None:
        return "还没有提交过核查表"
    if item.facts and status != UNKNOWN:
        return "核查表填报的事实"
    if not outcome:
        return f"没有按{item.standard.source}判定"
    return f"{item.standard.source}判定：{OUTCOMES[outcome]}"
