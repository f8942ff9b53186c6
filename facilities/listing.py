"""The list of facilities: what the officer may see, narrowed by subject, unit, division and words of the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from facilities.access import below, reporting_to, today, units_of, visible_to
from facilities.existence import closed_by, states_of
from facilities.models import SUBJECTS, Division, Facility, Officer, ReportingUnit

PER_PAGE = 50
LONGEST = 60  # characters of a search


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; whatever it asks that does not exist is left out."""

    subject: str = ""
    unit: ReportingUnit | None = None
    under: Division | None = None
    words: str = ""
    closed: bool = False  # those that were closed or merged, instead of those that are there

    @property
    def narrowed(self) -> bool:
        return bool(self.subject or self.unit or self.under or self.words or self.closed)

    def address(self, **changed: str | int) -> str:
        """The query string with some filters changed: ``?subject=village&unit=440402``."""
        asked: dict[str, str | int] = {
            "subject": self.subject,
            "unit": self.unit.code if self.unit else "",
            "under": self.under.code if self.under else "",
            "q": self.words,
            "state": "closed" if self.closed else "",
        }
        return "?" + urlencode({key: value for key, value in (asked | changed).items() if value})


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    facility: Facility
    unit: ReportingUnit | None
    state: str  # 2026年9月30日起撤销, or empty


@dataclass(frozen=True, slots=True)
class Listing:
    filters: Filters
    tabs: list[Tab]
    units: list[ReportingUnit]  # to choose from; empty for those who see one unit only
    page: Page[Facility]
    rows: list[Row]
    closed: Tab | None  # where any was closed or merged

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def before(self) -> str:
        return self.filters.address(page=self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def after(self) -> str:
        return self.filters.address(page=self.page.next_page_number()) if self.page.has_next() else ""

    @property
    def everything(self) -> str:
        return Filters(subject=self.filters.subject).address()


def listing(officer: Officer | AnonymousUser, asked: Mapping[str, str]) -> Listing:
    units = _units(officer)
    seen = visible_to(officer)
    filters = _filters(asked, units, seen)
    every, closed = _found(seen, filters), closed_by(today())
    found, gone = every.filter(closed) if filters.closed else every.exclude(closed), every.filter(closed).count()
    counts = {row["subject"]: row["count"] for row in found.values("subject").annotate(count=Count("pk")).order_by()}
    shown = found.filter(subject=filters.subject) if filters.subject else found
    paginator = Paginator(shown.select_related("division__parent"), PER_PAGE)
    paginator.count = counts.get(filters.subject, 0) if filters.subject else sum(counts.values())  # saves its query
    page = paginator.get_page(asked.get("page"))
    unit_at = units_of(page.object_list)
    states = states_of(page.object_list, today())
    rows = [Row(facility, unit_at.get(facility.code), states.get(facility.pk, "")) for facility in page.object_list]
    tab = Tab("已撤并", gone, filters.address(state="closed", subject=""), filters.closed)
    return Listing(filters, _tabs(filters, counts), units, page, rows, tab if gone or filters.closed else None)


def _units(officer: Officer | AnonymousUser) -> list[ReportingUnit]:
    if isinstance(officer, AnonymousUser) or officer.facility_id or officer.unit_id:
        return []
    return list(ReportingUnit.objects.all())


def _filters(asked: Mapping[str, str], units: list[ReportingUnit], seen: QuerySet[Facility]) -> Filters:
    subject = asked.get("subject", "")
    return Filters(
        subject=subject if subject in SUBJECTS else "",
        unit=next((unit for unit in units if unit.code == asked.get("unit")), None),
        under=_under(asked.get("under", ""), seen),
        words=asked.get("q", "").replace("\0", "").strip()[:LONGEST],
        closed=asked.get("state") == "closed",
    )


def _under(code: str, seen: QuerySet[Facility]) -> Division | None:
    """A division in which the officer sees nothing is as unknown to them as one that does not exist."""
    if not (code.isascii() and code.isdecimal() and seen.filter(below(code)).exists()):
        return None
    return Division.objects.filter(code=code).first()


def _found(seen: QuerySet[Facility], filters: Filters) -> QuerySet[Facility]:
    if filters.unit:
        seen = seen & reporting_to(filters.unit.pk)
    if filters.under:
        seen = seen.filter(below(filters.under.code))
    if filters.words:
        named = Q(name__icontains=filters.words) | Q(division__parent__name__icontains=filters.words)
        seen = seen.filter(named)
    return seen


def _tabs(filters: Filters, counts: dict[str, int]) -> list[Tab]:
    subjects = [key for key in SUBJECTS if counts.get(key) or key == filters.subject]
    every = Tab(
        "全部", sum(counts.values()), filters.address(subject="", state=""), not (filters.subject or filters.closed)
    )
    return [every] + [
        Tab(SUBJECTS[key], counts.get(key, 0), filters.address(subject=key), key == filters.subject) for key in subjects
    ]
