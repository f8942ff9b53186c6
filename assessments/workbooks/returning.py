"""Lines that were not imported go back as a workbook: as they were written, with the reasons, to be mended and sent
again. What the hidden sheet says is of now, so that a mended line meets no conflict of before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assessments.answering import Given
from assessments.forms import Question
from assessments.periods import parse_key, period_of
from assessments.workbooks.columns import Layout
from assessments.workbooks.present import Present, present_of
from assessments.workbooks.scope import Scope, kept, scope_named
from assessments.workbooks.spelling import cells_of
from assessments.workbooks.stored import cell_stored
from assessments.workbooks.template import Returned, workbook_of
from facilities.models import Officer, Upload
from facilities.spreadsheets.tables import Cell


def refused_lines(upload: Upload) -> list[dict[str, Any]]:
    """Lines that were not imported, those that were overtaken at the confirmation included."""
    late = upload.outcome.get("late", {})
    return [
        line | {"why": line["why"] or late.get(line["code"], "")}
        for line in upload.rows
        if line["why"] or line["refused"] or line["code"] in late
    ]


def scope_of(upload: Upload, officer: Officer) -> Scope | None:
    period = period_of(*parse_key(upload.scope["period"]))
    return scope_named(officer, upload.scope["subject"], upload.scope["place"], period)


def refused_workbook(upload: Upload, officer: Officer, at: datetime) -> bytes | None:
    """None where no refused line is of a facility that the officer fills."""
    scope = scope_of(upload, officer)
    lines = {line["code"]: line for line in refused_lines(upload)}
    own = kept(officer).filter(code__in=lines, subject=upload.scope["subject"]).select_related("division")
    if scope is None or not (present := present_of(list(own), scope.period, officer)):
        return None
    return workbook_of(
        scope, present, officer, at, {p.facility.code: _returned(lines[p.facility.code], p) for p in present}
    )


def _returned(line: Mapping[str, Any], present: Present) -> Returned:
    wrong: dict[str, str] = {each["column"]: each["why"] for each in line["refused"]}
    said = [line["why"], *(f"{each['label']}：{each['why']}" for each in line["refused"])]
    written = {key: cell_stored(cell) for key, cell in line["written"].items()}
    if not line["refused"]:
        written |= _edited(line, present)
    return Returned("\n".join(filter(None, said)), written, wrong)


def _edited(line: Mapping[str, Any], present: Present) -> dict[str, Cell]:
    """A line that was understood, in cells again."""
    layout, written = Layout(present.asked), dict[str, Cell]()
    for edit in line["edits"]:
        question: Question | None = layout.questionnaire.questions.get(edit["key"])
        if question is None:
            continue
        cells = cells_of(question, Given(edit["value"], edit["reason"]))
        columns = [layout.columns[number - 1].key for number in layout.of_question[edit["key"]]]
        written |= dict(zip(columns, cells, strict=True))
    return written
