"""What city and district owe the stations of a place in a span, and what was paid: read from roster, facts and
payments, in as many queries for a city as for one station."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.db.models import Q, QuerySet

from assessments.models import SubsidyPaid
from assessments.subsidies.policy import FLAGS, Policy, read_policy
from assessments.subsidies.roster import Served, served_by, tenures_of
from assessments.subsidies.sharing import Line, lines_of, summed
from assessments.subsidies.spans import Quarter, Span
from assessments.subsidies.statement import NOTHING, statement
from facilities.models import Facility, Fact, Post


@cache
def policy() -> Policy:
    return read_policy(settings.BASE_DIR / "fixtures" / "subsidy.toml")


@dataclass(frozen=True)
class Account:
    """One station in one quarter. ``has_roster``: somebody is on its roster in the quarter; else nothing is known of
    what is due. ``paid`` None is not recorded."""

    facility: str
    quarter: Quarter
    lines: tuple[Line, ...]
    paid: Decimal | None
    has_roster: bool

    @property
    def district_min(self) -> Decimal:
        return summed(line.district_min for line in self.lines)

    @property
    def shortfall(self) -> Decimal | None:
        """Nothing can be short where nothing is owed."""
        if not self.has_roster or (self.paid is None and self.district_min):
            return None
        return max(NOTHING, self.district_min - (self.paid or NOTHING))


@dataclass(frozen=True)
class Figures:
    """The sums over accounts. None is not known: nobody is on a roster, or nothing was recorded. ``unrecorded``: how
    many accounts with something due have no payment recorded, ``unlisted``: how many stations have no roster."""

    persons: int
    city_due: Decimal | None
    district_min: Decimal | None
    paid: Decimal | None
    shortfall: Decimal | None
    held: Decimal | None
    recover: Decimal | None
    flags: tuple[str, ...]
    unrecorded: int
    unlisted: int


def figures_of(accounts: Sequence[Account]) -> Figures:
    """Totals are sums; what one station is paid beyond the least does not make up for what another lacks."""
    lines = [line for account in accounts for line in account.lines]
    listed = {account.facility for account in accounts if account.has_roster}
    paid = [account.paid for account in accounts if account.paid is not None]
    short = [account.shortfall for account in accounts if account.shortfall is not None]
    flags = {flag for line in lines for flag in line.flags}
    return Figures(
        persons=len({line.person for line in lines}),
        city_due=summed(line.city_due for line in lines) if listed else None,
        district_min=summed(line.district_min for line in lines) if listed else None,
        paid=summed(paid) if paid else None,
        shortfall=summed(short) if short else None,
        held=summed(line.held for line in lines) if listed else None,
        recover=summed(line.recover for line in lines) if listed else None,
        flags=tuple(flag for flag in FLAGS if flag in flags),
        unrecorded=sum(account.shortfall is None and account.has_roster for account in accounts),
        unlisted=len({account.facility for account in accounts} - listed),
    )


def accounts_of(facilities: Sequence[Facility], span: Span) -> list[Account]:
    """Of each station and quarter one. Whoever holds posts elsewhere too is counted once in the whole city."""
    stations = [facility for facility in facilities if facility.subject == "village"]
    posts = _posts(stations, span)
    served = _served(posts)
    paid = list(_paid(stations, span))
    return [account for quarter in span.quarters for account in _accounts(stations, quarter, posts, served, paid)]


def _accounts(
    stations: Sequence[Facility],
    quarter: Quarter,
    posts: Sequence[Post],
    served: Served,
    paid: Sequence[SubsidyPaid],
) -> Iterable[Account]:
    """Later rows of a payment replace earlier ones."""
    rows = [row for row in paid if (row.year, row.quarter) == (quarter.year, quarter.number)]
    pay = {row.post_id: row.amount for row in rows if row.post_id}
    whole = {row.facility_id: row.amount for row in rows if not row.post_id}
    tenures = tenures_of(posts, served, pay, quarter.stretch)
    lines = _by_community(lines_of(statement(tenures, policy(), quarter.stretch).months))
    listed = {tenure.community for tenure in tenures}
    for each in stations:
        own = tuple(lines.get(each.code, ()))
        yield Account(each.code, quarter, own, whole.get(each.pk), each.code in listed)


def _by_community(lines: Iterable[Line]) -> Mapping[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.community].append(line)
    return found


def _posts(stations: Sequence[Facility], span: Span) -> list[Post]:
    """Those of the stations, and those that people of these names hold at other stations."""
    stretch = span.stretch
    held = Post.objects.filter(Q(ends=None) | Q(ends__gte=stretch.first), starts__lte=stretch.last)
    names = held.filter(facility__in=_ids(stations)).values("name")
    return list(held.filter(facility__subject="village", name__in=names).select_related("facility"))


def _served(posts: Sequence[Post]) -> Served:
    """Asked of those alone for whom it decides."""
    extra = {post.facility_id for post in posts if post.extra}
    facts = Fact.objects.filter(indicator="served_population", facility__in=extra)
    return served_by(facts.order_by("since"))


def _paid(stations: Sequence[Facility], span: Span) -> QuerySet[SubsidyPaid]:
    numbers = [quarter.number for quarter in span.quarters]
    return SubsidyPaid.objects.filter(facility__in=_ids(stations), year=span.year, quarter__in=numbers)


def _ids(stations: Sequence[Facility]) -> list[int]:
    return [station.pk for station in stations]
