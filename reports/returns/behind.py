"""The facilities behind a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports.returns.figures import ACCEPTED, RETURNED, SUBMITTED, Line
from reports.returns.items import ITEM
from reports.returns.parts import Part
from reports.returns.statement import SHORT, Statement
from standards.outcomes import BASICALLY, COMPLIANT

DUE = "due"
COUNTED: dict[str, tuple[str, Callable[[Line], bool]]] = {
    "due": ("应评估", lambda line: True),
    "accepted": ("已审核", lambda line: line.state == ACCEPTED),
    "waiting": ("未审核", lambda line: line.state in (SUBMITTED, RETURNED)),
    "missing": ("未报", lambda line: line.state not in (ACCEPTED, SUBMITTED, RETURNED)),
    "compliant": ("达标和基本达标", lambda line: line.grade in (COMPLIANT, BASICALLY)),
}
PARTS: dict[str, tuple[str, Callable[[Part | None], bool]]] = {
    "all": ("全部计入的", lambda part: True),
    "met": ("计入的", lambda part: part is not None and part.number > 0),
    "lacking": ("不足的", lambda part: part is not None and bool(part.short)),
    "unknown": ("无数据的", lambda part: part is None),
}


@dataclass(frozen=True, slots=True)
class Behind:
    title: str
    where: str
    lines: tuple[tuple[Line, str, Part | None], ...]  # with the name of its group
    unit: str
    places: int


class NoSuchNumber(Exception):
    """No number has this address."""


def behind(statement: Statement, figure: str, part: str, subject: str, group: str | None) -> Behind:
    """Raises NoSuchNumber."""
    label, lines = _told(statement, figure, part)
    names = statement.group_names
    if (subject and subject not in statement.subjects) or (group is not None and group not in names):
        raise NoSuchNumber
    kept = [
        (line, names.get(statement.group_of(line), ""), line.parts.get(figure))
        for line in lines
        if (not subject or line.subject == subject) and (group is None or statement.group_of(line) == group)
    ]
    where = "　".join(
        each for each in (names.get(group or "", "") if group is not None else "", SHORT.get(subject, "")) if each
    )
    item = ITEM.get(figure)
    return Behind(label, where, tuple(kept), item.unit if item else "", item.places if item else 0)


def _told(statement: Statement, figure: str, part: str) -> tuple[str, list[Line]]:
    if figure == DUE and part in COUNTED:
        word, counts = COUNTED[part]
        return word, [line for line in statement.lines if counts(line)]
    if figure not in ITEM or part not in PARTS:
        raise NoSuchNumber
    word, holds = PARTS[part]
    lines = [line for line in statement.lines if figure in line.parts and holds(line.parts[figure])]
    return f"{ITEM[figure].label}：{word}", lines
