"""Subsidy cases: persons and expectations as data, compared with the statement. Only what a case names is compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from assessments.subsidies.case_reading import day_of, figure_of, known, required, tenure_of, truth_of
from assessments.subsidies.months import Stretch
from assessments.subsidies.policy import FLAGS, Policy
from assessments.subsidies.statement import Statement, statement
from standards.cases import Wrong
from standards.rules.flaws import close_to, is_number

KEYS = (
    *("id", "name", "from", "to", "served_population", "district_paid", "count_extra"),
    *("persons", "expect"),
)
AMOUNTS = ("city_due", "district_min", "district_shortfall", "held", "recover")


def failures_of(raw: Any, policy: Policy) -> list[str]:
    """What a case expected and what came instead, a sentence each; none where it passed."""
    try:
        expected = _expected(raw)
        return list(_differences(expected, stated(raw, policy)))
    except Wrong as wrong:
        return [str(wrong)]


def stated(raw: Mapping[str, Any], policy: Policy) -> Statement:
    """Raises ``Wrong`` where the case cannot be computed."""
    served = figure_of(raw, "served_population", places=0)
    persons = required(raw, "persons", list, "应是列表，没有人写 persons = []")
    tenures = [tenure_of(person, number, served) for number, person in enumerate(persons, start=1)]
    if "count_extra" in raw:
        policy = policy.counting_extra(truth_of(raw, "count_extra", False))
    return statement(tenures, policy, _period(raw, policy), figure_of(raw, "district_paid", places=2))


def _period(raw: Mapping[str, Any], policy: Policy) -> Stretch:
    first, last = day_of(raw, "from", needed=True), day_of(raw, "to", needed=True)
    if last < first:
        raise Wrong(f"to（{last}）早于 from（{first}）；改正期间的起止日")
    if last < policy.effective:
        raise Wrong(f"to（{last}）早于补助标准的起始日 {policy.effective}，没有可用的标准；改正期间")
    return Stretch(first, last)


def _expected(raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise Wrong("用例应是一张表，用 [[case]] 写")
    known(raw, KEYS, "用例的键")
    expected: Mapping[str, Any] = required(raw, "expect", dict, "应是一张表，写在 [case.expect] 下")
    known(expected, (*AMOUNTS, "flags"), "expect 的键")
    if not expected:
        raise Wrong("expect 里没有写应有的结果；至少写一项")
    for key in expected.keys() - {"flags"}:
        if not is_number(expected[key]):
            raise Wrong(f"expect 的 {key} 应是数字，例如 {key} = 3000.00，不加引号")
    _refuse_flags(expected.get("flags", []))
    return expected


def _refuse_flags(flags: Any) -> None:
    if not isinstance(flags, list) or not all(isinstance(flag, str) for flag in flags):
        raise Wrong('expect 的 flags 应是文字列表，例如 flags = ["unfiled"]，没有写 flags = []')
    for flag in flags:
        if flag not in FLAGS:
            raise Wrong(f"expect 的 flags 里“{flag}”不认识；{close_to(flag, list(FLAGS))}")


def _differences(expected: Mapping[str, Any], found: Statement) -> Iterator[str]:
    for key, wanted in expected.items():
        value = getattr(found, key)
        same = set(wanted) == set(value) if key == "flags" else value is not None and Decimal(wanted) == value
        if not same:
            yield f"{key}：应为 {_said(wanted)}，得到 {_said(value)}"


def _said(value: Any) -> str:
    if value is None:
        return "未知（没有填 district_paid）"
    return "、".join(value) or "无" if isinstance(value, (list, tuple)) else str(value)
