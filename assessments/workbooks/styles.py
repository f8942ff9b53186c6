"""How the cells of a 核查表 look. A style is set up once and shared: openpyxl is slow where each is its own."""

from __future__ import annotations

from copy import copy
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

LINE = Side(style="thin", color="B6C0CA")
FRAME = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
OPEN, LOCKED = Protection(locked=False), Protection(locked=True)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
START = Alignment(vertical="center", wrap_text=True)

#: what a cell is → its colour; the words stand in the legend and in 填写说明
GAP, PREFILLED, FILLED, SPARED, SENT, WRONG = "待填", "沿用未核对", "已填或选填", "不适用", "已提交", "没有导入"
COLOURS = {GAP: "FFF2CC", PREFILLED: "DDEBF7", FILLED: "FFFFFF", SPARED: "D9D9D9", SENT: "EDEDED", WRONG: "F8CBAD"}
FORMATS = {"date": "yyyy-mm-dd", "text": "@", "integer": "#,##0", "choice": "@", "boolean": "@", "choices": "@"}
FORMATS |= {f"decimal{places}": "#,##0" + "." * bool(places) + "0" * places for places in range(5)}
GENERAL = "General"
TITLE, HEAD, BAND, SERIAL, PLAIN = "标题", "表头", "规范事项", "身份", "说明文字"


def ink(size: int = 10, **more: Any) -> Font:
    return Font(name="微软雅黑", size=size, **more)


class Wardrobe:
    """Puts named styles on cells, each looked up once."""

    def __init__(self, book: Workbook) -> None:
        for style in _named():
            book.add_named_style(style)
        self.worn: dict[str, Any] = {}

    def dress(self, cell: Any, style: str) -> Any:
        worn = self.worn.get(style)
        if worn is None:
            cell.style = style
            self.worn[style] = copy(cell._style)
        else:
            cell._style = copy(worn)
        return cell


def answer_style(kind: str, type_: str, places: int = 0) -> str:
    return f"{kind}·{type_}{places if type_ == 'decimal' else ''}"


def _named() -> list[NamedStyle]:
    heads = [
        _style(TITLE, None, Alignment(vertical="center"), ink(bold=True, size=14)),
        _style(HEAD, "E8EEF4", MIDDLE, ink(bold=True)),
        _style(BAND, "1F4E79", START, ink(bold=True, color="FFFFFF")),
        _style(SERIAL, "F3F5F7", START, ink(), "@"),
        _style(PLAIN, "FFFFFF", Alignment(vertical="top", wrap_text=True), ink()),
    ]
    return [*heads, *(_answer(kind, name) for kind in COLOURS for name in FORMATS)]


def _answer(kind: str, name: str) -> NamedStyle:
    words = ink(color="595959") if kind in (SPARED, SENT) else ink()
    style = _style(f"{kind}·{name}", COLOURS[kind], START if name == "text" else MIDDLE, words, FORMATS[name])
    style.protection = LOCKED if kind == SENT else OPEN
    return style


def _style(name: str, colour: str | None, place: Alignment, font: Font, number_format: str = GENERAL) -> NamedStyle:
    style = NamedStyle(name=name)
    style.alignment, style.font, style.number_format, style.protection = place, font, number_format, LOCKED
    if colour:
        style.fill, style.border = PatternFill("solid", start_color=colour), FRAME
    return style
