"""``fixtures/spot_checks.toml``: how many of each stratum are drawn, and how far what is found may lie from what was
reported."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.conf import settings

from standards.files import text_of, toml_of
from standards.rules.flaws import Table, Where, close_to

FILE = settings.BASE_DIR / "fixtures" / "spot_checks.toml"
ANY, ALL = "any", "all"
MOST = 1000  # of a stratum: more would be no sample


@dataclass(frozen=True, slots=True)
class AreaTolerance:
    """Of numbers in ``unit``: what lies outside ``amount``, or outside ``percent`` of what was reported. ``exceeds``
    says whether one of the two is enough (any) or both must be exceeded (all)."""

    unit: str
    amount: Decimal
    percent: Decimal
    exceeds: str

    def is_exceeded(self, reported: Decimal, found: Decimal) -> bool:
        """Exactly on the line is within."""
        apart = abs(found - reported)
        outside = (apart > self.amount, apart * 100 > abs(reported) * self.percent)
        return any(outside) if self.exceeds == ANY else all(outside)

    @property
    def words(self) -> str:
        joined = "或者" if self.exceeds == ANY else "并且"
        return f"相差超过 {plain(self.amount)} {self.unit}{joined}超过 {plain(self.percent)}%"


@dataclass(frozen=True, slots=True)
class Policy:
    source: str
    quote: str
    share: Decimal  # % of a stratum
    minimum: int
    area: AreaTolerance


@cache
def policy() -> Policy:
    """Read once a process. Raises ``Flaws``."""
    return parse_policy(toml_of(text_of(FILE), FILE.name), FILE.name)


def parse_policy(data: object, file: str) -> Policy:
    """Raises ``Flaws`` with every flaw of the file."""
    where = Where(file)
    table = Table(data, where, "文件")
    source, quote = table.text("source"), table.text("quote")
    share, minimum = _draw(table.take("draw"), where.at("draw"))
    area = _area(table.take("area"), where.at("area"))
    table.close()
    where.finish()
    return Policy(source, quote, share, minimum, area)


def _draw(row: object, where: Where) -> tuple[Decimal, int]:
    table = Table(row, where, "抽取")
    share = _figure(table, "share", Decimal(100), places=2)
    minimum = _figure(table, "minimum", Decimal(MOST), places=0)
    table.close()
    return share, int(minimum)


def _area(row: object, where: Where) -> AreaTolerance:
    table = Table(row, where, "面积容差")
    unit, amount = table.text("unit"), _figure(table, "amount", Decimal(1000), places=2)
    percent, exceeds = _figure(table, "percent", Decimal(100), places=2), table.text("exceeds")
    if exceeds and exceeds not in (ANY, ALL):
        where.refuse(f"exceeds“{exceeds}”不认识", close_to(exceeds, (ANY, ALL)))
    table.close()
    return AreaTolerance(unit, amount, percent, exceeds)


def _figure(table: Table, key: str, most: Decimal, places: int) -> Decimal:
    """From 0 to ``most``, with so many decimals at most."""
    number = table.number(key)
    if number is None or not 0 <= number <= most:
        table.where.refuse(f"{key} 缺失或不在 0 到 {most} 之间", f"写成 {key} = 1 这样的数字")
        return Decimal(0)
    if number != number.quantize(Decimal(1).scaleb(-places)):
        table.where.refuse(f"{key} 多于 {places} 位小数" if places else f"{key} 不是整数", f"改写 {key}")
    return number


def plain(number: Decimal) -> str:
    """0.50 → 0.5"""
    return f"{number.normalize():f}"
