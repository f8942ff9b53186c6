"""The officers, their first way in, and what they did."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from facilities.models.facilities import Facility
from facilities.models.places import ReportingUnit


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
    must_change_password = models.BooleanField(default=False)  # set by another's hand: changed at the first log-in

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(role="surveyor", facility__isnull=False, unit=None)
                    | Q(role="reviewer", facility=None, unit__isnull=False)
                    | Q(role__in=["city", "viewer", "admin"], facility=None, unit=None)
                ),
                name="officer_belongs",
            ),
            models.UniqueConstraint(Lower("username"), name="officer_username"),
        ]

    @property
    def display_name(self) -> str:
        return self.last_name or self.username

    @property
    def has_area(self) -> bool:
        """Whether an area is read as a whole: by all but a single station's surveyor."""
        return self.role != self.SURVEYOR or bool(self.facility and self.facility.subject in ("county", "township"))

    @property
    def place(self) -> str:
        """Where the officer sits, in words."""
        if self.facility:
            return self.facility.division.name
        return self.unit.name if self.unit else "珠海市"


class OneTimeLink(models.Model):
    """A link with which an officer sets a password once. Only its hash is kept."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.officer} {self.made_at:%Y-%m-%d}"


class Act(models.Model):
    """办理记录: one administrative act upon an officer, a facility or its facts. Never altered."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=30)  # 新建账号, 调动, 停用, 更名, 登记数据 …
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="acts")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, related_name="acts")
    said = models.CharField(max_length=400)  # what changed from what to what, in a sentence

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.said}"
