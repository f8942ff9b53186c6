"""The questionnaire, built from an edition: a page for each clause, nothing asked twice.

An indicator is asked on the page of the first clause that needs it. Neighbouring questions that are alike share a
block, so that an official fills a table and not a list: like checklists become a matrix, counts a table, ratings
share a line. The shape follows from the indicators alone; a fixture says nothing of layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from standards.edition import (
    All,
    Any_,
    Cases,
    Check,
    Choice,
    Clause,
    Compare,
    Edition,
    Indicator,
    IndicatorMeasure,
    Not,
    Requirement,
)
from standards.rules.circles import checks_of, clauses_of

SINGLE, COUNTS, TICKS, RATINGS = "single", "counts", "ticks", "ratings"
TITLES = {COUNTS: "设备与数量", TICKS: "已有的打勾", RATINGS: "逐项评定"}
LEAST = {COUNTS: 3, TICKS: 2, RATINGS: 2}  # so many neighbours of a kind make a block
YES_NO = (Choice("true", "是"), Choice("false", "否"))


@dataclass(frozen=True)
class Question:
    """One indicator as it is asked. ``requirements`` are those whose finding is shown beside it."""

    indicator: Indicator
    choices: tuple[Choice, ...]
    optional: bool  # only recorded: it can stay empty
    requirements: tuple[Requirement, ...]
    clause: str  # key of the row on whose page it stands

    @property
    def key(self) -> str:
        return self.indicator.key

    @property
    def is_number(self) -> bool:
        return self.indicator.type in ("integer", "decimal")


@dataclass(frozen=True)
class Block:
    kind: str
    questions: tuple[Question, ...]

    @property
    def title(self) -> str:
        return TITLES.get(self.kind, "")

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What the rows of a matrix, or the columns of ratings, have in common."""
        return self.questions[0].choices


@dataclass(frozen=True)
class Page:
    """A clause and what is asked for it. ``elsewhere`` are facts that it needs and another page asks."""

    clause: Clause
    blocks: tuple[Block, ...]
    elsewhere: tuple[tuple[Indicator, Clause], ...]
    others: tuple[Requirement, ...]  # requirements that ask nothing on this page

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for block in self.blocks for question in block.questions)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(question.key for question in self.questions)

    @cached_property
    def ticks(self) -> tuple[Question, ...]:
        """Checklists that are columns of a matrix."""
        return tuple(question for block in self.blocks if block.kind == TICKS for question in block.questions)

    def moved_by(self, key: str) -> frozenset[str]:
        """Requirements of the clause whose finding an answer can change: those that read it, or a clause's outcome."""
        read = {r.key for r in self.clause.requirements if key in r.indicators}
        return self._reading_clauses.union(read)

    @cached_property
    def _reading_clauses(self) -> frozenset[str]:
        reading = (r for r in self.clause.requirements if any(any(clauses_of(check)) for check in checks_of(r)))
        return frozenset(requirement.key for requirement in reading)


@dataclass(frozen=True)
class Questionnaire:
    """``every`` page in the order of the editions, those of editions adopted beside the first last."""

    edition: Edition
    every: tuple[Page, ...]

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Those to fill: a row of an edition beside the first that asks nothing new is only judged."""
        return tuple(page for page in self.every if page.questions or not self.is_beside(page))

    @cached_property
    def judged_only(self) -> tuple[Page, ...]:
        return tuple(page for page in self.every if page not in self.pages)

    def is_beside(self, page: Page) -> bool:
        return self.edition.part_of(page.clause.key).key != self.edition.key

    @cached_property
    def questions(self) -> dict[str, Question]:
        return {question.key: question for page in self.every for question in page.questions}

    @cached_property
    def page_of(self) -> dict[str, Page]:
        return {key: page for page in self.pages for key in page.keys}

    @cached_property
    def readers(self) -> dict[str, list[str]]:
        """indicator → requirements whose outcome its absence can keep open. One that waits for another row lacks what
        that row's own requirements lack: these are told here."""
        readers: dict[str, list[str]] = {}
        for requirement in self.edition.requirements:
            for key in requirement.judged:
                readers.setdefault(key, []).append(requirement.key)
        return readers

    def page(self, number: str) -> Page | None:
        return next((page for page in self.pages if page.clause.number == number), None)

    def after(self, page: Page) -> Page | None:
        position = self.pages.index(page) + 1
        return self.pages[position] if position < len(self.pages) else None

    def before(self, page: Page) -> Page | None:
        position = self.pages.index(page)
        return self.pages[position - 1] if position else None


_built: dict[int, Questionnaire] = {}


def questionnaire(edition: Edition) -> Questionnaire:
    """Built once for each edition object (``edition_of`` keeps those)."""
    found = _built.get(id(edition))
    if found is None or found.edition is not edition:
        found = _built[id(edition)] = Questionnaire(edition, tuple(_pages(edition)))
    return found


def _pages(edition: Edition) -> Iterator[Page]:
    asked_on: dict[str, Clause] = {}
    for clause in edition.clauses:
        for key in clause.indicators:
            asked_on.setdefault(key, clause)
    for clause in edition.clauses:
        own = [key for key in clause.indicators if asked_on[key] is clause]
        own.sort(key=lambda key: edition.indicators[key].source != "place")  # the place first, then what is in it
        anchors = _anchors(edition, clause, own)
        questions = [_question(edition, clause, key, anchors) for key in own]
        elsewhere = [(edition.indicators[key], asked_on[key]) for key in clause.indicators if key not in own]
        others = [r for r in clause.requirements if r.key not in anchors]
        yield Page(clause, tuple(_blocks(questions)), tuple(elsewhere), tuple(others))


def _anchors(edition: Edition, clause: Clause, own: Sequence[str]) -> dict[str, str]:
    """requirement → the question beside which its finding stands: its checklist, else the last of its own here."""
    anchors = {}
    for requirement in clause.requirements:
        asked = [key for key in own if key in (requirement.judged or requirement.indicators)]
        asked = asked or [key for key in own if key in requirement.indicators]
        checklists = [key for key in asked if edition.indicators[key].type == "choices"]
        if asked:
            anchors[requirement.key] = (checklists or asked)[-1]
    return anchors


def _question(edition: Edition, clause: Clause, key: str, anchors: dict[str, str]) -> Question:
    indicator = edition.indicators[key]
    optional = not any(requirement.scored and key in requirement.judged for requirement in edition.requirements)
    requirements = tuple(r for r in clause.requirements if anchors.get(r.key) == key)
    return Question(indicator, _choices(edition, indicator), optional, requirements, clause.key)


def _choices(edition: Edition, indicator: Indicator) -> tuple[Choice, ...]:
    """A checklist offers the items that the edition mentions; a choice offers all."""
    if indicator.type == "boolean":
        return YES_NO
    if indicator.type != "choices":
        return indicator.choices
    mentioned = {item for check in _checks(edition) for item in _mentioned(check, indicator.key)}
    return tuple(c for c in indicator.choices if c.value in mentioned) or indicator.choices


def _checks(edition: Edition) -> Iterator[Check]:
    for requirement in edition.requirements:
        yield from (check for check in (requirement.check, requirement.applies, requirement.refer) if check)


def _mentioned(check: Check, key: str) -> Iterator[str]:
    match check:
        case Compare(measure=IndicatorMeasure(indicator=read), norm=tuple() as items) if read == key:
            yield from items
        case All(children=children) | Any_(children=children):
            for child in children:
                yield from _mentioned(child, key)
        case Not(child=child):
            yield from _mentioned(child, key)
        case Cases(rows=rows):
            for row in rows:
                yield from _mentioned(row.check, key)


def _blocks(questions: Sequence[Question]) -> list[Block]:
    """Runs of like questions become one block where the run is long enough; all others share a plain one."""
    blocks: list[Block] = []
    for run in _runs(_checklists_together(questions)):
        kind = _likeness(run[0])[0]
        kind = kind if len(run) >= LEAST.get(kind, 1) else SINGLE
        if kind == SINGLE and blocks and blocks[-1].kind == SINGLE:
            run = [*blocks.pop().questions, *run]
        blocks.append(Block(kind, tuple(run)))
    return blocks


def _checklists_together(questions: Sequence[Question]) -> list[Question]:
    """Checklists of the same items stand where the first of them stands, so that they are one matrix."""
    first = {_likeness(question): n for n, question in reversed(list(enumerate(questions)))}

    def place(numbered: tuple[int, Question]) -> tuple[int, int]:
        n, question = numbered
        return (first[_likeness(question)] if _likeness(question)[0] == TICKS else n), n

    return [question for _, question in sorted(enumerate(questions), key=place)]


def _runs(questions: Iterable[Question]) -> Iterator[list[Question]]:
    return (list(run) for _, run in groupby(questions, key=_likeness))


def _likeness(question: Question) -> tuple[str, tuple[Choice, ...]]:
    """Questions of equal likeness may share a block."""
    if question.is_number and question.indicator.source == "survey" and not question.optional:
        return COUNTS, ()
    if question.indicator.type == "choices":
        return TICKS, question.choices
    if question.indicator.type in ("choice", "boolean") and question.indicator.source != "place":
        return RATINGS, question.choices
    return SINGLE, ()
