"""整改 as a list: by state, unit and whether late; and what is overdue, for others who tell of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from assessments.deadlines import ONE_DAY, Calendar, calendar_between
from assessments.models import Rectification
from assessments.rectifying import rectifications_visible_to
from facilities.access import below, today
from facilities.models import Officer
from standards.edition import Requirement
from standards.loading import edition_of
from standards.outcomes import OUTCOMES

PER_PAGE = 30
GOING = "going"
STATES = {GOING: "未销号", **Rectification.STATES}


@dataclass(frozen=True)
class Entry:
    item: Rectification
    late: int  # working days after the due day; 0 where on time or closed

    @property
    def requirement(self) -> Requirement:
        return edition_of(self.item.requirement.standard).by_key[self.item.requirement.key]

    @property
    def outcome(self) -> str:
        return str(self.item.found["result"]["outcome"])

    @property
    def word(self) -> str:
        return OUTCOMES[self.outcome]


@dataclass(frozen=True)
class Asked:
    """From the address: ``?state=doing&unit=440402&town=440402001&overdue=1&page=2``; what is unknown asks for all.
    The state ``going`` is all but 已销号."""

    state: str = ""
    unit: str = ""
    town: str = ""  # code of a township, all digits
    overdue: bool = False
    page: str = "1"

    @property
    def narrows(self) -> bool:
        return bool(self.state or self.unit or self.town or self.overdue)

    @property
    def address(self) -> str:
        """Without the page."""
        told = {"state": self.state, "unit": self.unit, "town": self.town, "overdue": "1" if self.overdue else ""}
        return "?" + urlencode({key: value for key, value in told.items() if value})


@dataclass(frozen=True)
class Listing:
    entries: list[Entry]
    page: Page[Rectification]
    units: list[tuple[str, str]]


def listing_of(officer: Officer, asked: Asked) -> Listing:
    """A constant number of queries, however many items."""
    seen = rectifications_visible_to(officer)
    units = list(seen.order_by("unit__code").values_list("unit__code", "unit__name").distinct())
    if asked.state == GOING:
        seen = going(seen)
    elif asked.state:
        seen = seen.filter(state=asked.state)
    if asked.unit:
        seen = seen.filter(unit__code=asked.unit)
    if asked.town:
        seen = seen.filter(below(asked.town, "facility__code"))
    if asked.overdue:
        seen = overdue(seen, today())
    rows = seen.select_related("facility", "unit", "requirement__standard", "snapshot__survey__period")
    page = Paginator(rows, PER_PAGE).get_page(asked.page)
    return Listing(entries_of(page.object_list, today()), page, units)


def entries_of(items: Iterable[Rectification], day: date) -> list[Entry]:
    """One query for the calendar, where one is late."""
    shown = list(items)
    late = [item.due for item in shown if _is_late(item, day)]
    calendar = calendar_between(min(late), day) if late else None
    return [Entry(item, _days(item, day, calendar)) for item in shown]


def going(items: QuerySet[Rectification]) -> QuerySet[Rectification]:
    """Not closed."""
    return items.exclude(state=Rectification.CLOSED)


def overdue(items: QuerySet[Rectification], day: date) -> QuerySet[Rectification]:
    """Past their day and not closed."""
    return items.filter(late_on(day))


def late_on(day: date) -> Q:
    return Q(due__lt=day) & ~Q(state=Rectification.CLOSED)


@dataclass(frozen=True)
class Overdue:
    """What of a unit is overdue: how many, and the one that is longest, with its working days."""

    number: int
    longest: Rectification
    days: int


def overdue_by_unit(day: date) -> dict[int, Overdue]:
    """unit → what of it is overdue on ``day``: two queries at most, however many units. It reads the states of now."""
    items = overdue(Rectification.objects.all(), day).select_related("facility", "requirement__standard")
    found: dict[int, list[Entry]] = {}
    for entry in entries_of(items.order_by("due", "pk"), day):
        found.setdefault(entry.item.unit_id, []).append(entry)
    return {unit: Overdue(len(each), each[0].item, each[0].late) for unit, each in found.items()}


def _is_late(item: Rectification, day: date) -> bool:
    return item.due < day and item.state != Rectification.CLOSED


def _days(item: Rectification, day: date, calendar: Calendar | None) -> int:
    return calendar.count(item.due + ONE_DAY, day) if calendar and _is_late(item, day) else 0
