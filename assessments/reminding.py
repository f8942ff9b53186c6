"""催报, by the clock: one digest an officer and occasion, of what each has left to do in the open quarters.

Occasions are working days, counted from each of the officer's days (stations, offices, the unit's return, what was sent
back and is to be mended): five before, one before, on the day, and every one after it. A digest is keyed by its
occasion: safe to run twice, and to run late, when what was missed is told at the next run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse

from assessments.deadlines import Calendar, calendar_between
from assessments.inbox import Letter, Told, tell
from assessments.models import Survey, UnitDue
from assessments.outstanding import Quarter, Undone, quarters_left
from facilities.models import Officer

BEFORE = (5, 1)  # working days
LATEST = 10  # days after which a missed occasion is left alone: the longest holiday and a weekend
NAMED = 8  # facilities that a digest names; the others are counted
TOLD = (Officer.SURVEYOR, Officer.REVIEWER, Officer.CITY)


def remind(day: date, sent: Mapping[int, frozenset[int]]) -> Told:
    """Everybody's digest as of ``day``. ``sent``: period → units whose return has been sent. A constant number of
    queries for each open quarter, however many officers."""
    quarters = quarters_left(sent)
    if not quarters:
        return Told([], [])
    first = min(quarter.period.last_day for quarter in quarters)
    mend_by = (undone.mend_by for quarter in quarters for undone in quarter.undone if undone.mend_by)
    last = max(day, *(quarter.due_day for quarter in quarters), *mend_by)
    calendar = calendar_between(min(first, day - timedelta(days=LATEST)), last)
    officers = Officer.objects.filter(is_active=True, role__in=TOLD).select_related("facility", "unit").order_by("pk")
    found = _Left(quarters)
    return tell([letter for o in officers.iterator() if (letter := _letter(o, found, day, calendar))])


# ── Occasions ─────────────────────────────────────────────────────────────────


def occasion(day: date, targets: Iterable[date], calendar: Calendar) -> date | None:
    """The newest occasion of any of the days by which, no later than ``day``."""
    by = sorted(set(targets))
    for n in range(LATEST + 1):
        when = day - timedelta(days=n)
        if calendar.works(when) and any(_is_occasion(when, target, calendar) for target in by):
            return when
    return None


def _is_occasion(when: date, target: date, calendar: Calendar) -> bool:
    return when >= target or calendar.count(when + timedelta(days=1), target) in BEFORE


# ── Digests ───────────────────────────────────────────────────────────────────


class _Left:
    """What is left in each quarter, ready to be asked for by facility with what its surveyors fill besides, and by
    unit."""

    def __init__(self, quarters: Sequence[Quarter]) -> None:
        self.quarters = quarters
        self._by_code: list[dict[str, list[Undone]]] = [{} for _ in quarters]
        self._by_unit: list[dict[int, list[Undone]]] = [{} for _ in quarters]
        for place, quarter in enumerate(quarters):
            for undone in quarter.undone:
                for code in {undone.code, undone.office}:
                    self._by_code[place].setdefault(code, []).append(undone)
                self._by_unit[place].setdefault(undone.unit or 0, []).append(undone)

    def of_unit(self, unit: int) -> Iterator[tuple[Quarter, list[Undone]]]:
        for quarter, by in zip(self.quarters, self._by_unit, strict=True):
            yield quarter, by.get(unit, [])

    def kept_by(self, code: str) -> Iterator[tuple[Quarter, list[Undone]]]:
        """What surveyors of the facility fill: an office's stations too, with a centre all that is due to its unit."""
        for quarter, by_code, by_unit in zip(self.quarters, self._by_code, self._by_unit, strict=True):
            unit = quarter.centres.get(code)
            yield quarter, by_unit.get(unit, []) if unit else by_code.get(code, [])


@dataclass
class _Digest:
    lines: list[str] = field(default_factory=list)
    targets: set[date] = field(default_factory=set)
    title: str = ""

    def add(self, title: str, lines: Iterable[str], targets: Iterable[date]) -> None:
        self.title = self.title or title
        self.lines.extend(lines)
        self.targets.update(targets)


def _letter(officer: Officer, left: _Left, day: date, calendar: Calendar) -> Letter | None:
    digest = _Digest()
    make = {Officer.SURVEYOR: _surveyors, Officer.REVIEWER: _reviewers, Officer.CITY: _citys}[officer.role]
    make(digest, officer, left, day, calendar)
    when = occasion(day, digest.targets, calendar) if digest.targets else None
    if when is None:
        return None
    link = reverse("home" if officer.role == Officer.SURVEYOR else "assessments:reminders")
    return Letter(officer, f"remind {when}", digest.title[:100], "\n".join(digest.lines), link)


def _surveyors(digest: _Digest, officer: Officer, left: _Left, day: date, calendar: Calendar) -> None:
    if officer.facility is None:
        return
    for quarter, undone in left.kept_by(officer.facility.code):
        fresh = [each for each in undone if not each.waits and not each.mend_by]
        targets = {by for each in fresh for by in _days(quarter, each)}
        if fresh and occasion(day, targets, calendar):
            title = f"{quarter.period}还有 {len(fresh)} 家没有提交"
            digest.add(title, [f"{title}：{_named(fresh)}", _by_when(targets, day, calendar)], targets)
        returned = sorted((each for each in undone if each.mend_by), key=lambda each: each.mend_by or day)
        days = {each.mend_by for each in returned if each.mend_by}
        if occasion(day, days, calendar):
            title = f"{quarter.period}有 {len(returned)} 份退回的要改好重新提交"
            names = "、".join(_mending(each, day) for each in returned[:NAMED])
            digest.add(title, [f"{title}：{names}{'等' if len(returned) > NAMED else ''}"], days)


def _mending(undone: Undone, day: date) -> str:
    if undone.mend_by is None:
        return undone.name
    return f"{undone.name}（{_date(undone.mend_by)}{'到期，已过期' if undone.mend_by < day else '前'}）"


def _reviewers(digest: _Digest, officer: Officer, left: _Left, day: date, calendar: Calendar) -> None:
    for quarter, undone in left.of_unit(officer.unit_id or 0):
        row = quarter.units.get(officer.unit_id or 0)
        if row is None:
            continue
        open_ = [each for each in undone if not each.waits]
        waiting = [each for each in undone if each.waits and each.subject != "county"]
        lines = _lines_of_unit(open_, waiting, row, row.unit_id in quarter.sent)
        targets = {row.station_day, row.office_day, quarter.due_day} if open_ else {quarter.due_day}
        if lines and occasion(day, targets, calendar):
            when = _by_when({quarter.due_day}, day, calendar)
            digest.add(_title(quarter, lines), [f"{quarter.period}（{when}）", *lines], targets)


def _lines_of_unit(open_: Sequence[Undone], waiting: Sequence[Undone], row: UnitDue, is_sent: bool) -> list[str]:
    lines = []
    if open_:
        lines.append(f"还有 {len(open_)} 家没有提交：{_named(open_)}")
    if waiting:
        lines.append(f"有 {len(waiting)} 份核查表等待审核：{_named(waiting)}")
    return lines if is_sent else [*lines, f"{row.unit.name}的季报还没有报送"]


def _citys(digest: _Digest, officer: Officer, left: _Left, day: date, calendar: Calendar) -> None:
    for quarter in left.quarters:
        names = "、".join(row.unit.name for row in quarter.missing)
        waiting = [undone for undone in quarter.undone if undone.waits and undone.subject == "county"]
        lines = [f"还有 {len(quarter.missing)} 个单位没有报送季报：{names}"] if names else []
        if waiting:
            lines.append(f"有 {len(waiting)} 份中心的核查表等待市局审核：{_named(waiting)}")
        if lines and occasion(day, {quarter.due_day}, calendar):
            when = _by_when({quarter.due_day}, day, calendar)
            digest.add(_title(quarter, lines), [f"{quarter.period}（{when}）", *lines], {quarter.due_day})


def _title(quarter: Quarter, lines: Sequence[str]) -> str:
    """The first of the lines without the names."""
    return f"{quarter.period}{lines[0].partition('：')[0]}"


# ── Words ─────────────────────────────────────────────────────────────────────


def _days(quarter: Quarter, undone: Undone) -> set[date]:
    """The days by which a facility is to be done: its own internal one, and the unit's."""
    row = quarter.units.get(undone.unit or 0)
    internal = {"village": row.station_day, "township": row.office_day}.get(undone.subject) if row else None
    return {quarter.due_day, internal} if internal else {quarter.due_day}


def _named(undone: Sequence[Undone]) -> str:
    names = "、".join(
        f"{each.name}（已退回）" if each.state == Survey.RETURNED else each.name for each in undone[:NAMED]
    )
    return f"{names}等" if len(undone) > NAMED else names


def _by_when(targets: Iterable[date], day: date, calendar: Calendar) -> str:
    """内部时限 10月9日，10月13日24时截止，还有 2 个工作日，含今天: counted as the home page counts."""
    *internal, due = sorted(targets)
    before = "".join(f"内部时限 {_date(each)}，" for each in internal)
    if day > due:
        left = f"已过期 {calendar.count(due + timedelta(days=1), day)} 个工作日"
    else:
        left = "今天截止" if day == due else f"还有 {calendar.count(day, due)} 个工作日，含今天"
    return f"{before}{_date(due)}24时截止，{left}"


def _date(day: date) -> str:
    return f"{day.month}月{day.day}日"
