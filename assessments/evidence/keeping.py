"""Kept, used, removed: a file is stored first and its row written after; an orphan file is harmless, a row without
its file would not be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from assessments.answering import OperationReused
from assessments.beginning import require_surveyor
from assessments.evidence.capture import Capture
from assessments.evidence.images import Refused
from assessments.evidence.receiving import Received, received, sha256, shown_name
from assessments.evidence.uses import Use, uses_in
from assessments.locking import require_row, require_writable
from assessments.models import Evidence, EvidenceUse, Survey
from facilities.models import Officer

MOST_OF_A_ROW, MOST_OF_A_SURVEY = 20, 100
SUFFIX = {Evidence.IMAGE: ".jpg", Evidence.PDF: ".pdf"}


@dataclass(frozen=True)
class Sent:
    """A file as an officer sends it. ``claim`` is what the officer's device says of the capture, read before it made
    the photo smaller; ``keep_capture`` is the officer's consent to keep that."""

    operation: UUID
    name: str
    content: bytes
    use: Use
    keep_capture: bool = False
    claim: Capture | None = None


def keep(survey: Survey, officer: Officer, sent: Sent) -> Evidence:
    """Sent twice it is kept once; a file that the survey has already serves one use more. Raises Refused, Locked,
    OperationReused, PermissionDenied."""
    require_surveyor(officer, survey.facility)
    require_row(survey, sent.use.clause)
    sent_hash = sha256(sent.content)
    known = _known(survey, sent.operation, sent_hash=sent_hash)
    if known and known.operation == sent.operation and known.sent_hash != sent_hash:
        raise OperationReused
    if known is None:
        _require_room(survey)
        known = _row(survey, officer, sent, received(sent.content, sent.name, sent.keep_capture))
    with transaction.atomic():
        return _store(known, sent.use)


def _known(survey: Survey, operation: UUID, **hashed: str) -> Evidence | None:
    """What this act kept before, or a file of the survey that is the same."""
    acted = survey.evidence.filter(operation=operation).first()
    return acted or survey.evidence.filter(removed_at=None, **hashed).first()


def _row(survey: Survey, officer: Officer, sent: Sent, ready: Received) -> Evidence:
    """Its files are stored, it is not."""
    kept = stored(ready, sent.operation, sent.name, officer)
    evidence = Evidence(survey=survey, **kept)
    if sent.keep_capture and ready.kind == Evidence.IMAGE:
        _set_capture(evidence, ready.capture, sent.claim)
    return evidence


def stored(ready: Received, operation: UUID, name: str, officer: Officer) -> dict[str, Any]:
    """Stores the bytes and their thumbnail; gives what the row of a ``KeptFile`` says of them."""
    key = uuid4()
    folder = f"{timezone.localdate().year}/{key}"
    file = default_storage.save(folder + SUFFIX[ready.kind], ContentFile(ready.content))
    thumbnail = default_storage.save(folder + ".s.jpg", ContentFile(ready.thumbnail)) if ready.thumbnail else ""
    return {
        "id": key,
        "operation": operation,
        "kind": ready.kind,
        "file": file,
        "thumbnail": thumbnail,
        "name": shown_name(name),
        "size": len(ready.content),
        "width": ready.width,
        "height": ready.height,
        "sent_hash": ready.sent_hash,
        "content_hash": ready.content_hash,
        "at": timezone.now(),
        "by": officer,
    }


def _set_capture(evidence: Evidence, read: Capture | None, claim: Capture | None) -> None:
    """The file's own word before the device's. A moment that has not come yet is a wrong clock's."""
    read, claim = read or Capture(), claim or Capture()
    taken_at = read.taken_at or claim.taken_at
    evidence.taken_at = taken_at if taken_at and taken_at <= timezone.now() else None
    placed = read if read.latitude is not None else claim
    evidence.latitude, evidence.longitude = placed.latitude, placed.longitude


def _store(evidence: Evidence, use: Use) -> Evidence:
    """With the survey's row held: who sends the same at the same time waits here, and finds it kept."""
    survey = locked(evidence.survey, use)
    kept = _known(survey, evidence.operation, content_hash=evidence.content_hash)
    if kept is None:
        _require_room(survey)
        evidence.save(force_insert=True)
    kept = kept or evidence
    if kept.removed_at is None and not kept.uses.filter(**use._asdict()).exists():
        _require_room_of_row(survey, kept, use)
        EvidenceUse.objects.create(evidence=kept, **use._asdict())
    return kept


def _require_room(survey: Survey) -> None:
    if survey.evidence.filter(removed_at=None).count() >= MOST_OF_A_SURVEY:
        raise Refused(f"一份核查表最多附 {MOST_OF_A_SURVEY} 个文件，已经满了。请先移除不需要的。")


def _require_room_of_row(survey: Survey, evidence: Evidence, use: Use) -> None:
    there = survey.evidence.filter(removed_at=None, uses__clause=use.clause).exclude(pk=evidence.pk)
    if there.distinct().count() >= MOST_OF_A_ROW:
        raise Refused(f"一项最多附 {MOST_OF_A_ROW} 个文件，这一项已经满了。请先移除不需要的。")


def locked(survey: Survey, *uses: Use) -> Survey:
    """The survey with its row held until the transaction ends; ``uses`` are what is to be changed. Raises Locked."""
    held = Survey.objects.select_for_update(of=("self",)).select_related("facility", "period").get(pk=survey.pk)
    require_writable(held)
    for clause in sorted({use.clause for use in uses}):
        require_row(held, clause)
    return held


@transaction.atomic
def set_uses(evidence: Evidence, officer: Officer, offered: Collection[Use], chosen: Collection[Use]) -> None:
    """Of the uses that were ``offered`` those ``chosen``; what was not offered stays. Raises Refused, Locked."""
    require_surveyor(officer, evidence.survey.facility)
    survey = locked(evidence.survey)
    held = uses_in(evidence)
    wanted = (held - set(offered)) | (set(chosen) & set(offered))
    if not wanted:
        raise Refused(f"“{evidence.name}”至少要用于一处。不要它了，请点“移除”。")
    for use in sorted(wanted ^ held):
        require_row(survey, use.clause)
    for use in wanted - held:
        _require_room_of_row(survey, evidence, use)
    evidence.uses.filter(
        pk__in=[use.pk for use in evidence.uses.all() if Use(use.clause, use.requirement) not in wanted]
    ).delete()
    EvidenceUse.objects.bulk_create(EvidenceUse(evidence=evidence, **use._asdict()) for use in wanted - held)


@transaction.atomic
def remove(evidence: Evidence, officer: Officer) -> None:
    """From a draft; the file stays stored. Removed twice the same. Raises Locked."""
    require_surveyor(officer, evidence.survey.facility)
    locked(evidence.survey, *uses_in(evidence))
    Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(removed_at=timezone.now())
