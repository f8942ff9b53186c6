"""The quarter: its work calendar, who must report in it, and by when."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from facilities.models import SUBJECTS, Facility, ReportingUnit


class WorkDay(models.Model):
    """A day on which the work calendar differs from Monday to Friday, or that shows its year to be announced.
    A year without a row that ``announces`` is not announced yet: its dates are provisional, whatever single days of it
    are known already."""

    day = models.DateField(unique=True)
    works = models.BooleanField()
    source = models.CharField(max_length=100)
    announces = models.BooleanField(default=True)  # part of its year's notice, not a single day's exception
    reason = models.CharField(max_length=200, blank=True)  # why an administrator changed it
    at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'班' if self.works else '休'}"


class Period(models.Model):
    """A quarter. When it opens, its due day and who must report (``DueSurvey``) are frozen; it is closed only when an
    administrator closes it."""

    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(null=True, blank=True)
    due_day = models.DateField(null=True, blank=True)  # frozen at opening
    due_provisional = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["year", "quarter"], name="period_quarter"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="period_quarter_range"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年第{'一二三四'[self.quarter - 1]}季度"

    @property
    def key(self) -> str:
        return f"{self.year}Q{self.quarter}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.quarter - 2, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, 3 * self.quarter, 31 if self.quarter in (1, 4) else 30)

    @property
    def last_due_day(self) -> date:
        """No holiday is so long that the due day could lie after this."""
        return self.last_day + timedelta(days=60)


class Timetable(models.Model):
    """内部时限 of a reporting unit, in working days after the quarter's last day: stations before offices, offices
    before the unit's return. Of no effect on quarters that are open already (``UnitDue``)."""

    unit = models.OneToOneField(ReportingUnit, models.CASCADE, related_name="timetable")
    station_days = models.PositiveSmallIntegerField(default=2)
    office_days = models.PositiveSmallIntegerField(default=3)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(station_days__gte=1) & Q(office_days__gte=F("station_days")) & Q(office_days__lte=5),
                name="timetable_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.station_days}–{self.office_days}"


class UnitDue(models.Model):
    """A unit that must send the quarter's return, with its internal days as they stood when the quarter opened."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="unit_dues")
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, related_name="dues")
    station_day = models.DateField()
    office_day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "unit"], name="unit_due_once")]

    def __str__(self) -> str:
        return f"{self.period} {self.unit}"


class DueSurvey(models.Model):
    """A facility that must report in the quarter, and to whom, frozen when the quarter opened. ``town`` is the code of
    the township that it lies in, empty for what lies in none. ``state`` and ``counted`` say what of it stands in the
    summaries now (see summaries.py)."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="due_surveys")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="due_surveys")
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=10, choices=SUBJECTS)
    town = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, blank=True)  # of the survey, as counted; empty: not begun
    timeliness = models.CharField(max_length=10, blank=True)  # as counted
    counted = models.ForeignKey("Judgement", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "facility"], name="due_survey_once")]
        indexes = [models.Index(fields=["period", "unit", "subject"], name="due_survey_unit")]

    def __str__(self) -> str:
        return f"{self.period} {self.facility}"
