"""What a year's counts are made of, unit by unit and quarter by quarter: accepted returns, what was due and on time,
spot checks, rectifications. As many queries for a city as for one unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count as Rows
from django.db.models import Min, Q
from django.utils import timezone

from assessments.deadlines import Due, dues_of
from assessments.models import DueSurvey, Period, Rectification, RectificationAct
from assessments.periods import quarter_of
from assessments.spot_checks.rates import difference_rates_by_quarter
from assessments.timeliness import MISSING, ON_TIME
from facilities.access import SHANGHAI, today
from facilities.models import ReportingUnit
from reports.appraisals.counting import Count
from reports.appraisals.policy import COMPLIANCE, RECTIFICATION, SPOT_CHECKS, TIMELINESS
from reports.returns.accepted import Accepted, newest_accepted
from reports.returns.listing import Listed, units_of_quarters

RETURN, SURVEYS, CHECKS, ITEMS = "季报", "核查表", "抽查", "整改"
UNREPORTED = "未报"


@dataclass(frozen=True, slots=True)
class Part:
    """One line of what a count is made of. ``count`` None: nothing is known, 未报; it adds to neither side."""

    quarter: str  # 2026Q3
    what: str
    count: Count | None
    said: str = ""
    proof: Accepted | None = None


@dataclass(frozen=True, slots=True)
class Quarter:
    """``period`` None where it was never opened. Counted once its due day has passed."""

    key: str
    name: str
    last_day: date
    period: Period | None
    due: date | None
    counted: bool
    said: str


@dataclass(frozen=True)
class Gathered:
    """unit (in the order of codes) → indicator → its parts, in the order of quarters."""

    quarters: tuple[Quarter, ...]
    units: Sequence[ReportingUnit]
    parts: Mapping[int, Mapping[str, Sequence[Part]]]
    is_demo: bool


def gathered(year: int) -> Gathered:
    quarters = quarters_of(year, timezone.now())
    periods = [each.period for each in quarters if each.counted and each.period]
    listed = units_of_quarters(periods)
    accepted = newest_accepted(periods)
    parts: dict[int, dict[str, list[Part]]] = defaultdict(lambda: defaultdict(list))
    for each in listed:
        found = accepted.get((each.unit.pk, each.period.pk))
        parts[each.unit.pk][COMPLIANCE].append(_compliance(each, found))
    surveys = _surveys_on_time(periods)
    for each in listed:
        own = surveys.get((each.unit.pk, each.period.pk), Count())
        parts[each.unit.pk][TIMELINESS] += _timeliness(each, own)
    checked = difference_rates_by_quarter(periods)
    for period in periods:
        for unit, (differing, compared) in checked.get(period.pk, {}).items():
            parts[unit][SPOT_CHECKS].append(Part(period.key, CHECKS, Count(compared - differing, compared)))
    for unit, found_parts in _rectifications(year, today()).items():
        parts[unit][RECTIFICATION] = found_parts
    units = list({each.unit.pk: each.unit for each in listed}.values())
    return Gathered(quarters, units, parts, any(each.is_demo for each in accepted.values()))


def quarters_of(year: int, now: datetime) -> tuple[Quarter, ...]:
    """All four, and which are in: two queries."""
    opened = {period.quarter: period for period in Period.objects.filter(year=year, unit_dues__isnull=False).distinct()}
    dues = dict(zip(opened, dues_of(list(opened.values())), strict=True))
    return tuple(_quarter(Period(year=year, quarter=n), opened.get(n), dues.get(n), now) for n in (1, 2, 3, 4))


def _quarter(named: Period, period: Period | None, due: Due | None, now: datetime) -> Quarter:
    if period is None or due is None:
        return Quarter(named.key, str(named), named.last_day, None, None, False, "没有开启，不计入")
    if now < due.moment:
        said = f"报送截止日{due.day.year}年{due.day.month}月{due.day.day}日还没有过，不计入"
        return Quarter(named.key, str(named), named.last_day, period, due.day, False, said)
    return Quarter(named.key, str(named), named.last_day, period, due.day, True, "计入")


def _compliance(listed: Listed, found: Accepted | None) -> Part:
    if found is None:
        sent = listed.report is not None and listed.report.submitted_at is not None
        return Part(listed.period.key, RETURN, None, listed.state if sent else UNREPORTED)
    count = Count(found.block.compliant, found.block.due)
    return Part(listed.period.key, RETURN, count, f"已接收，第{found.number}版", found)


def _timeliness(listed: Listed, surveys: Count) -> list[Part]:
    word = UNREPORTED if listed.timeliness == MISSING else listed.word
    own = Part(listed.period.key, RETURN, Count(int(listed.timeliness == ON_TIME), 1), word)
    return [Part(listed.period.key, SURVEYS, surveys), own]


def _surveys_on_time(periods: Iterable[Period]) -> dict[tuple[int, int], Count]:
    """(unit, quarter) → surveys on time, of those due as the quarter's opening froze them: one query."""
    rows = DueSurvey.objects.filter(period__in=[period.pk for period in periods], unit__isnull=False)
    found = rows.order_by().values_list("unit", "period").annotate(
        on_time=Rows("pk", filter=Q(timeliness=ON_TIME)), due=Rows("pk")
    )  # fmt: skip
    return {(unit, period): Count(on_time, due) for unit, period, on_time, due in found}


def _rectifications(year: int, day: date) -> dict[int, list[Part]]:
    """unit → by quarter of the due day, those that were closed by it, of those due before ``day``: one query."""
    closed = Min("acts__at", filter=Q(acts__verb=RectificationAct.CLOSED))
    items = Rectification.objects.filter(due__year=year, due__lt=day).annotate(closed_at=closed)
    counts: dict[int, dict[str, Count]] = defaultdict(lambda: defaultdict(Count))
    for unit, due, closed_at in items.order_by("due").values_list("unit", "due", "closed_at"):
        in_time = closed_at is not None and closed_at.astimezone(SHANGHAI).date() <= due
        key = Period(**dict(zip(("year", "quarter"), quarter_of(due), strict=True))).key
        counts[unit][key] = counts[unit][key].plus(Count(int(in_time), 1))
    return {unit: [Part(key, ITEMS, count) for key, count in found.items()] for unit, found in counts.items()}
