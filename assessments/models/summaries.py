"""汇总: counts and gaps of accepted surveys by area, and how far each area has come. Kept in the act that changes
a survey's state; rebuilt and checked by ``manage.py rebuild_summaries``."""

from __future__ import annotations

from django.db import models

from assessments.models.quarters import Period
from facilities.models import SUBJECTS

CITY, UNIT, TOWN = "city", "unit", "town"
AREAS = {CITY: "全市", UNIT: "报送单位", TOWN: "镇街"}


class Summary(models.Model):
    """Accepted surveys of an area, a subject and a standard, one row each for: the whole (``clause`` empty: counts by
    grade), a clause, a requirement (``requirement``, with its clause), and a thing that several requirements ask for
    (``item``: the rule's ``gap``). ``parent`` is the area above: the unit of a town, the city of a unit; a town whose
    stations report to two units stands under each. ``standard`` is an edition: town_office@2016-01-01."""

    period = models.ForeignKey(Period, models.CASCADE, related_name="summaries")
    kind = models.CharField(max_length=4, choices=AREAS)
    area = models.CharField(max_length=12)  # code of the city, unit or township
    parent = models.CharField(max_length=12, blank=True)
    subject = models.CharField(max_length=10, choices=SUBJECTS)
    standard = models.CharField(max_length=40)
    clause = models.CharField(max_length=40, blank=True)
    requirement = models.CharField(max_length=60, blank=True)
    item = models.CharField(max_length=60, blank=True)
    facilities = models.PositiveIntegerField(default=0)  # accepted, that this row counts
    counts = models.JSONField(default=dict)  # outcome (or grade) → how many
    judged = models.PositiveIntegerField(default=0)  # of them, to which it applies: the denominator of a rate
    reached = models.PositiveIntegerField(default=0)  # of those, that reach it: 达标, 基本达标, 酌减达标
    numbered = models.PositiveIntegerField(
        default=0
    )  # whose required and actual are known; of whole and clause: scored
    required = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    actual = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    lacking = models.PositiveIntegerField(default=0)  # facilities with a gap
    gap = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    unit_word = models.CharField(max_length=10, blank=True)  # 人, ㎡, 台 …
    score = models.DecimalField(max_digits=18, decimal_places=1, default=0)  # sum of scores; of whole and clause rows

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "kind", "area", "parent", "subject", "standard", "clause", "requirement", "item"],
                name="summary_once",
            )
        ]
        indexes = [
            models.Index(fields=["period", "kind", "clause", "requirement", "item", "parent"], name="summary_matrix")
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.area} {self.requirement or self.clause or self.item}"


class Progress(models.Model):
    """How many of an area's facilities are due in the quarter, and how they stand. Every numerator lies in ``due``."""

    period = models.ForeignKey(Period, models.CASCADE, related_name="progress")
    kind = models.CharField(max_length=4, choices=AREAS)
    area = models.CharField(max_length=12)
    parent = models.CharField(max_length=12, blank=True)
    subject = models.CharField(max_length=10, choices=SUBJECTS)
    due = models.PositiveIntegerField(default=0)
    begun = models.PositiveIntegerField(default=0)  # a survey of any state
    submitted = models.PositiveIntegerField(default=0)  # submitted or accepted
    returned = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    void = models.PositiveIntegerField(default=0)  # on time, but returned now
    late = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "kind", "area", "parent", "subject"], name="progress_once"),
        ]
        indexes = [models.Index(fields=["period", "kind", "parent"], name="progress_parent")]

    def __str__(self) -> str:
        return f"{self.period} {self.area} {self.subject}"
