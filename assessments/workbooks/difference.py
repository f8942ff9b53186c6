"""What a sent workbook would change, line by line, cell by cell: new, changed, unchanged, or refused with the reason.

Three states are held against each other: what stood in the workbook when it was made (its fingerprints), what stands
in it now, and what stands in the database. What the official did not touch is nobody's change; what somebody else
touched too is a conflict, and named with both values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from assessments.answering import Given
from assessments.forms import Page, Question
from assessments.models import Answer
from assessments.saying import given_in_words
from assessments.workbooks import remarks
from assessments.workbooks.columns import NOTE, Layout
from assessments.workbooks.present import Present
from assessments.workbooks.spelling import Misspelt, canonical, cells_of, fingerprint, given_of
from assessments.workbooks.stored import stored_cell
from facilities.access import SHANGHAI
from facilities.spreadsheets.tables import Cell, Sheet, coordinate, place

NEW, CHANGED = "new", "changed"
FORMULA = "这一格是公式，不能导入。请复制后“选择性粘贴→数值”，或者直接填结果"
MERGED = "这一格在合并的单元格里，不能导入。请取消合并，逐格填写"
NOTHING_TO_SAY = "还没有填，说明无从写起。请先填数据，或者清掉这句说明"


@dataclass
class Line:
    """One row of the table. What is refused in one cell keeps the whole line from being imported."""

    row: int
    code: str
    name: str
    why: str = ""  # refused as a whole
    edits: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    same: int = 0
    blanked: list[str] = field(default_factory=list)  # cells emptied: the answer stays
    written: dict[str, Any] = field(default_factory=dict)  # what was typed, to go back with the reasons

    @property
    def is_importable(self) -> bool:
        return bool(self.edits) and not self.why and not self.refused

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Comparison:
    """Compares one line with what the database holds of its facility."""

    sheet: Sheet
    layout: Layout
    present: Present
    seen: Sequence[str]
    barred: Mapping[str, str]  # coordinate → why nothing there can be read
    line: Line
    given: dict[str, Given] = field(default_factory=dict)

    def compare(self) -> Line:
        questions = self.layout.questionnaire.questions
        seen = iter(self.seen)
        for key, question in questions.items():
            self._question(question, self.layout.of_question[key], next(seen, ""))
        for page in self.layout.asking:
            self._note(page, self.layout.place[NOTE + page.clause.key], next(seen, ""))
        self.line.edits = [self._edit(questions[key], given) for key, given in self.given.items()]
        return self.line

    # ── An answer ─────────────────────────────────────────────────────────────

    def _question(self, question: Question, numbers: Sequence[int], seen: str) -> None:
        cells = [self.sheet.cell(self.line.row, number) for number in numbers]
        if any(self._is_barred(number, question.indicator.label) for number in numbers):
            return
        now = fingerprint(cells)
        if now == seen or not now:
            self._untouched(question, numbers[0], now, seen)
            return
        try:
            said = given_of(question, cells)
        except Misspelt as wrong:
            self._refuse(numbers[wrong.at], question.indicator.label, str(wrong))
        else:
            if said is not None:
                self._say(question, numbers[0], replace(said, note=self._current(question.key).note), seen)
        self._keep_typed(numbers, cells)

    def _untouched(self, question: Question, number: int, now: str, seen: str) -> None:
        if now:
            self.line.same += 1
        elif seen and Given.of(self.present.answers.get(question.key)) != Given():
            self.line.blanked.append(f"{coordinate(self.line.row, number)} {question.indicator.label}")

    def _say(self, question: Question, number: int, said: Given, seen: str) -> None:
        current = self._current(question.key)
        if said == current:
            self.line.same += 1
        elif fingerprint(cells_of(question, current)) != seen:
            theirs, mine = given_in_words(question, current), given_in_words(question, said)
            self._refuse(number, question.indicator.label, _overtaken(self._answer(question.key), theirs, mine))
        else:
            self.given[question.key] = said

    # ── 说明 ──────────────────────────────────────────────────────────────────

    def _note(self, page: Page, number: int, seen: str) -> None:
        cell = self.sheet.cell(self.line.row, number)
        if self._is_barred(number, "说明") or not canonical(cell) or fingerprint([cell]) == seen:
            return
        self._keep_typed([number], [cell])
        stands = remarks.cell_of(page, self.present.answers)
        if canonical(cell) == canonical(stands):
            return
        if fingerprint([stands]) != seen:
            self._refuse(number, "说明", f"下载以后别人改了说明，现在是“{stands or '空'}”。请并在一起写")
            return
        try:
            for key, note in remarks.notes_of(page, canonical(cell), self._warned(page)).items():
                self._remark(page, key, note)
        except Misspelt as wrong:
            self._refuse(number, "说明", str(wrong))

    def _remark(self, page: Page, key: str, note: str) -> None:
        said = self.given.get(key, self._current(key))
        if note and said.value is None and not said.reason:
            label = next(question.indicator.label for question in page.questions if question.key == key)
            raise Misspelt(f"“{label}”{NOTHING_TO_SAY}")
        if note != said.note:
            self.given[key] = replace(said, note=note)

    def _warned(self, page: Page) -> list[str]:
        """Questions of the page that will look odd and have no note of their own."""
        return [
            q.key for q in page.questions if self.present.warning(q.key, self._after(q.key)) and not self._noted(q.key)
        ]

    def _noted(self, key: str) -> str:
        return self.given.get(key, self._current(key)).note

    def _after(self, key: str) -> Answer | None:
        held, said = self._answer(key), self.given.get(key)
        return Answer(value=said.value, previous=held.previous if held else None) if said else held

    # ── What is common ────────────────────────────────────────────────────────

    def _answer(self, key: str) -> Answer | None:
        return self.present.answers.get(key)

    def _current(self, key: str) -> Given:
        return Given.of(self._answer(key))

    def _is_barred(self, number: int, label: str) -> bool:
        why = self.barred.get(coordinate(self.line.row, number))
        if why:
            self._refuse(number, label, why)
        return bool(why)

    def _refuse(self, number: int, label: str, why: str) -> None:
        column = self.layout.columns[number - 1]
        item = f"（{column.title}）" if column.item else ""
        self.line.refused.append(
            {
                "where": coordinate(self.line.row, number),
                "column": column.key,
                "label": label + item,
                "value": canonical(self.sheet.cell(self.line.row, number)),
                "why": why,
            }
        )

    def _keep_typed(self, numbers: Sequence[int], cells: Sequence[Cell]) -> None:
        for number, cell in zip(numbers, cells, strict=True):
            self.line.written[self.layout.columns[number - 1].key] = stored_cell(cell)

    def _edit(self, question: Question, said: Given) -> dict[str, Any]:
        current = self._current(question.key)
        number = self.layout.of_question[question.key][0]
        return {
            "key": question.key,
            "label": question.indicator.label,
            "where": coordinate(self.line.row, number),
            "kind": NEW if current.value is None and not current.reason else CHANGED,
            "before": _in_words(question, current),
            "after": _in_words(question, said),
            "value": said.value,
            "reason": said.reason,
            "note": said.note,
            "base": self.present.revision(question.key),
            "odd": "" if said.note else self.present.warning(question.key, self._after(question.key)),
        }


def _in_words(question: Question, given: Given) -> str:
    said = given_in_words(question, given)
    return f"{said}（说明：{given.note}）" if given.note else said


def _overtaken(theirs: Answer | None, said: str, mine: str) -> str:
    who = f"{theirs.by.display_name} {theirs.at.astimezone(SHANGHAI):%m-%d %H:%M} " if theirs and theirs.pk else ""
    return f"您下载以后这一格变了：{who}现在是“{said}”，您填的是“{mine}”。请核对后下载这些行，留下对的再上传"


def barred_in(sheet: Sheet, rows: range, width: int) -> dict[str, str]:
    """Coordinates within the table that cannot be read: formulas, and whatever is merged."""
    barred = dict.fromkeys(sheet.formulas, FORMULA)
    for merged in sheet.merged:
        barred |= dict.fromkeys(_within(merged, rows, width), MERGED)
    return barred


def _within(merged: str, rows: range, width: int) -> Iterator[str]:
    first, _, last = merged.partition(":")
    try:
        (top, left), (bottom, right) = place(first), place(last or first)
    except ValueError:
        return
    for row in range(max(top, rows.start), min(bottom, rows.stop - 1) + 1):
        for column in range(left, min(right, width) + 1):
            yield coordinate(row, column)
