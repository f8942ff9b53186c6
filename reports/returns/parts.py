"""One facility's part in each number: from how it was judged and what it answered. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports.returns.items import AMOUNT, ITEMS, RATIO, SHARE, Item
from standards.outcomes import NOT_SET_UP, Result
from standards.wording.lacking import stands_in_the_way

OPEN = ("missing", "pending")
BESIDE = ("not_applicable", "info")
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Part:
    """``number`` 实有 (of a share 1 or 0), ``of`` 应有, ``short`` 差 where there is such."""

    number: Decimal
    of: Decimal | None = None
    short: Decimal | None = None


Parts = dict[str, Part | None]  # by item; None: applies, and there are no data


def parts_of(subject: str, grade: str, results: Mapping[str, Any], answers: Mapping[str, Any]) -> Parts:
    """``results`` by requirement and ``answers`` by indicator, as a judgement and a snapshot keep them. An item that
    does not apply is left out; so is, of a body that is not set up, what was not asked of it."""
    found: Parts = {}
    for item in ITEMS:
        applying = _applying(item, subject, results)
        if applying:
            part = _part(item, subject, applying, answers)
            if part is not None or grade != NOT_SET_UP:
                found[item.key] = part
    return found


def _applying(item: Item, subject: str, results: Mapping[str, Any]) -> list[Result]:
    """Facts are told where their requirement is a goal only, too (仅记录)."""
    beside = BESIDE if item.kind in (SHARE, AMOUNT) else BESIDE[:1]
    keys = [key for key in item.requirements.get(subject, ()) if key in results]
    found = [Result.from_json(results[key]) for key in keys]
    return [result for result in found if result.outcome not in beside]


def _part(item: Item, subject: str, results: Sequence[Result], answers: Mapping[str, Any]) -> Part | None:
    if item.kind == SHARE:
        return _share(item, results)
    if item.kind == AMOUNT:
        return _amount(results)
    number = _sum(item.facts[subject], answers)
    if item.kind == RATIO:
        of = _sum(item.base[subject], answers)
        sound = number is not None and of is not None and number <= of  # more than all contradicts itself: no data
        return Part(number, of) if sound and number is not None else None
    return None if number is None else Part(number)


def _share(item: Item, results: Sequence[Result]) -> Part | None:
    if any(stands_in_the_way(result) for result in results):
        return Part(ZERO, ONE, ZERO if item.outcomes else ONE)
    if any(result.outcome in OPEN for result in results):
        return None
    met = not item.outcomes or all(result.outcome in item.outcomes for result in results)
    return Part(ONE if met else ZERO, ONE, ZERO)


def _amount(results: Sequence[Result]) -> Part | None:
    """Of several that measure the same, the largest norm and the largest shortfall: 3 short of the ratio and 1 short
    of the minimum is 3. What was let pass (酌减, 认可) is not short."""
    measured = [result.main for result in results if result.main is not None and result.outcome not in OPEN]
    numbers = [(each.actual, each.norm) for each in measured if each.actual is not None and each.norm is not None]
    if len(numbers) < len(results):
        return None
    short = [r.main.shortfall for r in results if stands_in_the_way(r) and r.main and r.main.shortfall]
    return Part(max(actual for actual, _ in numbers), max(norm for _, norm in numbers), max(short, default=ZERO))


def _sum(indicators: Sequence[str], answers: Mapping[str, Any]) -> Decimal | None:
    """None where one is not given."""
    given = [(answers.get(key) or {}).get("value") for key in indicators]
    return None if None in given else sum((Decimal(str(value)) for value in given), ZERO)
