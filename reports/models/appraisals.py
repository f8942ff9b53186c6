"""考核 of a year, and what a person adjusted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from facilities.models import ReportingUnit


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
