"""What officials write into a cell, understood in one place: truths, dates, numbers and texts in their many spellings.

Each raises ValueError with a Chinese sentence that says what to write."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

from facilities.spreadsheets.tables import Cell

YES = frozenset(("是", "有", "对", "真", "y", "yes", "true", "t", "1", "√", "✓", "✔", "☑", "■"))
NO = frozenset(("否", "无", "没有", "错", "假", "n", "no", "false", "f", "0", "×", "✗", "✘", "x", "☐", "□"))
EXACT = 15  # digits that Excel keeps of a number
EPOCH = date(1899, 12, 30)  # day 0 of Excel's serial dates
SERIALS = (3654, 73050)  # 1910–2099: a bare number in it is a date that lost its format
_DATES = (
    re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?"),
    re.compile(r"(\d{4})()年(\d{1,2})月(\d{1,2})[日号]"),
    re.compile(r"(\d{4})()(\d{2})(\d{2})"),
)
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_LIKE_HALF_WIDTH = str.maketrans("－−—。、", "---..")


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones, without blanks at the ends."""
    return unicodedata.normalize("NFKC", text).translate(_LIKE_HALF_WIDTH).strip()


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_boolean(cell: Cell) -> bool:
    """是 否, 有 无, √ ×, Y N, 1 0, TRUE FALSE."""
    if isinstance(cell, bool):
        return cell
    said = str(cell).strip() if isinstance(cell, Decimal) else half_width(cell).lower() if isinstance(cell, str) else ""
    if said in YES or said in NO:
        return said in YES
    raise ValueError("要填“是”或“否”")


def as_date(cell: Cell) -> date:
    """A date of Excel, 2026-11-01, 2026/11/1, 2026.11.1, 2026年11月1日, 20261101, or a serial number of Excel."""
    if isinstance(cell, date):
        return cell
    if isinstance(cell, Decimal) and SERIALS[0] <= cell <= SERIALS[1]:
        return EPOCH + timedelta(days=int(cell))
    said = re.sub(
        r"\s*([-/.年月日号])\s*", r"\1", half_width(f"{cell:f}" if isinstance(cell, Decimal) else as_text(cell))
    )
    for form in _DATES:
        if found := form.fullmatch(said):
            try:
                return date(int(found[1]), int(found[3]), int(found[4]))
            except ValueError:
                raise ValueError("不是真实的日期，请核对，例如 2026-11-01") from None
    raise ValueError("要填日期，例如 2026-11-01")


def as_number(cell: Cell) -> Decimal:
    """An exact number; thousands separators and full-width digits are understood, units are not."""
    if isinstance(cell, Decimal):
        return cell
    said = half_width(cell).replace(" ", "") if isinstance(cell, str) else ""
    if not _NUMBER.fullmatch(said):
        raise ValueError("要填数字，例如 5")
    return Decimal(said.replace(",", ""))


def as_text(cell: Cell) -> str:
    """The words as they stand, without blanks at the ends; a number as it is written. Empty where nothing is."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, Decimal):
        return _figures(cell)
    return cell.isoformat() if isinstance(cell, date) else cell.strip()


def _figures(number: Decimal) -> str:
    said = f"{number:f}"
    if len(said.lstrip("-").replace(".", "")) > EXACT:
        raise ValueError("数字太长，Excel 只保留前 15 位。请先把单元格设为文本再填")
    return said
