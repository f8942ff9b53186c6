"""Cells as they wait in an upload, in JSON, and back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from facilities.spreadsheets.tables import Cell


def stored_cell(cell: Cell) -> Any:
    match cell:
        case Decimal():
            return {"number": str(cell)}
        case date():
            return {"date": cell.isoformat()}
    return cell


def cell_stored(stored: Any) -> Cell:
    match stored:
        case {"number": figures}:
            return Decimal(figures)
        case {"date": day}:
            return date.fromisoformat(day)
        case bool() | str() | None:
            return stored
    raise ValueError(stored)
