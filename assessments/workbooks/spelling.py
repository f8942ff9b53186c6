"""An answer as cells, and cells as an answer: the way there and the way back stand side by side.

Nothing in a cell says nothing: the answer stays. 清空 takes it back. 无法提供：原因 states that it cannot be given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from hashlib import blake2s
from typing import Any

from assessments.answering import Given, accepted, remark
from assessments.forms import Question
from facilities.spreadsheets.cells import as_boolean, as_date, as_text, half_width
from facilities.spreadsheets.reading import ERROR
from facilities.spreadsheets.tables import Cell
from facilities.spreadsheets.writing import UNPRINTABLE
from standards.values import parse_value

CANNOT, TAKE_BACK, NOT_APPLICABLE = "无法提供", "清空", "—"
_CANNOT = re.compile(rf"{CANNOT}\s*[：:,，。\s]?\s*(.*)", re.DOTALL)


class Misspelt(ValueError):
    """Cells that say no answer; ``at`` is which of them, counted from 0."""

    def __init__(self, said: str, at: int = 0) -> None:
        super().__init__(said)
        self.at = at


# ── There ─────────────────────────────────────────────────────────────────────


def cells_of(question: Question, given: Given) -> list[Cell]:
    """One cell for each column of the question."""
    if question.indicator.type == "choices":
        return _items(question, given)
    if given.value is None:
        return [f"{CANNOT}：{given.reason}" if given.reason else None]
    return [_cell(question, given.value)]


def _items(question: Question, given: Given) -> list[Cell]:
    if given.value is None:
        stated = f"{CANNOT}：{given.reason}" if given.reason else None
        return [stated, *[None] * (len(question.choices) - 1)]
    return ["是" if choice.value in given.value else "否" for choice in question.choices]


def _cell(question: Question, value: Any) -> Cell:
    indicator = question.indicator
    match parse_value(indicator, value):
        case bool() as truth:
            return "是" if truth else "否"
        case str() as said:
            return indicator.choice_label(said) if indicator.type == "choice" else said
        case frozenset():
            raise AssertionError("a checklist has a cell an item")
        case exact:
            return exact


def fingerprint(cells: Sequence[Cell]) -> str:
    """Of what stands in the cells, however Excel writes it: equal where nobody changed them. Empty for nothing."""
    said = [canonical(cell) for cell in cells]
    return blake2s("\x1f".join(said).encode(), digest_size=5).hexdigest() if any(said) else ""


def canonical(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case Decimal():
            return f"{cell.normalize():f}" if cell.is_finite() else str(cell)
        case str():
            said = UNPRINTABLE.sub("", cell).replace("\r\n", "\n").replace("\r", "\n").strip()
            return "" if said == NOT_APPLICABLE else said
    return cell.isoformat()


# ── And back ──────────────────────────────────────────────────────────────────


def given_of(question: Question, cells: Sequence[Cell]) -> Given | None:
    """What the cells of a question say, without a note; None where they say nothing. Raises Misspelt."""
    cells = [None if canonical(cell) == "" else cell for cell in cells]
    if all(cell is None for cell in cells):
        return None
    for at, cell in enumerate(cells):
        if cell == ERROR:
            raise Misspelt("这一格是 Excel 的错误值（如 #N/A），请改成要填的内容", at)
        if isinstance(cell, str) and (whole := _whole(cell, at)) is not None:
            _alone(cells, at)
            return whole
    try:
        return Given(
            accepted(
                question, _ticked(question, cells) if question.indicator.type == "choices" else _raw(question, cells[0])
            )
        )
    except Misspelt:
        raise
    except ValueError as wrong:
        raise Misspelt(str(wrong)) from wrong


def _whole(cell: str, at: int) -> Given | None:
    """清空 and 无法提供 speak for the whole question."""
    said = cell.strip()
    if said == TAKE_BACK:
        return Given()
    stated = _CANNOT.fullmatch(said)
    if stated is None:
        return None
    try:
        reason = remark(stated[1], "无法提供的原因")
    except ValueError as wrong:
        raise Misspelt(str(wrong), at) from wrong
    if not reason:
        raise Misspelt("请写明无法提供的原因，例如“无法提供：台账还没有移交”", at)
    return Given(None, reason)


def _alone(cells: Sequence[Cell], at: int) -> None:
    for other, cell in enumerate(cells):
        if cell is not None and canonical(cell) != canonical(cells[at]):
            raise Misspelt(f"同一组里写了“{as_text(cells[at])[:4]}”，其他格请空着", other)


def _raw(question: Question, cell: Cell) -> Any:
    """What ``accepted`` takes, of what an official writes."""
    label = question.indicator.label
    try:
        match question.indicator.type:
            case "boolean":
                return as_boolean(cell)
            case "date":
                return as_date(cell)
            case "choice":
                return _chosen(question, as_text(cell))
            case "text":
                return as_text(cell)
    except ValueError as wrong:
        raise Misspelt(f"{label}{wrong}") from wrong
    return as_text(cell) if isinstance(cell, str) else cell


def _chosen(question: Question, said: str) -> str:
    """By its label, in whatever width and case."""
    wanted = half_width(said).casefold()
    found = (c.value for c in question.choices if half_width(c.label).casefold() == wanted)
    return next(found, said)


def _ticked(question: Question, cells: Sequence[Cell]) -> list[str]:
    """Either every item says 是 or 否, or only those that there are are ticked."""
    truths: list[bool | None] = []
    for at, cell in enumerate(cells):
        try:
            truths.append(None if cell is None else as_boolean(cell))
        except ValueError as wrong:
            raise Misspelt(f"{question.indicator.label}（{question.choices[at].label}）{wrong}", at) from wrong
    if None in truths and False in truths:
        at = truths.index(None)
        raise Misspelt(
            f"{question.indicator.label}（{question.choices[at].label}）空着。请每项都填“是”或“否”，或者只在有的项目打√",
            at,
        )
    return [choice.value for choice, truth in zip(question.choices, truths, strict=True) if truth]
