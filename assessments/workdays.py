"""工作日历: a year's days off and make-up days, as announced and as an administrator changed them.

Every change is an Act, never altered. None moves the due day of a quarter that is open already: that was frozen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.deadlines import Calendar, calendar_between, due_after
from assessments.models import Period, WorkDay
from assessments.refusals import Overtaken, Refused
from assessments.workflow import require_admin
from facilities.models import Act, Officer

VERB = "工作日历"
FIRST_YEAR, LAST_YEAR = 2011, 2099
LINE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:至|到|~|—+|–|－)\s*(\d{4}-\d{1,2}-\d{1,2}))?\s*(休|班)")
LONGEST_SPAN = 31

Otherwise = list[tuple[Period, date]]  # open quarters, and the day on which they would be due by the present calendar


# ── Read ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Span:
    """Days in a row that are alike: off, or worked though on a weekend. ``source`` and ``reason`` are of the first."""

    first: date
    last: date
    works: bool
    source: str
    reason: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Year:
    year: int
    announced: bool
    spans: tuple[Span, ...]


def year_of(number: int) -> Year:
    """One query."""
    rows = list(WorkDay.objects.filter(day__year=number).order_by("day"))
    return Year(number, any(row.announces for row in rows), tuple(_spans(number, rows)))


def _spans(number: int, rows: Sequence[WorkDay]) -> Iterator[Span]:
    """Weekends between days off belong to the holiday; what was said of a day that is usual anyway is left out."""
    known = {row.day: row for row in rows}
    run: list[date] = []
    for n in range((date(number, 12, 31) - date(number, 1, 1)).days + 1):
        day = date(number, 1, 1) + timedelta(days=n)
        row = known.get(day)
        is_off = not (row.works if row else day.weekday() < 5)
        if is_off:
            run.append(day)
            continue
        yield from _holiday(run, known)
        run = []
        if row and day.weekday() >= 5:
            yield Span(day, day, True, row.source, row.reason)
    yield from _holiday(run, known)


def _holiday(run: Sequence[date], known: dict[date, WorkDay]) -> Iterator[Span]:
    said = [known[day] for day in run if day in known and day.weekday() < 5]
    if said:
        yield Span(run[0], run[-1], False, said[0].source, said[0].reason)


def history(most: int = 20) -> list[Act]:
    return list(Act.objects.filter(verb=VERB).select_related("by")[:most])


def version() -> str:
    """Of the calendar: alters with every change."""
    newest = _acts().values_list("pk", flat=True).first()
    return str(newest or 0)


def _acts() -> QuerySet[Act]:
    return Act.objects.filter(verb=VERB).order_by("-pk")


# ── Change ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Wanted:
    """Days as they should be, checked. ``announces``: they are a year's whole notice."""

    days: dict[date, bool]
    source: str
    reason: str
    announces: bool = False


def checked_day(day: str, works: str, source: str, reason: str) -> Wanted:
    """One day as typed. Raises Refused."""
    if works not in ("1", "0"):
        raise Refused("works", "请选这一天是上班还是放假。")
    return Wanted({_day("day", day): works == "1"}, _text("source", source, 100), _text("reason", reason, 200))


def checked_year(year: int, lines: str, source: str) -> Wanted:
    """A whole year's notice, a line for each day or span. Raises Refused."""
    days: dict[date, bool] = {}
    for number, line in enumerate(lines.splitlines(), 1):
        if line.strip():
            days |= _line(year, number, line.strip())
    if not days:
        raise Refused("lines", "请写明放假和调休的日期，一行一段，例如“2027-10-01 至 2027-10-07 休”。")
    return Wanted(days, _text("source", source, 100), "", announces=True)


def _line(year: int, number: int, line: str) -> dict[date, bool]:
    match = LINE.fullmatch(line)
    if match is None:
        raise Refused(
            "lines", f"第 {number} 行“{line[:30]}”看不明白，请写成“2027-10-01 至 2027-10-07 休”或“2027-10-09 班”。"
        )
    first = _day("lines", match[1])
    last = _day("lines", match[2]) if match[2] else first
    if first.year != year or last.year != year:
        raise Refused("lines", f"第 {number} 行不在 {year} 年。")
    if not 0 <= (last - first).days < LONGEST_SPAN:
        raise Refused("lines", f"第 {number} 行的起止日期不对：止日不能早于起日，一段最多 {LONGEST_SPAN} 天。")
    return {first + timedelta(days=n): match[3] == "班" for n in range((last - first).days + 1)}


def _day(field: str, typed: str) -> date:
    try:
        day = date(*(int(part) for part in typed.strip().split("-")))
    except (TypeError, ValueError) as wrong:
        raise Refused(field, f"“{typed[:20]}”不是日期，请写成 2026-10-08 这样。") from wrong
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(field, f"日历从 {FIRST_YEAR} 年到 {LAST_YEAR} 年，请改日期。")
    return day


def _text(field: str, typed: str, longest: int) -> str:
    words = " ".join(typed.split())
    if not words:
        raise Refused(field, {"source": "请写依据，例如通知的名称和文号。", "reason": "请写为什么改。"}[field])
    if len(words) > longest:
        raise Refused(field, f"最多 {longest} 字，现在 {len(words)} 字，请缩短。")
    return words


@transaction.atomic
def change(wanted: Wanted, officer: Officer, seen: str) -> Otherwise:
    """Records the act and gives the open quarters whose due day would now be another, each with that day; they keep
    theirs. ``seen`` is the ``version`` that the page showed. Raises Overtaken, PermissionDenied."""
    require_admin(officer)
    WorkDay.objects.select_for_update().order_by("day").first()  # one at a time
    act = Act.objects.create(by=officer, verb=VERB, said=_said(wanted))
    newer = _acts().exclude(pk=act.pk).values_list("pk", flat=True).first()
    if str(newer or 0) != seen:
        raise Overtaken
    kept = {row.day: row for row in WorkDay.objects.filter(day__in=wanted.days)}
    for day, works in wanted.days.items():
        row = kept.get(day) or WorkDay(day=day, announces=False)
        row.works, row.source, row.reason = works, wanted.source, wanted.reason
        row.announces = row.announces or wanted.announces
        row.at, row.by = timezone.now(), officer
        row.save()
    return otherwise_due()


def _said(wanted: Wanted) -> str:
    days = "、".join(f"{day} {'班' if works else '休'}" for day, works in wanted.days.items())
    if len(days) > 200:
        days = f"{days[:190]}…共 {len(wanted.days)} 天"
    return f"{days}；依据：{wanted.source}" + (f"；原因：{wanted.reason}" if wanted.reason else "")


def otherwise_due() -> Otherwise:
    """Open quarters that would be due on another day, had they opened with the calendar as it is now."""
    periods = list(Period.objects.filter(closed_at=None).exclude(due_day=None))
    if not periods:
        return []
    calendar = _calendar(periods)
    now = [(period, due_after(period.last_day, calendar).day) for period in periods]
    return [(period, day) for period, day in now if day != period.due_day]


def _calendar(periods: Sequence[Period]) -> Calendar:
    return calendar_between(min(p.last_day for p in periods), max(p.last_due_day for p in periods))
