"""消息: what an officer is told in the portal."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Notice(models.Model):
    """``key`` names the occasion (``remind 2026Q3 2026-10-13``): the same is told once, however often it is sent."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=100)
    text = models.TextField(blank=True)  # a line each
    link = models.CharField(max_length=200, blank=True)  # a path of the portal
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["officer", "key"], name="notice_once")]

    def __str__(self) -> str:
        return self.title
