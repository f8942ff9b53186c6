"""Tables → CSV and Excel. CSV as Excel reads it: BOM, CRLF, and no text that it would calculate."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO

from django.conf import settings

from reports.dashboards.tables import Table, Value
from reports.documents import DEMO_NOTICE
from reports.workbook import Column, Figure, add_sheet, bytes_of, new_workbook

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet may take for a formula
DIGITS_KEPT = 11  # Excel shows longer numbers rounded
WIDEST = 40


def csv_of(tables: Sequence[Table], notes: Sequence[str]) -> bytes:
    """The tables one below the other, each with its title and head; an empty line between."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for note in (*notes, *demo()):
        writer.writerow([safe(note)])
    for table in tables:
        writer.writerow([])
        writer.writerow([safe(table.title)])
        writer.writerow([safe(word) for word in table.head])
        writer.writerows([safe(value) for value in row] for row in table.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def safe(value: Value) -> str:
    """Numbers as they are; a text never begins as a formula does, a long code stays a text."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if value.startswith(LIVE) or value.lstrip().startswith(LIVE):
        return f"'{value}"
    return f"\t{value}" if value.isdecimal() and len(value) > DIGITS_KEPT else value


def xlsx_of(tables: Sequence[Table], title: str, notes: Sequence[str]) -> bytes:
    """A sheet a table."""
    workbook = new_workbook(title, settings.HOST_UNIT, "".join(demo()))
    for table in tables:
        columns = [Column(word, _width(word, number)) for number, word in enumerate(table.head)]
        rows = [[_figure(value) for value in row] for row in table.rows]
        add_sheet(
            workbook, table.title.replace("/", ""), f"{title}　{table.title}", [*notes, *demo()], columns, rows, 2
        )
    return bytes_of(workbook)


def _figure(value: Value) -> Figure:
    if isinstance(value, Decimal):
        return Figure(value, "#,##0.0" if value.as_tuple().exponent == -1 else "#,##0.##")
    return Figure(value, "#,##0" if isinstance(value, int) else "")


def _width(word: str, number: int) -> int:
    return min(max(2 * len(word) + 2, 22 if number < 2 else 9), WIDEST)


def demo() -> list[str]:
    return [DEMO_NOTICE] if settings.DEMO else []
