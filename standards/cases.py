"""Run the cases of a standard: facts and expectations as data, compared with what the engine says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from standards.case_files import name_of
from standards.edition import Edition, Indicator, Value
from standards.engine import judge
from standards.files import Fixtures
from standards.outcomes import GRADES, OUTCOMES, Judgement, Result
from standards.rules.flaws import close_to, is_day, is_number
from standards.rules.requirements import SUBJECTS
from standards.values import parse_value

KEYS = (
    *("id", "name", "standard", "subject", "date", "facility", "answers", "determinations"),
    *("expect", "clauses", "judgement"),
)
DECISIONS = ("accepted", "refused")
TABLES = ("facility", "answers", "determinations", "expect", "clauses", "judgement")


class Wrong(Exception):
    """The case itself cannot be run; the message says why."""


@dataclass(frozen=True)
class Case:
    """A case as read: what it gives, and what it expects by requirement, clause and judgement."""

    name: str
    edition: Edition
    facts: Mapping[str, Value]
    on: date
    subject: str | None
    determinations: Mapping[str, str]
    requirements: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    clauses: Mapping[str, Any] = field(default_factory=dict)
    judgement: Mapping[str, Any] = field(default_factory=dict)

    def run(self) -> Judgement:
        return judge(self.edition, self.facts, self.on, self.subject, self.determinations)


def failures_of(raw: Any, fixtures: Fixtures, today: date) -> list[str]:
    """What a case expected and what came instead, a sentence each; none where it passed."""
    try:
        case = read_case(raw, fixtures, today)
        return list(_differences(case, case.run()))
    except Wrong as wrong:
        return [str(wrong)]


def read_case(raw: Any, fixtures: Fixtures, today: date) -> Case:
    """Raises ``Wrong`` where it names what does not exist."""
    if not isinstance(raw, dict):
        raise Wrong("用例应是一张表，用 [[case]] 写")
    _known(raw, KEYS, "用例的键")
    for key in TABLES:
        if not isinstance(raw.get(key, {}), dict):
            raise Wrong(f"{key} 应是一张表")
    edition = _edition(raw, fixtures.editions)
    determinations = raw.get("determinations", {})
    _known(determinations, edition.by_key, "要求")
    _known(determinations.values(), DECISIONS, "认定")
    if "subject" in raw:
        _known([raw["subject"]], SUBJECTS, "对象")
    expected = dict(raw.get("expect", {}))
    judgement = {**raw.get("judgement", {}), **_table(expected.pop("judgement", {}), "judgement")}
    facts = {**raw.get("facility", {}), **raw.get("answers", {})}
    return Case(
        name=name_of(raw),
        edition=edition,
        facts=dict(_facts(facts, fixtures.dictionary)),
        on=raw.get("date", today),
        subject=raw.get("subject"),
        determinations=determinations,
        requirements=_requirements(expected, edition),
        clauses=_clauses(raw.get("clauses", {}), edition),
        judgement=_judgement(judgement),
    )


def _edition(raw: Mapping[str, Any], editions: list[Edition]) -> Edition:
    """By key: in force on the date, the newest where no date is given."""
    key, on = raw.get("standard"), raw.get("date")
    known = [edition for edition in editions if edition.key == key]
    if not known:
        raise Wrong(f"标准“{key}”没有文件")
    if on is None:
        return max(known, key=lambda edition: edition.effective)
    if not is_day(on):
        raise Wrong("date 不是日期，写成 date = 2026-03-31，不加引号")
    in_force = [each for each in known if each.effective <= on and (each.until is None or on <= each.until)]
    if not in_force:
        raise Wrong(f"标准“{key}”在 {on} 没有有效的版本")
    return max(in_force, key=lambda edition: edition.effective)


def _facts(raw: Mapping[str, Any], dictionary: Mapping[str, Indicator]) -> Iterator[tuple[str, Value]]:
    _known(raw, dictionary, "数据项")
    for key, value in raw.items():
        try:
            yield key, parse_value(dictionary[key], value)
        except ValueError as error:
            raise Wrong(f"{key}：{error}") from None


def _requirements(expected: Mapping[str, Any], edition: Edition) -> dict[str, Mapping[str, Any]]:
    _known(expected, edition.by_key, "要求")
    for key, wanted in expected.items():
        _known(_table(wanted, key), FOUND, f"{key} 的期望")
        _known([wanted["outcome"]] if "outcome" in wanted else [], OUTCOMES, "结论")
        lacking = wanted.get("missing", [])
        if not isinstance(lacking, list) or not all(isinstance(item, str) for item in lacking):
            raise Wrong(f"{key} 的 missing 应是选项值列表")
    return dict(expected)


def _clauses(expected: Mapping[str, Any], edition: Edition) -> Mapping[str, Any]:
    _known(expected, edition.clause_by_key, "条款")
    _known(expected.values(), OUTCOMES, "结论")
    return expected


def _judgement(expected: Mapping[str, Any]) -> Mapping[str, Any]:
    _known(expected, ("score", "grade"), "judgement 的期望")
    _known([expected["grade"]] if "grade" in expected else [], GRADES, "等次")
    return expected


def _table(raw: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise Wrong(f"{name} 的期望应是一张表")
    return raw


def _known(given: Any, words: Any, what: str) -> None:
    for word in given:
        if not isinstance(word, str) or word not in words:
            raise Wrong(f"{what}“{word}”不认识；{close_to(str(word), list(words))}")


def _differences(case: Case, judgement: Judgement) -> Iterator[str]:
    for key, wanted in case.requirements.items():
        for name, value in wanted.items():
            yield from _difference(f"{key} 的 {name}", value, FOUND[name](judgement.results[key]))
    for key, outcome in case.clauses.items():
        yield from _difference(f"条款 {key}", outcome, judgement.clauses[key].outcome)
    for name, value in case.judgement.items():
        yield from _difference(name, value, getattr(judgement, name))


def _difference(what: str, wanted: Any, found: Any) -> Iterator[str]:
    if not _same(wanted, found):
        yield f"{what}：应为 {_said(wanted)}，得到 {_said(found)}"


def _same(wanted: Any, found: Any) -> bool:
    """Numbers by value (5 is 5.00), items whatever their order; true is not 1."""
    if isinstance(wanted, list):
        return isinstance(found, tuple) and sorted(wanted) == sorted(found)
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if is_number(wanted):
        return found is not None and is_number(found) and Decimal(wanted) == found
    return bool(wanted == found)


def _said(value: Any) -> str:
    if value is None:
        return "无"
    return "、".join(value) or "无" if isinstance(value, (list, tuple)) else str(value)


def _figure(name: str) -> Callable[[Result], Any]:
    return lambda result: getattr(result.main, name) if result.main else None


def _shortfall(result: Result) -> Any:
    """What is met is short by 0."""
    met = result.main and result.main.shortfall is None and result.outcome == "pass" and result.main.norm is not None
    return Decimal(0) if met else _figure("shortfall")(result)


def _lacking(result: Result) -> tuple[str, ...]:
    """The items that are not there, over all that falls short."""
    return tuple(dict.fromkeys(item for found in result.measured for item in found.lacking))


#: what a case may expect of a requirement → where it is found
FOUND: dict[str, Callable[[Result], Any]] = {
    **{name: _figure(name) for name in ("actual", "norm")},
    "shortfall": _shortfall,
    "missing": _lacking,
    "outcome": lambda result: result.outcome,
    "progress": lambda result: result.progress,
    "overdue": lambda result: result.overdue,
    "allowed": lambda result: result.allowed,
}
