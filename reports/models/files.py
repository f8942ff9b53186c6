"""Files that were issued, and long work."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models import Snapshot
from reports.models.appraisals import Appraisal
from reports.models.bulletins import Bulletin
from reports.models.returns import ReturnVersion

KEPT = timedelta(days=7)


class IssuedFile(models.Model):
    """A PDF or workbook that was given out of something frozen: its bytes are kept, and the same file is given again.
    Of an accepted survey's snapshot, of a return's version, of a published bulletin or appraisal."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, blank=True, related_name="issued")
    version = models.ForeignKey(ReturnVersion, models.PROTECT, null=True, blank=True, related_name="issued")
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, null=True, blank=True, related_name="issued")
    appraisal = models.ForeignKey(Appraisal, models.PROTECT, null=True, blank=True, related_name="issued")
    format = models.CharField(max_length=5)  # pdf, xlsx
    file = models.FileField(max_length=200)
    size = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "format"], name="issued_of_snapshot"),
            models.UniqueConstraint(fields=["version", "format"], name="issued_of_version"),
            models.UniqueConstraint(fields=["bulletin", "format"], name="issued_of_bulletin"),
            models.UniqueConstraint(fields=["appraisal", "format"], name="issued_of_appraisal"),
            models.CheckConstraint(
                condition=Q(snapshot__isnull=False, version=None, bulletin=None, appraisal=None)
                | Q(snapshot=None, version__isnull=False, bulletin=None, appraisal=None)
                | Q(snapshot=None, version=None, bulletin__isnull=False, appraisal=None)
                | Q(snapshot=None, version=None, bulletin=None, appraisal__isnull=False),
                name="issued_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot or self.version or self.bulletin or self.appraisal} {self.format}"


def kept_until() -> datetime:
    return timezone.now() + KEPT


class Job(models.Model):
    """Long work asked for by an officer: ``kind`` and ``wanted`` say what, ``done`` of ``total`` how far it has come.
    ``alive_at`` is the worker's sign of life; the result is kept until ``expires_at`` and given to who asked only."""

    WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
    STATES = {WAITING: "排队中", RUNNING: "进行中", DONE: "已完成", FAILED: "没有完成", CANCELLED: "已取消"}

    OPEN = (WAITING, RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=30)
    fingerprint = models.CharField(max_length=64)  # of kind and wanted
    title = models.CharField(max_length=120)
    wanted = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    state = models.CharField(max_length=10, choices=STATES, default=WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)  # a token: only the newest attempt may write
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    began_at = models.DateTimeField(null=True, blank=True)
    alive_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(default=kept_until)
    error = models.CharField(max_length=300, blank=True)
    file = models.FileField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "fingerprint"], condition=Q(state__in=["waiting", "running"]), name="job_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def seconds_left(self) -> int | None:
        """Told once there is something to tell from: after ten seconds."""
        if self.state != self.RUNNING or not self.done or self.began_at is None:
            return None
        passed = (timezone.now() - self.began_at).total_seconds()
        return max(1, round(passed / self.done * (self.total - self.done))) if passed >= 10 else None
