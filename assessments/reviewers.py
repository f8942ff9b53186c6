"""Who reviews: the reviewer of the unit that the facility reports to; the county centre, surveyed by its own district,
is reviewed by the city. Nobody reviews what they surveyed themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied

from assessments.locking import by_the_city, reviewing_offices
from assessments.models import Change, Snapshot, Survey
from facilities.access import units_of
from facilities.models import Facility, Officer


def may_review(officer: Officer, facility: Facility, day: date | None = None) -> bool:
    """Whether the officer's office decides on surveys of the facility: one query for a district's reviewer."""
    return facility.code in reviewed_by(officer, [facility], day)


def reviewed_by(officer: Officer, facilities: Sequence[Facility], day: date | None = None) -> set[str]:
    """Codes of those facilities on whose surveys the officer's office decides: one query for a district's reviewer."""
    if not officer.is_active:
        return set()
    if officer.role == Officer.CITY:
        return {facility.code for facility in facilities if by_the_city(facility)}
    others = [facility for facility in facilities if not by_the_city(facility)]
    units = units_of(others, day) if officer.role == Officer.REVIEWER and others else {}
    return {code for code, unit in units.items() if unit.pk == officer.unit_id}


def has_surveyed(officer: Officer, survey: Survey) -> bool:
    return survey.pk in surveyed_by(officer, [survey])


def surveyed_by(officer: Officer, surveys: Sequence[Survey]) -> set[int]:
    """Those of the surveys that the officer filled or submitted, whatever their role is now: two queries."""
    filled = Change.objects.filter(survey__in=surveys, by=officer).order_by()
    sent = Snapshot.objects.filter(survey__in=surveys, by=officer, kind=Snapshot.SUBMITTED).order_by()
    return {*filled.values_list("survey", flat=True).distinct(), *sent.values_list("survey", flat=True)}


def refusals(officer: Officer, surveys: Sequence[Survey]) -> dict[int, PermissionDenied]:
    """survey → why the officer does not decide on it; of surveys of one quarter."""
    if not surveys:
        return {}
    own = reviewed_by(officer, [survey.facility for survey in surveys], surveys[0].period.last_day)
    theirs = surveyed_by(officer, [survey for survey in surveys if survey.facility.code in own])
    offices = reviewing_offices([survey for survey in surveys if survey.facility.code not in own])
    refused = {pk: PermissionDenied(f"这份核查表由{office}审核，您可以查看。") for pk, office in offices.items()}
    return refused | dict.fromkeys(theirs, PermissionDenied("您填过这份核查表，请由另一位审核员审核。"))


def require_reviewer(officer: Officer, survey: Survey) -> None:
    """Raises PermissionDenied with the reason."""
    if why := refusals(officer, [survey]).get(survey.pk):
        raise why
