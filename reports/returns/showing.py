"""Tables in words, for page and paper: numbers with their places, heads in groups, what a number opens to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from reports.returns.statement import Statement
from reports.returns.tables import (
    ASPECTS,
    Column,
    FacilityRow,
    Row,
    Table,
    Value,
    devices_of,
    facilities_of,
    summaries_of,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """``figure`` and ``part`` are empty where there is nothing to open."""

    text: str
    figure: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    kind: str  # sum, sub, or empty
    name: str
    cells: tuple[Cell, ...]
    code: str = ""
    subject: str = ""
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class ShownTable:
    mark: str
    title: str
    first: str
    units: str
    groups: tuple[tuple[str, int], ...]
    labels: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    note: str = ""
    firsts: int = 1  # columns before the numbered ones


def written(value: Value, places: int = 0) -> str:
    """1,234.50; a word as it is; empty for nothing."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{Decimal(value):,.{places}f}"


def shown_tables(statement: Statement) -> list[ShownTable]:
    return [*(_summary(table) for table in summaries_of(statement)), _devices(statement)]


def spans(groups: Iterator[str]) -> tuple[tuple[str, int], ...]:
    """Neighbours of the same name, and how many."""
    return tuple((name, len(list(same))) for name, same in groupby(groups))


def _summary(table: Table) -> ShownTable:
    rows = [_row("sum", table.total, table.columns)]
    rows += [_row("sub", part, table.columns) for part in table.parts]
    rows += [_row("", row, table.columns) for row in table.rows]
    return ShownTable(
        table.mark,
        table.title,
        table.first,
        table.units,
        spans(column.group for column in table.columns),
        tuple(column.label for column in table.columns),
        tuple(rows),
        table.note,
    )


def _row(kind: str, row: Row, columns: tuple[Column, ...]) -> ShownRow:
    cells = tuple(_cell(value, column) for value, column in zip(row.values, columns, strict=True))
    return ShownRow(kind, row.name, cells, row.code, row.subject, not kind)


def _cell(value: Value, column: Column) -> Cell:
    """A number that counts something opens; so does 无数据, to those that gave none."""
    text = written(value, column.places)
    if column.opens and isinstance(value, int | Decimal) and value:
        return Cell(text, *column.opens)
    return Cell(text, column.opens[0], "unknown") if column.opens and value == "无数据" else Cell(text)


def _devices(statement: Statement) -> ShownTable:
    blocks, devices = devices_of(statement)
    rows = []
    for device in devices:
        cells = tuple(
            Cell(written(value, 0 if place % len(ASPECTS) == len(ASPECTS) - 1 else device.places))
            for place, value in enumerate(device.values)
        )
        rows.append(ShownRow("", f"{device.label}（{device.unit}）", cells))
    return ShownTable(
        "附件3",
        f"{statement.unit}设施设备配备情况表",
        "设备",
        "单位：台、㎡、把、个、家",
        tuple((name, len(ASPECTS)) for name in blocks),
        ASPECTS * len(blocks),
        tuple(rows),
        "注：“应配”按各家适用的条文计，“差”为各家缺额之和，不以超出的抵补。",
    )


@dataclass(frozen=True, slots=True)
class ShownFacility:
    number: int
    group: str
    name: str
    kind: str
    state: str
    score: str
    grade: str
    staff: tuple[str, str]
    area: tuple[str, str]
    lacking: str


def shown_facilities(statement: Statement) -> Iterator[ShownFacility]:
    for row in facilities_of(statement):
        yield _facility(row)


def _facility(row: FacilityRow) -> ShownFacility:
    staff = (written(row.staff[0]), written(row.staff[1]))
    area = (written(row.area[0], 2), written(row.area[1], 2))
    score = written(row.score, 1)
    return ShownFacility(
        row.number, row.group, row.name, row.kind, row.state, score, row.grade, staff, area, row.lacking
    )
