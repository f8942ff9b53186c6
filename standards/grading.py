"""From outcomes of requirements to clauses, score and grade; exact until the score is rounded once, at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from standards.edition import Clause, Edition
from standards.outcomes import (
    BASICALLY,
    BELOW,
    COMPLIANT,
    INCOMPLETE,
    NOT_SET_UP,
    WORST_FIRST,
    ClauseResult,
    Result,
)
from standards.values import half_up

Results = Mapping[str, Result]
Credits = Mapping[str, Decimal]  # of scored requirements, 0–1
OPEN = ("missing", "pending")


class Grading(NamedTuple):
    score: Decimal | None
    grade: str | None
    clauses: dict[str, ClauseResult]


def worst(outcomes: Iterable[str]) -> str:
    """info and not_applicable do not count; nothing left is not_applicable."""
    found = set(outcomes)
    return next((outcome for outcome in WORST_FIRST if outcome in found), "not_applicable")


def graded(edition: Edition, results: Results) -> Grading:
    """Score: 0–100, half up to 0.1; 0 where a foundation failed; None where nothing is scored."""
    credits = {key: _credit(edition, result) for key, result in results.items() if result.outcome in WORST_FIRST}
    means = {clause.key: _mean(clause, credits) for clause in edition.clauses}
    score = Decimal("0.0") if _failed(edition, results, "foundation") else _score(edition, means)
    clauses = {clause.key: _clause_result(clause, results, means[clause.key]) for clause in edition.clauses}
    return Grading(score, _grade(edition, results, credits, score), clauses)


def _clause_result(clause: Clause, results: Results, mean: Fraction | None) -> ClauseResult:
    outcome = worst(results[requirement.key].outcome for requirement in clause.requirements)
    return ClauseResult(clause.key, outcome, None if mean is None else _percent(mean))


def _grade(edition: Edition, results: Results, credits: Credits, score: Decimal | None) -> str | None:
    """The first that holds, in the order of the rule language."""
    if score is None:
        return None
    if _failed(edition, results, "foundation"):
        return NOT_SET_UP
    outcomes = {result.outcome for result in results.values()}
    incomplete = not outcomes.isdisjoint(OPEN)
    best = _best_possible(edition, results, credits) if incomplete else score
    if best < edition.basic_compliance or _failed(edition, results, "veto"):
        return BELOW
    if incomplete:
        return INCOMPLETE
    explained = all(result.accepted for result in results.values() if result.outcome == "deviation")
    return COMPLIANT if explained and "fail" not in outcomes else BASICALLY


def _best_possible(edition: Edition, results: Results, credits: Credits) -> Decimal:
    """The score if everything missing and pending passed."""
    full = edition.credit["pass"]
    best = {key: full if results[key].outcome in OPEN else credit for key, credit in credits.items()}
    return _score(edition, {clause.key: _mean(clause, best) for clause in edition.clauses}) or Decimal(0)


def _failed(edition: Edition, results: Results, mark: str) -> bool:
    """Whether a requirement marked ``foundation`` or ``veto`` failed."""
    return any(getattr(each, mark) and results[each.key].outcome == "fail" for each in edition.requirements)


def _score(edition: Edition, means: Mapping[str, Fraction | None]) -> Decimal | None:
    """The weighted mean over the clauses of which something is scored; None where none is."""
    found = [(Fraction(clause.weight), mean) for clause in edition.clauses if (mean := means[clause.key]) is not None]
    if not found:
        return None
    total = sum((weight for weight, _ in found), Fraction(0))
    return _percent(sum((weight * mean for weight, mean in found), Fraction(0)) / total)


def _percent(exact: Fraction) -> Decimal:
    """0–1 as 0–100, half up to 0.1."""
    return half_up(exact, 3).scaleb(2)


def _mean(clause: Clause, credits: Credits) -> Fraction | None:
    """The weighted mean credit of the clause's scored requirements, 0–1; None where nothing of it is scored.

    Sums are of decimals, which are exact; only the division needs a fraction."""
    scored = [(each.weight, credits[each.key]) for each in clause.requirements if each.key in credits]
    if not scored:
        return None
    earned, of_it = sum((weight * credit for weight, credit in scored), Decimal(0)).as_integer_ratio()
    weighed, of_them = sum((weight for weight, _ in scored), Decimal(0)).as_integer_ratio()
    return Fraction(earned * of_them, of_it * weighed)


def _credit(edition: Edition, result: Result) -> Decimal:
    return edition.credit["accepted" if result.accepted else result.outcome]
