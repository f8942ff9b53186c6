"""通报 of a quarter, and what a person decided on its candidates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models import Period
from facilities.models import ReportingUnit


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
