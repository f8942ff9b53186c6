"""What a worker can do, by kind; and how a piece of work tells how far it has come.

A kind of work is a function ``make(job: Running) -> Made``. It may be done twice (a worker that died is replaced),
so it writes nothing but its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from facilities.models import Officer
from reports.models import Job


@dataclass(frozen=True)
class Made:
    body: bytes
    name: str
    content_type: str


class Stopped(Exception):
    """Somebody cancelled the job, or another attempt took it over: whatever is made now is thrown away."""


class CannotMake(Exception):
    """The work cannot be done; the message tells the officer why and what to do."""


class Running:
    """One attempt at a job, as the work sees it."""

    def __init__(self, job: Job) -> None:
        self.pk, self.attempt, self.wanted = job.pk, job.attempt, job.wanted
        self.officer: Officer = job.by

    def write(self, **changes: Any) -> None:
        """Raises Stopped where this attempt is no longer the one that counts."""
        mine = Job.objects.filter(pk=self.pk, attempt=self.attempt, state=Job.RUNNING)
        if not mine.update(alive_at=timezone.now(), **changes):
            raise Stopped

    def progress(self, done: int, total: int) -> None:
        self.write(done=done, total=total)


Work = Callable[[Running], Made]
WORKS: dict[str, Work] = {}


def work(kind: str) -> Callable[[Work], Work]:
    """Names a kind of work."""

    def keep(make: Work) -> Work:
        WORKS[kind] = make
        return make

    return keep
