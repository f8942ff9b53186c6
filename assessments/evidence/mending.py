"""佐证 of a rectification: kept as soon as they arrive, so that a refused form loses none; sent with the next act."""

from __future__ import annotations

from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from assessments.evidence.images import Refused
from assessments.evidence.keeping import stored
from assessments.evidence.receiving import received, sha256, shown_name
from assessments.models import Rectification, RectificationFile
from assessments.rectifying import held, require_mending
from facilities.models import Officer

MOST = 12


def keep(item: Rectification, officer: Officer, name: str, content: bytes) -> RectificationFile:
    """The same content is kept once. Raises images.Refused, Overtaken, PermissionDenied."""
    require_mending(item, officer)
    operation = _operation(item, content)
    known = item.files.filter(operation=operation).first()
    if known:
        return known
    _require_room(item, name)
    ready = received(content, name, keep_capture=False)
    with transaction.atomic():
        item = held(item)
        require_mending(item, officer)
        alike = item.files.filter(content_hash=ready.content_hash).first()
        if alike:
            return alike
        _require_room(item, name)
        return RectificationFile.objects.create(rectification=item, **stored(ready, operation, name, officer))


@transaction.atomic
def remove(file: RectificationFile, officer: Officer) -> None:
    """One that waits; what was sent with an act stays. Raises Overtaken, PermissionDenied."""
    item = held(file.rectification)
    require_mending(item, officer)
    item.files.filter(pk=file.pk, act=None).delete()


def _operation(item: Rectification, content: bytes) -> UUID:
    """A form sent again sends the same files again."""
    return uuid5(NAMESPACE_OID, f"rectification:{item.pk}:{sha256(content)}")


def _require_room(item: Rectification, name: str) -> None:
    if item.files.count() >= MOST:
        raise Refused(f"一条整改最多附 {MOST} 个文件，“{shown_name(name)}”没有收。")
