"""增员申请: a street or town asks for one more person, the district decides. What happens is rows, never altered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from facilities.models.posts import Post


class ExtraRequest(models.Model):
    """One person beyond the norm, paid for by 购买服务 with 编制 unchanged. ``served``, ``norm`` and ``actual`` as they
    stood when it was asked; a community has no norm of its own."""

    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="extra_requests")
    served = models.PositiveIntegerField()
    norm = models.PositiveIntegerField(null=True, blank=True)
    actual = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    is_demo = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"增员申请 {self.pk}"


class ExtraStep(models.Model):
    """What became of a request. Of one request one step decides, and one person is appointed; 备案 is the post's."""

    APPROVED, REFUSED, APPOINTED = "approved", "refused", "appointed"
    VERBS = {APPROVED: "批准", REFUSED: "不批准", APPOINTED: "到岗"}

    request = models.ForeignKey(ExtraRequest, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10, choices=VERBS)
    number = models.CharField(max_length=60, blank=True)  # of the district's document
    day = models.DateField()
    text = models.CharField(max_length=300, blank=True)
    post = models.OneToOneField(Post, models.PROTECT, null=True, blank=True, related_name="extra_step")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(verb__in=["approved", "refused"]), name="extra_decided_once"
            ),
            models.UniqueConstraint(fields=["request"], condition=Q(verb="appointed"), name="extra_appointed_once"),
            models.CheckConstraint(
                condition=Q(verb="appointed", post__isnull=False) | Q(verb__in=["approved", "refused"], post=None),
                name="extra_step_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.get_verb_display()}"
