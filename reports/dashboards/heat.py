"""规范事项 × 单位: a number and a shade in each cell, worst first both ways, each cell a link to its facilities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from assessments.models import Summary
from reports.dashboards.asked import BY_CODE, Asked
from reports.dashboards.figures import Rate
from reports.dashboards.league import Standing
from reports.dashboards.places import Place
from standards.edition import Clause, Edition


@dataclass(frozen=True, slots=True)
class Cell:
    rate: Rate
    said: str  # 香洲区 设施配置 96/135 达标
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    judged: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    clause: Clause
    law_url: str
    total: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    edition: Edition
    own: Column
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def worst(self) -> Row | None:
        """The row that the fewest reach."""
        judged = [row for row in self.rows if row.total.rate.share is not None]
        return min(judged, key=lambda row: row.total.rate.share or 0, default=None)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the matrix is drawn on."""

    place: Place
    asked: Asked
    edition: Edition
    standard: str
    subject: str


def heat_of(
    ground: Ground, own: Iterable[Summary], below: Iterable[Summary], shown: Sequence[tuple[Standing, Place]]
) -> Heat:
    totals = {row.clause: row for row in own if _is_of(row, ground)}
    found = {(row.area, row.clause): row for row in below if _is_of(row, ground)}
    rows = [_row(ground, clause, totals, found, shown) for clause in ground.edition.clauses]
    if ground.asked.order != BY_CODE:
        rows.sort(key=lambda row: (row.total.rate.share is None, row.total.rate.share or 0))
    whole = {row.area: row.facilities for row in below if row.standard == ground.standard and row.clause}
    columns = tuple(Column(area.name, whole.get(each.code, 0), _board_url(area, ground)) for each, area in shown)
    judged = max((row.facilities for row in totals.values()), default=0)
    return Heat(ground.edition, Column(ground.place.name, judged, ""), columns, tuple(rows))


def _is_of(row: Summary, ground: Ground) -> bool:
    return bool(row.clause and not row.requirement and row.standard == ground.standard)


def _row(
    ground: Ground,
    clause: Clause,
    totals: dict[str, Summary],
    found: dict[tuple[str, str], Summary],
    shown: Sequence[tuple[Standing, Place]],
) -> Row:
    edition = ground.edition
    law = reverse("standards:clause", args=[edition.key, edition.effective, clause.number])
    cells = (_cell(ground, area, clause, found.get((each.code, clause.key))) for each, area in shown)
    return Row(clause, law, _cell(ground, ground.place, clause, totals.get(clause.key)), tuple(cells))


def _cell(ground: Ground, area: Place, clause: Clause, row: Summary | None) -> Cell:
    rate = Rate(row.reached, row.judged) if row else Rate()
    said = (
        f"{area.name} {clause.title} {rate.part}/{rate.whole} 达标"
        if rate.whole
        else f"{area.name} {clause.title} 没有已通过的核查表"
    )
    asked = ground.asked.address(subject=ground.subject, page="", order="", clause=clause.key)
    return Cell(rate, said, area.list_url + asked)


def _board_url(area: Place, ground: Ground) -> str:
    return area.url + ground.asked.address(subject=ground.subject, page="")
