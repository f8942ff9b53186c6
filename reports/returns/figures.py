"""Lines of facilities → counts and sums, by subject and by area. Pure, exact, and total over total.

What is not accepted is counted as such and adds to no figure; 无数据 (nothing known) and 0 differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reports.returns.items import ITEM, RATIO, SHARE
from reports.returns.parts import Part, Parts
from standards.outcomes import BASICALLY, COMPLIANT, GRADES
from standards.values import half_up

ACCEPTED, SUBMITTED, RETURNED, DRAFT, NOTHING = "accepted", "submitted", "returned", "draft", ""
STATES = {ACCEPTED: "已审核", SUBMITTED: "未审核", RETURNED: "退回修改", DRAFT: "未报（填写中）", NOTHING: "未报"}


@dataclass(frozen=True, slots=True)
class Line:
    """A facility that is due in the quarter, and its part in each figure once it is accepted."""

    code: str
    name: str
    subject: str
    town: str  # code, empty for what lies in none
    state: str = NOTHING
    score: Decimal | None = None
    grade: str = ""
    parts: Parts = field(default_factory=dict)
    unit: str = ""  # code of the reporting unit, in a report over several


@dataclass(slots=True)
class Figure:
    """``number`` of ``of``, ``short``: sums over the ``known`` facilities; ``unknown`` gave no data, ``lacking`` of
    the known are short. A share's ``of`` are all to which it applies, those without data too."""

    number: Decimal = Decimal(0)
    of: Decimal = Decimal(0)
    short: Decimal = Decimal(0)
    known: int = 0
    unknown: int = 0
    lacking: int = 0

    def add(self, part: Part | None, kind: str) -> None:
        if part is None:
            self.unknown += 1
            self.of += kind == SHARE
            return
        self.known += 1
        self.number += part.number
        self.of += part.of or 0
        self.short += part.short or 0
        self.lacking += bool(part.short)

    def join(self, other: Figure) -> None:
        for name in ("number", "of", "short", "known", "unknown", "lacking"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def applies(self) -> bool:
        return bool(self.known or self.unknown)

    @property
    def rate(self) -> Decimal | None:
        return percent(self.number, self.of) if self.known else None


@dataclass(slots=True)
class Block:
    """What a group of facilities comes to. Every count lies in ``due``."""

    due: int = 0
    states: dict[str, int] = field(default_factory=dict)
    grades: dict[str, int] = field(default_factory=dict)
    score: Decimal = Decimal(0)  # sum
    scored: int = 0
    figures: dict[str, Figure] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        self.due += 1
        self.states[line.state] = self.states.get(line.state, 0) + 1
        if line.state != ACCEPTED:
            return
        self.grades[line.grade] = self.grades.get(line.grade, 0) + 1
        if line.score is not None:
            self.score, self.scored = self.score + line.score, self.scored + 1
        for key, part in line.parts.items():
            self.figures.setdefault(key, Figure()).add(part, ITEM[key].kind)

    def join(self, other: Block) -> None:
        """Sums of both: numerators to numerators, denominators to denominators."""
        self.due, self.score = self.due + other.due, self.score + other.score
        self.scored += other.scored
        for own, more in ((self.states, other.states), (self.grades, other.grades)):
            for key, number in more.items():
                own[key] = own.get(key, 0) + number
        for key, figure in other.figures.items():
            self.figures.setdefault(key, Figure()).join(figure)

    def figure(self, key: str) -> Figure:
        return self.figures.get(key) or Figure()

    @property
    def accepted(self) -> int:
        return self.states.get(ACCEPTED, 0)

    @property
    def waiting(self) -> int:
        """Sent, and not accepted: 未审核."""
        return self.states.get(SUBMITTED, 0) + self.states.get(RETURNED, 0)

    @property
    def missing(self) -> int:
        """未报."""
        return self.states.get(DRAFT, 0) + self.states.get(NOTHING, 0)

    @property
    def compliant(self) -> int:
        return self.grades.get(COMPLIANT, 0) + self.grades.get(BASICALLY, 0)

    @property
    def rate(self) -> Decimal | None:
        """达标和基本达标, of all that are due."""
        return percent(self.compliant, self.due) if self.accepted else None

    @property
    def mean(self) -> Decimal | None:
        return half_up(Fraction(self.score) / self.scored, 1) if self.scored else None


def block_of(lines: Iterable[Line]) -> Block:
    block = Block()
    for line in lines:
        block.add(line)
    return block


def blocks_of(lines: Iterable[Line], by: str) -> dict[str, Block]:
    """Group (an attribute of the lines) → its block, in the order of first mention."""
    blocks: dict[str, Block] = {}
    for line in lines:
        blocks.setdefault(getattr(line, by), Block()).add(line)
    return blocks


def percent(number: Decimal | int, of: Decimal | int) -> Decimal | None:
    """A rate with one decimal, half up; None for a zero denominator."""
    return half_up(Fraction(number) / Fraction(of), 3).scaleb(2) if of else None


# ── JSON ──────────────────────────────────────────────────────────────────────


def figure_json(key: str, figure: Figure) -> dict[str, Any]:
    """``value`` is the rate in % of a share or ratio, else the number; None where nothing is known."""
    rated = ITEM[key].kind in (SHARE, RATIO)
    value = figure.rate if rated else figure.number if figure.known else None
    return {
        "number": str(figure.number) if figure.known else None,
        "of": str(figure.of) if figure.known or figure.of else None,
        "short": str(figure.short) if figure.known else None,
        "value": None if value is None else str(value),
        "known": figure.known,
        "unknown": figure.unknown,
        "lacking": figure.lacking,
    }


def figure_from(data: Mapping[str, Any]) -> Figure:
    number, of, short = (Decimal(data[key] or 0) for key in ("number", "of", "short"))
    return Figure(number, of, short, data["known"], data["unknown"], data["lacking"])


def block_json(block: Block) -> dict[str, Any]:
    return {
        "due": block.due,
        "accepted": block.accepted,
        "states": dict(sorted(block.states.items())),
        "grades": {grade: block.grades[grade] for grade in (*GRADES, "") if grade in block.grades},
        "score": str(block.score),
        "scored": block.scored,
        "figures": {key: figure_json(key, figure) for key, figure in sorted(block.figures.items())},
    }


def block_from(data: Mapping[str, Any]) -> Block:
    figures = {key: figure_from(figure) for key, figure in data["figures"].items()}
    return Block(
        data["due"], dict(data["states"]), dict(data["grades"]), Decimal(data["score"]), data["scored"], figures
    )


def line_json(line: Line) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "subject": line.subject,
        "town": line.town,
        "state": line.state,
        "score": None if line.score is None else str(line.score),
        "grade": line.grade,
        "parts": {key: _part_json(part) for key, part in line.parts.items()},
    }


def line_from(data: Mapping[str, Any], unit: str = "") -> Line:
    parts = {key: _part_from(part) for key, part in data["parts"].items()}
    score = None if data["score"] is None else Decimal(data["score"])
    return Line(
        data["code"], data["name"], data["subject"], data["town"], data["state"], score, data["grade"], parts, unit
    )


def _part_json(part: Part | None) -> list[str | None] | None:
    if part is None:
        return None
    return [None if each is None else str(each) for each in (part.number, part.of, part.short)]


def _part_from(data: list[str | None] | None) -> Part | None:
    if data is None:
        return None
    number, of, short = (None if each is None else Decimal(each) for each in data)
    return Part(number or Decimal(0), of, short)
