"""The quarterly return with its versions and acts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models import Period
from facilities.models import ReportingUnit


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
