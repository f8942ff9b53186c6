"""How questions, answers and findings of a page are shown: everything a template prints, counted beforehand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from assessments.answering import NONE, NOTE, REASON, Conflict, Given
from assessments.derived import Derived, is_derived
from assessments.forms import COUNTS, Block, Page, Question
from assessments.lines import Line, line_of
from assessments.models import Answer
from assessments.page_standing import PageStanding
from assessments.saying import answer_in_words, given_in_words
from assessments.scoring import Standing
from assessments.vanishing import Vanished, vanished_among
from assessments.warnings import TOLD_BY_THE_PLACE, warning_of
from standards.edition import Choice
from standards.marking import INFORCE, OTHER, Law, law
from standards.values import parse_value
from standards.wording import band_notes, value_in_words


@dataclass(frozen=True)
class Shown:
    """One question as it is shown, with what was typed where that could not be saved."""

    question: Question
    answer: Answer | None
    standing: Standing
    typed: QueryDict | None = None
    error: str = ""
    conflict: Conflict | None = None
    vanished: Vanished | None = None

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def revision(self) -> int:
        return self.answer.revision if self.answer else 0

    @property
    def base(self) -> str:
        """The revision to send back: after an error or conflict still the one that the officer saw."""
        seen = self.typed.get(self.key + "__revision") if self.typed is not None and self.conflict else None
        return seen if seen is not None else str(self.revision)

    @property
    def text(self) -> str:
        """The value for an input."""
        if self.typed is not None:
            return self.typed.get(self.key, "")
        value = self.answer.value if self.answer else None
        return "" if value is None else str(value)

    @cached_property
    def picked(self) -> frozenset[str]:
        """Values of the choices that are ticked."""
        if self.typed is not None:
            return frozenset(self.typed.getlist(self.key))
        value = self.answer.value if self.answer else None
        if isinstance(value, bool):
            return frozenset(["true" if value else "false"])
        return frozenset(value if isinstance(value, list) else [value])

    @property
    def none_picked(self) -> bool:
        if self.typed is not None:
            return self.key + NONE in self.typed
        return bool(self.answer and self.answer.value == [])

    @property
    def reason(self) -> str:
        if self.typed is not None:
            return self.typed.get(self.key + REASON, "")
        return self.answer.reason if self.answer else ""

    @property
    def note(self) -> str:
        if self.typed is not None:
            return self.typed.get(self.key + NOTE, "")
        return self.answer.note if self.answer else ""

    @cached_property
    def warning(self) -> str:
        registered = self.standing.implied.get(self.key) if self.key in TOLD_BY_THE_PLACE else None
        return self.apart or warning_of(self.question.indicator, self.answer, registered)

    @cached_property
    def derived(self) -> Derived | None:
        """What the portal knows of it: no query for what it never does."""
        return self.standing.derived.get(self.key) if is_derived(self.key) else None

    @property
    def derived_in_words(self) -> str:
        """「人员名册（2026年9月30日在岗）：6 人」, or empty."""
        known, indicator = self.derived, self.question.indicator
        return f"{known.source}：{value_in_words(indicator, parse_value(indicator, known.value))}" if known else ""

    @property
    def apart(self) -> str:
        """Where what was typed is not what the portal knows: both, in a sentence."""
        if self.derived is None or not self.has_value or self.answer is None or self.answer.value == self.derived.value:
            return ""
        return f"与系统里的不同。{self.derived_in_words}，这里填的是 {self.words}。请核对，属实就写一句说明。"

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The findings beside it; where it is not asked, those that other answers decide."""
        lines = tuple(line_of(self.standing, requirement) for requirement in self.question.requirements)
        if self.vanished is None:
            return lines
        return () if self.standing.relevance.not_set_up else tuple(li for li in lines if li.outcome != "not_applicable")

    @cached_property
    def need(self) -> str:
        """应有 of a table of counts: the norm of the question's own requirement."""
        for line in self.lines:
            if line.outcome == "not_applicable":
                return "不适用"
            if line.result.main and line.result.main.norm is not None:
                return value_in_words(self.question.indicator, line.result.main.norm)
        return "—"

    @property
    def previous(self) -> str:
        """上季 in words, or empty."""
        last = self.answer.previous if self.answer else None
        if last is None:
            return ""
        return value_in_words(self.question.indicator, parse_value(self.question.indicator, last))

    @property
    def origin(self) -> str:
        """沿用上季 or 登记数据, until somebody has looked at it here."""
        unseen = self.answer is not None and self.answer.value is not None and self.answer.is_unread
        return Answer.ORIGINS[self.answer.origin] if self.answer and unseen else ""

    @property
    def words(self) -> str:
        return given_in_words(self.question, Given.of(self.answer))

    @property
    def has_value(self) -> bool:
        return self.answer is not None and self.answer.value is not None

    @property
    def is_open(self) -> bool:
        return self.key in self.standing.needed

    @property
    def mine(self) -> str:
        return given_in_words(self.question, self.conflict.edit.given) if self.conflict else ""

    @property
    def theirs(self) -> str:
        return given_in_words(self.question, Given.of(self.conflict.theirs)) if self.conflict else ""

    @property
    def inputmode(self) -> str:
        return {"integer": "numeric", "decimal": "decimal"}.get(self.question.indicator.type, "text")


@dataclass(frozen=True)
class ShownBlock:
    block: Block
    shown: tuple[Shown, ...]

    @property
    def kind(self) -> str:
        return self.block.kind

    @property
    def title(self) -> str:
        return self.block.title

    @property
    def id(self) -> str:
        return f"b-{self.shown[0].key}"

    @property
    def asked(self) -> list[Shown]:
        return [shown for shown in self.shown if not shown.vanished]

    @property
    def vanished(self) -> list[Shown]:
        return [shown for shown in self.shown if shown.vanished]

    @property
    def rows(self) -> list[tuple[Choice, list[tuple[Shown, bool, bool]]]]:
        """A matrix by its items: each checklist, whether it holds the item, whether it was filled and lacks it."""
        return [(choice, [self._cell(shown, choice) for shown in self.asked]) for choice in self.block.choices]

    def _cell(self, shown: Shown, choice: Choice) -> tuple[Shown, bool, bool]:
        held = choice.value in shown.picked
        return shown, held, shown.has_value and not held

    @property
    def has_previous(self) -> bool:
        return self.kind == COUNTS and any(shown.previous for shown in self.shown)


@dataclass(frozen=True)
class ShownPage:
    standing: Standing
    page: Page
    blocks: tuple[ShownBlock, ...]
    errors: Mapping[str, str]

    @property
    def stands(self) -> PageStanding:
        return self.standing.page(self.page)

    @property
    def others(self) -> list[Line]:
        over = self.standing.relevance.not_set_up
        return [] if over else [line_of(self.standing, requirement) for requirement in self.page.others]

    def lines_moved_by(self, key: str) -> list[Line]:
        moved = self.page.moved_by(key)
        return [line_of(self.standing, each) for each in self.page.clause.requirements if each.key in moved]

    @property
    def shown(self) -> list[Shown]:
        return [shown for block in self.blocks for shown in block.shown]

    @property
    def asked(self) -> list[Shown]:
        return [shown for block in self.blocks for shown in block.asked]

    @property
    def vanished(self) -> list[Shown]:
        return [shown for block in self.blocks for shown in block.vanished]

    def blocks_with(self, keys: Collection[str]) -> list[tuple[ShownBlock, list[Shown]]]:
        """The questions of ``keys`` in their blocks."""
        found = [(block, [shown for shown in block.shown if shown.key in keys]) for block in self.blocks]
        return [(block, shown) for block, shown in found if shown]

    @property
    def conflicts(self) -> list[Shown]:
        return [shown for shown in self.shown if shown.conflict]

    @property
    def error_links(self) -> list[tuple[str, str]]:
        return [(f"q-{key}", sentence) for key, sentence in self.errors.items()]

    @cached_property
    def law(self) -> Law:
        """原文, with what is in force underlined and what is not here in grey."""
        return law(self.standing.edition.whole(self.page.clause), self.standing.judgement)

    @property
    def source(self) -> str:
        """附表2, 珠海方案: whose row it is."""
        return self.standing.edition.part_of(self.page.clause.key).source

    @property
    def has_other(self) -> bool:
        return any(part.state == OTHER for part in (*self.law.text, *self.law.remark))

    @property
    def first_words(self) -> str:
        """The folded 原文 of the phone: the first words in force."""
        return next((part.text for part in self.law.text if part.state == INFORCE), self.page.clause.text)

    @property
    def bands(self) -> list[str]:
        return band_notes(self.standing.edition, self.page.clause, self.standing.judgement, self.standing.facts)

    @property
    def elsewhere(self) -> list[tuple[str, str, str, str]]:
        """Label, value, number and title of the page that asks it."""
        return [
            (indicator.label, answer_in_words(self.standing, indicator.key), clause.number, clause.title)
            for indicator, clause in self.page.elsewhere
            if indicator.key in self.standing.relevant
        ]


def shown_page(
    standing: Standing,
    page: Page,
    typed: QueryDict | None = None,
    errors: Mapping[str, str] | None = None,
    conflicts: Mapping[str, Conflict] | None = None,
) -> ShownPage:
    """``typed`` is shown instead of the stored answer where a question has an error or a conflict."""
    errors, conflicts = errors or {}, conflicts or {}

    wrong = errors.keys() | conflicts.keys()  # these stay in sight, whether they matter or not

    def show(question: Question, vanished: Mapping[str, Vanished]) -> Shown:
        key = question.key
        said, kept = standing.answers.get(key), typed if key in wrong else None
        return Shown(question, said, standing, kept, errors.get(key, ""), conflicts.get(key), vanished.get(key))

    def show_block(block: Block) -> ShownBlock:
        vanished = vanished_among([each for each in block.questions if each.key not in wrong], standing)
        return ShownBlock(block, tuple(show(question, vanished) for question in block.questions))

    return ShownPage(standing, page, tuple(map(show_block, page.blocks)), errors)
