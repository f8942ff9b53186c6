"""A column of a grid, and one facility's cell of it: what is printed of them, counted beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.http import QueryDict

from assessments.answering import NONE, NOTE, REASON, REVISION, Conflict, Given
from assessments.forms import Question
from assessments.models import Answer
from assessments.saying import given_in_words
from assessments.warnings import warning_of
from standards.values import parse_value
from standards.wording import value_in_words

if TYPE_CHECKING:
    from assessments.grids import GridLine


@dataclass(frozen=True)
class Column:
    """One thing to fill a line: a question, or one item of a checklist (``item``), the last of which is 都没有.
    ``is_first`` of its question: where what belongs to the whole question is printed once."""

    number: int
    question: Question
    item: str
    label: str
    is_first: bool

    @cached_property
    def key(self) -> str:
        return self.question.key

    @cached_property
    def is_tick(self) -> bool:
        return bool(self.item)

    @cached_property
    def field(self) -> str:
        return self.key + NONE if self.item == NONE else self.key

    @cached_property
    def kind(self) -> str:
        if self.is_tick:
            return "tick"
        return "choice" if self.question.choices else "number" if self.question.is_number else "text"

    @property
    def inputmode(self) -> str:
        return {"integer": "numeric", "decimal": "decimal"}.get(self.question.indicator.type, "text")


@dataclass(frozen=True)
class Heading:
    """The questions as they stand above their columns."""

    question: Question
    span: int
    is_checklist: bool


@dataclass(frozen=True)
class Entry:
    """One question of one facility: what its cells have in common."""

    question: Question
    line: GridLine = field(repr=False)

    @cached_property
    def answer(self) -> Answer | None:
        return self.line.standing.answers.get(self.question.key)

    @cached_property
    def typed(self) -> QueryDict | None:
        """What was posted, where that could not be saved."""
        key = self.question.key
        return self.line.typed if key in self.line.errors or key in self.line.conflicts else None

    @cached_property
    def why_not(self) -> str:
        return self.line.why_not(self.question.key)

    @property
    def base(self) -> str:
        """The revision to send back: after a conflict still the one that the officer saw."""
        if self.conflict and self.typed is not None:
            return self.typed.get(self.question.key + REVISION, "0")
        return str(self.answer.revision if self.answer else 0)

    @cached_property
    def unread(self) -> str:
        answer = self.answer
        return Answer.ORIGINS[answer.origin] if answer and answer.is_unread and answer.value is not None else ""

    @cached_property
    def reason(self) -> str:
        typed = self.typed.get(self.question.key + REASON) if self.typed is not None else None
        return typed if typed is not None else self.answer.reason if self.answer else ""

    @property
    def note(self) -> str:
        typed = self.typed.get(self.question.key + NOTE) if self.typed is not None else None
        return typed if typed is not None else self.answer.note if self.answer else ""

    @cached_property
    def warning(self) -> str:
        return warning_of(self.question.indicator, self.answer)

    @property
    def previous(self) -> str:
        last = self.answer.previous if self.answer else None
        if last is None:
            return ""
        return value_in_words(self.question.indicator, parse_value(self.question.indicator, last))

    @cached_property
    def error(self) -> str:
        return self.line.errors.get(self.question.key, "")

    @cached_property
    def conflict(self) -> Conflict | None:
        return self.line.conflicts.get(self.question.key)

    @property
    def mine(self) -> str:
        return given_in_words(self.question, self.conflict.edit.given) if self.conflict else ""

    @property
    def theirs(self) -> str:
        return given_in_words(self.question, Given.of(self.conflict.theirs)) if self.conflict else ""

    @cached_property
    def marks(self) -> str:
        """Classes of all its cells."""
        told = {
            " is-open": self.question.key in self.line.needed,
            " is-unread": self.unread,
            " is-wrong": self.error,
            " is-conflict": self.conflict,
            " is-unable": self.reason,
            " is-odd": self.warning,
        }
        return "".join(mark for mark, holds in told.items() if holds)


@dataclass(frozen=True)
class Cell:
    """One column of one facility, as it is printed."""

    column: Column
    entry: Entry

    @property
    def line(self) -> GridLine:
        return self.entry.line

    @property
    def text(self) -> str:
        if self.entry.typed is not None:
            return self.entry.typed.get(self.column.key, "")
        value = self.entry.answer.value if self.entry.answer else None
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    @property
    def ticked(self) -> bool:
        column, typed, held = self.column, self.entry.typed, self._held
        if typed is not None:
            return column.item in typed.getlist(column.field) or (column.item == NONE and column.field in typed)
        if held is None:
            return False
        return not held if column.item == NONE else column.item in held

    @property
    def lacks(self) -> bool:
        """A checklist that was filled lacks this item."""
        held, item = self._held, self.column.item
        return held is not None and item != NONE and item not in held

    @property
    def _held(self) -> list[str] | None:
        """The items of a checklist that was filled."""
        value = self.entry.answer.value if self.entry.answer else None
        return value if isinstance(value, list) else None

    @property
    def marks(self) -> str:
        """Classes of the cell."""
        return f"is-{self.column.kind}{' is-lack' if self.lacks else ''}{self.entry.marks}"
