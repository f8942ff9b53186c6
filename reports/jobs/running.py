"""A job from its asking to its end: start, run, cancel; what died is taken up again, what is old is thrown away.

``attempt`` is a fencing token: whatever an attempt writes, it writes on the condition that it is still the newest."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from facilities.models import Officer
from reports.jobs.work import WORKS, CannotMake, Made, Running, Stopped
from reports.models import Job

HEARTBEAT = 5.0  # seconds between two signs of life
DEAD_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 3
GIVEN_UP = "多次没有做完，已停止。请稍后再试；再不行，请把本页地址告诉系统管理员。"
BROKEN = "生成时出错了，请再试一次；再不行，请把本页地址告诉系统管理员。"

log = logging.getLogger(__name__)


def jobs_of(officer: Officer) -> QuerySet[Job]:
    """An officer's own; nobody else sees them."""
    return Job.objects.filter(by=officer, expires_at__gt=timezone.now())


# ── Ask ───────────────────────────────────────────────────────────────────────


def start(officer: Officer, kind: str, title: str, wanted: Mapping[str, Any]) -> Job:
    """Pressed twice it is the same job, while that is not over."""
    canonical = json.dumps([kind, wanted], sort_keys=True, ensure_ascii=False)
    same = hashlib.sha256(canonical.encode()).hexdigest()
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, title=title, wanted=dict(wanted), by=officer, fingerprint=same)
            run.enqueue(str(job.pk), job.attempt)
    except IntegrityError:
        return Job.objects.filter(by=officer, fingerprint=same, state__in=Job.OPEN).latest("asked_at")
    return job


def cancel(job: Job) -> bool:
    """False where it was over already."""
    opened = Job.objects.filter(pk=job.pk, state__in=Job.OPEN)
    return bool(opened.update(state=Job.CANCELLED, ended_at=timezone.now()))


# ── Do ────────────────────────────────────────────────────────────────────────


@task()
def run(pk: str, attempt: int) -> None:
    """What the worker calls. An attempt that was overtaken, cancelled or done does nothing."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=pk, attempt=attempt, state=Job.WAITING)
    if not claimed.update(state=Job.RUNNING, began_at=now, alive_at=now, done=0, total=0):
        return
    running = Running(Job.objects.select_related("by").get(pk=pk))
    with heartbeat(running):
        _do(running, Job.objects.get(pk=pk).kind)


def _do(running: Running, kind: str) -> None:
    try:
        made = WORKS[kind](running)
        _keep(running, made)
    except Stopped:
        return
    except CannotMake as cannot:
        _fail(running, str(cannot))
    except Exception:
        log.exception("job %s (%s) failed", running.pk, kind)
        _fail(running, BROKEN)


def _keep(running: Running, made: Made) -> None:
    """The bytes first, then the word that they are there; of an attempt that no longer counts, neither."""
    job = Job(pk=running.pk)
    job.file.save(f"jobs/{running.pk}-{running.attempt}", ContentFile(made.body), save=False)
    try:
        running.write(
            state=Job.DONE, ended_at=timezone.now(), file=job.file.name, name=made.name, content_type=made.content_type
        )
    except Stopped:
        job.file.delete(save=False)
        raise


def _fail(running: Running, sentence: str) -> None:
    try:
        running.write(state=Job.FAILED, ended_at=timezone.now(), error=sentence[:300])
    except Stopped:
        return


@contextmanager
def heartbeat(running: Running) -> Iterator[None]:
    """Signs of life from a thread of its own, since a page may take longer to set than a worker may be silent."""
    over = Event()
    beating = Thread(target=_beat, args=(running, over), daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _beat(running: Running, over: Event) -> None:
    try:
        while not over.wait(HEARTBEAT):
            with suppress(OperationalError):  # the database is busy: one beat is missed, not the next
                running.write()
    except Stopped:
        return
    finally:
        connection.close()  # of this thread


# ── Mend and tidy ─────────────────────────────────────────────────────────────


def reap(now: datetime | None = None) -> int:
    """Takes up again what a dead worker left, at most so many times. Gives how many were found."""
    before = (now or timezone.now()) - DEAD_AFTER
    dead = list(Job.objects.filter(state=Job.RUNNING, alive_at__lt=before))
    for job in dead:
        _take_up(job, before)
    return len(dead)


@transaction.atomic
def _take_up(job: Job, before: datetime) -> None:
    mine = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.RUNNING, alive_at__lt=before)
    if job.attempt + 1 >= MOST_ATTEMPTS:
        mine.update(state=Job.FAILED, error=GIVEN_UP, ended_at=timezone.now())
    elif mine.update(state=Job.WAITING, attempt=job.attempt + 1, began_at=None):
        run.enqueue(str(job.pk), job.attempt + 1)
    # the queue's own row of the dead attempt would stay RUNNING for ever
    DBTaskResult.objects.running().filter(args_kwargs__args=[str(job.pk), job.attempt]).delete()


def expire(now: datetime | None = None) -> int:
    """Throws away what is older than it is kept, with its file."""
    old = list(Job.objects.filter(expires_at__lte=now or timezone.now()).exclude(state=Job.RUNNING))
    for job in old:
        if job.file:
            job.file.delete(save=False)
        job.delete()
    DBTaskResult.objects.finished().filter(finished_at__lte=(now or timezone.now()) - timedelta(days=7)).delete()
    return len(old)
