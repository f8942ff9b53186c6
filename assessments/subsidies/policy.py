"""The policy: what is paid for whom from which day, and on which sentence each rests (``fixtures/subsidy.toml``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from assessments.subsidies.tenures import KINDS
from standards.files import text_of, toml_of
from standards.rules.flaws import Table, Where, close_to

CITY, DISTRICT = "city", "district"
PAYERS = (CITY, DISTRICT)

#: flag of a statement → its words, in the order in which they are shown
FLAGS = {
    "partial_month": "待财政确认",
    "unfiled": "未备案",
    "public_servant_paid": "公职人员取酬",
    "duplicate_person": "同人重复",
    "extra_below_threshold": "服务对象未超过8000人",
    "extra_unapproved": "增员未批准",
    "served_unknown": "服务对象数未填",
}


@dataclass(frozen=True)
class Sentence:
    """The words something rests on, verbatim, and how they are read."""

    clause: str
    quote: str
    interpretation: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rate:
    """元 per person and month from a day on; the district's is the least it pays."""

    kind: str
    payer: str
    since: date
    amount: Decimal
    sentence: Sentence


@dataclass(frozen=True)
class ExtraRule:
    """When persons beyond the first 专职 count, from a day on; ``count`` is the switch of Z13."""

    since: date
    more_than: Decimal
    count: bool
    sentence: Sentence


Rule = TypeVar("Rule", Rate, ExtraRule)


@dataclass(frozen=True)
class Policy:
    """``standard`` and ``effective`` name the edition to which it belongs; nothing is paid for days before."""

    standard: str
    effective: date
    rates: tuple[Rate, ...]
    extras: tuple[ExtraRule, ...]
    grounds: Mapping[str, Sentence]

    def rate(self, kind: str, payer: str, day: date) -> Rate:
        """In force on a day not before ``effective``."""
        return _in_force(self.rates_of(kind, payer), day)

    def rates_of(self, kind: str, payer: str) -> tuple[Rate, ...]:
        return tuple(rate for rate in self.rates if (rate.kind, rate.payer) == (kind, payer))

    def extra_rule(self, day: date) -> ExtraRule:
        return _in_force(self.extras, day)

    @property
    def changes(self) -> frozenset[date]:
        return frozenset(rate.since for rate in self.rates) | {extra.since for extra in self.extras}

    def counting_extra(self, count: bool) -> Policy:
        """The same with the switch of Z13 set for all days."""
        return replace(self, extras=tuple(replace(extra, count=count) for extra in self.extras))


def _in_force(rules: Iterable[Rule], day: date) -> Rule:
    return max((rule for rule in rules if rule.since <= day), key=lambda rule: rule.since)


def read_policy(path: Path) -> Policy:
    """Raises ``Flaws`` with every flaw of the file."""
    return parse_policy(toml_of(text_of(path), path.name), path.name)


def parse_policy(data: object, file: str) -> Policy:
    where = Where(file)
    table = Table(data, where, "文件")
    standard, effective = table.text("standard"), table.day("effective", required=True) or date.max
    rates = tuple(_rate(row, where.at(f"rate 第{number}项")) for number, row in _numbered(table, "rate"))
    extras = tuple(_extra(row, where.at(f"extra 第{number}项")) for number, row in _numbered(table, "extra"))
    grounds = dict(_ground(row, where.at(f"ground 第{number}项")) for number, row in _numbered(table, "ground"))
    table.close()
    policy = Policy(standard, effective, rates, extras, grounds)
    if not where.sentences:
        _refuse_gaps(policy, where)
    where.finish()
    return policy


def _numbered(table: Table, key: str) -> Iterable[tuple[int, object]]:
    return enumerate(table.listing(key), start=1)


def _rate(row: object, where: Where) -> Rate:
    table = Table(row, where, "补助标准")
    kind, payer = _one_of(table, "kind", KINDS), _one_of(table, "payer", PAYERS)
    amount = _figure(table, "amount")
    if amount != amount.quantize(Decimal("0.01")):
        where.refuse("amount 多于两位小数", "金额写到分")
    rate = Rate(kind, payer, table.day("from", required=True) or date.max, amount, _sentence(table))
    table.close()
    return rate


def _extra(row: object, where: Where) -> ExtraRule:
    table = Table(row, where, "增员规则")
    since = table.day("from", required=True) or date.max
    if "count" not in table:
        where.refuse("没有 count", "写明 count = true 或 false")
    extra = ExtraRule(since, _figure(table, "more_than"), table.flag("count"), _sentence(table))
    table.close()
    return extra


def _ground(row: object, where: Where) -> tuple[str, Sentence]:
    table = Table(row, where, "依据")
    ground = (_one_of(table, "flag", tuple(FLAGS)), _sentence(table))
    table.close()
    return ground


def _sentence(table: Table) -> Sentence:
    return Sentence(table.text("clause"), table.text("quote"), table.texts("interpretation"))


def _one_of(table: Table, key: str, words: tuple[str, ...]) -> str:
    word = table.text(key)
    if word and word not in words:
        table.where.refuse(f"{key}“{word}”不认识", close_to(word, words))
    return word


def _figure(table: Table, key: str) -> Decimal:
    number = table.number(key)
    if number is None or not 0 <= number < 10**9:
        table.where.refuse(f"{key} 缺失或不是合理的数", f"写成 {key} = 1000")
        return Decimal(0)
    return number


def _refuse_gaps(policy: Policy, where: Where) -> None:
    """From the first day on every kind has a rate of every payer, extras a rule, every flag its ground."""
    series = {f"{kind}、{payer} 的 rate": policy.rates_of(kind, payer) for kind in KINDS for payer in PAYERS}
    starts = {name: [rate.since for rate in rates] for name, rates in series.items()}
    starts["extra"] = [extra.since for extra in policy.extras]
    for name, days in starts.items():
        if min(days, default=None) != policy.effective:
            where.refuse(f"{name} 不是从 {policy.effective} 起", "最早的一项与 effective 同日")
        if len(set(days)) < len(days):
            where.refuse(f"{name} 有两项从同一天起", "删去一项，或改正 from")
    for flag in FLAGS.keys() - policy.grounds.keys():
        where.refuse(f"标记“{flag}”没有依据", f'补写 [[ground]] flag = "{flag}"')
