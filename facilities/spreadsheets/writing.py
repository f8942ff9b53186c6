"""Writing cells: numbers stay numbers, and no text ever becomes a formula, whatever it begins with."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Written = str | int | Decimal | date | datetime | bool | None
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # Excel's XML has no place for them
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A, unless its first stroke is escaped itself
LONGEST = 32_767


def put(cell: Any, value: Written, number_format: str = "") -> Any:
    """Fills a cell of openpyxl and gives it: truths as 是 and 否; a text as a text that Excel never calculates."""
    if isinstance(value, bool):
        value = "是" if value else "否"
    if isinstance(value, str):
        cell.value = ESCAPE.sub("_x005F_", UNPRINTABLE.sub("", value))[:LONGEST]
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
        return cell
    cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    if number_format:
        cell.number_format = number_format
    return cell


def in_unit(unit: str, places: int = 0) -> str:
    """The number format of a quantity: 1,234.50 ㎡ stays the number 1234.5."""
    figure = "#,##0" + ("." + "0" * places if places else "")
    return f'{figure}" {unit}"' if unit else figure
