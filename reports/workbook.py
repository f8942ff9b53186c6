"""Sheets of a workbook: titles, a frozen head that every printed page repeats, typed cells, A4 across."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from facilities.spreadsheets.writing import Written, put

SHEET_NAME = 31  # characters that Excel allows
HEAD = PatternFill("solid", start_color="E8EEF4")
LINE = Side(style="thin", color="9AA5B1")
FRAME = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
WRAPPED = Alignment(wrap_text=True, vertical="top")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell that is more than its value: how it is written."""

    value: Written
    number_format: str = ""


Cells = Sequence[Written | Figure]


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    width: int  # characters


def new_workbook(title: str, author: str, notice: str) -> Workbook:
    workbook = Workbook()
    del workbook[workbook.sheetnames[0]]
    workbook.properties.title, workbook.properties.creator = title, author
    workbook.properties.description = notice
    return workbook


def add_sheet(
    workbook: Workbook,
    name: str,
    title: str,
    notes: Iterable[str],
    columns: Sequence[Column],
    rows: Iterable[Cells],
    frozen: int = 0,
) -> Worksheet:
    """A sheet: its title, notes, then the head and a line a row. ``frozen`` columns stay where they are."""
    sheet: Worksheet = workbook.create_sheet(name[:SHEET_NAME])
    head = _top(sheet, title, notes, len(columns)) + 1
    for number, column in enumerate(columns, 1):
        cell = put(sheet.cell(head, number), column.title)
        cell.font, cell.fill, cell.border, cell.alignment = Font(bold=True), HEAD, FRAME, CENTRED
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for place, row in enumerate(rows, head + 1):
        _line(sheet, place, row)
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{head + 1}"
    _print_set_up(sheet, head)
    return sheet


def _top(sheet: Worksheet, title: str, notes: Iterable[str], width: int) -> int:
    """Title and notes across the table; gives the last line used."""
    last = 1
    put(sheet.cell(1, 1), title).font = Font(bold=True, size=14)
    for last, note in enumerate(notes, 2):
        put(sheet.cell(last, 1), note).alignment = Alignment(wrap_text=True, vertical="center")
    for line in range(1, last + 1):
        sheet.merge_cells(start_row=line, start_column=1, end_row=line, end_column=max(width, 2))
    sheet.row_dimensions[1].height = 26
    return last


def _line(sheet: Worksheet, place: int, row: Cells) -> None:
    for number, content in enumerate(row, 1):
        figure = content if isinstance(content, Figure) else Figure(content)
        cell = put(sheet.cell(place, number), figure.value, figure.number_format)
        cell.border, cell.alignment = FRAME, WRAPPED


def _print_set_up(sheet: Worksheet, head: int) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{head}:{head}"
    footer: Any = sheet.oddFooter
    footer.center.text = "第 &P 页，共 &N 页"
    sheet.print_options.horizontalCentered = True


def bytes_of(workbook: Workbook) -> bytes:
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()
