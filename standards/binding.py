"""Several editions over one subject, bound into one text: the first judges it by itself, the others beside it.

The words of each stay as they are. Of a plan that names several subjects only the rows and requirements that name this
one are bound; the questionnaire, what still matters and the findings beside the questions are worked out over the
whole, while each edition gives its own score and grade. A number that two of them have is told apart by the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from standards.edition import Clause, Edition

T = TypeVar("T")

#: (editions by identity, subject) → them, held so that no identity is taken anew, and what they are bound into
_bound: dict[tuple[tuple[int, ...], str], tuple[tuple[Edition, ...], Edition]] = {}


def bound(editions: Sequence[Edition], subject: str) -> Edition:
    """Bound once for each row of edition objects (``loading.edition_of`` keeps those). One that speaks of nobody else
    is given as it is. The key, date and weights are the first one's."""
    key = tuple(map(id, editions)), subject
    if key not in _bound:
        _bound[key] = tuple(editions), _bind(tuple(editions), subject)
    return _bound[key][1]


def _bind(editions: tuple[Edition, ...], subject: str) -> Edition:
    if len(editions) == 1 and _speaks_only_of(editions[0], subject):
        return editions[0]
    clauses: dict[str, Clause] = {}  # by number
    for edition in editions:
        for clause in _clauses(edition, subject):
            number = clause.number if clause.number not in clauses else f"{edition.source}{clause.number}"
            clauses[number] = clause if number == clause.number else replace(clause, number=number)
    return replace(
        editions[0],
        clauses=tuple(clauses.values()),
        indicators=_joined(edition.indicators for edition in editions),
        interpretations=_joined(edition.interpretations for edition in editions),
        parts=editions,
    )


def _joined(tables: Iterable[Mapping[str, T]]) -> dict[str, T]:
    """In their order; of one key the first counts."""
    joined: dict[str, T] = {}
    for table in tables:
        joined |= {key: each for key, each in table.items() if key not in joined}
    return joined


def _speaks_only_of(edition: Edition, subject: str) -> bool:
    return all(subject in requirement.subjects for requirement in edition.requirements)


def _clauses(edition: Edition, subject: str) -> Iterator[Clause]:
    for clause in edition.clauses:
        own = tuple(requirement for requirement in clause.requirements if subject in requirement.subjects)
        if own:
            yield clause if own == clause.requirements else replace(clause, requirements=own)
