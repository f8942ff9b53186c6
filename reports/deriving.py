"""What the surveys of a district and the city need not ask of their returns and bulletins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from django.utils import timezone

from assessments.deadlines import ONE_DAY, Calendar, Due, calendar_between, due_of
from assessments.derived import Derived, Known, source
from assessments.models import Period, UnitDue
from assessments.periods import period_of, quarter_before
from facilities.access import SHANGHAI, units_of
from facilities.models import Facility
from reports.bulletins.showing import Shown
from reports.models import Bulletin, QuarterlyReturn


@source("return_days_late", "submitted_on", "period")
def of_returns(facilities: Sequence[Facility], period: Period) -> dict[int, Known]:
    """Of districts, by the unit's return of the quarter before: a handful of queries, however many."""
    bodies = [facility for facility in facilities if facility.subject == "district"]
    before = period_of(*quarter_before(period.year, period.quarter))
    if not bodies or before.pk is None:
        return {}
    units = {code: unit.pk for code, unit in units_of(bodies, period.last_day).items()}
    asked = set(UnitDue.objects.filter(period=before, unit__in=units.values()).values_list("unit", flat=True))
    sent = dict(QuarterlyReturn.objects.filter(period=before, unit__in=asked).values_list("unit", "submitted_at"))
    due = due_of(before)
    calendar = calendar_between(due.day, period.last_day)
    of = {body.pk: units[body.code] for body in bodies if units.get(body.code) in asked}
    return {pk: dict(_of_return(before, _end_of(period), sent.get(unit), due, calendar)) for pk, unit in of.items()}


def _of_return(
    before: Period, end: datetime, sent: datetime | None, due: Due, calendar: Calendar
) -> Iterator[tuple[str, Derived]]:
    """Its first submission; one that has not come by the end of the quarter is late up to then."""
    told = f"{before}的季报"
    yield "period", Derived(str(before), told)
    is_sent = sent is not None and sent < end
    at = sent if sent is not None and is_sent else min(timezone.now(), end - ONE_DAY)
    if is_sent:
        yield "submitted_on", Derived(f"{at.astimezone(SHANGHAI).date()}", f"{told}首次报送")
    if is_sent or not due.on_time(at):
        days = due.days_late(at, calendar)
        yield "return_days_late", Derived(days, told if is_sent else f"{told}，还没有报送")


@source("bulletin_no", "bulletin_on", "criticised")
def of_bulletins(facilities: Sequence[Facility], period: Period) -> dict[int, Known]:
    """Of the city, by the newest bulletin that was out by the end of the quarter: one query."""
    cities = [facility.pk for facility in facilities if facility.subject == "city"]
    out = Bulletin.objects.filter(state=Bulletin.PUBLISHED, published_at__lt=_end_of(period))
    newest = out.order_by("-published_at", "-pk").first() if cities else None
    if newest is None or newest.published_at is None or newest.content is None:
        return {}
    told = f"通报（{newest.numbered}）"
    known = {
        "bulletin_no": Derived(newest.numbered, told),
        "bulletin_on": Derived(f"{newest.published_at.astimezone(SHANGHAI).date()}", told),
        "criticised": Derived(bool(Shown(newest.content).criticised), told),
    }
    return dict.fromkeys(cities, known)


def _end_of(period: Period) -> datetime:
    return datetime.combine(period.last_day + ONE_DAY, time(), SHANGHAI)
