"""A spreadsheet that somebody sends, read by a child with limits: sheets, rows, cells in plain values.

``read_book`` is all that others call. What cannot be read is refused with a sentence for the person who sent it."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from math import isfinite
from typing import Any

from facilities.bounded import Exceeded, run_bounded
from facilities.spreadsheets.guard import BROKEN, NOT_A_WORKBOOK, OLD_OR_LOCKED, OLE, TOO_LARGE, parts_of
from facilities.spreadsheets.looking import MOST_CELLS, TOO_MANY_CELLS, Look, looks_of
from facilities.spreadsheets.tables import Book, Cell, Sheet, Unreadable, place

LARGEST = 5 * 1024 * 1024
SECONDS, MEGABYTES = 4, 300
ZIP = b"PK\x03\x04"
EMPTY = "文件是空的。请填好后再上传。"
TOO_HEAVY = "这个文件太复杂，没有读完。请重新下载模板，只把内容粘贴过去（选择性粘贴→数值），再上传。"
NOT_A_TABLE = "这不是 Excel 工作簿（.xlsx），也不是 CSV。请用 Excel 或 WPS 打开，另存为其中一种，再上传。"
ERROR = "#错误值"  # calamine gives nothing for #N/A and its like, and nothing would look like an empty cell
ENCODINGS = ("utf-8-sig", "gb18030")


def read_book(name: str, content: bytes) -> Book:
    """Reads an .xlsx or a .csv; the content decides which, not the name alone. Raises Unreadable."""
    if not content:
        raise Unreadable(EMPTY)
    if len(content) > LARGEST:
        raise Unreadable(TOO_LARGE)
    if content.startswith(OLE):
        raise Unreadable(OLD_OR_LOCKED)
    if not content.startswith(ZIP) and not name.lower().endswith((".csv", ".txt")):
        raise Unreadable(NOT_A_WORKBOOK if name.lower().endswith((".xlsx", ".xlsm", ".xls")) else NOT_A_TABLE)
    try:
        return run_bounded(read, (name, content), SECONDS, MEGABYTES)
    except Exceeded as exceeded:
        raise Unreadable(TOO_HEAVY) from exceeded


# ── In the child ──────────────────────────────────────────────────────────────


def read(name: str, content: bytes) -> Book:
    if content.startswith(ZIP):
        return _workbook(content)
    return Book((Sheet(name.rpartition(".")[0], _trimmed(_lines(_decoded(content)))),))


def _workbook(content: bytes) -> Book:
    looks = looks_of(parts_of(content))
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        tables = [shown for shown in book.sheets_metadata if shown.typ == SheetTypeEnum.WorkSheet]
        return Book(
            tuple(
                _sheet(
                    shown.name,
                    book.get_sheet_by_name(shown.name).to_python(skip_empty_area=False),
                    looks.get(shown.name, Look()),
                    shown.visible != SheetVisibleEnum.Visible,
                )
                for shown in tables
            )
        )
    except (CalamineError, ValueError, OSError) as broken:
        raise Unreadable(BROKEN) from broken


def _sheet(name: str, values: list[list[Any]], look: Look, hidden: bool) -> Sheet:
    rows = [[plain(value) for value in row] for row in values]
    for where in look.errors:
        row, column = place(where)
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = ERROR
    return Sheet(name, _trimmed(rows), frozenset(look.formulas), tuple(look.merged), hidden)


def _trimmed(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Without what is empty at the ends."""
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def plain(value: Any) -> Cell:
    """A value of calamine: a number in the 15 digits that Excel keeps, a moment as its day, nothing as None."""
    if isinstance(value, (bool, str)):
        return value if value != "" else None
    if isinstance(value, (int, float)) and isfinite(value):
        return Decimal(f"{value:.15g}").normalize() + 0
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else str(value)


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(NOT_A_TABLE)


def _lines(text: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    cells = 0
    first = text.partition("\n")[0]
    try:
        for row in csv.reader(
            StringIO(text, newline=""), delimiter="\t" if "\t" in first and "," not in first else ","
        ):
            cells += max(len(row), 1)
            if cells > MOST_CELLS:
                raise Unreadable(TOO_MANY_CELLS)
            rows.append([plain(cell) for cell in row])
    except csv.Error as broken:
        raise Unreadable(NOT_A_TABLE) from broken
    return rows
