"""Who sees what of 抽查. Draws and checks are reached through here, as facilities through facilities.access."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.models import Draw, SpotCheck
from facilities.access import blind, visible_to
from facilities.models import Officer, ReportingUnit


def checks_visible_to(officer: Officer) -> QuerySet[SpotCheck]:
    """An inspector's own; those of facilities that the officer may read, to their surveyors only once finished. Of what
    an officer is about to inspect again nothing older is shown."""
    seen = Q(facility__in=visible_to(officer))
    if officer.role == Officer.SURVEYOR:
        return SpotCheck.objects.filter(seen, state=SpotCheck.DONE)
    own = Q(inspector=officer) & (~Q(state=SpotCheck.DONE) | ~blind(officer, "facility"))
    return SpotCheck.objects.filter(seen | own)


def draws_visible_to(officer: Officer) -> QuerySet[Draw]:
    """All for who reads the whole city; else those with a check that the officer may see."""
    if officer.role in (Officer.CITY, Officer.VIEWER, Officer.ADMIN):
        return Draw.objects.all()
    return Draw.objects.filter(Exists(checks_visible_to(officer).filter(draw=OuterRef("pk"))))


def may_draw(officer: Officer) -> bool:
    return officer.is_active and officer.role == Officer.CITY


def require_city(officer: Officer) -> None:
    if not may_draw(officer):
        raise PermissionDenied("抽查由市局抽取和指派，您可以查看。")


def sees_names(officer: Officer, unit: ReportingUnit) -> bool:
    """Who reported what is for the city and the unit's own reviewers."""
    return officer.role == Officer.CITY or (officer.role == Officer.REVIEWER and officer.unit_id == unit.pk)
