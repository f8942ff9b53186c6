"""Review: what was done to a submitted survey, what was said of its rows, what a person decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.judgements import Snapshot
from assessments.models.surveys import Survey
from standards.models import Requirement


class Review(models.Model):
    """审核记录: one act on a survey's snapshot, never altered. A return names the rows (clause keys) that unlock, a
    reason code and a text, and has a due day of its own, which makes no on-time report late. Of one submission at most
    one act decides: withdrawn, returned or accepted."""

    OPENED, WITHDRAWN, RETURNED, ACCEPTED, REOPENED = "opened", "withdrawn", "returned", "accepted", "reopened"
    VERBS = {OPENED: "打开审核", WITHDRAWN: "撤回", RETURNED: "退回", ACCEPTED: "通过", REOPENED: "重新打开"}
    DECIDING = (WITHDRAWN, RETURNED, ACCEPTED)
    REASONS = {
        "wrong": "数据有误",
        "unexplained": "变化没有说明",
        "unproved": "缺少佐证",
        "misread": "口径不符",
        "other": "其他",
    }

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="reviews")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="reviews")
    verb = models.CharField(max_length=10, choices=VERBS)
    reason = models.CharField(max_length=12, choices=REASONS, blank=True)
    text = models.CharField(max_length=300, blank=True)
    rows = models.JSONField(default=list)  # keys of the clauses that a return unlocks
    due = models.DateField(null=True, blank=True)  # of what was returned
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot"],
                condition=Q(verb__in=["withdrawn", "returned", "accepted"]),
                name="review_decides_once",
            ),
            models.UniqueConstraint(fields=["snapshot"], condition=Q(verb="opened"), name="review_opened_once"),
            models.UniqueConstraint(fields=["snapshot"], condition=Q(verb="reopened"), name="review_reopened_once"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.get_verb_display()}"


class Comment(models.Model):
    """意见: said of a row (or of the whole survey, ``clause`` empty) by a reviewer or the surveyor."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="comments")
    clause = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text


class Determination(models.Model):
    """认定: a reviewer's decision on one requirement of one survey, with a reason; never altered, the newest counts.
    It holds while what it was decided on (``found``, the engine's own result in JSON) is still what is found: a changed
    answer needs a new one."""

    ACCEPTED, REFUSED = "accepted", "refused"
    DECISIONS = {ACCEPTED: "认可", REFUSED: "不认可"}

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="determinations")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="determinations")
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=DECISIONS)
    reason = models.CharField(max_length=300)
    found = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.requirement} {self.get_decision_display()}"
