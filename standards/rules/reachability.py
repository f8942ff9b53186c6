"""Rows of a decision table that no subject can ever reach.

Every fact that the conditions read is given each value that can make a difference (a boundary, just below it and just
above it), and the rows are tried against all their combinations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from standards.edition import (
    All,
    Any_,
    Cases,
    Check,
    ClauseMeasure,
    Compare,
    CountMeasure,
    Indicator,
    IndicatorMeasure,
    ItemsOf,
    Measure,
    Not,
    OfNorm,
    Row,
    SumMeasure,
)
from standards.values import HOLDS

#: beyond so many combinations only rows after one without a condition are found
MOST_COMBINATIONS = 100_000
FREE = (True, False)
LISTABLE = (
    *("at_least", "at_most", "more_than", "less_than", "is", "is_not"),
    *("one_of", "on_or_before", "on_or_after"),
)
#: what a clause can be known to be; missing and pending are unknown
CLAUSE_OUTCOMES = ("pass", "relaxed", "deviation", "fail", "not_applicable")
World = Mapping[Any, Any]


def unreachable_rows(rows: Sequence[Row], dictionary: Mapping[str, Indicator]) -> list[int]:
    """Indexes, from 0."""
    domains = _domains([row.when for row in rows if row.when is not None], dictionary)
    if prod(len(values) for values in domains.values()) > MOST_COMBINATIONS:
        closed = next((index for index, row in enumerate(rows) if row.when is None), len(rows))
        return list(range(closed + 1, len(rows)))
    reached: set[int] = set()
    for values in product(*domains.values()):
        reached.add(_deciding(rows, dict(zip(domains, values, strict=True))))
        if reached.issuperset(range(len(rows))):
            break
    return [index for index in range(len(rows)) if index not in reached]


def _deciding(rows: Sequence[Row], world: World) -> int:
    return next((index for index, row in enumerate(rows) if row.when is None or _holds(row.when, world)), -1)


def _holds(check: Check, world: World) -> bool:
    match check:
        case Compare():
            subject = _subject(check)
            free = isinstance(subject, Compare)
            return bool(world[subject] if free else HOLDS[check.operator](world[subject], check.norm))
        case All(children=children):
            return all(_holds(child, world) for child in children)
        case Any_(children=children):
            return any(_holds(child, world) for child in children)
        case Not(child=child):
            return not _holds(child, world)
        case Cases(rows=rows):
            index = _deciding(rows, world)
            return index >= 0 and _holds(rows[index].check, world)


def _subject(comparison: Compare) -> Measure | Compare:
    """What varies: the measure where its values can be listed, else the comparison's own truth."""
    listable = comparison.operator in LISTABLE and not isinstance(comparison.norm, (OfNorm, ItemsOf))
    return comparison.measure if listable else replace(comparison, quotes=())


def _domains(conditions: Sequence[Check], dictionary: Mapping[str, Indicator]) -> dict[Any, tuple[Any, ...]]:
    """What varies → the values that can make a difference."""
    literals: dict[Any, set[Any]] = {}
    for comparison in (found for condition in conditions for found in _comparisons(condition)):
        subject = _subject(comparison)
        literals.setdefault(subject, set())
        if not isinstance(subject, Compare):
            literals[subject].update(comparison.norm if isinstance(comparison.norm, tuple) else (comparison.norm,))
    return {subject: _values(subject, norms, dictionary) for subject, norms in literals.items()}


def _values(subject: Measure | Compare, norms: set[Any], dictionary: Mapping[str, Indicator]) -> tuple[Any, ...]:
    match subject:
        case Compare(operator="answered", measure=IndicatorMeasure(indicator=key)):
            return FREE if dictionary[key].type == "text" else (True,)
        case Compare():
            return FREE
        case ClauseMeasure():
            return CLAUSE_OUTCOMES
        case IndicatorMeasure(indicator=key) if dictionary[key].type in ("boolean", "choice"):
            return FREE if dictionary[key].type == "boolean" else tuple(c.value for c in dictionary[key].choices)
    return tuple(sorted({value for norm in norms for value in _around(norm, subject, dictionary)}))


def _around(norm: Any, subject: Measure, dictionary: Mapping[str, Indicator]) -> Iterator[Any]:
    """A boundary and its neighbours; no fact is negative, but a sum may be."""
    step: Any = timedelta(1) if isinstance(norm, date) else Decimal(1).scaleb(-_places(subject, dictionary))
    lowest = isinstance(norm, Decimal) and not isinstance(subject, SumMeasure)
    yield from (value for value in (norm - step, norm, norm + step) if not (lowest and value < 0))


def _places(measure: Measure, dictionary: Mapping[str, Indicator]) -> int:
    match measure:
        case IndicatorMeasure(indicator=key):
            return dictionary[key].places
        case SumMeasure(terms=terms):
            return max(dictionary[key].places for _, key in terms)
        case CountMeasure() | ClauseMeasure():
            return 0


def _comparisons(check: Check) -> Iterator[Compare]:
    match check:
        case Compare():
            yield check
        case All(children=children) | Any_(children=children):
            for child in children:
                yield from _comparisons(child)
        case Not(child=child):
            yield from _comparisons(child)
        case Cases(rows=rows):
            for row in rows:
                if row.when is not None:
                    yield from _comparisons(row.when)
                yield from _comparisons(row.check)
