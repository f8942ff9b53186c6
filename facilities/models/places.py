"""The place: divisions, the units they report to, and since when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

SUBJECTS = {
    "county": "县级综合服务中心",
    "township": "街道（乡镇）服务所",
    "village": "社区（村）服务站",
    "district": "区",
    "city": "市",
}


class Division(models.Model):
    """行政区划. A division's code starts with its parent's code (statistical division codes)."""

    LEVELS = {
        "city": "市",
        "district": "区",
        "street": "街道",
        "town": "镇",
        "functional_zone": "功能区",
        "community": "社区",
        "village": "村",
        "virtual_community": "虚拟社区",
        "other": "其他",
    }

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=20, choices=LEVELS)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ReportingUnit(models.Model):
    """报送单位: a district or a functional zone that sends its own return. Zones have codes of our own (Z…)."""

    DISTRICT, ZONE = "district", "zone"
    KINDS = {DISTRICT: "行政区", ZONE: "功能区"}

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=KINDS)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Which unit a division, with all below it, reports to, from ``starts`` to ``ends`` (both included).
    The nearest division upwards that has a membership decides."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="memberships")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "starts"], name="membership_start"),
            models.UniqueConstraint(fields=["division"], condition=Q(ends=None), name="membership_open"),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="membership_order"),
        ]

    def __str__(self) -> str:
        return f"{self.division} → {self.unit}"
