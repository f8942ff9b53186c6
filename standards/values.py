"""The algebra of one subject: measures, norms and comparisons over Python values, and Kleene's logic over verdicts.

An absent value is None and makes a comparison unknown; it is never 0 and never "no". Numbers are exact."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any, NamedTuple

from standards.edition import (
    ClauseMeasure,
    Compare,
    CountMeasure,
    IndicatorMeasure,
    ItemsOf,
    Measure,
    OfNorm,
    Value,
)
from standards.outcomes import Measured
from standards.parsing import parse_value, value_json

__all__ = ["OneSubject", "Verdict", "parse_value", "value_json"]

NOTHING: frozenset[str] = frozenset()
HALF = Fraction(1, 2)
#: asked by ``type``: a Fraction's class is abstract, and ``isinstance`` is slow with it
FIGURES = (Decimal, Fraction)


class Verdict(NamedTuple):
    """What a check says of one subject. ``truth`` None is unknown, for want of the ``unknown`` indicators.
    ``applicable`` is False where no row of a decision table fits. ``measured`` are the figures that speak; ``norm``
    is the exact norm where one comparison of numbers decided."""

    truth: bool | None
    measured: tuple[Measured, ...] = ()
    unknown: frozenset[str] = NOTHING
    applicable: bool = True
    row: int | None = None
    quotes: tuple[str, ...] = ()
    norm: Decimal | Fraction | None = None

    @property
    def holds(self) -> bool | None:
        """The truth as a condition: what the standard does not lay down is not true."""
        return self.truth if self.applicable else False


NO_ROW_FITS = Verdict(None, applicable=False)


class OneSubject:
    """The facts of one subject, its division names, and the outcomes of its clauses as the walk finds them."""

    def __init__(
        self,
        facts: Mapping[str, Value],
        names: Mapping[str, str],
        clause_outcome: Callable[[str], tuple[str | None, frozenset[str]]],
    ) -> None:
        self.facts, self.names, self.clause_outcome = facts, names, clause_outcome

    def compare(self, check: Compare) -> Verdict:
        actual, unknown = self._measure(check.measure)
        norm: Any = check.norm
        if isinstance(norm, (OfNorm, ItemsOf, str)):
            norm, unknown_norm = self._norm(check)
            unknown |= unknown_norm
        truth = None if actual is None or norm is None else HOLDS[check.operator](actual, norm)
        exact = norm if type(norm) in FIGURES else None
        return Verdict(truth, (_measured(check, actual, norm, truth),), unknown, True, None, (), exact)

    def every(self, verdicts: Sequence[Verdict]) -> Verdict:
        """Kleene's and: one false is false whatever is absent."""
        return _joined(verdicts, decisive=False)

    def some(self, verdicts: Sequence[Verdict]) -> Verdict:
        """Kleene's or: one true is true whatever is absent."""
        return _joined(verdicts, decisive=True)

    def turned(self, verdict: Verdict) -> Verdict:
        truth = None if verdict.truth is None else not verdict.truth
        return verdict._replace(truth=truth, measured=tuple(_not_short(found) for found in verdict.measured), norm=None)

    def first(self, rows: Iterable[tuple[Verdict | None, Callable[[], Verdict], tuple[str, ...]]]) -> Verdict:
        """The first row whose condition holds decides; an unknown condition before it leaves all open.

        A row is its condition (None fits always), its check (asked only where it may decide) and its quotes.
        Unknown is then what the open conditions lack and what the rows that may still decide lack."""
        lacking: frozenset[str] = NOTHING
        undecided = False
        for index, (when, check, quotes) in enumerate(rows):
            holds = True if when is None else when.holds
            if holds is False:
                continue
            verdict = check()
            if holds and not undecided:
                return verdict._replace(row=index, quotes=quotes)
            undecided = True
            lacking |= verdict.unknown | (when.unknown if when and holds is None else NOTHING)
            if holds:
                break
        return Verdict(None, unknown=lacking) if undecided else NO_ROW_FITS

    def _measure(self, measure: Measure) -> tuple[Any, frozenset[str]]:
        """The actual value, None where a fact of it is absent, and which are."""
        if isinstance(measure, IndicatorMeasure):
            return self._fact(measure.indicator)
        if isinstance(measure, CountMeasure):
            ticked, unknown = self._fact(measure.indicator)
            return (None if ticked is None else Decimal(len(ticked))), unknown
        if isinstance(measure, ClauseMeasure):
            return self.clause_outcome(measure.clause)
        absent = frozenset(key for _, key in measure.terms if self.facts.get(key) is None)
        if absent:
            return None, absent
        return sum((sign * self.facts[key] for sign, key in measure.terms), Decimal(0)), NOTHING  # type: ignore[operator]

    def _norm(self, check: Compare) -> tuple[Any, frozenset[str]]:
        """A norm that is asked of the subject: of another fact, or a pattern with its names."""
        norm = check.norm
        if isinstance(norm, OfNorm):
            base, unknown = self._fact(norm.of)
            return (computed(norm, base) if isinstance(base, Decimal) else base), unknown
        if isinstance(norm, ItemsOf):
            items, unknown = self._fact(norm.of)
            return (None if items is None else tuple(sorted(items))), unknown
        return (filled(norm, self.names) if isinstance(norm, str) and check.operator == "matches" else norm), NOTHING

    def _fact(self, key: str) -> tuple[Any, frozenset[str]]:
        value = self.facts.get(key)
        return value, (frozenset((key,)) if value is None else NOTHING)


def computed(norm: OfNorm, base: Decimal) -> Decimal | Fraction:
    """The norm, exactly: a Decimal, or a Fraction where no Decimal is exact."""
    exact = Fraction(base) / Fraction(norm.per or 1) * Fraction(1 if norm.times is None else norm.times)
    exact += Fraction(norm.plus or 0)
    if norm.round:
        exact = Fraction(ROUNDINGS[norm.round](exact))
    if norm.minimum is not None:
        exact = max(exact, Fraction(norm.minimum))
    if norm.maximum is not None:
        exact = min(exact, Fraction(norm.maximum))
    shown = in_decimals(exact)
    return shown if Fraction(shown) == exact else exact


def in_decimals(exact: Fraction) -> Decimal:
    """To show: exact where 28 digits can be."""
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def half_up(exact: Fraction, places: int) -> Decimal:
    doubled = 2 * exact.numerator * 10**places + exact.denominator
    return Decimal(doubled // (2 * exact.denominator)).scaleb(-places)


ROUNDINGS: dict[str, Callable[[Fraction], int]] = {
    "up": ceil,
    "down": floor,
    "half_up": lambda exact: floor(exact + HALF),
}


def filled(pattern: str, names: Mapping[str, str]) -> str | None:
    """The pattern with the subject's own names in it; None where a name that it wants is not known."""
    for place in ("county", "township", "village", "city"):
        if (slot := f"{{{place}}}") in pattern:
            if not names.get(place):
                return None
            pattern = pattern.replace(slot, re.escape(normalised(names[place])))
    return pattern


def normalised(text: str) -> str:
    """Trimmed, brackets full-width; inner spaces and characters are never corrected."""
    return text.strip().replace("(", "（").replace(")", "）")


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


#: comparison → does it hold between a known actual and a known norm
HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
    "is": operator.eq,
    "is_not": operator.ne,
    "one_of": lambda actual, norm: actual in norm,
    "includes": lambda actual, norm: actual.issuperset(norm),
    "only": lambda actual, norm: actual.issubset(norm),
    "matches": lambda actual, norm: _compiled(norm).fullmatch(normalised(actual)) is not None,
    "on_or_before": operator.le,
    "on_or_after": operator.ge,
    "answered": lambda actual, _: not isinstance(actual, str) or bool(actual.strip()),
}
SHORT = ("at_least", "more_than")
OVER = ("at_most", "less_than")
DIFFERENCES = SHORT + OVER
ITEMS = ("includes", "only")


def _joined(verdicts: Sequence[Verdict], decisive: bool) -> Verdict:
    """One child of the decisive truth decides; else an unknown one leaves it open. The children that agree with
    the whole speak; those that the standard does not lay down are left out."""
    children = [verdict for verdict in verdicts if verdict.applicable]
    if not children:
        return NO_ROW_FITS
    truths = [child.truth for child in children]
    truth = decisive if decisive in truths else None if None in truths else not decisive
    speaking = [child for child in children if child.truth is truth]
    measured = tuple(found for child in speaking for found in child.measured)
    unknown = NOTHING.union(*(child.unknown for child in speaking)) if truth is None else NOTHING
    return Verdict(truth, measured, unknown)


def _measured(check: Compare, actual: Any, norm: Any, truth: bool | None) -> Measured:
    measure, comparison = check.measure, check.operator
    indicator = measure.indicator if isinstance(measure, (IndicatorMeasure, CountMeasure)) else None
    if comparison in ITEMS:
        return _items(indicator, comparison, actual, norm)
    if type(norm) not in FIGURES:
        return _no_figures(indicator, comparison, actual if isinstance(actual, Decimal) else None)
    shown = norm if type(norm) is Decimal else in_decimals(norm)
    if truth is not False or comparison not in DIFFERENCES:
        return Measured(indicator, comparison, actual, shown)
    over = comparison in OVER
    return Measured(indicator, comparison, actual, shown, actual - shown if over else shown - actual, over)


@lru_cache(maxsize=4096)
def _no_figures(indicator: str | None, comparison: str, actual: Decimal | None) -> Measured:
    """Of a truth, a choice, a text or a date: always the same, hence made once."""
    return Measured(indicator, comparison, actual)


def _items(indicator: str | None, comparison: str, actual: Any, norm: Any) -> Measured:
    """What ``includes`` misses, in the order listed; what ``only`` finds beyond."""
    if actual is None or norm is None:
        return Measured(indicator, comparison, listed=None if norm is None else len(norm))
    if comparison == "only":
        return Measured(indicator, comparison, over=True, lacking=tuple(sorted(actual.difference(norm))))
    lacking = tuple(item for item in norm if item not in actual)
    return Measured(indicator, comparison, held=len(norm) - len(lacking), listed=len(norm), lacking=lacking)


def _not_short(found: Measured) -> Measured:
    return Measured(found.indicator, found.operator, found.actual, found.norm)
