"""Numbers as a dashboard says them: rates total over total, changes with their word. Absent is not zero."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

ABSENT = "—"
FEW = 10  # fewer facilities than this are written k/n: a percentage would say more than there is
STEPS = ((95, 1), (85, 2), (70, 3), (50, 4))  # from … per cent on
BETTER, WORSE, SAME = "better", "worse", "same"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many; of none there is no rate."""

    part: int = 0
    whole: int = 0

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.part, self.whole) if self.whole else None

    @property
    def percent(self) -> Decimal | None:
        """One decimal, half up; 100.0 only where it is all, 0.0 only where it is none."""
        if self.share is None:
            return None
        if self.share in (0, 1):
            return Decimal(100 * int(self.share)).quantize(Decimal("0.1"))
        return min(max(tenths(self.share * 100), Decimal("0.1")), Decimal("99.9"))

    @property
    def text(self) -> str:
        return ABSENT if self.percent is None else f"{self.percent}%"

    @property
    def short(self) -> str:
        """As in a cell: 77.8, or 3/7 of a few."""
        return f"{self.part}/{self.whole}" if 0 < self.whole < FEW else str(self.percent or ABSENT)

    @property
    def ratio(self) -> str:
        return f"{self.part} / {self.whole}" if self.whole else ABSENT

    @property
    def rest(self) -> int:
        return self.whole - self.part

    @property
    def step(self) -> int:
        """1 (≥ 95 %) to 5 (< 50 %); 0 where there is nothing."""
        share = self.share
        if share is None:
            return 0
        return next((step for least, step in STEPS if share * 100 >= least), 5)

    @property
    def width(self) -> str:
        """Of a bar 100 wide."""
        return "0" if self.share is None else f"{float(self.share) * 100:.2f}"


@dataclass(frozen=True, slots=True)
class Change:
    """Since last quarter. ``way`` better, worse or same; ``text`` with its word: 升 4.1 个百分点."""

    way: str
    up: bool
    text: str


def tenths(value: Fraction) -> Decimal:
    """Half up to one decimal, away from zero."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def change_of(now: Fraction | None, before: Fraction | None, unit: str, more_is_better: bool = True) -> Change | None:
    """None where one of the two is absent."""
    if now is None or before is None:
        return None
    moved = tenths(now - before)
    if moved == 0:
        return Change(SAME, False, "不变")
    up = moved > 0
    amount = abs(moved)
    figure = str(int(amount)) if amount == int(amount) and unit == "家" else str(amount)
    return Change(BETTER if up == more_is_better else WORSE, up, f"{'升' if up else '降'} {figure} {unit}".strip())


def points(now: Rate, before: Rate) -> Change | None:
    """In percentage points."""
    if now.share is None or before.share is None:
        return None
    return change_of(now.share * 100, before.share * 100, "个百分点")


def amount(value: Decimal) -> str:
    """1,234.50 → 1,234.5; whole amounts without decimals."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")
