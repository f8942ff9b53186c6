"""填写说明: how to fill the table, what is understood, what not to touch, who helps, and the 口径 of every question."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from openpyxl import Workbook
from openpyxl.worksheet.properties import PageSetupProperties

from assessments.workbooks.columns import Layout
from assessments.workbooks.head import DEMO, advice, titled
from assessments.workbooks.scope import Scope
from assessments.workbooks.styles import BAND, HEAD, PLAIN, TITLE, Wardrobe, answer_style
from facilities.spreadsheets.writing import put

SHEET = "填写说明"
STEPS = (
    (
        "怎么填",
        "一行一家机构，一列一项数据。先看底色“待填”的格；“沿用未核对”的格是上季或登记的数据，对的不用动，变了直接改。",
    ),
    ("口径", "鼠标停在列标题上会显示口径，下面也逐项列出。"),
    ("空着", "空着的格表示这次不填：系统里原来有的答案照旧，不会被清掉，也不会当作 0 或“否”。"),
    ("清空", "要收回系统里已有的答案，在格里写“清空”。"),
    ("无法提供", "确实无法提供的，写“无法提供：原因”，例如“无法提供：台账还没有移交”。勾选的题写在它的第一格。"),
    ("说明", "与上季相差大、超出常见范围的数据，在该项最后的“说明”列写一句，例如“计算机：本季新购 3 台”，多项换行。"),
    ("交回", "保存后到系统“Excel”页上传。系统先列出新增、修改、不变和不能导入的格，您确认后才导入；导入不等于提交。"),
    (
        "不要动",
        "请不要改动机构编码、表头和工作表名，不要移动、删除、插入列。可以删去不填的行，可以分几个人填后分别上传。",
    ),
    ("别人改过", "下载以后别人在系统里改过的格，您没动的以系统为准；两边都改了、不一样的，上传时会列出来请您定。"),
)
SPELLINGS = (
    ("是/否", "是、有、√、Y、1 都认作“是”；否、无、×、N、0 都认作“否”。"),
    ("日期", "2026-11-01、2026/11/1、2026.11.1、2026年11月1日、20261101 都认。"),
    ("数字", "1,200、全角数字、带本项单位（5台）都认；公式不认，请“选择性粘贴→数值”。"),
    ("选择", "照下拉列表里的文字写。"),
    ("合并单元格", "不认。请取消合并，逐格填写。"),
)
MEANS = {
    "待填": "还没有答案，提交前要填",
    "沿用未核对": "上季填的或登记的数据，请核对",
    "已填或选填": "本季已填，或可以不填",
    "不适用": "按已填的内容，这家不用填",
    "已提交": "本季已提交，不能再改",
}


def add_guide(book: Workbook, layout: Layout, scope: Scope, wardrobe: Wardrobe) -> None:
    sheet: Any = book.create_sheet(SHEET)
    for letter, width in zip("ABC", (22, 34, 84), strict=True):
        sheet.column_dimensions[letter].width = width
    wardrobe.dress(put(sheet.cell(1, 1), f"{scope.standard} 核查表填写说明"), TITLE)
    sheet.row_dimensions[1].height = 26
    row = 2
    if settings.DEMO:
        put(sheet.cell(row, 1), DEMO)
        row += 1
    row = _pairs(sheet, row, "怎么填", STEPS, wardrobe)
    row = _pairs(sheet, row, "认得的写法", SPELLINGS, wardrobe)
    row = _legend(sheet, row, wardrobe)
    row = _pairs(sheet, row, "问谁", (("填写问题", f"{settings.HOST_UNIT}　{settings.SUPPORT}"),), wardrobe)
    _meanings(sheet, row, layout, wardrobe)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.protection.enable()


def _heading(sheet: Any, row: int, words: tuple[str, ...], wardrobe: Wardrobe) -> int:
    for number, word in enumerate(words, 1):
        wardrobe.dress(put(sheet.cell(row, number), word), BAND)
    return row + 1


def _pairs(sheet: Any, row: int, title: str, pairs: tuple[tuple[str, str], ...], wardrobe: Wardrobe) -> int:
    row = _heading(sheet, row, (title, "", ""), wardrobe)
    for name, said in pairs:
        wardrobe.dress(put(sheet.cell(row, 1), name), HEAD)
        wardrobe.dress(put(sheet.cell(row, 2), said), PLAIN)
        sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=3)
        sheet.row_dimensions[row].height = 18 * (1 + len(said) // 60)
        row += 1
    return row + 1


def _legend(sheet: Any, row: int, wardrobe: Wardrobe) -> int:
    row = _heading(sheet, row, ("底色", "", ""), wardrobe)
    for kind, said in MEANS.items():
        wardrobe.dress(put(sheet.cell(row, 1), kind), answer_style(kind, "boolean"))
        wardrobe.dress(put(sheet.cell(row, 2), said), PLAIN)
        row += 1
    return row + 1


def _meanings(sheet: Any, row: int, layout: Layout, wardrobe: Wardrobe) -> None:
    row = _heading(sheet, row, ("规范事项", "数据项", "口径和填法"), wardrobe)
    for page in layout.asking:
        for question in page.questions:
            said = advice(question)
            for number, words in enumerate(
                (f"第{page.clause.number}项 {page.clause.title}", titled(question), said), 1
            ):
                wardrobe.dress(put(sheet.cell(row, number), words), PLAIN)
            sheet.row_dimensions[row].height = 16 * sum(1 + len(line) // 46 for line in said.splitlines())
            row += 1
