"""One walk: an edition, facts and determinations → outcomes. Pure: no database, no Django, no clock.

The walk knows the shape of checks and the order of decisions; what it computes with is an algebra (``values.py``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from standards.edition import All, Any_, Check, Clause, Compare, Edition, Not, Relaxation, Requirement, Value
from standards.grading import graded, worst
from standards.outcomes import ClauseResult, Judgement, Measured, Result
from standards.values import NOTHING, SHORT, OneSubject, Verdict, half_up, in_decimals

Thing = TypeVar("Thing")
Found = TypeVar("Found")

NONE_GIVEN: Mapping[str, str] = MappingProxyType({})
HELD = Verdict(True)


def judge(
    edition: Edition,
    facts: Mapping[str, Value],
    on: date,
    subject: str | None = None,
    determinations: Mapping[str, str] = NONE_GIVEN,
    names: Mapping[str, str] = NONE_GIVEN,
) -> Judgement:
    """``on`` is the period's last day. ``determinations`` are "accepted" or "refused" by requirement. ``names`` are
    the subject's division names (county, township, village, city). Without a subject every requirement is walked;
    with one, a requirement for others is not_applicable."""
    walk = Walk(edition, facts, on, subject, determinations, names)
    results = {requirement.key: walk.result(requirement) for requirement in edition.requirements}
    grading = graded(edition, results)
    return Judgement(grading.score, grading.grade, results, grading.clauses)


def judged_on_demand(edition: Edition, facts: Mapping[str, Value], on: date, subject: str) -> Judgement:
    """The same results and clauses, each worked out when it is read: for one row of many subjects, which reads few of
    them. Nothing is scored or graded."""
    walk = Walk(edition, facts, on, subject, NONE_GIVEN, NONE_GIVEN)
    results = OnDemand(edition.by_key, walk.result)
    return Judgement(None, None, results, OnDemand(edition.clause_by_key, walk.clause))


class OnDemand(Mapping[str, Found]):
    """What is found of each thing, by its key, and only of those that are asked for."""

    def __init__(self, things: Mapping[str, Thing], find: Callable[[Thing], Found]) -> None:
        self.things, self.find = things, find

    def __getitem__(self, key: str) -> Found:
        return self.find(self.things[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self.things)

    def __len__(self) -> int:
        return len(self.things)


def results_of(
    edition: Edition, facts: Mapping[str, Value], on: date, subject: str, requirements: Iterable[Requirement]
) -> dict[str, Result]:
    """Of some requirements alone what ``judge`` finds of them before any determination."""
    walk = Walk(edition, facts, on, subject, NONE_GIVEN, NONE_GIVEN)
    return {requirement.key: walk.result(requirement) for requirement in requirements}


def ask(check: Check, algebra: OneSubject) -> Verdict:
    """The verdict of a check; conditions of a decision table are asked in order, and no further than needed."""
    if isinstance(check, Compare):
        return algebra.compare(check)
    if isinstance(check, All):
        return algebra.every([ask(child, algebra) for child in check.children])
    if isinstance(check, Any_):
        return algebra.some([ask(child, algebra) for child in check.children])
    if isinstance(check, Not):
        return algebra.turned(ask(check.child, algebra))
    return algebra.first(
        (ask(row.when, algebra) if row.when else None, lambda row=row: ask(row.check, algebra), row.quotes)  # type: ignore[misc]
        for row in check.rows
    )


class Walk:
    """Requirements are judged once each, in whatever order clause measures ask for them."""

    def __init__(
        self,
        edition: Edition,
        facts: Mapping[str, Value],
        on: date,
        subject: str | None,
        determinations: Mapping[str, str],
        names: Mapping[str, str],
    ) -> None:
        self.edition, self.on, self.subject, self.determinations = edition, on, subject, determinations
        self.algebra = OneSubject(facts, names, self._clause_outcome)
        self.results: dict[str, Result] = {}
        self.clauses: dict[str, tuple[str | None, frozenset[str]]] = {}

    def result(self, requirement: Requirement) -> Result:
        if requirement.key not in self.results:
            self.results[requirement.key] = self._result(requirement)
        return self.results[requirement.key]

    def clause(self, clause: Clause) -> ClauseResult:
        return ClauseResult(clause.key, worst(self.result(requirement).outcome for requirement in clause.requirements))

    def _clause_outcome(self, key: str) -> tuple[str | None, frozenset[str]]:
        """The outcome of a clause as a measure, None where missing or pending, and what it lacks then."""
        if key not in self.clauses:
            results = [self.result(requirement) for requirement in self.edition.clause_by_key[key].requirements]
            outcome = worst(result.outcome for result in results)
            known = outcome not in ("missing", "pending")
            lacking = NOTHING if known else NOTHING.union(*(result.unknown for result in results))
            self.clauses[key] = (outcome if known else None), lacking
        return self.clauses[key]

    def _result(self, requirement: Requirement) -> Result:
        if self.subject is not None and self.subject not in requirement.subjects:
            return Result(requirement.key, "not_applicable")
        applies = ask(requirement.applies, self.algebra) if requirement.applies else HELD
        if applies.holds is False:
            return Result(requirement.key, "not_applicable")
        if requirement.check is None or not requirement.scored:
            return self._noticed(requirement, self._recorded(requirement))
        if applies.holds is None:
            return Result(requirement.key, "missing", quotes=requirement.quotes, unknown=applies.unknown)
        return self._noticed(requirement, self._judged(requirement, requirement.check))

    def _noticed(self, requirement: Requirement, result: Result) -> Result:
        if not requirement.notice:
            return result
        hints = tuple(notice.hint for notice in requirement.notice if ask(notice.when, self.algebra).holds)
        return replace(result, notices=hints)

    def _recorded(self, requirement: Requirement) -> Result:
        """info: a permission, an aspiration, or something only kept. It never costs points and is never missing."""
        if requirement.check is None:
            return Result(requirement.key, "info", quotes=requirement.quotes)
        verdict = ask(requirement.check, self.algebra)
        main = main_of(verdict.measured)
        return Result(
            requirement.key,
            "info",
            measured=verdict.measured,
            main=main,
            quotes=verdict.quotes or requirement.quotes,
            row=verdict.row,
            allowed=verdict.holds if requirement.force == "permissive" else None,
            progress=progress_of(main),
            overdue=self._overdue(requirement, verdict),
        )

    def _judged(self, requirement: Requirement, check: Check) -> Result:
        verdict = ask(check, self.algebra)
        if not verdict.applicable:
            return Result(requirement.key, "not_applicable", quotes=requirement.quotes)
        found, unknown, reduction = self._found(requirement, verdict)
        outcome, provisional, accepted = self._determined(requirement, found)
        return Result(
            requirement.key,
            outcome,
            measured=verdict.measured,
            main=main_of(verdict.measured),
            quotes=verdict.quotes or requirement.quotes,
            row=verdict.row,
            unknown=unknown,
            overdue=self._overdue(requirement, verdict),
            reduction=reduction,
            provisional=provisional,
            accepted=accepted,
        )

    def _found(self, requirement: Requirement, verdict: Verdict) -> tuple[str, frozenset[str], Decimal | None]:
        """The outcome before any determination, the indicators that keep it open, and a relaxation's reduction."""
        if verdict.truth:
            return "pass", NOTHING, None
        if verdict.truth is None:
            return "missing", verdict.unknown, None
        refer = ask(requirement.refer, self.algebra) if requirement.refer else None
        if refer is not None and refer.holds is not False:
            return ("pending" if refer.holds else "missing"), refer.unknown, None
        if requirement.relaxation is None:
            return own_outcome(requirement), NOTHING, None
        return self._relaxed(requirement, requirement.relaxation, verdict)

    def _relaxed(
        self, requirement: Requirement, relaxation: Relaxation, verdict: Verdict
    ) -> tuple[str, frozenset[str], Decimal | None]:
        """``when`` and a reduction of at most ``within``; too great a reduction decides, whatever is unknown."""
        if verdict.norm is None or verdict.norm <= 0 or verdict.measured[0].operator not in SHORT:
            return own_outcome(requirement), NOTHING, None
        norm, actual = Fraction(verdict.norm), Fraction(verdict.measured[0].actual or 0)
        when = ask(relaxation.when, self.algebra)
        reduction = in_decimals((norm - actual) / norm)
        if norm - actual > Fraction(relaxation.within) * norm or when.holds is False:
            return own_outcome(requirement), NOTHING, reduction
        return ("relaxed" if when.holds else "missing"), when.unknown, reduction

    def _determined(self, requirement: Requirement, found: str) -> tuple[str, bool, bool]:
        """The outcome after a reviewer's decision; whether it is provisional; whether a deviation was accepted."""
        decision = self.determinations.get(requirement.key)
        if found in ("pending", "relaxed") and decision == "refused":
            return own_outcome(requirement), False, False
        if found == "pending" and decision == "accepted":
            return "pass", False, False
        return found, found == "relaxed" and decision is None, found == "deviation" and decision == "accepted"

    def _overdue(self, requirement: Requirement, verdict: Verdict) -> bool | None:
        """The deadline's own day is on time. None without a deadline."""
        if requirement.deadline is None:
            return None
        return self.on > requirement.deadline and verdict.holds is not True


def own_outcome(requirement: Requirement) -> str:
    """What the force makes of a check that is false."""
    return "fail" if requirement.force == "mandatory" else "deviation"


def main_of(measured: tuple[Measured, ...]) -> Measured | None:
    """The figures that are the requirement's: the only ones, else the only ones short, else the only norm."""
    if len(measured) == 1:
        return measured[0]
    short = [found for found in measured if found.shortfall is not None or found.lacking]
    normed = short or [found for found in measured if found.norm is not None or found.listed is not None]
    return normed[0] if len(normed) == 1 else None


def progress_of(main: Measured | None) -> Decimal | None:
    """Actual ÷ norm, or items present ÷ listed, half up to four places, not capped."""
    if main is None:
        return None
    if main.held is not None and main.listed:
        return half_up(Fraction(main.held, main.listed), 4)
    if main.actual is None or not main.norm:
        return None
    return half_up(Fraction(main.actual) / Fraction(main.norm), 4)
