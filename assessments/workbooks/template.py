"""核查表 → Excel: a row a facility, what is known already filled in, to be completed and sent back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from django.conf import settings
from openpyxl import Workbook
from openpyxl.workbook.protection import WorkbookProtection

from assessments.answering import Given
from assessments.forms import Question
from assessments.workbooks import remarks
from assessments.workbooks.columns import CODE, NAME, STATE, TOWN, WHY, Layout
from assessments.workbooks.guide import add_guide
from assessments.workbooks.head import DEMO, FIRST, add_head, note
from assessments.workbooks.identity import add_identity, seen_of
from assessments.workbooks.limits import add_limits
from assessments.workbooks.present import Present, towns_of
from assessments.workbooks.scope import Scope
from assessments.workbooks.spelling import NOT_APPLICABLE, cells_of
from assessments.workbooks.styles import (
    FILLED,
    GAP,
    PREFILLED,
    SENT,
    SERIAL,
    SPARED,
    WRONG,
    Wardrobe,
    answer_style,
)
from facilities.models import Officer
from facilities.spreadsheets.tables import Cell
from facilities.spreadsheets.writing import put

SHEET = "核查表"
WHY_LINE = 20  # characters of a reason in one line


@dataclass(frozen=True)
class Returned:
    """A line that was not imported and goes back: why, what the official wrote (column's key → cell), and what is
    wrong with which cell (column's key → sentence)."""

    why: str
    written: Mapping[str, Cell] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


def workbook_of(
    scope: Scope,
    present: Sequence[Present],
    officer: Officer,
    at: datetime,
    returned: Mapping[str, Returned] | None = None,
) -> bytes:
    """The template; with ``returned`` (by facility's code) the lines go back as they were sent, with the reasons."""
    book = Workbook()
    wardrobe = Wardrobe(book)
    sheet: Any = book.active
    sheet.title = SHEET
    layout = Layout(present[0].asked, with_reasons=returned is not None)
    add_head(sheet, layout, scope, officer, at, wardrobe)
    towns = towns_of([each.facility for each in present])
    for row, each in enumerate(present, FIRST):
        line = _Line(sheet, row, layout, each, wardrobe, (returned or {}).get(each.facility.code))
        line.identify(towns.get(each.facility.code, ""))
        line.answer()
    add_limits(sheet, layout, FIRST, FIRST + len(present) - 1)
    add_guide(book, layout, scope, wardrobe)
    add_identity(book, scope, {each.facility.code: seen_of(each) for each in present})
    _protect(book, sheet)
    _describe(book, scope)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


@dataclass(frozen=True)
class _Line:
    sheet: Any
    row: int
    layout: Layout
    present: Present
    wardrobe: Wardrobe
    returned: Returned | None

    def identify(self, town: str) -> None:
        facility = self.present.facility
        said = {CODE: facility.code, NAME: facility.name, TOWN: town, STATE: self.present.state}
        said[WHY] = self.returned.why if self.returned else ""
        if lines := sum(1 + len(line) // WHY_LINE for line in said[WHY].splitlines()):
            self.sheet.row_dimensions[self.row].height = 18 * lines
        for number, column in enumerate(self.layout.columns[: self.layout.fixed], 1):
            put(self.wardrobe.dress(self.sheet.cell(self.row, number), SERIAL), said[column.key])

    def answer(self) -> None:
        asked = self.layout.questionnaire.questions
        for key, numbers in self.layout.of_question.items():
            question = asked[key]
            kind = self.kind(key)
            cells = cells_of(question, Given.of(self.present.answers.get(key)))
            if kind == SPARED and not any(cell is not None for cell in cells):
                cells = [NOT_APPLICABLE] * len(cells)
            for number, cell in zip(numbers, cells, strict=True):
                self.put(number, cell, kind, question)
        for page in self.layout.asking:
            number = self.layout.place["@note/" + page.clause.key]
            self.put(number, remarks.cell_of(page, self.present.answers), self.note_kind())

    def put(self, number: int, cell: Cell, kind: str, question: Question | None = None) -> None:
        column, back = self.layout.columns[number - 1], self.returned
        wrong = back.wrong.get(column.key) if back else None
        type_, places = (question.indicator.type, question.indicator.places) if question else ("text", 0)
        written = self.wardrobe.dress(
            self.sheet.cell(self.row, number), answer_style(WRONG if wrong else kind, type_, places)
        )
        put(written, back.written.get(column.key, cell) if back else cell)
        if wrong:
            written.comment = note(wrong)

    def kind(self, key: str) -> str:
        present, standing = self.present, self.present.standing
        if not present.is_open(key):
            return SENT
        if key not in standing.relevant:
            return SPARED
        if key in standing.needed:
            return GAP
        answer = present.answers.get(key)
        return PREFILLED if answer is not None and answer.value is not None and answer.is_unread else FILLED

    def note_kind(self) -> str:
        return FILLED if self.present.survey.is_open else SENT


def _protect(book: Workbook, sheet: Any) -> None:
    """Against slips, not against intent: there is no password. Columns may be widened."""
    protection = sheet.protection
    protection.enable()
    protection.formatColumns = protection.formatRows = False
    book.security = WorkbookProtection(lockStructure=True)


def _describe(book: Workbook, scope: Scope) -> None:
    book.properties.title = f"{scope.place.name} {scope.standard} {scope.period} 核查表"
    book.properties.creator = settings.HOST_UNIT
    book.properties.description = DEMO if settings.DEMO else ""


def file_name(scope: Scope, what: str = "核查表") -> str:
    """单位_表名_期别_版本."""
    place = scope.place.name.replace("/", "")
    return f"{place}_{scope.standard.source}{what}_{scope.period.key}_{scope.standard.effective:%Y-%m-%d}.xlsx"
