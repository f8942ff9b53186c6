"""A list or workbook that was uploaded, compared and perhaps written."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils import timezone

from facilities.models.officers import Officer


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
