"""A return → Excel with the customary head: 合计 first, as formulas with their values; facilities and gaps on sheets of
their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from facilities.spreadsheets.writing import Written, in_unit, put
from reports.cached_formulas import with_values
from reports.documents import DEMO_NOTICE
from reports.returns.narrative import opening_of, sections_of
from reports.returns.showing import spans
from reports.returns.statement import Statement
from reports.returns.tables import (
    ASPECTS,
    NO_DATA,
    NONE,
    UNREPORTED,
    Column,
    Row,
    Table,
    Value,
    devices_of,
    facilities_of,
    gaps_of,
    summaries_of,
)
from reports.workbook import CENTRED, FRAME, HEAD, Cells, Figure, add_sheet, bytes_of, new_workbook
from reports.workbook import Column as Simple

FIRST = 3  # the first column of numbers, after 名称 and 代码
TOTAL = 6  # the row of 合计: title, unit, two of the head, the numbers of the columns
PERCENT = "0.0%"
FACILITIES = [
    Simple("代码", 15), Simple("所属", 14), Simple("机构", 34), Simple("类别", 18), Simple("填报", 14),
    Simple("得分", 8), Simple("等次", 10), Simple("应配（人）", 10), Simple("实有（人）", 10),
    Simple("面积（㎡）", 12), Simple("面积差（㎡）", 12), Simple("还缺", 60),
]  # fmt: skip
GAPS = [
    Simple("代码", 15), Simple("所属", 14), Simple("机构", 34), Simple("事项", 18), Simple("单位", 7),
    Simple("应有", 12), Simple("实有", 12), Simple("差", 12),
]  # fmt: skip
MENDING = [
    Simple("代码", 15), Simple("所属", 14), Simple("机构", 34), Simple("要求", 30), Simple("提出时", 10),
    Simple("负责", 24), Simple("期限", 12), Simple("状态", 12), Simple("逾期（工作日）", 14), Simple("再次出现", 10),
]  # fmt: skip
DEVICE_HEAD = ("设备", "单位")


def workbook_of(statement: Statement) -> bytes:
    workbook = new_workbook(statement.title, statement.office, _described(statement))
    one, two = summaries_of(statement)
    values = {1: _summary(workbook, "汇总（一）", one, statement), 2: _summary(workbook, "汇总（二）", two, statement)}
    _devices(workbook, statement)
    notes = list(_notes(statement))
    title = f"{statement.unit}{statement.period}"
    add_sheet(workbook, "机构", f"{title}服务平台判定明细表", notes, FACILITIES, _facilities(statement), 3)
    add_sheet(workbook, "差距", f"{title}差距明细表", notes, GAPS, _gaps(statement), 3)
    if statement.mending:
        add_sheet(workbook, "整改", f"{title}未销号整改明细表", notes, MENDING, _mending(statement), 3)
    add_sheet(workbook, "文字", statement.title, notes, [Simple("章节", 18), Simple("内容", 110)], _text(statement))
    return with_values(bytes_of(workbook), values)


def _described(statement: Statement) -> str:
    proof, parts = statement.proof, [DEMO_NOTICE] if statement.is_demo else []
    if proof:
        parts.append(f"第{proof.version}版　核验码 {proof.spaced}　快照 {proof.content_hash}")
    return "；".join(parts)


def _notes(statement: Statement) -> Iterator[str]:
    """Below every title: until when, which version, and that it is a demonstration."""
    proof = statement.proof
    draft = "" if statement.is_city else "草稿，未报送"
    state = f"第{proof.version}版　核验码 {proof.spaced}　快照 SHA-256 {proof.content_hash}" if proof else draft
    yield f"数据截至 {statement.last_day:%Y-%m-%d}　没有审核通过的不列数字；空格表示没有，不是 0"
    if state:
        yield state
    if statement.is_demo:
        yield DEMO_NOTICE


# ── A summary ─────────────────────────────────────────────────────────────────


def _summary(workbook: Workbook, name: str, table: Table, statement: Statement) -> dict[str, Decimal | int | str]:
    """Gives the values of its formulas."""
    sheet: Worksheet = workbook.create_sheet(name)
    width = FIRST - 1 + len(table.columns)
    _top(sheet, f"{statement.title}　{table.title}", width, statement, table.units)
    _two_heads(sheet, (table.first, "代码"), table.columns)
    parts, rows = TOTAL + 1, TOTAL + 1 + len(table.parts)
    values = _total(sheet, table, rows, rows + len(table.rows) - 1)
    for place, part in enumerate(table.parts, parts):
        _line(sheet, place, part, table.columns, f"其中：{part.name}")
    for place, row in enumerate(table.rows, rows):
        _line(sheet, place, row, table.columns, row.name, row.code)
    _bottom(sheet, rows + len(table.rows), width, table.note, statement)
    _set_up(sheet, width)
    return values


def _top(sheet: Worksheet, title: str, width: int, statement: Statement, units: str) -> None:
    put(sheet.cell(1, 1), title).font = Font(bold=True, size=15)
    sheet.cell(1, 1).alignment = CENTRED
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.row_dimensions[1].height = 30
    sent = statement.sent_at
    third = width // 3
    said = (
        (1, third, f"填报单位（盖章）：{statement.office}", "left"),
        (third + 1, 2 * third, f"填报日期：{sent:%Y-%m-%d}" if sent else statement.period, "center"),
        (2 * third + 1, width, units, "right"),
    )
    for first, last, words, side in said:
        put(sheet.cell(2, first), words).alignment = Alignment(horizontal=side, vertical="center")
        sheet.merge_cells(start_row=2, start_column=first, end_row=2, end_column=last)


def _two_heads(sheet: Worksheet, firsts: tuple[str, ...], columns: tuple[Column, ...]) -> None:
    """Two levels, and the numbers of the columns: 甲 乙 1 2 3."""
    for number, label in enumerate(firsts, 1):
        _head(sheet, 3, number, label)
        _head(sheet, 4, number, "")
        sheet.merge_cells(start_row=3, start_column=number, end_row=4, end_column=number)
        _head(sheet, 5, number, "甲乙丙"[number - 1])
    start = len(firsts) + 1
    for place, column in enumerate(columns):
        number = start + place
        is_first = not place or columns[place - 1].group != column.group
        _head(sheet, 3, number, column.group if is_first else "")
        _head(sheet, 4, number, column.label)
        _head(sheet, 5, number, str(place + 1))
    number = start
    for _, span in spans(column.group for column in columns):
        sheet.merge_cells(start_row=3, start_column=number, end_row=3, end_column=number + span - 1)
        number += span


def _head(sheet: Worksheet, row: int, number: int, label: str) -> None:
    cell = put(sheet.cell(row, number), label)
    cell.font, cell.fill, cell.border, cell.alignment = Font(bold=row < 5), HEAD, FRAME, CENTRED


def _total(sheet: Worksheet, table: Table, first: int, last: int) -> dict[str, Decimal | int | str]:
    """合计: SUM over the rows, a rate total over total. Where nothing is known a word stands for the number."""
    values: dict[str, Decimal | int | str] = {}
    letters = {column.key: get_column_letter(FIRST + place) for place, column in enumerate(table.columns)}
    told = dict(zip(letters, table.total.values, strict=True))
    _dress(put(sheet.cell(TOTAL, 1), table.total.name)).font = Font(bold=True)
    _dress(put(sheet.cell(TOTAL, 2), ""))
    for place, column in enumerate(table.columns):
        cell, value = sheet.cell(TOTAL, FIRST + place), table.total.values[place]
        letter = letters[column.key]
        if column.rate and isinstance(value, Decimal):
            number, of = (Decimal(told[key] or 0) for key in column.rate)
            over = letters[column.rate[1]]
            cell.value = f'=IF({over}{TOTAL}=0,"{NONE}",{letters[column.rate[0]]}{TOTAL}/{over}{TOTAL})'
            values[cell.coordinate] = number / of if of else NONE
            cell.number_format = PERCENT
        elif isinstance(value, int | Decimal) and table.rows:
            cell.value, values[cell.coordinate] = f"=SUM({letter}{first}:{letter}{last})", value
            cell.number_format = in_unit("", column.places)
        else:
            put(cell, value)
        _dress(cell).font = Font(bold=True)
    return values


def _line(sheet: Worksheet, place: int, row: Row, columns: tuple[Column, ...], name: str, code: str = "") -> None:
    _dress(put(sheet.cell(place, 1), name)).alignment = Alignment(horizontal="left", vertical="center")
    _dress(put(sheet.cell(place, 2), code))
    for number, (column, value) in enumerate(zip(columns, row.values, strict=True), FIRST):
        figure = _figure(value, column.places, bool(column.rate))
        _dress(put(sheet.cell(place, number), figure.value, figure.number_format))


def _figure(value: Value, places: int, is_rate: bool = False) -> Figure:
    if not isinstance(value, int | Decimal):
        return Figure(value)
    return Figure(Decimal(value) / 100, PERCENT) if is_rate else Figure(value, in_unit("", places))


def _dress(cell: Any) -> Any:
    words = isinstance(cell.value, str) and cell.value in (NONE, NO_DATA, UNREPORTED)
    cell.border = FRAME
    cell.alignment = Alignment(horizontal="center" if words else None, vertical="center")
    return cell


def _bottom(sheet: Worksheet, place: int, width: int, note: str, statement: Statement) -> None:
    texts = statement.texts
    said = [] if statement.is_city else [
        f"单位负责人：{texts['head']}　　　审核人：{texts['checker']}　　　填报人：{texts['filler']}"
        f"　　　联系电话：{texts['phone']}"
    ]  # fmt: skip
    for row, words in enumerate([*said, note, *_notes(statement)], place):
        put(sheet.cell(row, 1), words).alignment = Alignment(wrap_text=True, vertical="center")
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
        sheet.row_dimensions[row].height = 34 if words == note else 20


def _set_up(sheet: Worksheet, width: int) -> None:
    """Head and first columns frozen, the head on every printed page, A4 across, as wide as the page."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 14
    for number in range(FIRST, width + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 11
    sheet.freeze_panes = f"{get_column_letter(FIRST)}{TOTAL}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows, sheet.print_title_cols = "3:5", "A:B"
    footer: Any = sheet.oddFooter
    footer.center.text = "第 &P 页，共 &N 页"


# ── The other sheets ──────────────────────────────────────────────────────────


def _devices(workbook: Workbook, statement: Statement) -> None:
    blocks, devices = devices_of(statement)
    sheet: Worksheet = workbook.create_sheet("设施设备")
    width = len(DEVICE_HEAD) + len(ASPECTS) * len(blocks)
    _top(sheet, f"{statement.title}　设施设备配备情况表", width, statement, "单位：见各行")
    columns = tuple(Column("", name, aspect, lambda block: None) for name in blocks for aspect in ASPECTS)
    _two_heads(sheet, DEVICE_HEAD, columns)
    for place, device in enumerate(devices, TOTAL):
        _dress(put(sheet.cell(place, 1), device.label))
        _dress(put(sheet.cell(place, 2), device.unit))
        for number, value in enumerate(device.values, FIRST):
            places = 0 if (number - FIRST) % len(ASPECTS) == len(ASPECTS) - 1 else device.places
            figure = _figure(value, places)
            _dress(put(sheet.cell(place, number), figure.value, figure.number_format))
    _bottom(sheet, TOTAL + len(devices), width, "“差”为各家缺额之和，不以超出的抵补。", statement)
    _set_up(sheet, width)


def _facilities(statement: Statement) -> Iterator[Cells]:
    for row in facilities_of(statement):
        yield [
            row.code, row.group, row.name, row.kind, row.state, Figure(row.score, "0.0"), row.grade,
            *(_figure(value, 0) for value in row.staff), *(_figure(value, 2) for value in row.area), row.lacking,
        ]  # fmt: skip


def _gaps(statement: Statement) -> Iterator[Cells]:
    for row in gaps_of(statement):
        numbers: list[Written | Figure] = [_figure(each, row.places) for each in (row.norm, row.actual, row.short)]
        yield [row.code, row.group, row.name, row.item, row.unit, *numbers]


def _mending(statement: Statement) -> Iterator[Cells]:
    for item in statement.mending.items if statement.mending else ():
        due, again = date.fromisoformat(item.due), "是" if item.again else ""
        late = item.late if item.overdue else None
        group = statement.group_names.get(item.group, "")
        yield [
            item.code, group, item.facility, item.requirement, item.outcome, item.responsible, due, item.state, late,
            again,
        ]  # fmt: skip


def _text(statement: Statement) -> Iterator[Cells]:
    yield ["", opening_of(statement)]
    for section in sections_of(statement):
        for place, paragraph in enumerate(section.paragraphs):
            yield [section.heading if not place else "", paragraph]
