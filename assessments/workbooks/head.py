"""The head of a 核查表: what it is, a band for each row of the standard, its questions, the items of its checklists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

from assessments.forms import Question
from assessments.workbooks.columns import CODE, NAME, STATE, TOWN, WHY, Column, Layout
from assessments.workbooks.scope import Scope
from assessments.workbooks.styles import BAND, COLOURS, HEAD, LOCKED, TITLE, WRONG, Wardrobe, answer_style
from facilities.access import SHANGHAI
from facilities.models import Officer
from facilities.spreadsheets.writing import put

KEYS, NAMED, LEGEND, CLAUSES, QUESTIONS, ITEMS, FIRST = 1, 2, 3, 4, 5, 6, 7  # rows
DEMO = "演示数据：区划是真的，人口、人名和填报内容是虚构的。"
WIDTHS = {CODE: 15, NAME: 30, WHY: 40, TOWN: 11, STATE: 9}
WIDTH_OF = {"integer": 9, "decimal": 11, "boolean": 10, "choice": 12, "choices": 8, "date": 12, "text": 26}
HOW = {
    "integer": "填整数{unit}，没有的填 0。",
    "decimal": "填数字{unit}，最多 {places} 位小数。",
    "boolean": "填“是”或“否”。",
    "choice": "从下拉列表里选：{labels}。",
    "choices": "每项填“是”或“否”；也可以只在有的项目打√。",
    "date": "填日期，例如 2012-03-01。",
    "text": "填文字。",
}


def add_head(sheet: Any, layout: Layout, scope: Scope, officer: Officer, at: datetime, wardrobe: Wardrobe) -> None:
    _name(sheet, scope, officer, at, wardrobe)
    for number, column in enumerate(layout.columns, 1):
        put(sheet.cell(KEYS, number), column.key)
        width = WIDTHS.get(column.key) or (22 if column.question is None else WIDTH_OF[column.question.indicator.type])
        sheet.column_dimensions[get_column_letter(number)].width = width
        for row in (CLAUSES, QUESTIONS, ITEMS):
            wardrobe.dress(sheet.cell(row, number), BAND if row == CLAUSES and column.clause else HEAD)
        if column.clause is None:
            put(sheet.cell(CLAUSES, number), column.title)
            _merge(sheet, CLAUSES, number, ITEMS, number)
    _clauses(sheet, layout)
    _questions(sheet, layout)
    _set_up(sheet, layout)


def _name(sheet: Any, scope: Scope, officer: Officer, at: datetime, wardrobe: Wardrobe) -> None:
    demo = f"　【{DEMO}】" if settings.DEMO else ""
    wardrobe.dress(
        put(sheet.cell(NAMED, 1), f"{scope.standard.source}核查表　{scope.place.name}　{scope.period}{demo}"), TITLE
    )
    made = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} {officer.display_name} 下载。怎么填见“填写说明”。底色："
    put(sheet.cell(LEGEND, 1), made)
    kinds = [kind for kind in COLOURS if kind != WRONG]
    for number, kind in enumerate(kinds, 5):
        wardrobe.dress(put(sheet.cell(LEGEND, number), kind), answer_style(kind, "boolean"))
        sheet.cell(LEGEND, number).protection = LOCKED


def _clauses(sheet: Any, layout: Layout) -> None:
    for page in layout.asking:
        own = [number for number, column in enumerate(layout.columns, 1) if column.clause is page.clause]
        put(sheet.cell(CLAUSES, own[0]), f"第{page.clause.number}项 {page.clause.title}")
        _merge(sheet, CLAUSES, own[0], CLAUSES, own[-1])


def _questions(sheet: Any, layout: Layout) -> None:
    for number, column in enumerate(layout.columns, 1):
        if column.is_note:
            put(sheet.cell(QUESTIONS, number), "说明").comment = _comment(
                "有提示的数据（比上季变化大、超出常见范围等）在这里写一句。写成“计算机：本季新购 3 台”，多项换行。"
            )
            _merge(sheet, QUESTIONS, number, ITEMS, number)
    for own in layout.of_question.values():
        first: Column = layout.columns[own[0] - 1]
        assert first.question is not None  # noqa: S101 - columns of questions
        put(sheet.cell(QUESTIONS, own[0]), titled(first.question)).comment = _comment(advice(first.question))
        if first.item is None:
            _merge(sheet, QUESTIONS, own[0], ITEMS, own[0])
            continue
        _merge(sheet, QUESTIONS, own[0], QUESTIONS, own[-1])
        for number in own:
            put(sheet.cell(ITEMS, number), layout.columns[number - 1].title)


def titled(question: Question) -> str:
    unit = f"（{question.indicator.unit}）" if question.indicator.unit else ""
    return f"{question.indicator.label}{unit}{'（选填）' if question.optional else ''}"


def advice(question: Question) -> str:
    """口径, then how to write it."""
    indicator = question.indicator
    unit = f"，单位{indicator.unit}" if indicator.unit else ""
    labels = "、".join(choice.label for choice in question.choices)
    how = HOW[indicator.type].format(unit=unit, places=indicator.places, labels=labels)
    return f"{indicator.meaning}\n{how}".strip()


def _comment(text: str) -> Comment:
    lines = sum(1 + len(line) // 20 for line in text.splitlines())
    return Comment(text, "填写说明", height=24 + 20 * lines, width=300)


def note(text: str) -> Comment:
    return _comment(text)


def _merge(sheet: Any, top: int, left: int, bottom: int, right: int) -> None:
    if (top, left) != (bottom, right):
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def _set_up(sheet: Any, layout: Layout) -> None:
    sheet.row_dimensions[KEYS].hidden = True
    for row, height in {NAMED: 26, LEGEND: 20, CLAUSES: 22, QUESTIONS: 44, ITEMS: 32}.items():
        sheet.row_dimensions[row].height = height
    frozen = 4 if layout.with_reasons else 3
    sheet.freeze_panes = f"{get_column_letter(frozen)}{FIRST}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.scale = "landscape", 9, 60
    sheet.page_setup.pageOrder = "overThenDown"
    sheet.print_title_rows, sheet.print_title_cols = f"{CLAUSES}:{ITEMS}", "A:B"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.oddFooter.left.text = "演示数据" if settings.DEMO else ""
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = 18, True
