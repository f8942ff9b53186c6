"""整改: what was found short and is to be mended, act by act."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.evidence import KeptFile
from assessments.models.judgements import Snapshot
from assessments.models.spot_checks import SpotCheck
from facilities.models import Facility, ReportingUnit
from standards.models import Requirement


class Rectification(models.Model):
    """整改 of one requirement of one facility, from a finding of a snapshot, or of a spot check of what it reports
    (``spot_check``). ``found`` is that finding as it was
    ({"result": Result.as_json(), "said", "gap"}), ``facts`` what was entered since (indicator → value in JSON form);
    the snapshot itself never changes. Of a facility and requirement one at most is not closed; ``earlier`` is the
    closed one before it (再次出现)."""

    OPEN, DOING, EVIDENCED, VERIFIED, CLOSED = "open", "doing", "evidenced", "verified", "closed"
    STATES = {OPEN: "待整改", DOING: "整改中", EVIDENCED: "已提交佐证", VERIFIED: "已核实", CLOSED: "已销号"}

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="rectifications")
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="rectifications")
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="+")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="rectifications")
    spot_check = models.ForeignKey(SpotCheck, models.PROTECT, null=True, blank=True, related_name="rectifications")
    found = models.JSONField()
    facts = models.JSONField(default=dict)
    responsible = models.CharField(max_length=100)  # unit or person, in words
    due = models.DateField()
    state = models.CharField(max_length=10, choices=STATES, default=OPEN)
    earlier = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "requirement"], condition=~Q(state="closed"), name="rectification_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.facility} {self.requirement}"


class RectificationAct(models.Model):
    """整改记录: one act on a rectification, never altered. ``facts`` are those that it entered, ``result`` how the
    requirement was judged with them."""

    OPENED, TAKEN, EVIDENCE = "opened", "taken", "evidence"
    RETURNED, VERIFIED, CLOSED = "returned", "verified", "closed"
    VERBS = {
        OPENED: "提出整改",
        TAKEN: "开始整改",
        EVIDENCE: "提交佐证",
        RETURNED: "退回整改",
        VERIFIED: "核实",
        CLOSED: "销号",
    }

    rectification = models.ForeignKey(Rectification, models.PROTECT, related_name="acts")
    verb = models.CharField(max_length=10, choices=VERBS)
    text = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.rectification} {self.get_verb_display()}"


class RectificationFile(KeptFile):
    """佐证 of a rectification: sent with the act ``act``, or, while that is None, waiting to be."""

    rectification = models.ForeignKey(Rectification, models.PROTECT, related_name="files")
    act = models.ForeignKey(RectificationAct, models.PROTECT, null=True, blank=True, related_name="files")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rectification", "operation"], name="rectification_file_once"),
            models.UniqueConstraint(fields=["rectification", "content_hash"], name="rectification_file_alike"),
        ]
