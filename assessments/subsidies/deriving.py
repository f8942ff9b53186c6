"""What a station's survey need not ask of the subsidy: what city and district owe by kind of 协理员, what the district
paid, and what public servants took. What the city paid is recorded nowhere, so it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from assessments.derived import Derived, Known, source
from assessments.models import Period
from assessments.subsidies.counting import PUBLIC_SERVANT
from assessments.subsidies.reckoning import Account, accounts_of
from assessments.subsidies.sharing import Line, summed
from assessments.subsidies.spans import Quarter, Span
from assessments.subsidies.tenures import FULL_TIME, PART_TIME
from facilities.models import Facility

KINDS = {"ft": FULL_TIME, "pt": PART_TIME}


@source(
    "ft_city_due", "ft_district_min", "ft_district_paid",
    "pt_city_due", "pt_district_min", "pt_district_paid", "parttime_pay",
)  # fmt: skip
def of_subsidies(facilities: Sequence[Facility], period: Period) -> dict[int, Known]:
    """Of stations with a roster in the quarter: three queries, however many."""
    stations = {facility.code: facility.pk for facility in facilities if facility.subject == "village"}
    if not stations:
        return {}
    span = Span(period.year, period.quarter, (Quarter(period.year, period.quarter),))
    accounts = accounts_of([each for each in facilities if each.code in stations], span)
    return {stations[each.facility]: dict(_known(each, str(span))) for each in accounts if each.has_roster}


def _known(account: Account, when: str) -> Iterator[tuple[str, Derived]]:
    yield from _of_servants(account, when)
    lines = {name: [line for line in account.lines if _kinds(line) == {kind}] for name, kind in KINDS.items()}
    if any(len(_kinds(line)) > 1 for line in account.lines):
        return  # a month in both kinds is rounded as one: it cannot be split to the cent
    least = {name: summed(line.district_min for line in own) for name, own in lines.items()}
    for name, own in lines.items():
        yield f"{name}_city_due", _money(summed(line.city_due for line in own), f"协理员补助结算（{when}）")
        yield f"{name}_district_min", _money(least[name], f"协理员补助结算（{when}）")
    owed = [name for name, amount in least.items() if amount]
    if account.paid is not None and len(owed) == 1:  # what was paid for both kinds together is not told apart
        for name in least:
            paid = account.paid if name in owed else Decimal(0)
            yield f"{name}_district_paid", _money(paid, f"区级实发登记（{when}）")


def _kinds(line: Line) -> set[str]:
    return {part.tenure.kind for part in line.parts}


def _of_servants(account: Account, when: str) -> Iterator[tuple[str, Derived]]:
    """Nothing where of one of them nothing is recorded, which is not 0."""
    barred = [each for line in account.lines for each in line.unpaid if PUBLIC_SERVANT in each.reasons]
    if barred and all(each.tenure.pay is not None for each in barred):
        taken = summed(line.recover for line in account.lines)
        yield "parttime_pay", _money(taken, f"区级实发登记（{when}）")


def _money(amount: Decimal, told: str) -> Derived:
    return Derived(f"{amount:.2f}", told)
