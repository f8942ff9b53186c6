"""The one gate. Every row of a facility is reached through ``visible_to``; nobody else decides who sees what.

Reach follows memberships, not the division tree: the nearest division upwards with a membership in force decides.
A division's code starts with its parent's, so "everything below" is a range of codes, which an index serves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from facilities.models import Division, Facility, Membership, Officer, ReportingUnit

SHANGHAI = ZoneInfo("Asia/Shanghai")
DISTRICT_DIGITS = 6
TOWN_LEVELS = ("street", "town", "functional_zone")


def visible_to(officer: Officer | AnonymousUser, day: date | None = None) -> QuerySet[Facility]:
    """The facilities that the officer may read; memberships as in force on ``day`` (today in Shanghai). What an officer
    inspects (抽查) is not among them until the check is finished: the inspector is not to know what was reported."""
    if isinstance(officer, AnonymousUser) or not officer.is_active:
        return Facility.objects.none()
    if officer.role == Officer.SURVEYOR and officer.facility:
        return kept_by(officer.facility, day)
    if officer.role == Officer.REVIEWER and officer.unit_id:
        return reporting_to(officer.unit_id, day).exclude(blind(officer))
    if officer.role == Officer.CITY:
        return Facility.objects.exclude(blind(officer))
    if officer.role in (Officer.VIEWER, Officer.ADMIN):
        return Facility.objects.all()
    return Facility.objects.none()


def blind(officer: Officer, field: str = "pk") -> Q:
    """What the officer inspects and has not finished; ``field`` leads to the facility. No query of its own."""
    inspected = Facility.objects.filter(spot_checks__inspector=officer, spot_checks__finished_at=None)
    return Q(**{f"{field}__in": inspected.order_by().values("pk")})


def facility_or_404(officer: Officer | AnonymousUser, code: str) -> Facility:
    """Raises Http404 alike for a stranger's facility and for one that does not exist."""
    return get_object_or_404(visible_to(officer).select_related("division"), code=code)


def units_visible_to(officer: Officer | AnonymousUser) -> QuerySet[ReportingUnit]:
    """The reporting units that the officer may read as a whole: a district's reviewer and its centre's surveyor their
    own, who reads the whole city all; not those in which an officer of the city inspects and has not finished."""
    if isinstance(officer, AnonymousUser) or not officer.is_active:
        return ReportingUnit.objects.none()
    if officer.role == Officer.CITY:
        inspected = ReportingUnit.objects.filter(spot_checks__inspector=officer, spot_checks__finished_at=None)
        return ReportingUnit.objects.exclude(pk__in=inspected.order_by().values("pk"))
    if officer.role in (Officer.VIEWER, Officer.ADMIN):
        return ReportingUnit.objects.all()
    if officer.role == Officer.REVIEWER and officer.unit_id:
        return ReportingUnit.objects.filter(pk=officer.unit_id)
    own = officer.facility
    unit = unit_of(own) if own and own.subject == "county" else None
    return ReportingUnit.objects.filter(pk=unit.pk) if unit else ReportingUnit.objects.none()


def may_survey(officer: Officer | AnonymousUser, facility: Facility) -> bool:
    """Whether the officer fills this facility's surveys. Asks the database nothing that is already loaded, but for a
    centre's surveyor, whose reach follows memberships: one query. What the city does itself the city's office fills;
    what a functional zone does, which has no centre, its reviewer: one query."""
    if isinstance(officer, AnonymousUser) or not officer.is_active:
        return False
    if officer.role == Officer.CITY:
        return facility.subject == "city"
    if officer.role == Officer.REVIEWER and _is_zone(facility):
        unit = unit_of(facility)
        return unit is not None and unit.pk == officer.unit_id
    if officer.role != Officer.SURVEYOR:
        return False
    own = officer.facility
    if own is None:
        return False
    return facility.pk == own.pk or _is_station_of(own, facility) or _is_of_centre(own, facility)


def may_survey_all(officer: Officer | AnonymousUser, facilities: Collection[Facility]) -> bool:
    """As ``may_survey``, of every one of them: a centre's reach is asked once."""
    centre = None if isinstance(officer, AnonymousUser) else officer.facility
    if centre is None or centre.subject != "county" or len(facilities) == 1 or not may_survey(officer, centre):
        return all(may_survey(officer, facility) for facility in facilities)
    return kept_by(centre).filter(pk__in=[facility.pk for facility in facilities]).count() == len(facilities)


def kept_by(own: Facility, day: date | None = None) -> QuerySet[Facility]:
    """What a surveyor fills: the own facility; with a township's office its stations too; with a county's centre all
    that reports to the same unit. Says what ``may_survey`` says."""
    if own.subject == "county":
        unit = unit_of(own, day)
        return reporting_to(unit.pk, day) if unit else Facility.objects.filter(pk=own.pk)
    if own.subject != "township":
        return Facility.objects.filter(pk=own.pk)
    return Facility.objects.filter(below(own.code), Q(pk=own.pk) | Q(subject="village"))


def _is_station_of(office: Facility, facility: Facility) -> bool:
    return office.subject == "township" and facility.subject == "village" and facility.code.startswith(office.code)


def _is_of_centre(centre: Facility, facility: Facility) -> bool:
    if centre.subject != "county":
        return False
    units = units_of([centre, facility])
    return centre.code in units and units.get(facility.code) == units[centre.code]


def _is_zone(facility: Facility) -> bool:
    """A functional zone's 管委会, which stands in one of its towns; a district's own stands in the district."""
    return facility.subject == "district" and len(facility.code.rstrip("G")) > DISTRICT_DIGITS


def inspects(officer: Officer) -> bool:
    """Whether there is anything that the officer inspects and has not finished: one query."""
    return Facility.objects.filter(blind(officer)).exists()


# ── Reporting units ───────────────────────────────────────────────────────────


def today() -> date:
    return timezone.localdate(timezone=SHANGHAI)


def in_force(day: date) -> QuerySet[Membership]:
    return Membership.objects.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)


def reporting_to(unit_id: int, day: date | None = None) -> QuerySet[Facility]:
    """Facilities whose nearest membership upwards is the unit's: two queries to learn the ranges, none a facility."""
    within = _within(unit_id, day)
    return Facility.objects.filter(within) if within else Facility.objects.none()


def divisions_reporting_to(unit_id: int, day: date | None = None) -> QuerySet[Division]:
    """Divisions whose nearest membership upwards is the unit's."""
    within = _within(unit_id, day)
    return Division.objects.filter(within) if within else Division.objects.none()


def _within(unit_id: int, day: date | None) -> Q:
    """For whatever has a code; empty where nothing reports to the unit."""
    on = day or today()
    own = list(in_force(on).filter(unit_id=unit_id).values_list("division__code", flat=True))
    if not own:
        return Q()
    others = in_force(on).exclude(unit_id=unit_id).filter(_any(below(code, "division__code") for code in own))
    foreign = list(others.values_list("division__code", flat=True))
    return _any(_below_but(code, foreign) for code in own)


def unit_of(facility: Facility, day: date | None = None) -> ReportingUnit | None:
    """The unit that the facility reports to on ``day``: one query."""
    return units_of([facility], day).get(facility.code)


def units_of(facilities: Iterable[Facility], day: date | None = None) -> dict[str, ReportingUnit]:
    """Unit by facility code, for as many facilities as a page shows: one query."""
    codes = [facility.code for facility in facilities]
    above = {prefix for code in codes for prefix in prefixes(code)}
    memberships = in_force(day or today()).filter(division__code__in=above).select_related("unit", "division")
    unit_at = {membership.division.code: membership.unit for membership in memberships}
    nearest = {code: next((p for p in reversed(prefixes(code)) if p in unit_at), None) for code in codes}
    return {code: unit_at[prefix] for code, prefix in nearest.items() if prefix}


def prefixes(code: str) -> list[str]:
    """Codes of the divisions that a code lies in, from province to village: 440402001 → 44, 4404, 440402, 440402001.
    The C of a centre and the G of a governed body are no part of the division's code."""
    digits = code.rstrip("CG")
    return [digits[:length] for length in (2, 4, 6, 9, 12) if length <= len(digits)]


def divisions_above(facility: Facility) -> list[Division]:
    """The divisions that the facility lies in, from the city down to its own: one query."""
    return list(Division.objects.filter(code__in=prefixes(facility.code)).order_by("code"))


def _below_but(code: str, foreign: Iterable[str]) -> Q:
    """Below a division, without what lies below another unit's division inside it."""
    inside = [other for other in foreign if other.startswith(code) and other != code]
    return below(code) & ~_any(below(other) for other in inside) if inside else below(code)


def below(code: str, field: str = "code") -> Q:
    """The division itself and everything under it, as a range: 440402 ≤ code < 440403."""
    return Q(**{f"{field}__gte": code, f"{field}__lt": str(int(code) + 1)})


def _any(conditions: Iterable[Q]) -> Q:
    joined = Q()
    for condition in conditions:
        joined |= condition
    return joined


# ── Areas as a whole ──────────────────────────────────────────────────────────


def sees_whole_city(officer: Officer | AnonymousUser) -> bool:
    if isinstance(officer, AnonymousUser) or not officer.is_active:
        return False
    return officer.role in (Officer.CITY, Officer.VIEWER, Officer.ADMIN)


def town_visible_to(officer: Officer | AnonymousUser, unit: str, town: str) -> tuple[Division, ReportingUnit]:
    """A town under the unit that it, or something in it, reports to: for whoever may read the unit as a whole, and for
    the town's own office. Raises Http404 alike for a stranger's and for none."""
    own = None if isinstance(officer, AnonymousUser) or not officer.is_active else officer.facility
    if own is not None and own.subject == "township" and own.code == town:
        reached = ReportingUnit.objects.filter(pk__in=[found.pk for found in units_of([own]).values()])
    else:
        reached = units_visible_to(officer)
    above = get_object_or_404(reached, code=unit)
    place = get_object_or_404(Division.objects.filter(level__in=TOWN_LEVELS), code=town)
    inside = reporting_to(above.pk).filter(below(place.code))
    if not inside.exists():
        raise Http404("没有这个镇街。")
    return place, above
