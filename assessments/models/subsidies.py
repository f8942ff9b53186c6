"""What a district says it paid: rows with their source, never altered. The newest of a quarter and payee holds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from facilities.models import Facility, Post


class SubsidyPaid(models.Model):
    """区级实发 of one facility in one quarter; with a ``post``, the 兼职报酬 that its holder was paid in each month of
    the quarter (a public servant may take none). No row is not recorded, which is not 0."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="subsidies_paid")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="pay")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    source = models.CharField(max_length=200)
    is_demo = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["year", "quarter", "facility"], name="subsidy_paid_quarter")]
        constraints = [
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="subsidy_paid_in_quarter"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="subsidy_paid_not_below_0"),
        ]

    def __str__(self) -> str:
        return f"{self.facility} {self.year}年第{self.quarter}季度 {self.amount}元"
