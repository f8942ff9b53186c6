"""The returns that were accepted, by unit and quarter: what is told of units over all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.models import Period
from reports.models import ReturnAct, ReturnVersion
from reports.returns.figures import Block, block_from


@dataclass(frozen=True, slots=True)
class Accepted:
    """A version's totals, and what proves it."""

    number: int
    content_hash: str
    code: str
    block: Block
    is_demo: bool


def newest_accepted(periods: Iterable[Period]) -> dict[tuple[int, int], Accepted]:
    """(unit, quarter) → its newest accepted version: one query, and of the versions nothing but their totals."""
    found = ReturnVersion.objects.filter(
        report__period__in=[period.pk for period in periods], acts__verb=ReturnAct.ACCEPTED
    )
    rows = found.order_by("number").values_list(
        "report__unit_id", "report__period_id", "number", "content_hash", "code", "content__total", "content__demo"
    )
    return {
        (unit, period): Accepted(number, content_hash, code, block_from(told), bool(demo))
        for unit, period, number, content_hash, code, told, demo in rows
    }
