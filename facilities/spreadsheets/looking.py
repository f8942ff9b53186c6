"""A streamed look at the XML of a workbook's sheets, for what its values do not tell: how many cells, where formulas
and errors stand, what is merged. Nothing is built of it, so that it is cheap however large. Runs in the child."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from posixpath import normpath
from typing import Any
from xml.parsers import expat

from facilities.spreadsheets.guard import BROKEN, TOO_MUCH
from facilities.spreadsheets.tables import Unreadable, coordinate, place

MOST_SHEETS = 20
MOST_CELLS = 200_000
MOST_MERGED = 2_000
DEEPEST = 40  # elements within elements; a sheet has some five
LARGEST_TABLE = 1_000_000  # rows × columns from A1 to the last filled cell
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TOO_MANY_SHEETS = f"工作表超过 {MOST_SHEETS} 个。请只留下要导入的工作表，再上传。"
TOO_MANY_CELLS = "表格太大，超过 20 万个单元格。请删掉用不到的行和列，或者分成几个文件上传。"
TOO_MANY_MERGED = "合并的单元格太多。请重新下载模板，只把内容粘贴过去（选择性粘贴→数值），再上传。"
TOO_FAR = "很远的地方（例如最右一列或最后一行）还有内容。请选中表格以外的行和列，删除后保存，再上传。"


@dataclass
class Look:
    """What one sheet's XML says."""

    formulas: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)


@dataclass
class Counter:
    """Cells of all sheets together."""

    cells: int = 0
    merged: int = 0

    def cell(self) -> None:
        self.cells += 1
        if self.cells > MOST_CELLS:
            raise Unreadable(TOO_MANY_CELLS)

    def merge(self) -> None:
        self.merged += 1
        if self.merged > MOST_MERGED:
            raise Unreadable(TOO_MANY_MERGED)


def looks_of(parts: Mapping[str, bytes]) -> dict[str, Look]:
    """Sheet's name → what its XML says. Raises Unreadable."""
    counter = Counter()
    looks = {name: _Sheet(counter).read(parts[part]) for name, part in _sheets(parts).items() if part in parts}
    if sum(part.startswith("xl/worksheets/") for part in parts) > 2 * MOST_SHEETS:
        raise Unreadable(TOO_MANY_SHEETS)
    return looks


def _sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Sheet's name → the part that holds it."""
    targets = {each.get("Id", ""): each.get("Target", "") for each in _elements(parts, RELATIONS, "Relationship")}
    named = _elements(parts, BOOK, "sheet")
    if len(named) > MOST_SHEETS:
        raise Unreadable(TOO_MANY_SHEETS)
    return {each.get("name", ""): _part(targets.get(each.get("id", ""), "")) for each in named}


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")


def _elements(parts: Mapping[str, bytes], part: str, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == wanted:
            found.append({_local(key): value for key, value in attributes.items()})

    parse(parts.get(part, b""), start)
    return found


class _Sheet:
    """Follows rows and cells; a cell or row that does not say where it stands follows the one before."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.look = counter, Look()
        self.row = self.column = self.last_row = self.last_column = 0

    def read(self, content: bytes) -> Look:
        parse(content, self.start)
        return self.look

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "row":
                self.row, self.column = _number(attributes.get("r"), self.row + 1), 0
            case "c":
                self.cell(attributes)
            case "v" | "is":
                self.filled()
            case "f":
                self.look.formulas.add(coordinate(self.row, self.column))
            case "mergeCell":
                self.counter.merge()
                self.look.merged.append(attributes.get("ref", ""))

    def cell(self, attributes: dict[str, str]) -> None:
        self.counter.cell()
        where = attributes.get("r")
        self.row, self.column = _place(where) if where else (self.row, self.column + 1)
        if attributes.get("t") == "e":
            self.look.errors.add(coordinate(self.row, self.column))

    def filled(self) -> None:
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        if self.last_row * self.last_column > LARGEST_TABLE:
            raise Unreadable(TOO_FAR)


def _place(said: str) -> tuple[int, int]:
    try:
        return place(said)
    except ValueError as wrong:
        raise Unreadable(BROKEN) from wrong


def _number(said: str | None, otherwise: int) -> int:
    if said is None:
        return otherwise
    if not said.isdecimal() or len(said) > 7:
        raise Unreadable(BROKEN)
    return int(said)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def parse(content: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    """Calls ``start(name, attributes)`` for every element. A document type is refused before it means anything."""
    depth = 0

    def deeper(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unreadable(BROKEN)
        start(name, attributes)

    def back(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("UTF-8", " ")
    parser.StartElementHandler, parser.EndElementHandler = deeper, back
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as broken:
        raise Unreadable(TOO_MUCH if "memory" in str(broken) else BROKEN) from broken


def _refuse(*_: Any) -> None:
    raise Unreadable(BROKEN)
