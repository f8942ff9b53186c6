"""The same file elsewhere: in another facility's survey or another quarter's. A place that the officer may not see is
not named."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from assessments.models import Evidence
from facilities.access import visible_to
from facilities.models import Officer

MOST_LOOKED_AT, MOST_NAMED = 500, 2


def duplicates_of(files: Sequence[Evidence], officer: Officer) -> dict[UUID, str]:
    """file → the sentence; of files of one survey. A handful of queries, however many files."""
    alike = _alike(files) if files else []
    places = [other.survey.facility_id for other in alike]
    seen = set(visible_to(officer).filter(pk__in=places).values_list("pk", flat=True)) if alike else set()
    said = {}
    for file in files:
        others = [other for other in alike if _same(file, other)]
        if others:
            said[file.pk] = _sentence(file, others, seen)
    return said


def _alike(files: Sequence[Evidence]) -> list[Evidence]:
    """Newest quarter first."""
    hashes = Q(content_hash__in={file.content_hash for file in files}) | Q(
        sent_hash__in={file.sent_hash for file in files}
    )
    others = Evidence.objects.filter(hashes, removed_at=None).exclude(survey=files[0].survey_id)
    newest = others.order_by("-survey__period__year", "-survey__period__quarter", "survey__facility__code")
    return list(newest.select_related("survey__facility__division", "survey__period")[:MOST_LOOKED_AT])


def _same(file: Evidence, other: Evidence) -> bool:
    return file.content_hash == other.content_hash or file.sent_hash == other.sent_hash


def _sentence(file: Evidence, others: Sequence[Evidence], seen: set[int]) -> str:
    named = [other for other in others if other.survey.facility_id in seen]
    hidden = len(others) - len(named)
    if not named:
        return f"与另一单位的{'一' if hidden == 1 else f' {hidden} '}份佐证完全相同"
    places = "、".join(_place(file, other) for other in named[:MOST_NAMED])
    more = f" 等 {len(named)} 处" if len(named) > MOST_NAMED else ""
    beyond = f"，也与别的单位的 {hidden} 份佐证相同" if hidden else ""
    return f"与 {places}{more} 的{Evidence.KINDS[file.kind]}完全相同{beyond}"


def _place(file: Evidence, other: Evidence) -> str:
    own = other.survey.facility_id == file.survey.facility_id
    return f"{'本单位' if own else other.survey.facility.division.name} {other.survey.period}"
