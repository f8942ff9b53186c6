"""消息: letters become notices, each occasion once; who reads them marks them as read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import Notice
from facilities.models import Officer

BATCH = 500


@dataclass(frozen=True)
class Letter:
    """``key`` names the occasion: an officer gets one letter of each."""

    officer: Officer
    key: str
    title: str
    text: str
    link: str
    by: Officer | None = None


@dataclass(frozen=True)
class Told:
    """Notices that are new, and letters that had been told before."""

    new: list[Notice]
    before: list[Letter]


@transaction.atomic
def tell(letters: Sequence[Letter]) -> Told:
    """Done twice, or by two at once, everybody has one notice of each key: who is told is held meanwhile, without
    hindering anything else. A handful of queries."""
    to, keys = {letter.officer.pk for letter in letters}, {letter.key for letter in letters}
    list(Officer.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=to).order_by("pk").values("pk"))
    known = set(Notice.objects.filter(officer__in=to, key__in=keys).values_list("officer", "key"))
    new = [letter for letter in letters if (letter.officer.pk, letter.key) not in known]
    made = Notice.objects.bulk_create([_notice(letter) for letter in new], batch_size=BATCH)
    return Told(made, [letter for letter in letters if (letter.officer.pk, letter.key) in known])


def _notice(letter: Letter) -> Notice:
    told = {"title": letter.title, "text": letter.text, "link": letter.link, "by": letter.by}
    return Notice(officer=letter.officer, key=letter.key, at=timezone.now(), **told)


def notices_of(officer: Officer) -> QuerySet[Notice]:
    return officer.notices.select_related("by")


def read(notices: QuerySet[Notice]) -> int:
    return notices.filter(read_at=None).update(read_at=timezone.now())
