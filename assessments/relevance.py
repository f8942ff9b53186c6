"""Which questions still matter to a facility, and why the others do not.

A question matters while some requirement that applies, or may yet apply, reads its answer: the requirement is asked
with that one fact left out, and says whether it misses it. Of several answers that each would settle a requirement
the one that is asked first keeps its place. Where a foundation failed only what the foundations read still matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from standards.edition import Cases, Clause, Compare, Edition, Requirement, Value
from standards.engine import ask
from standards.outcomes import Judgement, Result
from standards.values import NOTHING, OneSubject, Verdict
from standards.wording import sentence
from standards.wording.phrasing import condition, contrary

BODIES = {"county": "服务中心", "township": "服务所", "village": "服务站"}
OPEN = ("missing", "pending")
NOT_SET_UP = "未设立，不必填"


class EveryGap(OneSubject):
    """An algebra that goes on naming what is absent after the outcome is decided against the subject: whoever lacks
    one of three things is asked for the other two as well."""

    def every(self, verdicts: Sequence[Verdict]) -> Verdict:
        return _open(super().every(verdicts), verdicts)

    def some(self, verdicts: Sequence[Verdict]) -> Verdict:
        return _open(super().some(verdicts), verdicts)


def _open(joined: Verdict, children: Sequence[Verdict]) -> Verdict:
    if joined.truth is True:
        return joined
    return joined._replace(unknown=NOTHING.union(*(child.unknown for child in children if child.applicable)))


@dataclass(frozen=True)
class Relevance:
    """Of one subject with what is known of it."""

    edition: Edition
    subject: str
    facts: Mapping[str, Value]
    judgement: Judgement

    @cached_property
    def not_set_up(self) -> bool:
        return any(self.judgement.results[each.key].outcome == "fail" for each in self._foundations)

    @cached_property
    def relevant(self) -> frozenset[str]:
        """The indicators whose answer can still matter."""
        if self.not_set_up:
            return NOTHING.union(*(self._read(each) & set(each.judged) for each in self._foundations))
        return NOTHING.union(*map(self._read, self._requirements))

    def relevant_among(self, keys: Iterable[str]) -> frozenset[str]:
        """Of these indicators those that can still matter: for one row of a whole town."""
        asked = frozenset(keys)
        if self.not_set_up:
            return self.relevant & asked
        found: frozenset[str] = NOTHING
        for requirement in self._requirements:
            if (asked - found).intersection(requirement.indicators):
                found |= self._read(requirement) & asked
        return found

    def why_not(self, key: str) -> str:
        """The reason in Chinese, without a full stop; empty where the question matters."""
        return "" if key in self.relevant else self.why_vanished(key)

    def why_vanished(self, key: str) -> str:
        """The reason, for an indicator that does not matter."""
        if self.not_set_up:
            return f"{BODIES.get(self.subject, '机构')}未设立，以下各项不必再填"
        return next(filter(None, (self._denied(each, key) for each in self._requirements)), "已能判定，不必再填")

    def why_spared(self, clause: Clause) -> str:
        """Why nothing of a row applies; empty where something does, or may yet."""
        if self.not_set_up:
            return "" if any(each.foundation for each in clause.requirements) else NOT_SET_UP
        results = [self.judgement.results[requirement.key] for requirement in clause.requirements]
        if any(result.outcome != "not_applicable" for result in results):
            return ""
        return self._not_applicable(clause.requirements[0])

    # ── One requirement ───────────────────────────────────────────────────────

    @cached_property
    def _requirements(self) -> tuple[Requirement, ...]:
        return tuple(each for each in self.edition.requirements if self.subject in each.subjects)

    @property
    def _foundations(self) -> Iterator[Requirement]:
        return (each for each in self._requirements if each.foundation)

    def _read(self, requirement: Requirement) -> frozenset[str]:
        """The indicators that the requirement still wants to know."""
        if _asks_always(requirement):
            return frozenset(requirement.indicators)
        known, wanted = dict(self.facts), set()
        for key in reversed(requirement.judged):
            held = known.pop(key, None)
            if key in self._missed(requirement, known):
                wanted.add(key)
                if held is not None:
                    known[key] = held
        if self._applies(requirement, self.facts).holds is not False:
            wanted.update(key for key in requirement.indicators if key not in requirement.judged)
        return frozenset(wanted)

    def _missed(self, requirement: Requirement, facts: Mapping[str, Value]) -> frozenset[str]:
        """What the requirement lacks of these facts, whether or not it would change the outcome."""
        applies = self._applies(requirement, facts)
        if applies.holds is False or requirement.check is None:
            return applies.unknown if applies.holds is None else NOTHING
        algebra = self._algebra(facts)
        verdict = ask(requirement.check, algebra)
        missed = applies.unknown | verdict.unknown
        if verdict.truth is not True and verdict.applicable:
            further = (requirement.refer, requirement.relaxation.when if requirement.relaxation else None)
            missed = missed.union(*(ask(check, algebra).unknown for check in further if check))
        return missed

    def _applies(self, requirement: Requirement, facts: Mapping[str, Value]) -> Verdict:
        """Asked once of the same facts: a row's requirements share a condition, which reads few of them."""
        if requirement.applies is None:
            return Verdict(True)
        asked = (id(requirement.applies), *map(facts.get, requirement.conditions))
        if asked not in self._applied:
            self._applied[asked] = ask(requirement.applies, self._algebra(facts))
        return self._applied[asked]

    @cached_property
    def _applied(self) -> dict[tuple[object, ...], Verdict]:
        return {}

    def _algebra(self, facts: Mapping[str, Value]) -> EveryGap:
        return EveryGap(facts, {}, self._clause)

    def _clause(self, key: str) -> tuple[str | None, frozenset[str]]:
        outcome = self.judgement.clauses[key].outcome
        return (None if outcome in OPEN else outcome), NOTHING

    # ── Why not ───────────────────────────────────────────────────────────────

    def _denied(self, requirement: Requirement, key: str) -> str:
        """What this requirement says of a question that it does not ask; empty where it never reads it."""
        if key not in requirement.indicators:
            return ""
        if self._applies(requirement, self.facts).holds is False:
            return self._not_applicable(requirement)
        return self._other_row(requirement) or f"“{requirement.label}”已能判定，不必再填"

    def _not_applicable(self, requirement: Requirement) -> str:
        denied = Result(requirement.key, "not_applicable")
        return str(sentence(self.edition, requirement, denied, self.facts)).removesuffix("，不适用")

    def _other_row(self, requirement: Requirement) -> str:
        """The condition of the row of a decision table that decides instead."""
        row = self.judgement.results[requirement.key].row
        if not isinstance(requirement.check, Cases) or row is None:
            return ""
        rows = requirement.check.rows
        when, above = rows[row].when, rows[row - 1].when if row else None
        if when is not None:
            return condition(self.edition, when)
        return contrary(self.edition, above) if above is not None else ""


def _asks_always(requirement: Requirement) -> bool:
    """Nothing in it depends on another answer."""
    plain = requirement.check is None or isinstance(requirement.check, Compare)
    return plain and not (requirement.applies or requirement.refer or requirement.relaxation)
