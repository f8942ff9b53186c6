"""The place: divisions, the units they report to, the facilities surveyed, dated facts, and the officers."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractUser
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

    KINDS = {"district": "行政区", "zone": "功能区"}

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


class Facility(models.Model):
    """Everything surveyed: a centre, an office, a station (and, for a plan, a governed body).
    Its code is its division's code, with C for a county centre and G for a governed body."""

    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=100)
    subject = models.CharField(max_length=10, choices=SUBJECTS)
    division = models.ForeignKey(Division, models.PROTECT, related_name="facilities")

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["division", "subject"], name="facility_of_division")]

    def __str__(self) -> str:
        return self.name


class Fact(models.Model):
    """A dated fact of a place (常住人口, 服务对象 …), in force from ``since`` until the next of its kind."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="facts")
    indicator = models.CharField(max_length=40)
    value = models.JSONField()  # the JSON form of standards.values.value_json
    since = models.DateField()
    source = models.CharField(max_length=200)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["indicator", "-since"]
        constraints = [models.UniqueConstraint(fields=["facility", "indicator", "since"], name="fact_since")]

    def __str__(self) -> str:
        return f"{self.facility} {self.indicator} {self.since}"


class Officer(AbstractUser):
    """A user. A surveyor belongs to a facility, a reviewer to a reporting unit; the others read the whole city."""

    SURVEYOR, REVIEWER, CITY, VIEWER, ADMIN = "surveyor", "reviewer", "city", "viewer", "admin"
    ROLES = {
        SURVEYOR: "填报员",
        REVIEWER: "审核员",
        CITY: "市局",
        VIEWER: "查阅员",
        ADMIN: "系统管理员",
    }

    role = models.CharField(max_length=10, choices=ROLES, default=VIEWER)
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, null=True, blank=True, related_name="officers")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, related_name="officers")
    is_demo = models.BooleanField(default=False)
    password_set_at = models.DateTimeField(null=True, blank=True)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(role="surveyor", facility__isnull=False, unit=None)
                    | Q(role="reviewer", facility=None, unit__isnull=False)
                    | Q(role__in=["city", "viewer", "admin"], facility=None, unit=None)
                ),
                name="officer_belongs",
            )
        ]

    @property
    def display_name(self) -> str:
        return self.last_name or self.username

    @property
    def place(self) -> str:
        """Where the officer sits, in words."""
        if self.facility:
            return self.facility.division.name
        return self.unit.name if self.unit else "珠海市"


def facts_on(facility: Facility, day: date) -> dict[str, Fact]:
    """Facts in force on ``day``: of each indicator the newest that began by then."""
    facts = facility.facts.filter(since__lte=day).order_by("indicator", "since")
    return {fact.indicator: fact for fact in facts}
