"""A statement → Excel: the parts with their total, and every person's month; totals are formulas with their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from facilities.spreadsheets.writing import Written, in_unit, put
from reports.cached_formulas import with_values
from reports.documents import DEMO_NOTICE
from reports.subsidies.statement import AMOUNTS, OF_PERSON, Detail, Row, Statement
from reports.workbook import CENTRED, FRAME, Cells, Column, Figure, add_sheet, bytes_of, new_workbook

MONEY = in_unit("", 2)
Values = dict[str, Decimal | int | str]


def workbook_of(statement: Statement) -> bytes:
    workbook = new_workbook(statement.title, statement.place.name, DEMO_NOTICE if statement.is_demo else "")
    heads = [Column(statement.place.head, 30), Column("代码", 15), Column("人数", 8)]
    heads += [Column(head, 16) for head in AMOUNTS.values()] + [Column("说明", 44)]
    sheet = add_sheet(workbook, "结算", statement.title, statement.notes, heads, map(_row, statement.rows), 2)
    columns = [[getattr(row.figures, key) for row in statement.rows] for key in AMOUNTS]
    total = statement.total.figures
    persons = {} if total.city_due is None else {3: total.persons}  # by person, not a sum
    values = {1: _total(sheet, len(statement.rows), 4, columns, persons)}
    heads = [Column("服务站", 30), Column("代码", 15), Column("人员", 12), Column("月份", 12), Column("岗位和标准", 40)]
    heads += [Column(AMOUNTS[key], 16) for key in OF_PERSON] + [Column("标记", 24), Column("依据", 70)]
    title = f"{statement.title}（人员明细）"
    sheet = add_sheet(workbook, "人员明细", title, statement.notes, heads, map(_detail, statement.details), 4)
    columns = [[getattr(each.line, key) for each in statement.details] for key in OF_PERSON]
    values[2] = _total(sheet, len(statement.details), 6, columns, {})
    return with_values(bytes_of(workbook), values)


def _row(row: Row) -> Cells:
    persons = None if row.figures.city_due is None else row.figures.persons
    return [row.name, row.code, persons, *(Figure(amount, MONEY) for amount in row.amounts), row.remarks]


def _detail(each: Detail) -> Cells:
    grounds = "\n".join(f"{clause}：{quote}" for clause, quote in each.grounds)
    amounts = (Figure(amount, MONEY) for amount in each.amounts)
    return [each.station, each.code, each.person, each.month, each.work, *amounts, each.remarks, grounds]


def _total(
    sheet: Worksheet, rows: int, first: int, columns: Sequence[Sequence[Decimal | None]], plain: dict[int, int]
) -> Values:
    """The last line. A column in which nothing is known has no total. Gives the values of its formulas."""
    place, values = sheet.max_row + 1, Values()
    for number, content in _cells(place, rows, first, columns, plain):
        cell = put(
            sheet.cell(place, number), None if isinstance(content, tuple) else content, MONEY * (number >= first)
        )
        if isinstance(content, tuple):
            cell.value, values[cell.coordinate] = content
        cell.font, cell.border, cell.alignment = Font(bold=True), FRAME, CENTRED
    return values


def _cells(
    place: int, rows: int, first: int, columns: Sequence[Sequence[Decimal | None]], plain: dict[int, int]
) -> Iterator[tuple[int, Written | tuple[str, Decimal]]]:
    yield 1, "合计"
    yield from plain.items()
    for number, column in enumerate(columns, first):
        known = [amount for amount in column if amount is not None]
        letter = get_column_letter(number)
        formula = f"=SUM({letter}{place - rows}:{letter}{place - 1})"
        yield number, (formula, sum(known, Decimal(0))) if known else None
