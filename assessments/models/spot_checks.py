"""抽查: a draw of facilities that anybody can do again, what an inspector found there without knowing what was
reported, and how the two differ."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.judgements import Snapshot
from assessments.models.quarters import Period
from facilities.models import SUBJECTS, Facility, ReportingUnit


class Draw(models.Model):
    """抽取, never altered. ``frame`` is what it was drawn from, [[facility code, unit code, subject], …] in the order
    of the codes, ``frame_hash`` its SHA-256; ``share`` (%) and ``minimum`` say how many of each stratum (unit and
    subject); with ``seed`` they decide what is drawn: see spot_checks/drawing.py and ``manage.py verify_draw``."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="draws")
    seed = models.CharField(max_length=64)
    share = models.DecimalField(max_digits=5, decimal_places=2)
    minimum = models.PositiveSmallIntegerField()
    frame = models.JSONField()
    frame_hash = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    is_demo = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["period", "seed"], name="draw_seed_once")]

    def __str__(self) -> str:
        return f"{self.period}抽查 {self.pk}"


class SpotCheck(models.Model):
    """抽查 of one facility that was drawn. ``snapshot`` is the report that it is compared with, as it stood when it was
    drawn. ``answers``: indicator → {"value", "reason", "revision", "by", "at"}, in JSON form, of the inspector alone;
    ``judged``: {"standard", "effective", "content_hash", "judgement"} of what was found, once it is finished. Who
    inspects must not belong to ``unit`` and sees nothing of the facility's reports until the check is finished
    (facilities.access.visible_to reads ``inspector`` and ``finished_at``)."""

    ASSIGNED, DOING, DONE = "assigned", "doing", "done"
    STATES = {ASSIGNED: "未开始", DOING: "检查中", DONE: "已办结"}

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="checks")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="spot_checks")
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="spot_checks")
    subject = models.CharField(max_length=10, choices=SUBJECTS)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="spot_checks")
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="spot_checks"
    )
    state = models.CharField(max_length=10, choices=STATES, default=ASSIGNED)
    answers = models.JSONField(default=dict)
    place = models.CharField(max_length=100, blank=True)  # where, as the inspector says; it decides nothing
    captured_at = models.DateTimeField(null=True, blank=True)  # as the device claims; it decides nothing
    began_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    judged = models.JSONField(default=dict)

    class Meta:
        ordering = ["draw", "facility__code"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "facility"], name="spot_check_once"),
            models.CheckConstraint(
                condition=Q(state="done", finished_at__isnull=False, inspector__isnull=False)
                | Q(~Q(state="done"), finished_at=None),
                name="spot_check_finished",
            ),
        ]
        indexes = [models.Index(fields=["inspector", "finished_at"], name="spot_check_blind")]

    def __str__(self) -> str:
        return f"{self.facility} {self.draw}"


class SpotDifference(models.Model):
    """One indicator that was compared: what was reported (by ``surveyor``) and what was found, as {"value", "reason"};
    ``differs`` where it lies outside the tolerance. Those that agree are kept too: they are the denominator."""

    spot_check = models.ForeignKey(SpotCheck, models.PROTECT, related_name="differences")
    indicator = models.CharField(max_length=40)
    clause = models.CharField(max_length=40)
    reported = models.JSONField()
    found = models.JSONField()
    differs = models.BooleanField()
    surveyor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["spot_check", "indicator"], name="spot_difference_once")]

    def __str__(self) -> str:
        return f"{self.spot_check} {self.indicator}"
