"""Which part of a condition decides, asked of the same engine that judged."""

from __future__ import annotations

from collections.abc import Mapping

from standards.edition import All, Any_, Check, Value
from standards.engine import ask
from standards.outcomes import Judgement
from standards.values import NOTHING, OneSubject

Facts = Mapping[str, Value | None]


def holds(check: Check, facts: Facts, judgement: Judgement | None = None) -> bool | None:
    """Of the facts; None where they do not tell, or where the outcome of a clause is asked and not at hand."""

    def outcome(clause: str) -> tuple[str | None, frozenset[str]]:
        found = judgement.clauses.get(clause) if judgement else None
        known = found is not None and found.outcome not in ("missing", "pending")
        return found.outcome if found is not None and known else None, NOTHING

    given = {key: value for key, value in facts.items() if value is not None}
    return ask(check, OneSubject(given, {}, outcome)).holds


def denied(check: Check, facts: Facts) -> Check:
    """What of a condition the facts deny, all of it false: of several joined by 并且 those that are."""
    match check:
        case All(children=children):
            false = tuple(denied(child, facts) for child in children if holds(child, facts) is False)
            return Any_(false) if len(false) > 1 else false[0] if false else check
        case Any_(children=children) if holds(check, facts) is False:
            return Any_(tuple(denied(child, facts) for child in children))
    return check
