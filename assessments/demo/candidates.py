"""Values worth trying for a fact: those at which some rule of the edition may turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice, product

from assessments.forms import Question, Questionnaire
from standards.edition import All, Any_, Cases, Check, Compare, Edition, Not, Requirement, Value
from standards.engine import Walk
from standards.outcomes import Result
from standards.rules.circles import checks_of

Facts = dict[str, Value]
Change = Mapping[str, Value | None]  # None leaves a fact unknown
MOST = 600  # combinations tried for one outcome
JUST = Decimal("0.96")  # of a norm: short, and within what a remark lets go
NONE: Mapping[str, str] = {}
NO_TEXTS: Mapping[str, Sequence[str]] = {}


def result_of(edition: Edition, requirement: Requirement, facts: Facts, day: date, subject: str) -> Result:
    return walked(edition, facts, day, subject).result(requirement)


def walked(edition: Edition, facts: Facts, day: date, subject: str) -> Walk:
    return Walk(edition, facts, day, subject, NONE, NONE)


def changed(facts: Facts, change: Change) -> Facts:
    return {key: value for key, value in (facts | dict(change)).items() if value is not None}


def tries(
    asked: Questionnaire, requirement: Requirement, norm: Decimal | None, texts: Mapping[str, Sequence[str]] = NO_TEXTS
) -> Iterator[Change]:
    """Changes of what a requirement reads: one fact at a time, then several. ``texts`` to try, by indicator."""
    keys = [key for key in requirement.judged if key in asked.questions]
    values = {key: [*texts.get(key, ()), *candidates(asked.questions[key], requirement, norm)] for key in keys}
    for key in keys:
        yield from ({key: value} for value in values[key])
    for combined in islice(product(*values.values()), MOST):
        yield dict(zip(keys, combined, strict=True))


def candidates(question: Question, requirement: Requirement, norm: Decimal | None) -> Iterator[Value | None]:
    match question.indicator.type:
        case "boolean":
            yield from (True, False)
        case "choice":
            yield from (choice.value for choice in question.choices)
        case "choices":
            items = [choice.value for choice in question.choices]
            yield from (frozenset(items), *(frozenset(items) - {item} for item in items), frozenset())
        case "integer" | "decimal":
            yield from numbers(requirement, question.indicator.places, norm)
        case "text":
            yield from ("", "见附件")
    yield None


def numbers(requirement: Requirement, places: int, norm: Decimal | None) -> Iterator[Decimal]:
    """On each line that a rule draws, just under it, and none at all."""
    step = Decimal(1).scaleb(-places)
    drawn = {line for check in checks_of(requirement) for line in lines_of(check)} | ({norm} if norm else set())
    for line in sorted(drawn):
        yield from (line, line - step, (line * JUST).quantize(step), line / 2 // step * step)
    yield from (Decimal(0), step)


def lines_of(check: Check) -> Iterator[Decimal]:
    """Numbers with which a check compares."""
    match check:
        case Compare(norm=Decimal() as line):
            yield line
        case All(children=children) | Any_(children=children):
            for child in children:
                yield from lines_of(child)
        case Not(child=child):
            yield from lines_of(child)
        case Cases(rows=rows):
            for row in rows:
                if row.when is not None:
                    yield from lines_of(row.when)
                yield from lines_of(row.check)
