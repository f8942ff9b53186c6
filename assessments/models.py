"""The work: quarters, surveys, their answers and every change of them, snapshots, judgements and findings."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from facilities.models import Facility
from standards.models import Requirement, Standard


class WorkDay(models.Model):
    """A day on which the work calendar differs from Monday to Friday, or that shows its year to be announced.
    A year without rows is not announced yet: its dates are provisional."""

    day = models.DateField(unique=True)
    works = models.BooleanField()
    source = models.CharField(max_length=100)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'班' if self.works else '休'}"


class Period(models.Model):
    """A quarter. Closed only when an administrator closes it."""

    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["year", "quarter"], name="period_quarter"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="period_quarter_range"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年第{'一二三四'[self.quarter - 1]}季度"

    @property
    def key(self) -> str:
        return f"{self.year}Q{self.quarter}"

    @property
    def last_day(self) -> date:
        return date(self.year, 3 * self.quarter, 31 if self.quarter in (1, 4) else 30)


class Survey(models.Model):
    """现场核查/填报 of one facility for one quarter."""

    DRAFT, SUBMITTED = "draft", "submitted"
    STATES = {DRAFT: "填写中", SUBMITTED: "已提交"}

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="surveys")
    period = models.ForeignKey(Period, models.PROTECT, related_name="surveys")
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-period__year", "-period__quarter", "facility__code"]
        constraints = [models.UniqueConstraint(fields=["facility", "period"], name="survey_of_quarter")]

    def __str__(self) -> str:
        return f"{self.facility} {self.period}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.DRAFT


class Answer(models.Model):
    """The answer to one indicator. ``value`` None with a reason means 无法提供; None without means taken back.
    ``origin`` says where an answer came from before anyone touched it here: a dated fact or the last survey."""

    ENTERED, FACT, CARRIED = "entered", "fact", "carried"
    ORIGINS = {ENTERED: "本季填写", FACT: "登记数据", CARRIED: "沿用上季"}

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


class Snapshot(models.Model):
    """What was submitted: facts, judgements and edition hashes as one JSON, with its SHA-256. Never altered."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="snapshot_number")]

    def __str__(self) -> str:
        return self.receipt

    @property
    def receipt(self) -> str:
        """回执编号: 2026Q3-440402001-01."""
        return f"{self.survey.period.key}-{self.survey.facility.code}-{self.number:02d}"


class Judgement(models.Model):
    """判定 of one snapshot by one edition. ``content`` is standards.outcomes.Judgement.as_json()."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="judgements")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="judgements")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    grade = models.CharField(max_length=10, blank=True)
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "standard"], name="judgement_by_edition")]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.grade}"


class Finding(models.Model):
    """判定结果 of one requirement that is not a pass: what people list, filter and mend."""

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="findings")
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16)
    shortfall = models.DecimalField(max_digits=16, decimal_places=2, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["judgement", "requirement"], name="finding_once")]

    def __str__(self) -> str:
        return f"{self.requirement} {self.outcome}"
