"""What a spreadsheet holds: sheets of rows of cells, and where a cell stands. No Django here: the child that reads
imports it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

#: A text as it was typed, an exact number, a truth, a date; None where nothing is.
Cell = str | Decimal | bool | date | None
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class Unreadable(Exception):
    """The file cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows`` begin with A1. ``formulas`` are the coordinates of cells that calculate (their last result stands in
    ``rows``), ``merged`` the ranges of merged cells (the value stands in their first)."""

    name: str
    rows: list[list[Cell]]
    formulas: frozenset[str] = frozenset()
    merged: tuple[str, ...] = ()
    hidden: bool = False

    def cell(self, row: int, column: int) -> Cell:
        """Counted from 1, as Excel does; None outside what is filled."""
        if not 1 <= row <= len(self.rows):
            return None
        cells = self.rows[row - 1]
        return cells[column - 1] if 1 <= column <= len(cells) else None


@dataclass(frozen=True, slots=True)
class Book:
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    @property
    def shown(self) -> tuple[Sheet, ...]:
        """Sheets that a person sees."""
        return tuple(sheet for sheet in self.sheets if not sheet.hidden)


def coordinate(row: int, column: int) -> str:
    """(7, 2) → B7."""
    return f"{letters(column)}{row}"


def letters(column: int) -> str:
    """2 → B, 28 → AB."""
    said = ""
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(ord("A") + rest) + said
    return said


def place(said: str) -> tuple[int, int]:
    """B7 → (7, 2). Raises ValueError for what is no coordinate."""
    found = _PLACE.fullmatch(said)
    if found is None:
        raise ValueError(said)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
