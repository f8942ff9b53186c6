"""A book → the rows of a list: the head is found by its titles, wherever the columns stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from facilities.lists.lines import Column, Kind, Row
from facilities.spreadsheets.cells import as_date, as_text, half_width, is_blank
from facilities.spreadsheets.reading import ERROR, read_book
from facilities.spreadsheets.tables import Book, Cell, Sheet, Unreadable, coordinate, place
from facilities.spreadsheets.writing import UNPRINTABLE

HEAD_WITHIN = 10  # rows
MOST_ROWS = 5_000
WIDEST = 100  # columns that are looked at
GUIDE = "填写说明"
FORMULA = "是公式，不能导入。请复制后“选择性粘贴→数值”"
MERGED = "在合并的单元格里，不能导入。请取消合并，逐格填写"
WRONG = "是错误值（如 #N/A），请改成内容"
LONG = "太长，最多 400 个字"
LONGEST = 400


def rows_of(kind: Kind, name: str, content: bytes) -> list[Row]:
    """Raises Unreadable with the sentence where the whole file is refused."""
    sheet = _sheet(kind, read_book(name, content))
    head, places = _head(kind, sheet)
    if len(sheet.rows) - head > MOST_ROWS:
        raise Unreadable(f"超过 {MOST_ROWS:,} 行，请分成几个文件上传。")
    rows = list(_rows(kind, sheet, head, places))
    if not rows:
        raise Unreadable("表头下面没有内容。请填好后再上传。")
    return rows


def _sheet(kind: Kind, book: Book) -> Sheet:
    shown = [sheet for sheet in book.shown if sheet.name != GUIDE]
    if not shown:
        raise Unreadable("文件里没有看得见的工作表。请把表放在第一个工作表，再上传。")
    return next((sheet for sheet in shown if sheet.name == kind.title), shown[0])


def _head(kind: Kind, sheet: Sheet) -> tuple[int, dict[str, int]]:
    """The number of the head's row, and column → where it stands."""
    found: tuple[int, dict[str, int]] = (0, {})
    for number, row in enumerate(sheet.rows[:HEAD_WITHIN], 1):
        places = _places(kind.columns, row[:WIDEST])
        if len(places) > len(found[1]):
            found = (number, places)
    missing = [column.title for column in kind.columns if column.needed and column.key not in found[1]]
    if missing:
        raise Unreadable(f"没有找到这几列：{'、'.join(missing)}。请照模板的表头，列的先后不限。")
    return found


def _places(columns: Sequence[Column], row: Sequence[Cell]) -> dict[str, int]:
    """The first column of each title."""
    titles = {_title(name): column.key for column in columns for name in (column.title, column.key, *column.aliases)}
    places: dict[str, int] = {}
    for number, cell in enumerate(row, 1):
        key = titles.get(_title(cell)) if isinstance(cell, str) else None
        if key:
            places.setdefault(key, number)
    return places


def _title(words: str) -> str:
    """机构代码, 机构代码* and 机构 代码 are one."""
    return half_width("".join(words.split())).rstrip("*").lower()


def _rows(kind: Kind, sheet: Sheet, head: int, places: dict[str, int]) -> Iterator[Row]:
    read = [column for column in kind.columns if column.key in places and not column.told]
    merged = _merged(sheet, max(places.values()))
    for number in range(head + 1, len(sheet.rows) + 1):
        cells = {column: sheet.cell(number, places[column.key]) for column in read}
        if all(is_blank(cell) for cell in cells.values()) and not _covered(merged, number, places):
            continue
        row = Row(number, {}, places=places)
        for column, cell in cells.items():
            _take(row, column, cell, sheet, merged)
        yield row


def _take(row: Row, column: Column, cell: Cell, sheet: Sheet, merged: set[tuple[int, int]]) -> None:
    where = (row.number, row.places[column.key])
    try:
        text = _text(column, cell)
    except ValueError as wrong:
        row.cells[column.key], row.barred[column.key] = str(cell)[:LONGEST], str(wrong)
        return
    row.cells[column.key] = text[:LONGEST]
    if coordinate(*where) in sheet.formulas:
        row.barred[column.key] = FORMULA
    elif where in merged:
        row.barred[column.key] = MERGED
    elif text == ERROR:
        row.barred[column.key] = WRONG
    elif len(text) > LONGEST:
        row.barred[column.key] = LONG


def _text(column: Column, cell: Cell) -> str:
    """Dates as 2026-11-01 where they can be understood, codes and numbers in half-width figures. Raises ValueError."""
    if column.type == "date" and not is_blank(cell):
        try:
            return as_date(cell).isoformat()
        except ValueError:
            return as_text(cell)
    text = " ".join(UNPRINTABLE.sub("", as_text(cell)).split())
    return half_width(text) if column.type in ("number", "code") else text


def _merged(sheet: Sheet, width: int) -> set[tuple[int, int]]:
    """Cells of the table that lie in merged ranges. Raises Unreadable where these cover more than a table has."""
    cells: set[tuple[int, int]] = set()
    room = 2 * MOST_ROWS * width
    for said in sheet.merged:
        first, _, last = said.partition(":")
        (top, left), (bottom, right) = place(first), place(last or first)
        bottom, right = min(bottom, len(sheet.rows)), min(right, width)
        room -= max(bottom - top + 1, 0) * max(right - left + 1, 0)
        if room < 0:
            raise Unreadable("合并的单元格太多。请取消合并，再上传。")
        cells |= {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
    return cells


def _covered(merged: set[tuple[int, int]], number: int, places: dict[str, int]) -> bool:
    return any((number, column) in merged for column in places.values())
