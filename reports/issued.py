"""Files given out of something frozen: made once, kept as bytes with their SHA-256, and the same given again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from assessments.models import Snapshot
from reports.models import Appraisal, Bulletin, IssuedFile, ReturnVersion

NAMES = {Snapshot: "snapshot", ReturnVersion: "version", Bulletin: "bulletin", Appraisal: "appraisal"}
Frozen = Snapshot | ReturnVersion | Bulletin | Appraisal


class Damaged(Exception):
    """The kept file is gone or is not what was issued; the message says whom to tell."""

    def __init__(self) -> None:
        super().__init__("存档的文件已经丢失或损坏，没有给出。请系统管理员从备份恢复。")


def issue(of: Frozen, format: str, make: Callable[[], bytes]) -> IssuedFile:
    """The one file of what is frozen in that format. Two who ask for it first at once get the same."""
    frozen: dict[str, Any] = {NAMES[type(of)]: of}
    issued = IssuedFile.objects.filter(**frozen, format=format).first()
    if issued is not None:
        return issued
    body = make()
    stored = default_storage.save(uuid4().hex, ContentFile(body))  # a name that says nothing
    try:
        with transaction.atomic():
            return IssuedFile.objects.create(
                **frozen, format=format, file=stored, size=len(body), content_hash=hashlib.sha256(body).hexdigest()
            )
    except IntegrityError:  # another was quicker
        default_storage.delete(stored)
        return IssuedFile.objects.get(**frozen, format=format)


def bytes_of(issued: IssuedFile) -> bytes:
    """As they were issued. Raises Damaged."""
    try:
        with default_storage.open(str(issued.file.name)) as kept:
            body: bytes = kept.read()
    except OSError as gone:
        raise Damaged from gone
    if hashlib.sha256(body).hexdigest() != issued.content_hash:
        raise Damaged
    return body
