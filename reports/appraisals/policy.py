"""``fixtures/appraisal.toml``: by which indicators a unit is appraised, with what weight, and what each counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from standards.files import text_of, toml_of
from standards.rules.flaws import Table, Where, close_to

COMPLIANCE, TIMELINESS, SPOT_CHECKS, RECTIFICATION = "compliance", "timeliness", "spot_checks", "rectification"
#: what the portal knows how to count, in the order in which it is shown
KEYS = (COMPLIANCE, TIMELINESS, SPOT_CHECKS, RECTIFICATION)
WHOLE = Decimal(100)
TEXTS = ("issuer", "plan", "source", "quote", "absent")


@dataclass(frozen=True, slots=True)
class Indicator:
    """``weight`` in points of 100; ``counts`` says what is over what."""

    key: str
    label: str
    weight: Decimal
    meaning: str
    counts: str
    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Policy:
    """``most_adjustment``: a unit's adjustments come to no more than so many points either way."""

    issuer: str
    plan: str
    source: str
    quote: str
    absent: str
    most_adjustment: Decimal
    indicators: tuple[Indicator, ...]

    @property
    def weights(self) -> Mapping[str, Decimal]:
        return {each.key: each.weight for each in self.indicators}


@cache
def policy() -> Policy:
    """Read once a process. Raises ``Flaws``."""
    return read_policy(settings.BASE_DIR / "fixtures" / "appraisal.toml")


def read_policy(path: Path) -> Policy:
    """Raises ``Flaws`` with every flaw of the file."""
    return parse_policy(toml_of(text_of(path), path.name), path.name)


def parse_policy(data: object, file: str) -> Policy:
    where = Where(file)
    table = Table(data, where, "文件")
    texts = {key: table.text(key) for key in TEXTS}
    most = _points(table, "most_adjustment")
    rows = enumerate(table.listing("indicator"), start=1)
    indicators = tuple(_indicator(row, where.at(f"indicator 第{number}项")) for number, row in rows)
    table.close()
    _refuse_sums(indicators, where)
    where.finish()
    return Policy(**texts, most_adjustment=most, indicators=indicators)


def policy_from(told: Mapping[str, Any]) -> Policy:
    """As a published appraisal keeps it."""
    indicators = tuple(Indicator(**each | {"weight": Decimal(each["weight"])}) for each in told["indicators"])
    texts: dict[str, str] = {key: told[key] for key in TEXTS}
    return Policy(**texts, most_adjustment=Decimal(told["most_adjustment"]), indicators=indicators)


def policy_json(policy: Policy) -> dict[str, Any]:
    texts = {key: getattr(policy, key) for key in TEXTS}
    said = ("key", "label", "meaning", "counts", "source", "quote")
    indicators = [
        {key: getattr(each, key) for key in said} | {"weight": str(each.weight)} for each in policy.indicators
    ]
    return texts | {"most_adjustment": str(policy.most_adjustment), "indicators": indicators}


def _indicator(row: object, where: Where) -> Indicator:
    table = Table(row, where, "指标")
    key = table.text("key")
    if key and key not in KEYS:
        where.refuse(f"key“{key}”不是系统会算的指标", close_to(key, KEYS))
    weight = _points(table, "weight")
    words = [table.text(name) for name in ("meaning", "counts", "source", "quote")]
    indicator = Indicator(key, table.text("label", 20), weight, *words)
    table.close()
    return indicator


def _points(table: Table, key: str) -> Decimal:
    """More than 0, up to 100, two decimals at most."""
    number = table.number(key)
    if number is None or not 0 < number <= WHOLE or number != number.quantize(Decimal("0.01")):
        table.where.refuse(f"{key} 缺失，或者不是 0 到 100 之间最多两位小数的数", f"写成 {key} = 20")
        return Decimal(0)
    return number


def _refuse_sums(indicators: Iterable[Indicator], where: Where) -> None:
    """Each that can be counted stands once, and the weights come to 100."""
    keys = [each.key for each in indicators]
    for key in KEYS:
        if keys.count(key) != 1:
            where.refuse(f"指标“{key}”写了 {keys.count(key)} 次", "每个指标写一次，不多不少")
    total = sum((each.weight for each in indicators), Decimal(0))
    if total != WHOLE:
        where.refuse(f"权重合计是 {total:f}，不是 100", "改 weight，使合计为 100")
