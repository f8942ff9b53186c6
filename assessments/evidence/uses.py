"""What a file shows: rows and requirements; and what a snapshot says of a survey's files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from assessments.models import Evidence, Survey
from facilities.access import SHANGHAI
from standards.edition import Edition


class Use(NamedTuple):
    """A row (``requirement`` empty) or one requirement of it, by their keys."""

    clause: str
    requirement: str = ""

    @property
    def key(self) -> str:
        return self.requirement or self.clause


def uses_of(edition: Edition) -> dict[str, Use]:
    """key → use, of everything in the edition that a file can show."""
    rows = {clause.key: Use(clause.key) for clause in edition.clauses}
    asked = {each.key: Use(clause.key, each.key) for clause in edition.clauses for each in clause.requirements}
    return rows | asked


def uses_in(file: Evidence) -> frozenset[Use]:
    return frozenset(Use(use.clause, use.requirement) for use in file.uses.all())


def kept_in_snapshots(surveys: Iterable[Survey]) -> dict[int, list[dict[str, Any]]]:
    """survey → what a submission says of its files: of each its name and hash, never its bytes. Two queries at most."""
    kept: dict[int, list[dict[str, Any]]] = {}
    for file in Evidence.objects.filter(survey__in=surveys, removed_at=None).prefetch_related("uses"):
        kept.setdefault(file.survey_id, []).append(_kept(file))
    return kept


def _kept(file: Evidence) -> dict[str, Any]:
    return {
        "id": str(file.pk),
        "name": file.name,
        "kind": file.kind,
        "content_hash": file.content_hash,
        "uses": sorted(list(use) for use in uses_in(file)),
        "taken_at": file.taken_at.astimezone(SHANGHAI).isoformat() if file.taken_at else None,
        "place": None if file.latitude is None else [str(file.latitude), str(file.longitude)],
    }
