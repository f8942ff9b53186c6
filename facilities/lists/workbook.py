"""A list as a workbook: the current state, an empty table to be filled, or refused lines with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from django.conf import settings
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from facilities.access import today
from facilities.lists.lines import Cells, Column, Kind, Row
from facilities.lists.reading import GUIDE
from facilities.spreadsheets.writing import put

WHY = Column("why", "没有导入的原因", 50, needed=False, told=True)
HEAD, FIRST = 2, 3
SPARE = 200  # rows below the last that still have drop-downs
DEMO = "演示数据"
FONT, BOLD = "微软雅黑", Font(name="微软雅黑", size=10, bold=True)
PLAIN = Font(name=FONT, size=10)
EDGE = Side(style="thin", color="B6C0CA")
FRAME = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
GROUND = {"head": PatternFill("solid", start_color="E8EEF4"), "wrong": PatternFill("solid", start_color="F8CBAD")}
TOLD = PatternFill("solid", start_color="F3F5F7")
WRAP = Alignment(vertical="center", wrap_text=True)
SPELLINGS = (
    (
        "认得的写法",
        "日期 2026-11-01、2026/11/1、2026年11月1日都认；是、√、Y、1 都认作“是”；全角数字认。公式和合并单元格不认。",
    ),
    ("交回", "保存后到系统上传，也可以存成 CSV。系统先列出新增、修改、不变和不能导入的行，您确认后才导入。"),
)


def workbook_of(kind: Kind, rows: Iterable[Cells]) -> bytes:
    return _saved(kind, kind.columns, [(cells, "", frozenset()) for cells in rows])


def refused_workbook(kind: Kind, refused: Iterable[tuple[Row, str, set[str]]]) -> bytes:
    """Cells as they were sent, the wrong ones shaded; mended, the file can be sent again."""
    return _saved(kind, (*kind.columns, WHY), [(row.cells | {WHY.key: why}, why, wrong) for row, why, wrong in refused])


def _saved(
    kind: Kind, columns: tuple[Column, ...], lines: list[tuple[Mapping[str, Any], str, set[str] | frozenset[str]]]
) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = kind.title
    _head(sheet, kind, columns)
    for number, (cells, _, wrong) in enumerate(lines, FIRST):
        for place, column in enumerate(columns, 1):
            _cell(sheet.cell(number, place), column, cells.get(column.key), column.key in wrong)
    _drop_downs(sheet, columns, FIRST + len(lines) + SPARE)
    _guide(book, kind)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _head(sheet: Any, kind: Kind, columns: tuple[Column, ...]) -> None:
    title = f"{kind.title}名单　{today().isoformat()}　{settings.HOST_UNIT}" + (f"　{DEMO}" if settings.DEMO else "")
    put(sheet.cell(1, 1), title).font = Font(name=FONT, size=12, bold=True)
    sheet.row_dimensions[1].height, sheet.row_dimensions[HEAD].height = 24, 30
    for place, column in enumerate(columns, 1):
        cell = put(sheet.cell(HEAD, place), column.title)
        cell.font, cell.fill, cell.border, cell.alignment = BOLD, GROUND["head"], FRAME, WRAP
        if column.note:
            cell.comment = Comment(column.note, settings.HOST_UNIT, height=90, width=260)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.freeze_panes = sheet.cell(FIRST, 3)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEAD}:{HEAD}"


def _cell(cell: Any, column: Column, value: Any, wrong: bool) -> None:
    put(cell, value, {"date": "yyyy-mm-dd", "number": "#,##0"}.get(column.type, "@"))
    cell.font, cell.border, cell.alignment = PLAIN, FRAME, WRAP
    if isinstance(value, str) or value is None:
        cell.number_format = {"date": "yyyy-mm-dd", "number": "#,##0"}.get(column.type, "@")
    if wrong or column.told:
        cell.fill = GROUND["wrong"] if wrong else TOLD


def _drop_downs(sheet: Any, columns: tuple[Column, ...], last: int) -> None:
    for place, column in enumerate(columns, 1):
        if column.choices:
            limit = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            limit.errorTitle, limit.error, limit.showErrorMessage = "请核对", "请从列表里选。", True
            limit.add(f"{get_column_letter(place)}{FIRST}:{get_column_letter(place)}{last}")
            sheet.add_data_validation(limit)


def _guide(book: Workbook, kind: Kind) -> None:
    sheet: Any = book.create_sheet(GUIDE)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 90
    columns = tuple((column.title, column.note) for column in kind.columns if column.note)
    lines = ((f"{kind.title}名单填写说明", ""), *kind.guide, *SPELLINGS, ("各列", ""), *columns)
    for number, (name, said) in enumerate(lines, 1):
        put(sheet.cell(number, 1), name).font = BOLD
        cell = put(sheet.cell(number, 2), said)
        cell.font, cell.alignment = PLAIN, WRAP
        sheet.row_dimensions[number].height = 18 * (1 + len(said) // 50)
