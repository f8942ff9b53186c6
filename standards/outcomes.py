"""What a judgement says: outcomes, grades, and the result of one requirement, with their JSON form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

#: outcome → the word that a person reads
OUTCOMES = {
    "pass": "达标",
    "relaxed": "酌减达标",
    "deviation": "偏离",
    "pending": "待认定",
    "missing": "缺数据",
    "fail": "不达标",
    "not_applicable": "不适用",
    "info": "仅记录",
}
#: worst first; info and not_applicable do not count
WORST_FIRST = ("fail", "missing", "pending", "deviation", "relaxed", "pass")

NOT_SET_UP, BELOW, INCOMPLETE, COMPLIANT, BASICALLY = "未设立", "未达标", "资料不全", "达标", "基本达标"
GRADES = (COMPLIANT, BASICALLY, BELOW, INCOMPLETE, NOT_SET_UP)

FORCES = {"mandatory": "硬性要求", "norm": "一般要求", "permissive": "授权", "aspirational": "力争目标"}


@dataclass(frozen=True, slots=True)
class Measured:
    """One comparison's figures. ``actual`` and ``norm`` are numbers or None (unknown, or not a number).
    ``shortfall`` is norm − actual, or the excess where ``over``; None where nothing is short.
    ``lacking`` are the values of the items that ``includes`` misses (or ``only`` finds beyond)."""

    indicator: str | None = None  # the indicator measured, where one alone is
    operator: str = ""
    actual: Decimal | None = None
    norm: Decimal | None = None
    shortfall: Decimal | None = None
    over: bool = False
    held: int | None = None  # items present, of includes
    listed: int | None = None  # items asked for
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one requirement.

    ``measured`` are the figures of the comparisons that speak: the deciding row of cases, every failing child of
    all and any, or the one comparison. ``main`` is the one whose actual, norm and shortfall are the requirement's.
    ``unknown`` are the indicators whose absence keeps the outcome open: those that can still change it.
    ``quotes`` are the deciding words: of the row of cases that decided, else the requirement's.
    ``row`` is the deciding row of a top-level cases (from 0). ``reduction`` is (norm − actual) ÷ norm of a
    relaxation that was asked. ``accepted`` says that a deviation's explanation was accepted by a reviewer."""

    requirement: str
    outcome: str
    measured: tuple[Measured, ...] = ()
    main: Measured | None = None
    quotes: tuple[str, ...] = ()
    row: int | None = None
    unknown: frozenset[str] = frozenset()
    allowed: bool | None = None
    progress: Decimal | None = None
    overdue: bool | None = None
    reduction: Decimal | None = None
    provisional: bool = False  # relaxed and not yet determined
    accepted: bool = False
    notices: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Only what is not the default: decimals as text, ``main`` as its place among ``measured``."""
        said = {name: _plain(getattr(self, name)) for name in _RESULT_PLAIN if getattr(self, name) != _DEFAULTS[name]}
        if self.measured:
            said["measured"] = [_measured_json(found) for found in self.measured]
        if self.main is not None:
            said["main"] = self.measured.index(self.main)
        return said

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Result:
        measured = tuple(_measured_from(found) for found in data.get("measured", ()))
        given = {name: _BACK.get(name, _same)(data[name]) for name in _RESULT_PLAIN if name in data}
        return cls(measured=measured, main=measured[data["main"]] if "main" in data else None, **given)


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """``score`` is 0–100 with one decimal, for the bar; None where nothing of the clause is scored."""

    clause: str
    outcome: str
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One subject's facts judged by one edition. ``score`` 0–100, half up to 0.1; None where nothing is scored."""

    score: Decimal | None
    grade: str | None
    results: Mapping[str, Result] = field(default_factory=dict)
    clauses: Mapping[str, ClauseResult] = field(default_factory=dict)

    @property
    def unknown(self) -> frozenset[str]:
        """Indicators that can still change a scored, applicable requirement's outcome."""
        return frozenset().union(*(result.unknown for result in self.results.values()))

    def as_json(self) -> dict[str, Any]:
        return {
            "score": _plain(self.score),
            "grade": self.grade,
            "results": {key: result.as_json() for key, result in self.results.items()},
            "clauses": {key: [clause.outcome, _plain(clause.score)] for key, clause in self.clauses.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Judgement:
        return cls(
            score=_number(data["score"]),
            grade=data["grade"],
            results={key: Result.from_json(result) for key, result in data["results"].items()},
            clauses={key: ClauseResult(key, said[0], _number(said[1])) for key, said in data["clauses"].items()},
        )


def _plain(value: Any) -> Any:
    """As JSON carries it, the same every time."""
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Decimal) else value


def _same(value: Any) -> Any:
    return value


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _measured_json(found: Measured) -> dict[str, Any]:
    return {name: _plain(value) for name in _MEASURED if (value := getattr(found, name)) != _DEFAULTS[name]}


def _measured_from(data: Mapping[str, Any]) -> Measured:
    return Measured(**{name: _BACK.get(name, _same)(value) for name, value in data.items()})


_MEASURED = tuple(part.name for part in fields(Measured))
_RESULT_PLAIN = tuple(part.name for part in fields(Result) if part.name not in ("measured", "main"))
_DEFAULTS: dict[str, Any] = {part.name: part.default for kind in (Measured, Result) for part in fields(kind)}
#: field → what makes it again from JSON
_BACK: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("actual", "norm", "shortfall", "progress", "reduction"), _number),
    **dict.fromkeys(("lacking", "quotes", "notices"), tuple),
    "unknown": frozenset,
}
