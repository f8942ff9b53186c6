"""Dated facts of a facility, each with its source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from facilities.models.facilities import Facility


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
