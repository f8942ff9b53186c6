"""What a file shows: rows and requirements; and what a snapshot says of a survey's files."""

from __future__ import annotations

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


def kept_in_snapshot(survey: Survey) -> list[dict[str, Any]]:
    """What a submission says of its files: of each its name and hash, never its bytes."""
    return [
        {
            "id": str(file.pk),
            "name": file.name,
            "kind": file.kind,
            "content_hash": file.content_hash,
            "uses": sorted(list(use) for use in uses_in(file)),
            "taken_at": file.taken_at.astimezone(SHANGHAI).isoformat() if file.taken_at else None,
            "place": None if file.latitude is None else [str(file.latitude), str(file.longitude)],
        }
        for file in survey.evidence.filter(removed_at=None).prefetch_related("uses")
    ]
