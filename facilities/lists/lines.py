"""What a list is: its columns, its rows as they were read, and what would become of each line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from facilities.models import Officer
from facilities.spreadsheets.tables import coordinate

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
STATES = {NEW: "新增", CHANGED: "修改", SAME: "不变", REFUSED: "不能导入"}
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str
    width: int = 16
    note: str = ""  # how it is filled, for 填写说明
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()  # other titles by which it is known
    type: str = "text"  # text, date, number
    needed: bool = True  # the table cannot be read without it
    told: bool = False  # for people to read: it is exported, and ignored when it comes back


@dataclass(slots=True)
class Row:
    """One row as it was read: text by column; a cell that cannot be read has a sentence instead."""

    number: int
    cells: dict[str, str]
    barred: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)  # column → its number in the file

    def get(self, key: str) -> str:
        return self.cells.get(key, "")

    def where(self, key: str) -> str:
        place = self.places.get(key)
        return coordinate(self.number, place) if place else f"第 {self.number} 行"


@dataclass(slots=True)
class Line:
    """What would become of a row. What is refused in one cell keeps the whole line out."""

    row: Row
    name: str
    kind: str = SAME
    edits: list[tuple[str, str, str]] = field(default_factory=list)  # label, before, after
    refused: list[tuple[str, str]] = field(default_factory=list)  # column (or empty: the whole line), sentence
    doubts: list[str] = field(default_factory=list)
    wanted: Any = None  # as checked, ready to be applied; not kept

    @property
    def state(self) -> str:
        return REFUSED if self.refused else self.kind

    def refuse(self, column: str, sentence: str) -> None:
        self.refused.append((column, sentence))

    def edit(self, label: str, before: str, after: str) -> None:
        self.edits.append((label, before, after))

    def as_json(self, titles: Mapping[str, str]) -> dict[str, Any]:
        return {
            "row": self.row.number,
            "name": self.name[:LONGEST_SHOWN],
            "state": self.state,
            "edits": [list(edit) for edit in self.edits] if not self.refused else [],
            "doubts": self.doubts,
            "refused": [
                {
                    "where": self.row.where(key) if key else f"第 {self.row.number} 行",
                    "key": key,
                    "title": titles.get(key, "整行"),
                    "value": self.row.get(key)[:LONGEST_SHOWN],
                    "why": why,
                }
                for key, why in self.refused
            ],
        }


Cells = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of list. ``compare`` gives a line for every row and changes nothing; with ``hold`` it holds what it
    compares with until the transaction ends. ``apply`` takes the lines that are new or changed, and gives ways in to
    be shown once (of new officers)."""

    key: str
    title: str
    columns: tuple[Column, ...]
    guide: tuple[tuple[str, str], ...]
    exports: Callable[[Officer], bool]
    imports: Callable[[Officer], bool]
    current: Callable[[Officer], Iterable[Cells]]
    compare: Callable[[Officer, Sequence[Row], bool], list[Line]]
    apply: Callable[[Officer, Sequence[Line]], list[Any]]

    @property
    def titles(self) -> dict[str, str]:
        return {column.key: column.title for column in self.columns}


def begun(row: Row, name: str, seen: dict[str, int], key: str, column: str) -> Line:
    """A line with what is barred in it; one whose ``key`` came before is refused."""
    line = Line(row, name or key or "（空）")
    for barred, sentence in row.barred.items():
        line.refuse(barred, sentence)
    if key and key in seen:
        line.refuse(column, f"与第 {seen[key]} 行重复，请只留一行")
    seen.setdefault(key, row.number)
    return line
