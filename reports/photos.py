"""佐证 of a submission: what a snapshot says of its files, and the photos that go on paper."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from assessments.evidence.duplicates import duplicates_of
from assessments.evidence.listing import WHOLE
from assessments.models import Evidence
from facilities.models import Officer
from reports.report import Attached, Report, Showing
from standards.edition import Edition

ON_A_PAGE, SIDE_BY_SIDE = 6, 2


def attached(edition: Edition, kept: Iterable[Mapping[str, Any]]) -> tuple[Attached, ...]:
    """From a snapshot, in the order of the schedule; one taken before there was evidence has none."""
    numbers = {clause.key: number for number, clause in enumerate(edition.clauses)}
    files = [
        Attached(
            id=each["id"],
            name=each["name"],
            kind=each["kind"],
            content_hash=each["content_hash"],
            taken_at=datetime.fromisoformat(each["taken_at"]) if each["taken_at"] else None,
            place=(each["place"][0], each["place"][1]) if each["place"] else None,
            shows=tuple(_shows(edition, each["uses"])),
        )
        for each in kept
    ]
    return tuple(sorted(files, key=lambda file: min((numbers[key] for key in file.rows), default=len(numbers))))


def _shows(edition: Edition, uses: Iterable[tuple[str, str]]) -> Iterator[Showing]:
    """In the order of the schedule."""
    held = {(clause, requirement) for clause, requirement in uses}
    for clause in edition.clauses:
        labels = {"": WHOLE} | {each.key: each.label for each in clause.requirements}
        for requirement, label in labels.items():
            if (clause.key, requirement) in held:
                yield Showing(clause.key, clause.number, clause.title, label)


def grid_of(report: Report) -> list[list[tuple[Attached, ...]]]:
    """Pages of lines of photos."""
    photos = report.photos
    pages = [photos[at : at + ON_A_PAGE] for at in range(0, len(photos), ON_A_PAGE)]
    return [[page[at : at + SIDE_BY_SIDE] for at in range(0, len(page), SIDE_BY_SIDE)] for page in pages]


def doubled_in(report: Report, officer: Officer) -> list[tuple[Attached, str]]:
    """Files that are elsewhere too, each with its sentence for this officer."""
    if not report.evidence:
        return []
    files = Evidence.objects.filter(pk__in=[each.id for each in report.evidence]).select_related("survey")
    said = duplicates_of(list(files), officer)
    return [(each, said[UUID(each.id)]) for each in report.evidence if UUID(each.id) in said]


def photos_of(report: Report) -> dict[str, bytes]:
    """id → bytes, of those that are in the store as they were submitted."""
    files = Evidence.objects.in_bulk([photo.id for photo in report.photos])
    held = {str(key): _read(file) for key, file in files.items()}
    return {photo.id: held[photo.id] for photo in report.photos if _is(held.get(photo.id, b""), photo)}


def _read(file: Evidence) -> bytes:
    try:
        with file.file.open() as stored:
            content: bytes = stored.read()
    except FileNotFoundError:
        return b""
    return content


def _is(content: bytes, photo: Attached) -> bool:
    return hashlib.sha256(content).hexdigest() == photo.content_hash
