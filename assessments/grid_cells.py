"""A column of a grid, and one facility's cell of it: everything that a template prints, counted beforehand."""

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
    """One thing to fill a line: a question, or one item of a checklist (``item``), the last of which is 都没有."""

    number: int
    question: Question
    item: str = ""
    label: str = ""

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

    @cached_property
    def inputmode(self) -> str:
        return {"integer": "numeric", "decimal": "decimal"}.get(self.question.indicator.type, "text")


@dataclass(frozen=True)
class Heading:
    """The questions as they stand above their columns."""

    question: Question
    span: int
    is_checklist: bool


@dataclass(frozen=True)
class Cell:
    """One column of one facility, as it is printed."""

    column: Column
    line: GridLine = field(repr=False)

    @cached_property
    def answer(self) -> Answer | None:
        return self.line.standing.answers.get(self.column.key)

    @cached_property
    def _typed(self) -> QueryDict | None:
        key = self.column.key
        return self.line.typed if key in self.line.errors or key in self.line.conflicts else None

    @cached_property
    def text(self) -> str:
        if self._typed is not None:
            return self._typed.get(self.column.key, "")
        value = self.answer.value if self.answer else None
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    @property
    def ticked(self) -> bool:
        if self._typed is not None:
            return self.column.item in self._typed.getlist(self.column.field) or (
                self.column.item == NONE and self.column.field in self._typed
            )
        held = self.answer.value if self.answer else None
        if not isinstance(held, list):
            return False
        return not held if self.column.item == NONE else self.column.item in held

    @property
    def lacks(self) -> bool:
        """A checklist that was filled lacks this item."""
        held = self.answer.value if self.answer else None
        return isinstance(held, list) and self.column.item != NONE and self.column.item not in held

    @cached_property
    def is_first(self) -> bool:
        """Of its question: where what belongs to the whole question is printed once."""
        return not self.column.is_tick or self.line.grid.first_of[self.column.key] == self.column.number

    @cached_property
    def why_not(self) -> str:
        return self.line.why_not(self.column.key)

    @property
    def base(self) -> str:
        """The revision to send back: after a conflict still the one that the officer saw."""
        if self.column.key in self.line.conflicts and self._typed is not None:
            return self._typed.get(self.column.key + REVISION, "0")
        return str(self.answer.revision if self.answer else 0)

    @cached_property
    def unread(self) -> str:
        answer = self.answer
        return Answer.ORIGINS[answer.origin] if answer and answer.is_unread and answer.value is not None else ""

    @cached_property
    def reason(self) -> str:
        typed = self._typed.get(self.column.key + REASON) if self._typed is not None else None
        return typed if typed is not None else self.answer.reason if self.answer else ""

    @property
    def note(self) -> str:
        typed = self._typed.get(self.column.key + NOTE) if self._typed is not None else None
        return typed if typed is not None else self.answer.note if self.answer else ""

    @property
    def warning(self) -> str:
        return warning_of(self.column.question.indicator, self.answer)

    @property
    def previous(self) -> str:
        last = self.answer.previous if self.answer else None
        if last is None:
            return ""
        return value_in_words(self.column.question.indicator, parse_value(self.column.question.indicator, last))

    @cached_property
    def error(self) -> str:
        return self.line.errors.get(self.column.key, "")

    @property
    def marks(self) -> str:
        """Classes of the cell. Put together here: a template would ask for each of them in every cell of a town."""
        told = {
            "is-open": self.is_open,
            "is-unread": self.unread,
            "is-lack": self.lacks,
            "is-wrong": self.error,
            "is-conflict": self.conflict,
            "is-unable": self.reason,
            "is-odd": self.warning,
        }
        return " ".join([f"is-{self.column.kind}", *(mark for mark, holds in told.items() if holds)])

    @property
    def is_open(self) -> bool:
        return self.column.key in self.line.standing.needed

    @property
    def conflict(self) -> Conflict | None:
        return self.line.conflicts.get(self.column.key)

    @property
    def mine(self) -> str:
        return given_in_words(self.column.question, self.conflict.edit.given) if self.conflict else ""

    @property
    def theirs(self) -> str:
        return given_in_words(self.column.question, Given.of(self.conflict.theirs)) if self.conflict else ""
