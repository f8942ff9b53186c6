"""岗位: one person in one post at a facility, dated. Reached through ``facilities.roster`` only: names and phones are
personal."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Post(models.Model):
    """``starts`` and ``ends`` are both worked days; no ``ends`` is still there. ``extra``: beyond the norm (新增人员),
    with the district's approval. 备案 is a date and a number, or neither."""

    FULL_TIME, PART_TIME = "fulltime", "parttime"
    KINDS = {FULL_TIME: "专职", PART_TIME: "兼职"}

    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="posts")
    name = models.CharField(max_length=30)
    kind = models.CharField(max_length=10, choices=KINDS)
    is_public_servant = models.BooleanField(default=False)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    certificate = models.CharField(max_length=60, blank=True)
    trained_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    extra = models.BooleanField(default=False)
    approval_number = models.CharField(max_length=60, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    filing_number = models.CharField(max_length=60, blank=True)
    filed_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "name", "starts"], name="post_once"),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="post_order"),
            models.CheckConstraint(
                condition=Q(filed_on=None, filing_number="") | Q(filed_on__isnull=False) & ~Q(filing_number=""),
                name="post_filing_whole",
            ),
            models.CheckConstraint(
                condition=Q(approved_on=None, approval_number="")
                | Q(extra=True, approved_on__isnull=False) & ~Q(approval_number=""),
                name="post_approval_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"名册编号 {self.pk}"  # no name: it may stand in a log

    @property
    def masked_phone(self) -> str:
        """138****1234"""
        return f"{self.phone[:3]}****{self.phone[-4:]}" if len(self.phone) >= 11 else "****" * bool(self.phone)

    def has_left(self, day: date) -> bool:
        return self.ends is not None and self.ends < day

    def unfiled_days(self, day: date) -> int | None:
        """Days since the start without 备案, until the end where there is one; None where filed or not yet begun."""
        if self.filed_on is not None or self.starts > day:
            return None
        return (min(day, self.ends or day) - self.starts).days
