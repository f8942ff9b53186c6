"""The hidden sheet: of which edition, quarter and place a workbook is, and what stood in it when it was made, so that
what somebody changed since is told apart from what the official changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from assessments.answering import Given
from assessments.workbooks import remarks
from assessments.workbooks.present import Present
from assessments.workbooks.scope import Scope
from assessments.workbooks.spelling import cells_of, fingerprint
from facilities.spreadsheets.cells import as_text
from facilities.spreadsheets.tables import Book, Cell
from facilities.spreadsheets.writing import put

SHEET = "版本"
KIND, FORMAT = "人社基层平台核查表", "1"
FIELDS = ("kind", "format", "standard", "effective", "content_hash", "period", "subject", "place")
BETWEEN = ","


@dataclass(frozen=True)
class Identity:
    """``seen``: facility's code → fingerprints, in the order of the questionnaire: of each question, then of 说明."""

    fields: Mapping[str, str]
    seen: Mapping[str, list[str]]


def fields_of(scope: Scope) -> dict[str, str]:
    standard = scope.standard
    values = (
        KIND,
        FORMAT,
        standard.key,
        standard.effective.isoformat(),
        scope.content_hash,
        scope.period.key,
        scope.subject,
        scope.place.code,
    )
    return dict(zip(FIELDS, values, strict=True))


def seen_of(present: Present) -> list[str]:
    asked = present.asked
    answers: list[list[Cell]] = [cells_of(q, Given.of(present.answers.get(key))) for key, q in asked.questions.items()]
    notes: list[list[Cell]] = [[remarks.cell_of(page, present.answers)] for page in asked.pages if page.questions]
    return [fingerprint(cells) for cells in [*answers, *notes]]


def add_identity(book: Workbook, scope: Scope, seen: Mapping[str, list[str]]) -> None:
    sheet: Any = book.create_sheet(SHEET)
    sheet.sheet_state = "veryHidden"
    rows = [*fields_of(scope).items(), *((code, BETWEEN.join(prints)) for code, prints in seen.items())]
    for number, (name, said) in enumerate(rows, 1):
        put(sheet.cell(number, 1), name)
        put(sheet.cell(number, 2), said)
    sheet.protection.enable()


def identity_in(book: Book) -> Identity | None:
    """None where the workbook is not one of ours."""
    sheet = book.sheet(SHEET)
    if sheet is None:
        return None
    said = {as_text(row[0]): as_text(row[1] if len(row) > 1 else None) for row in sheet.rows if row}
    fields = {name: said.pop(name, "") for name in FIELDS}
    if fields["kind"] != KIND:
        return None
    return Identity(fields, {code: prints.split(BETWEEN) for code, prints in said.items()})
