"""The facilities surveyed, when they exist, and what districts ask to change of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from facilities.models.places import SUBJECTS, Division, ReportingUnit


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
