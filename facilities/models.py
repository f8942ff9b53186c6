"""The place: divisions, the units they report to, the facilities surveyed, dated facts, and the officers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from facilities.extras import ExtraRequest as ExtraRequest
from facilities.extras import ExtraStep as ExtraStep
from facilities.posts import Post as Post

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


class Existence(models.Model):
    """存续: a facility under one name, from ``starts`` (None: since before these records) to ``ends`` (both included;
    None: still). A renaming ends one interval and begins the next; one that is closed or merged has none open.
    A facility without any was open throughout, under its present name."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="existences")
    name = models.CharField(max_length=100)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    heir = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, related_name="+")  # merged into

    class Meta:
        ordering = ["facility", F("starts").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["facility", "starts"], name="existence_start"),
            models.UniqueConstraint(fields=["facility"], condition=Q(ends=None), name="existence_open"),
            models.CheckConstraint(
                condition=Q(starts=None) | Q(ends=None) | Q(ends__gte=F("starts")), name="existence_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts or ''}–{self.ends or ''}"


class FacilityRequest(models.Model):
    """机构变更申请: asked by a district, decided by the city. ``effective`` is the day from which it holds."""

    NEW, RENAME, MERGE, CLOSE = "new", "rename", "merge", "close"
    KINDS = {NEW: "新设", RENAME: "更名", MERGE: "合并", CLOSE: "撤销"}
    WAITING, APPROVED, REFUSED, WITHDRAWN = "waiting", "approved", "refused", "withdrawn"
    STATES = {WAITING: "待审批", APPROVED: "已同意", REFUSED: "未同意", WITHDRAWN: "已撤回"}

    kind = models.CharField(max_length=10, choices=KINDS)
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="requests")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, related_name="requests")
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+")  # of a new one
    subject = models.CharField(max_length=10, choices=SUBJECTS, blank=True)  # of a new one
    name = models.CharField(max_length=100, blank=True)  # the new name
    heir = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, related_name="+")  # merged into
    effective = models.DateField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=STATES, default=WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["facility"], condition=Q(state="waiting"), name="request_waiting"),
            models.UniqueConstraint(
                fields=["division", "subject"], condition=Q(state="waiting", kind="new"), name="request_new_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.facility or self.name}"


class Fact(models.Model):
    """A dated fact of a place (常住人口, 服务对象 …), in force from ``since`` until the next of its kind."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="facts")
    indicator = models.CharField(max_length=40)
    value = models.JSONField()  # the JSON form of standards.values.value_json
    since = models.DateField()
    source = models.CharField(max_length=200)
    is_demo = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

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


class Upload(models.Model):
    """A list or workbook that was read and compared, and waits to be confirmed. ``rows`` is what was read in JSON,
    ``scope`` what it is about (quarter, unit, subject), ``outcome`` the result line by line; ``done`` of ``total``."""

    KINDS = {"answers": "核查表", "divisions": "区划", "facilities": "机构", "officers": "账号", "facts": "登记数据"}
    CHECKED, DONE, DROPPED = "checked", "done", "dropped"
    STATES = {CHECKED: "待确认", DONE: "已导入", DROPPED: "已放弃"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=KINDS)
    name = models.CharField(max_length=200)  # of the file, as it came
    scope = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    outcome = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=STATES, default=CHECKED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="uploads")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.name


def facts_on(facility: Facility, day: date) -> dict[str, Fact]:
    """Facts in force on ``day``: of each indicator the newest that began by then."""
    facts = facility.facts.filter(since__lte=day).order_by("indicator", "since")
    return {fact.indicator: fact for fact in facts}


def facts_of(facilities: Iterable[Facility], day: date) -> dict[int, dict[str, Any]]:
    """facility → indicator → value in force on ``day``: one query, however many facilities."""
    found: dict[int, dict[str, Any]] = {}
    asked = Fact.objects.filter(facility__in=[facility.pk for facility in facilities], since__lte=day)
    for fact in asked.order_by("since"):
        found.setdefault(fact.facility_id, {})[fact.indicator] = fact.value
    return found
