"""The nouns of a parsed edition: clauses, requirements, checks and the indicators that they read.

``rules`` makes them from a fixture, ``engine.py`` walks them, ``wording`` says them in Chinese.
All are frozen and hold no Django object. Numbers are exact ``Decimal``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

#: A fact: integer and decimal → Decimal, boolean → bool, choice and text → str, choices → frozenset of values,
#: date → date. An absent fact is not in the mapping (or is None); it is never 0 and never "no".
Value = Decimal | bool | str | frozenset[str] | date


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One neutral fact, as the dictionary (``fixtures/indicators.toml``) defines it."""

    key: str
    label: str
    type: str  # integer | decimal | boolean | choice | choices | date | text
    meaning: str = ""  # 口径, shown beside the question
    unit: str = ""
    places: int = 0  # decimals only
    choices: tuple[Choice, ...] = ()
    source: str = "survey"  # `from` in the fixture: survey | place | roster | rollup | prior
    low: Decimal | None = None  # plausible range; outside it a note is asked, nothing is refused
    high: Decimal | None = None

    def choice_label(self, value: str) -> str:
        return next((choice.label for choice in self.choices if choice.value == value), value)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How a doubtful word is read, and on what ground (``fixtures/interpretations.toml``)."""

    key: str
    question: str
    reading: str
    ground: str


# ── Measures: what is compared ────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class IndicatorMeasure:
    indicator: str


@dataclass(frozen=True, slots=True)
class SumMeasure:
    terms: tuple[tuple[int, str], ...]  # (+1 | -1, indicator)


@dataclass(frozen=True, slots=True)
class CountMeasure:
    indicator: str  # a choices indicator: how many are ticked


@dataclass(frozen=True, slots=True)
class ClauseMeasure:
    clause: str  # the outcome of another clause of the same edition


Measure = IndicatorMeasure | SumMeasure | CountMeasure | ClauseMeasure


# ── Norms: what it is compared with ───────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OfNorm:
    """``(of ÷ per) × times + plus``, rounded, then bounded."""

    of: str
    per: Decimal | None = None
    times: Decimal | None = None
    plus: Decimal | None = None
    round: str | None = None  # up | down | half_up
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ItemsOf:
    """The items that another choices indicator holds: ``{ of = "…" }`` of ``includes`` and ``only``."""

    of: str


#: a literal number, text, truth or date · a tuple of choice values · computed from a fact
Norm = Decimal | str | bool | date | tuple[str, ...] | OfNorm | ItemsOf


# ── Checks ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Compare:
    """``operator`` is one of rules.md's comparisons: at_least, at_most, more_than, less_than, is, is_not, one_of,
    includes, only, matches, on_or_before, on_or_after, answered."""

    measure: Measure
    operator: str
    norm: Norm
    quotes: tuple[str, ...] = ()
    list_name: str | None = None  # the named list that the items came from


@dataclass(frozen=True, slots=True)
class All:
    children: tuple[Check, ...]
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Any_:
    children: tuple[Check, ...]
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    child: Check
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a decision table; without ``when`` it fits always."""

    when: Check | None
    check: Check
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cases:
    rows: tuple[Row, ...]
    quotes: tuple[str, ...] = ()


Check = Compare | All | Any_ | Not | Cases


@dataclass(frozen=True, slots=True)
class Relaxation:
    """备注's 可: what falls short by no more than ``within`` of the norm may be let pass where ``when`` holds."""

    when: Check
    within: Decimal
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A hint shown beside the finding, never part of the outcome."""

    when: Check
    hint: str


@dataclass(frozen=True, slots=True)
class Unruled:
    sentence: str
    reason: str


@dataclass(frozen=True)
class Requirement:
    """One checkable sentence. ``applies`` is already joined with the clause's own."""

    key: str
    clause: str
    label: str
    force: str  # mandatory | norm | permissive | aspirational
    quotes: tuple[str, ...]  # every verbatim part it rests on, those of its cases' rows and relaxation included
    check: Check | None = None
    applies: Check | None = None
    subjects: tuple[str, ...] = ()  # as in the edition where the file does not narrow them
    relaxation: Relaxation | None = None
    refer: Check | None = None
    foundation: bool = False
    veto: bool = False
    gap: str | None = None
    evidence: tuple[str, ...] = ()  # what a photo or file should show
    deadline: date | None = None
    notice: tuple[Notice, ...] = ()
    weight: Decimal = Decimal(1)
    record: tuple[str, ...] = ()  # indicators asked and kept here but not judged
    interpretations: tuple[str, ...] = ()

    @property
    def scored(self) -> bool:
        return self.force in ("mandatory", "norm") and self.check is not None

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """Indicators that say whether it applies."""
        return tuple(indicators_of(self.applies)) if self.applies is not None else ()

    @cached_property
    def judged(self) -> tuple[str, ...]:
        """Indicators that its outcome reads (applies, check, refer, relaxation), each once, in reading order.
        A clause measure names no indicator of its own."""
        checks = (self.applies, self.check, self.refer, self.relaxation.when if self.relaxation else None)
        return tuple(dict.fromkeys(key for check in checks if check is not None for key in indicators_of(check)))

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """Everything that it asks for: what is judged, what its notices read, what it only records."""
        noticed = (key for notice in self.notice for key in indicators_of(notice.when))
        return tuple(dict.fromkeys((*self.judged, *noticed, *self.record)))


@dataclass(frozen=True)
class Clause:
    """A row of the printed schedule."""

    key: str
    number: str
    title: str
    text: str  # 具体要求, character for character
    remark: str  # 备注, as printed
    weight: Decimal
    requirements: tuple[Requirement, ...]
    unruled: tuple[Unruled, ...] = ()

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key for requirement in self.requirements for key in requirement.indicators))


@dataclass(frozen=True)
class Edition:
    """A standard as in force from ``effective``; self-contained: it carries the indicators, lists and
    interpretations that it uses."""

    key: str
    effective: date
    title: str
    source: str
    subjects: tuple[str, ...]
    credit: Mapping[str, Decimal]  # outcome (and "accepted") → credit, 0–1
    basic_compliance: Decimal
    clauses: tuple[Clause, ...]
    indicators: Mapping[str, Indicator]
    interpretations: Mapping[str, Interpretation] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    until: date | None = None
    by_adoption: bool = False  # judges nobody by itself, only those for whom it is adopted
    parts: tuple[Edition, ...] = ()  # of what binds several, or a part of one: the whole editions (see binding.py)

    def part_of(self, clause: str) -> Edition:
        """The edition whose row it is, by the clause's key."""
        return next((part for part in self.parts if clause in part.clause_by_key), self)

    def whole(self, clause: Clause) -> Clause:
        """The row as its edition has it, with what it asks of others."""
        return self.part_of(clause.key).clause_by_key[clause.key]

    @cached_property
    def by_key(self) -> dict[str, Requirement]:
        return {requirement.key: requirement for clause in self.clauses for requirement in clause.requirements}

    @cached_property
    def clause_by_key(self) -> dict[str, Clause]:
        return {clause.key: clause for clause in self.clauses}

    @property
    def remarked(self) -> bool:
        """Whether its text has a column 备注 at all: a plan in running words has none."""
        return any(clause.remark for clause in self.clauses)

    @property
    def requirements(self) -> Iterator[Requirement]:
        return iter(self.by_key.values())


def indicators_of(check: Check) -> Iterator[str]:
    """Indicators that a check reads, in reading order, with repeats; conditions before what they decide."""
    match check:
        case Compare(measure=measure, norm=norm):
            match measure:
                case IndicatorMeasure(indicator=key) | CountMeasure(indicator=key):
                    yield key
                case SumMeasure(terms=terms):
                    yield from (key for _, key in terms)
            if isinstance(norm, (OfNorm, ItemsOf)):
                yield norm.of
        case All(children=children) | Any_(children=children):
            for child in children:
                yield from indicators_of(child)
        case Not(child=child):
            yield from indicators_of(child)
        case Cases(rows=rows):
            for row in rows:
                if row.when is not None:
                    yield from indicators_of(row.when)
                yield from indicators_of(row.check)
