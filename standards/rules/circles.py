"""Clauses whose outcomes wait for one another can never be judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from standards.edition import All, Any_, Cases, Check, Clause, ClauseMeasure, Compare, Not, Requirement
from standards.rules.flaws import Where


def clauses_of(check: Check) -> Iterator[str]:
    """Clauses whose outcome a check reads."""
    match check:
        case Compare(measure=ClauseMeasure(clause=key)):
            yield key
        case All(children=children) | Any_(children=children):
            for child in children:
                yield from clauses_of(child)
        case Not(child=child):
            yield from clauses_of(child)
        case Cases(rows=rows):
            for row in rows:
                yield from (*(clauses_of(row.when) if row.when else ()), *clauses_of(row.check))


def refuse_circles(clauses: Sequence[Clause], where: Where) -> None:
    """Each circle of clauses that, through one another, read their own outcome."""
    reads = {clause.key: frozenset(_read_by(clause)) for clause in clauses}
    told: set[str] = set()
    for clause in clauses:
        path = _way_back(clause.key, reads)
        if path and clause.key not in told:
            said = " → ".join((clause.key, *path))
            where.at(clause.key).refuse(f"条款结论互相等待（{said}）", "去掉其中一处 clause 判断，改用数据项")
            told.update(path)


def _read_by(clause: Clause) -> Iterator[str]:
    for requirement in clause.requirements:
        for check in checks_of(requirement):
            yield from clauses_of(check)


def checks_of(requirement: Requirement) -> Iterator[Check]:
    """Every check of a requirement, its notices' included."""
    relaxed = requirement.relaxation.when if requirement.relaxation else None
    noticed = (notice.when for notice in requirement.notice)
    candidates = (requirement.applies, requirement.check, requirement.refer, relaxed, *noticed)
    yield from (check for check in candidates if check is not None)


def _way_back(start: str, reads: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The shortest way from a clause back to itself, without its start; empty where there is none."""
    ways: list[tuple[str, ...]] = [(key,) for key in sorted(reads[start])]
    seen: set[str] = set()
    for way in ways:
        if way[-1] == start:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways.extend((*way, key) for key in sorted(reads.get(way[-1], ())))
    return ()
