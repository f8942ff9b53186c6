"""What a workbook is about: a quarter, a schedule, and whose rows: a town's, a reporting unit's, or all one sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from assessments.adopting import Standards, in_force_on
from assessments.models import Period
from assessments.periods import current_period, period_of
from facilities.access import below, kept_by, reporting_to, units_visible_to, visible_to
from facilities.existence import open_on
from facilities.models import Facility, Officer
from standards.models import Standard

ALL = "all"
QUARTERS = 3  # the current one and those before that can still be filled


@dataclass(frozen=True)
class Place:
    """``code`` is all, a reporting unit's (``u440402``) or a town's (``440402001``)."""

    code: str
    name: str
    unit: int | None = None


@dataclass(frozen=True)
class Scope:
    """``standards`` judge the subject: the first by itself, the others where they are adopted."""

    period: Period
    standards: Standards
    subject: str
    place: Place

    @property
    def standard(self) -> Standard:
        return self.standards[0]

    @property
    def content_hash(self) -> str:
        return hash_of(self.standards)

    def facilities(self, officer: Officer) -> list[Facility]:
        """Those that the officer sees, open on the quarter's last day. Two queries or three."""
        seen = visible_to(officer).filter(open_on(self.period.last_day), subject=self.subject)
        return list(_within(seen, self.place).select_related("division").order_by("code"))


def hash_of(standards: Standards) -> str:
    """Of all that a workbook asks: another edition, or another adoption, gives another."""
    return "+".join(standard.content_hash for standard in standards)


def _within(facilities: QuerySet[Facility], place: Place) -> QuerySet[Facility]:
    if place.unit is not None:
        return facilities.filter(pk__in=reporting_to(place.unit).values("pk"))
    return facilities if place.code == ALL else facilities.filter(below(place.code))


def kept(officer: Officer) -> QuerySet[Facility]:
    """What the officer fills: nothing, unless a surveyor."""
    if officer.role != Officer.SURVEYOR or officer.facility is None or not officer.is_active:
        return Facility.objects.none()
    return kept_by(officer.facility)


# ── What can be chosen ────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Choices:
    """What the officer may ask for."""

    subjects: list[tuple[str, Standard]]
    places: list[Place]
    periods: list[Period]


def choices_of(officer: Officer) -> Choices:
    periods = list(_periods())
    standards = in_force_on(periods[0].last_day).own
    there = set(visible_to(officer).order_by().values_list("subject", flat=True).distinct())
    subjects = [(subject, standards[subject]) for subject in ("county", "township", "village") if subject in standards]
    return Choices([each for each in subjects if each[0] in there], list(_places(officer)), periods)


def _periods() -> Iterable[Period]:
    """The current quarter, and earlier ones that were begun and are not closed."""
    current = current_period()
    yield period_of(current.year, current.quarter)
    earlier = Q(year__lt=current.year) | Q(year=current.year, quarter__lt=current.quarter)
    yield from Period.objects.filter(earlier, closed_at=None)[: QUARTERS - 1]


def _places(officer: Officer) -> Iterable[Place]:
    """From wide to narrow. Where only one town is seen, only that."""
    offices = list(visible_to(officer).filter(subject="township").select_related("division"))
    towns = [Place(office.division.code, office.division.name) for office in offices]
    if officer.role == Officer.SURVEYOR and not units_visible_to(officer).exists():
        return towns or [Place(ALL, officer.place)]
    units = [Place(f"u{unit.code}", unit.name, unit.pk) for unit in units_visible_to(officer)]
    return [*([Place(ALL, "全市")] if len(units) > 1 else []), *units, *towns]


def chosen(officer: Officer, subject: str, place: str, period: str) -> Scope | None:
    """What was asked for, as far as the officer may; the first of each where nothing was said. None where there is
    nothing to choose."""
    offered = choices_of(officer)
    subjects = [key for key, _ in offered.subjects]
    if not subjects or not offered.places:
        return None
    named = subject if subject in subjects else subjects[0]
    where = next((each for each in offered.places if each.code == place), offered.places[0])
    when = next((each for each in offered.periods if each.key == period), offered.periods[0])
    return scope_named(officer, named, where.code, when)


def scope_named(officer: Officer, subject: str, place: str, period: Period) -> Scope | None:
    """The scope of these names; None where the officer has none such."""
    standards = in_force_on(period.last_day).anywhere(subject)
    where = next((each for each in _places(officer) if each.code == place), None)
    return Scope(period, standards, subject, where) if standards and where else None
