"""Drop-down lists and limits. Excel only warns: 无法提供：原因 and 清空 may stand in any cell."""

from __future__ import annotations

from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from assessments.forms import Question
from assessments.workbooks.columns import Layout
from facilities.access import today

LONGEST_LIST = 255  # what Excel allows in a list's formula
TITLE = "请核对"
ELSE = "确实无法提供的，写“无法提供：原因”，选“是”保留即可。"


def add_limits(sheet: Any, layout: Layout, first: int, last: int) -> None:
    """One limit for all columns of a kind."""
    limits: dict[tuple[str, str], DataValidation] = {}
    for number, column in enumerate(layout.columns, 1):
        if column.question is None or column.question.indicator.type == "text":
            continue
        kind = _kind(column.question)
        if kind not in limits:
            limits[kind] = _limit(*kind)
        letter = get_column_letter(number)
        limits[kind].add(f"{letter}{first}:{letter}{last}")
    for limit in limits.values():
        sheet.add_data_validation(limit)


def _kind(question: Question) -> tuple[str, str]:
    indicator = question.indicator
    if indicator.type in ("boolean", "choices"):
        return "list", "是,否"
    if indicator.type == "choice":
        return "list", ",".join(choice.label for choice in question.choices)
    return indicator.type, ""


def _limit(kind: str, labels: str) -> DataValidation:
    limit = _of_kind(kind, labels)
    limit.errorStyle, limit.showErrorMessage, limit.allow_blank = "warning", True, True
    limit.errorTitle = TITLE
    return limit


def _of_kind(kind: str, labels: str) -> DataValidation:
    if kind == "list":
        limit = DataValidation(type="list", formula1=f'"{labels}"' if len(labels) <= LONGEST_LIST else None)
        limit.error = f"请从列表里选。{ELSE}"
    elif kind == "integer":
        limit = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")
        limit.error = f"请填整数，不带单位。{ELSE}"
    elif kind == "date":
        day = today()
        until = f"DATE({day.year},{day.month},{day.day})"
        limit = DataValidation(type="date", operator="between", formula1="DATE(1900,1,1)", formula2=until)
        limit.error = f"请填日期，例如 2012-03-01，不能晚于今天。{ELSE}"
    else:
        limit = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
        limit.error = f"请填数字，不带单位。{ELSE}"
    return limit
