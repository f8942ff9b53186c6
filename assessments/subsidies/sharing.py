"""A person's month by community: whoever moves within a month is one person in two places, and the parts of an amount
are rounded so that they make up the whole to the cent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from assessments.subsidies.counting import Part, Unpaid
from assessments.subsidies.months import Stretch
from assessments.subsidies.statement import NOTHING, PersonMonth


@dataclass(frozen=True)
class Line:
    """What one person's month is worth in one community, with the days and rates that it rests on."""

    community: str
    person: str
    month: Stretch
    city_due: Decimal
    district_min: Decimal
    held: Decimal
    recover: Decimal
    flags: tuple[str, ...]
    parts: tuple[Part, ...]
    unpaid: tuple[Unpaid, ...]


def lines_of(months: Iterable[PersonMonth]) -> Iterator[Line]:
    for month in months:
        yield from _lines(month)


def _lines(month: PersonMonth) -> Iterator[Line]:
    told = PersonMonth(month.person, month.month, (), (), month.doubled)
    for community in _communities(month):
        until = replace(
            told,
            parts=told.parts + tuple(part for part in month.parts if part.tenure.community == community),
            unpaid=told.unpaid + tuple(each for each in month.unpaid if each.tenure.community == community),
        )
        yield _line(month, community, told, until)
        told = until


def _communities(month: PersonMonth) -> list[str]:
    """In the order in which the month knows them."""
    tenures = [part.tenure for part in month.parts] + [each.tenure for each in month.unpaid]
    return list(dict.fromkeys(tenure.community for tenure in tenures))


def _line(month: PersonMonth, community: str, before: PersonMonth, until: PersonMonth) -> Line:
    def grown(amount: Callable[[PersonMonth], Decimal]) -> Decimal:
        return amount(until) - amount(before)

    own = replace(
        month,
        parts=until.parts[len(before.parts) :],
        unpaid=until.unpaid[len(before.unpaid) :],
    )
    return Line(
        community=community,
        person=month.person,
        month=month.month,
        city_due=grown(lambda each: each.city_due),
        district_min=grown(lambda each: each.district_min),
        held=grown(lambda each: each.held),
        recover=grown(lambda each: each.recover),
        flags=own.flags,
        parts=own.parts,
        unpaid=own.unpaid,
    )


def summed(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
