"""The survey of one facility and quarter, its answers and every change of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from assessments.models.quarters import Period
from facilities.models import Facility


class Survey(models.Model):
    """现场核查/填报 of one facility for one quarter."""

    DRAFT, SUBMITTED, RETURNED, ACCEPTED = "draft", "submitted", "returned", "accepted"
    STATES = {DRAFT: "填写中", SUBMITTED: "已提交", RETURNED: "已退回", ACCEPTED: "已通过"}

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="surveys")
    period = models.ForeignKey(Period, models.PROTECT, related_name="surveys")
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    captured_at = models.DateTimeField(null=True, blank=True)  # on site, as the surveyor's device claims
    received_at = models.DateTimeField(null=True, blank=True)  # the newest submission, by the server's clock
    submitted_at = models.DateTimeField(
        null=True, blank=True
    )  # the first valid submission; decides 按时, never altered
    accepted_at = models.DateTimeField(null=True, blank=True)
    unchanged_at = models.DateTimeField(null=True, blank=True)  # 本季度无变化, in one act
    unchanged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-period__year", "-period__quarter", "facility__code"]
        constraints = [models.UniqueConstraint(fields=["facility", "period"], name="survey_of_quarter")]

    def __str__(self) -> str:
        return f"{self.facility} {self.period}"

    @property
    def is_open(self) -> bool:
        """Whether anything of it may be written: a draft, or of what was returned the rows that were named."""
        return self.state in (self.DRAFT, self.RETURNED)


class Answer(models.Model):
    """The answer to one indicator. ``value`` None with a reason means 无法提供; None without means taken back.
    ``origin`` says where an answer came from: entered here, a dated fact or the last survey that nobody has looked at
    yet, or such a one that somebody has read here and confirmed."""

    ENTERED, FACT, CARRIED, CONFIRMED = "entered", "fact", "carried", "confirmed"
    ORIGINS = {ENTERED: "本季填写", FACT: "登记数据", CARRIED: "沿用上季", CONFIRMED: "沿用并已核对"}
    UNREAD = (FACT, CARRIED)

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answers")
    indicator = models.CharField(max_length=40)
    value = models.JSONField(null=True)  # the JSON form of standards.values.value_json
    reason = models.CharField(max_length=300, blank=True)  # why it cannot be given (无法提供)
    note = models.CharField(max_length=300, blank=True)  # said to a warning
    origin = models.CharField(max_length=10, choices=ORIGINS, default=ENTERED)
    previous = models.JSONField(null=True)  # the value of the last submitted survey, to compare with
    revision = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "indicator"], name="answer_of_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator} = {self.value}"

    @property
    def is_unread(self) -> bool:
        """Carried over or known, and nobody has looked at it this quarter."""
        return self.origin in self.UNREAD


class Change(models.Model):
    """One change of one answer, never altered. ``operation`` is the client's id of the act: sent twice, done once."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="changes")
    indicator = models.CharField(max_length=40)
    operation = models.UUIDField()
    revision = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    origin = models.CharField(max_length=10, choices=Answer.ORIGINS)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "operation", "indicator"], name="change_once"),
            models.UniqueConstraint(fields=["survey", "indicator", "revision"], name="change_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} v{self.revision}"
