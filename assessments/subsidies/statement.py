"""The statement of a period: what city and district owe for whom, and what is held or to be recovered.

A month counts as 1, part of it by calendar days over the days of the month (Z23), rounded half up to 0.01 per person
and month. Every amount keeps its persons, months, days and rates with their sentences, so that it can be opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from assessments.subsidies.counting import PUBLIC_SERVANT, Part, Unpaid, counted
from assessments.subsidies.months import Stretch, cut, days_in_month, months_of
from assessments.subsidies.policy import FLAGS, Policy
from assessments.subsidies.tenures import Tenure
from standards.values import half_up

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class PersonMonth:
    """One person in one month of the period: the days that count, and those that do not with their reasons."""

    person: str
    month: Stretch
    parts: tuple[Part, ...]
    unpaid: tuple[Unpaid, ...]
    doubled: bool

    @property
    def city_due(self) -> Decimal:
        return _money(part.days.share * Fraction(part.city.amount) for part in self.parts)

    @property
    def district_min(self) -> Decimal:
        return _money(part.days.share * Fraction(part.district.amount) for part in self.parts)

    @property
    def held(self) -> Decimal:
        """Of the city's, what waits for 备案."""
        return _money(part.days.share * Fraction(part.city.amount) for part in self.parts if not part.tenure.filed)

    @property
    def recover(self) -> Decimal:
        """兼职报酬 of a public servant, rounded per post."""
        return sum((_money([share * Fraction(tenure.pay or 0)]) for tenure, share in self._barred.items()), NOTHING)

    @property
    def flags(self) -> tuple[str, ...]:
        found = {reason for unpaid in self.unpaid for reason in unpaid.reasons}
        found |= {"partial_month"} if self._is_partial else set()
        found |= {"unfiled"} if self.held else set()
        found |= {"public_servant_paid"} if self.recover else set()
        found |= {"duplicate_person"} if self.doubled else set()
        return tuple(flag for flag in FLAGS if flag in found)

    @property
    def _barred(self) -> dict[Tenure, Fraction]:
        """The posts that a public servant holds for pay, and for which part of the month."""
        shares: dict[Tenure, Fraction] = defaultdict(Fraction)
        for unpaid in self.unpaid:
            if PUBLIC_SERVANT in unpaid.reasons and unpaid.tenure.pay:
                shares[unpaid.tenure] += unpaid.days.share
        return shares

    @property
    def _is_partial(self) -> bool:
        """Whether an amount rests on days: fewer than the month has, or at more than one rate."""
        paid = [part for part in self.parts if part.city.amount or part.district.amount]
        in_part = bool(paid) and sum(part.days.days for part in paid) < days_in_month(self.month.first)
        changing = len({tuple(rate.amount for rate in part.rates) for part in self.parts}) > 1
        return in_part or changing or any(share < 1 for share in self._barred.values())


@dataclass(frozen=True)
class Statement:
    """``district_paid`` None is not recorded, and the shortfall then unknown."""

    period: Stretch
    policy: Policy
    months: tuple[PersonMonth, ...]
    district_paid: Decimal | None = None

    @property
    def city_due(self) -> Decimal:
        return sum((month.city_due for month in self.months), NOTHING)

    @property
    def district_min(self) -> Decimal:
        return sum((month.district_min for month in self.months), NOTHING)

    @property
    def district_shortfall(self) -> Decimal | None:
        return None if self.district_paid is None else max(NOTHING, self.district_min - self.district_paid)

    @property
    def held(self) -> Decimal:
        return sum((month.held for month in self.months), NOTHING)

    @property
    def recover(self) -> Decimal:
        return sum((month.recover for month in self.months), NOTHING)

    @property
    def flags(self) -> tuple[str, ...]:
        found = {flag for month in self.months for flag in month.flags}
        return tuple(flag for flag in FLAGS if flag in found)


def statement(
    tenures: Iterable[Tenure], policy: Policy, period: Stretch, district_paid: Decimal | None = None
) -> Statement:
    """The order of the tenures does not matter; days before the policy count for nothing."""
    posts: dict[str, list[Tenure]] = defaultdict(list)
    for tenure in sorted(tenures, key=lambda tenure: tenure.rank):
        posts[tenure.person].append(tenure)
    months = (month for held in posts.values() for month in _person_months(held, policy, period))
    return Statement(period, policy, tuple(months), district_paid)


def _person_months(tenures: Sequence[Tenure], policy: Policy, period: Stretch) -> Iterator[PersonMonth]:
    """The months in which the person holds a post."""
    first = max(period.first, policy.effective, min(tenure.start for tenure in tenures))
    last = min(period.last, max(tenure.end or period.last for tenure in tenures))
    if first > last:
        return
    changes = {*policy.changes, *(day for tenure in tenures for day in _changes(tenure, last))}
    for month in months_of(Stretch(first, last)):
        if any(tenure.start <= month.last and (tenure.end or last) >= month.first for tenure in tenures):
            yield _person_month(tenures, policy, month, changes)


def _changes(tenure: Tenure, last: date) -> Iterator[date]:
    yield tenure.start
    if tenure.end is not None and tenure.end < last:
        yield tenure.end + timedelta(days=1)


def _person_month(tenures: Sequence[Tenure], policy: Policy, month: Stretch, changes: set[date]) -> PersonMonth:
    parts: list[Part] = []
    unpaid: list[Unpaid] = []
    doubled = False
    for days in cut(month, changes):
        held = [tenure for tenure in tenures if tenure.covers(days.first)]
        part, others = counted(held, days, policy)
        parts += [part] if part else []
        unpaid += others
        doubled = doubled or len(held) > 1
    return PersonMonth(tenures[0].person, month, tuple(parts), tuple(unpaid), doubled)


def _money(amounts: Iterable[Fraction]) -> Decimal:
    return half_up(sum(amounts, Fraction()), 2)
