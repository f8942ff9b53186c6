"""What was submitted or accepted, kept whole; how an edition judged it; what is not a pass."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.surveys import Survey
from standards.models import Requirement, Standard


class Snapshot(models.Model):
    """What was submitted or accepted: facts, judgements and edition hashes as one JSON, with its SHA-256, unaltered.
    One is taken at each submission and one at each acceptance, which holds the determinations too."""

    SUBMITTED, ACCEPTED = "submitted", "accepted"
    KINDS = {SUBMITTED: "提交", ACCEPTED: "通过"}

    kind = models.CharField(max_length=10, choices=KINDS, default=SUBMITTED)
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
    """判定 of one snapshot by one edition; of a submission it is done again with a determination, of an acceptance it
    never changes. ``content`` is standards.outcomes.Judgement.as_json(). One that is ``beside`` is by an edition
    adopted beside the one that judges the subject: it is told with the result and counted in no sum."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="judgements")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="judgements")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    grade = models.CharField(max_length=10, blank=True)
    content = models.JSONField()
    beside = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "standard"], name="judgement_by_edition"),
            models.UniqueConstraint(fields=["snapshot"], condition=Q(beside=False), name="judgement_first"),
        ]

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
