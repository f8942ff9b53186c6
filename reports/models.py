"""The page that leaves: the quarterly return with its versions, files that were issued, and long work."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models import Period, Snapshot
from facilities.models import ReportingUnit

KEPT = timedelta(days=7)


class QuarterlyReturn(models.Model):
    """季报 of one unit and quarter. The texts are the unit's; the figures come from its accepted surveys and are frozen
    in a version at each submission. ``submitted_at`` is the first submission: it decides whether it was on time."""

    DRAFT, SUBMITTED, RETURNED, ACCEPTED = "draft", "submitted", "returned", "accepted"
    STATES = {DRAFT: "填写中", SUBMITTED: "已报送", RETURNED: "已退回", ACCEPTED: "已接收"}

    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="returns")
    period = models.ForeignKey(Period, models.PROTECT, related_name="returns")
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    revision = models.PositiveIntegerField(default=1)  # of the texts: two who write never overwrite each other
    problems = models.TextField(blank=True)
    next_steps = models.TextField(blank=True)
    filler = models.CharField(max_length=30, blank=True)  # 填报人
    checker = models.CharField(max_length=30, blank=True)  # 审核人
    head = models.CharField(max_length=30, blank=True)  # 负责人
    phone = models.CharField(max_length=30, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)  # the newest submission
    submitted_at = models.DateTimeField(null=True, blank=True)  # the first, never altered
    accepted_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-period__year", "-period__quarter", "unit__code"]
        constraints = [models.UniqueConstraint(fields=["unit", "period"], name="return_of_quarter")]

    def __str__(self) -> str:
        return f"{self.unit} {self.period}"


class ReturnVersion(models.Model):
    """What was reported: every figure with its facilities and the texts as one JSON with its SHA-256. Never altered.
    ``code`` is the short verification code that paper and workbook carry."""

    report = models.ForeignKey(QuarterlyReturn, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    code = models.CharField(max_length=12, unique=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="return_version")]

    def __str__(self) -> str:
        return f"{self.report} 第{self.number}版"


class ReturnAct(models.Model):
    """One act on a return, never altered. Of one version at most one act decides."""

    SUBMITTED, RETURNED, ACCEPTED, CORRECTING = "submitted", "returned", "accepted", "correcting"
    VERBS = {SUBMITTED: "报送", RETURNED: "退回", ACCEPTED: "接收", CORRECTING: "更正"}

    report = models.ForeignKey(QuarterlyReturn, models.PROTECT, related_name="acts")
    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="acts")
    verb = models.CharField(max_length=10, choices=VERBS)
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(verb__in=["returned", "accepted"]), name="return_decided_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.get_verb_display()}"


class Bulletin(models.Model):
    """通报 of a quarter. A draft's figures are read anew each time it is opened; published it has its number of the
    year and keeps everything it says as one JSON with its SHA-256, never altered."""

    DRAFT, PUBLISHED = "draft", "published"
    STATES = {DRAFT: "编写中", PUBLISHED: "已发布"}

    period = models.ForeignKey(Period, models.PROTECT, related_name="bulletins")
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    revision = models.PositiveIntegerField(default=1)  # of the texts: two who write never overwrite each other
    issuer = models.CharField(max_length=60)
    to = models.CharField(max_length=200)
    praise = models.TextField(blank=True)
    problems = models.TextField(blank=True)
    demands = models.TextField(blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(null=True, blank=True)  # of publication
    number = models.PositiveSmallIntegerField(null=True, blank=True)  # within the year, from 1
    content = models.JSONField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=12, unique=True, null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="bulletin_number"),
            models.UniqueConstraint(fields=["period"], condition=Q(state="draft"), name="bulletin_draft_of_quarter"),
            models.CheckConstraint(
                condition=Q(state="draft", number=None, content=None)
                | Q(state="published", number__isnull=False, year__isnull=False, content__isnull=False),
                name="bulletin_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"关于{self.period}基层人力资源社会保障公共服务平台建设情况的通报"

    @property
    def numbered(self) -> str:
        return f"{self.year}年第{self.number}号" if self.number else "稿"


class CriticismDecision(models.Model):
    """Whether a candidate is criticised (通报批评): a person's decision with its reason, and the grounds as they stood
    before that person. Rows, never altered: the newest of a unit holds, while its grounds are still the same."""

    CRITICISE, SPARE = "criticise", "spare"
    DECISIONS = {CRITICISE: "通报批评", SPARE: "不批评"}

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="decisions")
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=DECISIONS)
    reason = models.CharField(max_length=300)
    grounds = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_decision_display()}"


class Appraisal(models.Model):
    """考核 of a year. A draft's figures are read anew each time it is opened; published it has its number within the
    year and keeps everything it says as one JSON with its SHA-256, never altered: a later one replaces it."""

    DRAFT, PUBLISHED = "draft", "published"
    STATES = {DRAFT: "编制中", PUBLISHED: "已发布"}

    year = models.PositiveSmallIntegerField()  # that is appraised
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    number = models.PositiveSmallIntegerField(null=True, blank=True)  # within the year, from 1
    content = models.JSONField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=12, unique=True, null=True, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-year", "-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="appraisal_number"),
            models.UniqueConstraint(fields=["year"], condition=Q(state="draft"), name="appraisal_draft_of_year"),
            models.CheckConstraint(
                condition=Q(state="draft", number=None, content=None)
                | Q(state="published", number__isnull=False, content__isnull=False),
                name="appraisal_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年度基层人力资源社会保障公共服务平台建设考核结果"

    @property
    def numbered(self) -> str:
        return f"{self.year}年度第{self.number}号" if self.number else "稿"


class AppraisalAdjustment(models.Model):
    """人工调整 of a unit's score of a year, in points, by a person with a reason. Rows, never altered: one is taken
    back by another row of the opposite points, which says why."""

    year = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=5, decimal_places=2)
    reason = models.CharField(max_length=300)
    takes_back = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="taken_back")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.unit} {self.points:+}"


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
