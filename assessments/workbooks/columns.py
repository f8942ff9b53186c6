"""The columns of a 核查表: whose row it is, then a column an answer (a checklist's item a column), and after each row
of the standard a 说明 for its warnings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from assessments.forms import Page, Question, Questionnaire
from standards.edition import Choice, Clause

CODE, NAME, WHY, TOWN, STATE = "@code", "@name", "@why", "@town", "@state"
TITLES = {CODE: "机构编码", NAME: "机构", WHY: "没有导入的原因", TOWN: "街道（镇）", STATE: "状态"}
NOTE = "@note/"


@dataclass(frozen=True)
class Column:
    """``key`` stands in the hidden first row: ``computer_count``, ``services_provided/jobs``, ``@note/town.7``."""

    key: str
    title: str
    question: Question | None = None
    item: Choice | None = None
    clause: Clause | None = None

    @property
    def is_note(self) -> bool:
        return self.key.startswith(NOTE)


@dataclass(frozen=True)
class Layout:
    """All columns of one edition. ``with_reasons`` adds the one that says why a line was not imported."""

    questionnaire: Questionnaire
    with_reasons: bool = False

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        named = (CODE, NAME, WHY, TOWN, STATE) if self.with_reasons else (CODE, NAME, TOWN, STATE)
        identifiers = [Column(key, TITLES[key]) for key in named]
        answers = [column for page in self.asking for column in _columns(page)]
        return (*identifiers, *answers)

    @property
    def asking(self) -> list[Page]:
        """Pages that ask something."""
        return [page for page in self.questionnaire.pages if page.questions]

    @cached_property
    def place(self) -> dict[str, int]:
        """Column's key → its number, from 1."""
        return {column.key: number for number, column in enumerate(self.columns, 1)}

    @cached_property
    def of_question(self) -> dict[str, list[int]]:
        """Indicator → the numbers of its columns."""
        found: dict[str, list[int]] = {}
        for number, column in enumerate(self.columns, 1):
            if column.question:
                found.setdefault(column.question.key, []).append(number)
        return found

    @property
    def fixed(self) -> int:
        """How many columns say whose row it is."""
        return 5 if self.with_reasons else 4


def _columns(page: Page) -> list[Column]:
    asked = [column for question in page.questions for column in _of(question, page.clause)]
    return [*asked, Column(NOTE + page.clause.key, "说明", clause=page.clause)]


def _of(question: Question, clause: Clause) -> list[Column]:
    if question.indicator.type != "choices":
        return [Column(question.key, question.indicator.label, question, clause=clause)]
    return [Column(f"{question.key}/{item.value}", item.label, question, item, clause) for item in question.choices]
