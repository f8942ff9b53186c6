"""A list that was sent waits for its confirmation as it was read; at the confirmation it is compared again, so that
nothing is done that was not shown. One transaction: all of its good lines, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from facilities import officers
from facilities.existence import Unfit
from facilities.lists.kinds import KINDS
from facilities.lists.lines import CHANGED, NEW, REFUSED, SAME, Kind, Line, Row
from facilities.lists.reading import rows_of
from facilities.models import Officer, Upload
from facilities.registering import Collides

LONGEST_NAME = 200
CHANGED_MEANWHILE = "上传以后有人改过这里的数据，已重新比较，请再看一遍再确认。"


class Stale(Exception):
    """What would be done is no longer what was shown; the upload holds the new difference."""


@dataclass(frozen=True, slots=True)
class Done:
    """``entries``: ways in of new officers, to be shown once."""

    upload: Upload
    entries: Sequence[Any] = ()


def uploads_of(by: Officer) -> QuerySet[Upload]:
    """Nobody else sees what an officer has sent."""
    return Upload.objects.filter(kind__in=KINDS, by=by)


def kind_of(upload: Upload) -> Kind:
    return KINDS[upload.kind]


def stage(by: Officer, kind: Kind, name: str, content: bytes) -> Upload:
    """Reads, compares and keeps. Raises Unreadable with the sentence where the whole file is refused."""
    require_import(by, kind)
    rows = rows_of(kind, name, content)
    upload = Upload(kind=kind.key, name=name[:LONGEST_NAME], by=by, rows=[asdict(row) for row in rows])
    _keep(upload, kind, kind.compare(by, rows, False))
    upload.save()
    return upload


def require_import(by: Officer, kind: Kind) -> None:
    if not kind.imports(by):
        raise PermissionDenied(f"{kind.title}名单不归您导入。")


def _keep(upload: Upload, kind: Kind, lines: Sequence[Line]) -> None:
    states = [line.state for line in lines]
    upload.outcome = {
        "lines": [line.as_json(kind.titles) for line in lines],
        "counts": {state: states.count(state) for state in (NEW, CHANGED, SAME, REFUSED)},
    }
    upload.total = states.count(NEW) + states.count(CHANGED)
    upload.state = Upload.CHECKED if upload.total else Upload.DONE


def confirm(by: Officer, upload: Upload) -> Done:
    """Once, however often it is pressed. Raises Stale."""
    kind = kind_of(upload)
    require_import(by, kind)
    try:
        with transaction.atomic():
            return _confirmed(by, upload, kind)
    except (IntegrityError, Unfit, Collides, officers.Refused) as overtaken:
        _compare_again(by, upload, kind)
        raise Stale(_sentence(overtaken)) from overtaken
    except Stale:
        _compare_again(by, upload, kind)
        raise


def _sentence(overtaken: Exception) -> str:
    """Rows of one list that do not go together are told by their own sentence."""
    return f"没有导入：{overtaken}" if isinstance(overtaken, Unfit | officers.Refused) else CHANGED_MEANWHILE


def _confirmed(by: Officer, upload: Upload, kind: Kind) -> Done:
    held = Upload.objects.select_for_update().get(pk=upload.pk)
    if held.state != Upload.CHECKED:
        return Done(held)
    lines = kind.compare(by, _rows(held), True)
    if [line.as_json(kind.titles) for line in lines] != held.outcome["lines"]:
        raise Stale(CHANGED_MEANWHILE)
    entries = kind.apply(by, [line for line in lines if line.state in (NEW, CHANGED)])
    held.state, held.done = Upload.DONE, held.total
    held.save(update_fields=["state", "done"])
    return Done(held, entries)


def _compare_again(by: Officer, upload: Upload, kind: Kind) -> None:
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        if held.state != Upload.CHECKED:
            return
        _keep(held, kind, kind.compare(by, _rows(held), False))
        held.save(update_fields=["outcome", "total", "state"])


def _rows(upload: Upload) -> list[Row]:
    return [Row(**row) for row in upload.rows]


def refused_rows(upload: Upload) -> list[tuple[Row, str, set[str]]]:
    """Rows that did not go in, with the reasons in words and the columns that they are about."""
    said = {line["row"]: line["refused"] for line in upload.outcome["lines"] if line["refused"]}
    return [
        (
            row,
            "\n".join(f"{each['title']}：{each['why']}" for each in said[row.number]),
            {each["key"] for each in said[row.number]},
        )
        for row in _rows(upload)
        if row.number in said
    ]


def drop(upload: Upload) -> None:
    """放弃: what was read is forgotten; that it was sent stays on record."""
    Upload.objects.filter(pk=upload.pk, state=Upload.CHECKED).update(state=Upload.DROPPED, rows=[], outcome={})
