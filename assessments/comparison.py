"""A submitted survey beside the last one, row by row, for who reviews it: what changed, what is not in order, what
must be decided, what was said and shown of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import QueryDict

from assessments.evidence.listing import Placed, Shelf, Shot
from assessments.flags import DECIDE, Flag, explanation
from assessments.history import decided_in_words
from assessments.lines import Line
from assessments.models import Comment, Determination, Snapshot
from assessments.page_standing import PageStanding
from assessments.presenting import Shown, ShownPage, shown_page
from assessments.reviewing import DECIDABLE
from assessments.scoring import Standing
from assessments.warnings import jump_in_words
from standards.edition import Indicator, Requirement
from standards.outcomes import Result
from standards.values import parse_value
from standards.wording import outcome_in_words, sentence, value_in_words

SAME = "不变"


@dataclass(frozen=True)
class Compared:
    """One answer: last quarter's, this quarter's, what changed."""

    shown: Shown
    last: Any  # its JSON form
    flags: tuple[Flag, ...]

    @property
    def label(self) -> str:
        return self.shown.question.indicator.label

    @property
    def now(self) -> str:
        return self.shown.words

    @cached_property
    def before(self) -> str:
        return "" if self.last is None else _words(self.shown.question.indicator, self.last)

    @cached_property
    def change(self) -> str:
        now = self.shown.answer.value if self.shown.answer else None
        return change_in_words(self.shown.question.indicator, now, self.last)

    @cached_property
    def is_big(self) -> bool:
        now = self.shown.answer.value if self.shown.answer else None
        return bool(jump_in_words(self.shown.question.indicator, now, self.last))

    @property
    def findings(self) -> list[tuple[Line, str]]:
        """What is not in order; where all is, the first."""
        lines = [line for line in self.shown.lines if not line.is_quiet] or self.shown.lines[:1]
        return [(line, outcome_in_words(line.result)) for line in lines]

    @property
    def stands_out(self) -> bool:
        changed = self.change not in (SAME, "")
        return changed or bool(self.flags) or any(not line.is_quiet for line in self.shown.lines)


@dataclass(frozen=True)
class Deciding:
    """A requirement that a person decides, or has decided."""

    requirement: Requirement
    found: Result
    said: str
    explained: str
    determination: Determination | None
    typed: Mapping[str, str]

    @property
    def word(self) -> str:
        if self.determination:
            return decided_in_words(self.found.outcome, self.determination.decision)
        return "可以认定" if self.found.outcome == "deviation" else "要认定"

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(decision, decided_in_words(self.found.outcome, decision)) for decision in Determination.DECISIONS]


@dataclass(frozen=True)
class ComparedRow:
    page: ShownPage
    stands: PageStanding
    lines: tuple[Compared, ...]
    placed: Sequence[Placed]
    comments: Sequence[Comment]
    others: Sequence[tuple[Line, str]]
    ticked: bool = False
    typed: str = ""

    @property
    def key(self) -> str:
        return self.stands.page.clause.key

    @property
    def number(self) -> str:
        return self.stands.page.clause.number

    @property
    def title(self) -> str:
        return self.stands.page.clause.title

    @property
    def telling(self) -> list[Compared]:
        return [line for line in self.lines if line.stands_out]


@dataclass(frozen=True)
class Comparison:
    standing: Standing
    last: Snapshot | None
    rows: tuple[ComparedRow, ...]
    flags: Sequence[Flag]
    deciding: tuple[Deciding, ...]

    @property
    def telling(self) -> int:
        return sum(len(row.telling) for row in self.rows)

    @property
    def total(self) -> int:
        return sum(len(row.lines) for row in self.rows)

    @property
    def waiting(self) -> int:
        """Decisions without which it cannot be accepted."""
        return sum(each.determination is None and each.found.outcome != "deviation" for each in self.deciding)

    @property
    def numbers(self) -> dict[str, str]:
        """Row's key → its number, to find a flag's place."""
        return {row.key: row.number for row in self.rows}

    @property
    def flags_placed(self) -> list[tuple[Flag, str]]:
        """Each flag with the part of the page that shows it."""
        return [(f, f"d-{f.key}" if f.kind == DECIDE else f"row-{self.numbers[f.clause]}") for f in self.flags]


def comparison_of(
    standing: Standing,
    last: Snapshot | None,
    flags: Sequence[Flag],
    shots: Sequence[Shot],
    comments: Sequence[Comment],
    typed: QueryDict | None = None,
) -> Comparison:
    said = last.content["answers"] if last else {}
    every = (*standing.pages, *standing.judged_only)
    rows = tuple(_row(standing, stands, said, flags, shots, comments, typed) for stands in every)
    return Comparison(standing, last, rows, flags, tuple(_deciding(standing, typed)))


def _row(
    standing: Standing,
    stands: PageStanding,
    said: Mapping[str, Mapping[str, Any]],
    flags: Sequence[Flag],
    shots: Sequence[Shot],
    comments: Sequence[Comment],
    typed: QueryDict | None,
) -> ComparedRow:
    page, clause = shown_page(standing, stands.page), stands.page.clause
    shelf = Shelf(standing, clause, tuple(shot for shot in shots if shot.is_of(clause)))
    lines = tuple(
        Compared(shown, said.get(shown.key, {}).get("value"), tuple(flag for flag in flags if flag.key == shown.key))
        for shown in page.asked
    )
    others = [(line, outcome_in_words(line.result)) for line in page.others if not line.is_quiet]
    own = [comment for comment in comments if comment.clause == clause.key]
    ticked = typed is not None and clause.key in typed.getlist("row")
    kept = typed.get(f"said__{clause.key}", "") if typed is not None else ""
    return ComparedRow(page, stands, lines, shelf.placed, own, others, ticked, kept)


def _deciding(standing: Standing, typed: QueryDict | None) -> list[Deciding]:
    deciding = []
    for requirement in standing.edition.requirements:
        found = standing.found.results[requirement.key]
        if found.outcome in DECIDABLE:
            said = sentence(standing.edition, requirement, found, standing.facts, standing.stated)
            mine = typed is not None and typed.get("requirement") == requirement.key
            kept = {name: typed.get(name, "") for name in ("decision", "reason")} if typed is not None and mine else {}
            explained = explanation(requirement, standing.answers)
            held = standing.determinations.get(requirement.key)
            deciding.append(Deciding(requirement, found, f"{said.said}{said.gap}", explained, held, kept))
    return sorted(deciding, key=lambda each: each.found.outcome == "deviation")


# ── Change in words ───────────────────────────────────────────────────────────


def change_in_words(indicator: Indicator, now: Any, before: Any) -> str:
    """Both in their JSON form: 「多 27,300（+38.3%）」「由否变是」「多 人力资源」; empty where neither is there."""
    if now is None or before is None:
        return "" if now is before else "新填" if before is None else "不再填"
    if now == before:
        return SAME
    try:
        value, previous = parse_value(indicator, now), parse_value(indicator, before)
    except ValueError:
        return "改了"
    if isinstance(value, bool):
        return f"由{'是' if previous else '否'}变{'是' if value else '否'}"
    if isinstance(value, Decimal) and isinstance(previous, Decimal):
        return _numbers(value, previous)
    if isinstance(value, frozenset) and isinstance(previous, frozenset):
        return _items(indicator, value, previous)
    return "改了"


def _numbers(now: Decimal, before: Decimal) -> str:
    if now == before:
        return SAME
    share = f"（{(now - before) / before * 100:+.1f}%）" if before else ""
    return f"{'多' if now > before else '少'} {abs(now - before):,}{share}"


def _items(indicator: Indicator, now: frozenset[str], before: frozenset[str]) -> str:
    labels = {choice.value: choice.label for choice in indicator.choices}
    more = "、".join(label for value, label in labels.items() if value in now - before)
    less = "、".join(label for value, label in labels.items() if value in before - now)
    return "；".join(part for part in (f"多 {more}" if more else "", f"少 {less}" if less else "") if part)


def _words(indicator: Indicator, value: Any) -> str:
    try:
        return value_in_words(indicator, parse_value(indicator, value))
    except ValueError:
        return str(value)
