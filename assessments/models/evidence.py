"""Photos and PDFs, and what each of them shows."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from assessments.models.surveys import Survey


class KeptFile(models.Model):
    """A photo or PDF, re-encoded, kept under a name that says nothing. ``sent_hash`` is of the bytes as they came,
    ``content_hash`` of those kept."""

    IMAGE, PDF = "image", "pdf"
    KINDS = {IMAGE: "照片", PDF: "PDF"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    operation = models.UUIDField()  # the client's id of the act: sent twice, kept once
    kind = models.CharField(max_length=5, choices=KINDS)
    file = models.FileField(max_length=200)
    thumbnail = models.FileField(max_length=200, blank=True)
    name = models.CharField(max_length=200)  # of the file as it came, to be shown only
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    sent_hash = models.CharField(max_length=64, db_index=True)
    content_hash = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Evidence(KeptFile):
    """佐证 of one survey. Removed from a draft it is still stored."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="evidence")
    taken_at = models.DateTimeField(null=True)  # with consent only, as is the place
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["survey", "operation"], name="evidence_once")]


class EvidenceUse(models.Model):
    """What a file shows: a row of the schedule (``requirement`` empty) or a requirement; a file may serve several."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="uses")
    clause = models.CharField(max_length=40)
    requirement = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "clause", "requirement"], name="evidence_use_once")]

    def __str__(self) -> str:
        return self.requirement or self.clause
