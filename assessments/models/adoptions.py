"""适用: which standard judges which area and subject, beside the one that judges the subject by itself, from when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from facilities.models import SUBJECTS, Division


class Adoption(models.Model):
    """A standard, by its key, adopted for a subject in a division and everything below it, from ``starts`` to ``ends``
    (both included). Of the standard the edition in force on the day judges: a newer one takes over by itself. ``by``
    and ``at``: who added or ended it on the page; what the file put in and nobody touched has neither."""

    standard = models.CharField(max_length=40)  # its key
    division = models.ForeignKey(Division, models.PROTECT, related_name="adoptions")
    subject = models.CharField(max_length=10, choices=SUBJECTS)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)  # on what ground
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["standard", "division__code", "subject", "starts"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "division", "subject", "starts"], name="adoption_start"),
            models.UniqueConstraint(
                fields=["standard", "division", "subject"], condition=Q(ends=None), name="adoption_open"
            ),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="adoption_order"),
            models.CheckConstraint(
                condition=Q(by=None, at=None) | Q(by__isnull=False, at__isnull=False), name="adoption_decided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} {self.division} {self.get_subject_display()}"
