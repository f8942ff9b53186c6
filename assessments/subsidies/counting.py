"""Who counts on a day: one person once, whatever the number of posts; and why a post does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.subsidies.months import Stretch
from assessments.subsidies.policy import CITY, DISTRICT, Policy, Rate
from assessments.subsidies.tenures import PART_TIME, Tenure

#: why a post is not paid, beside the flags that say it too
PUBLIC_SERVANT, SWITCHED_OFF, COUNTED_ELSEWHERE = "public_servant", "extra_switched_off", "duplicate_person"


@dataclass(frozen=True)
class Part:
    """Days of one month on which a post counts, and the rates that hold on them."""

    tenure: Tenure
    days: Stretch
    city: Rate
    district: Rate

    @property
    def rates(self) -> tuple[Rate, Rate]:
        return self.city, self.district


@dataclass(frozen=True)
class Unpaid:
    """Days of one month on which a post does not count, and why (more than one reason may hold)."""

    tenure: Tenure
    days: Stretch
    reasons: tuple[str, ...]


def counted(tenures: Sequence[Tenure], days: Stretch, policy: Policy) -> tuple[Part | None, list[Unpaid]]:
    """Of one person's posts on days through which nothing changes: the one that counts, and the others.

    The best paid counts, a filed one before one that is not; a public servant is one in every post."""
    servant = any(tenure.public_servant for tenure in tenures)
    reasons = {tenure: tuple(_reasons(tenure, servant, days, policy)) for tenure in tenures}
    parts = [_part(tenure, days, policy) for tenure in tenures if not reasons[tenure]]
    best = max(parts, key=_worth, default=None)
    others = [tenure for tenure in tenures if best is None or tenure is not best.tenure]
    return best, [Unpaid(tenure, days, reasons[tenure] or (COUNTED_ELSEWHERE,)) for tenure in others]


def _part(tenure: Tenure, days: Stretch, policy: Policy) -> Part:
    city, district = (policy.rate(tenure.kind, payer, days.first) for payer in (CITY, DISTRICT))
    return Part(tenure, days, city, district)


def _worth(part: Part) -> tuple[object, ...]:
    return part.city.amount, part.district.amount, part.tenure.filed


def _reasons(tenure: Tenure, servant: bool, days: Stretch, policy: Policy) -> Iterator[str]:
    if servant and tenure.kind == PART_TIME:
        yield PUBLIC_SERVANT
    if tenure.extra:
        yield from _reasons_against_extra(tenure, days, policy)


def _reasons_against_extra(tenure: Tenure, days: Stretch, policy: Policy) -> Iterator[str]:
    """A number that is not recorded is told only where it decides."""
    rule = policy.extra_rule(days.first)
    if tenure.served is not None and tenure.served <= rule.more_than:
        yield "extra_below_threshold"
    if not tenure.approved:
        yield "extra_unapproved"
    if not rule.count:
        yield SWITCHED_OFF
    if tenure.served is None and tenure.approved and rule.count:
        yield "served_unknown"
