"""At most five numbers of an area, each with its change on last quarter and the list behind it; and what is due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments.deadlines import Due
from assessments.models import Summary
from reports.dashboards.asked import Asked
from reports.dashboards.figures import ABSENT, Change, Rate, change_of, points
from reports.dashboards.league import mean_of
from reports.dashboards.places import Place
from reports.dashboards.reading import Count, Read, Total, key_of
from standards.outcomes import BASICALLY, BELOW, COMPLIANT

GOOD = (COMPLIANT, BASICALLY)


@dataclass(frozen=True, slots=True)
class Headline:
    label: str
    figure: str
    unit: str
    note: str
    change: Change | None
    url: str


@dataclass(frozen=True, slots=True)
class Own:
    """The place's own figures of one quarter, over the subjects asked for."""

    total: Total
    grades: Counter[str]
    count: Count


def own_of(found: Read, period: int, subject: str) -> Own:
    total, grades = Total(), Counter[str]()
    for row in found.rows:
        if row.period_id == period and _is_whole(row) and subject in ("", row.subject):
            total = Total(
                total.reached + row.reached,
                total.judged + row.judged,
                total.scored + row.numbered,
                total.score + row.score,
            )
            grades.update(row.counts)
    count = Count()
    for each, counted in found.counts.get(period, {}).items():
        if subject in ("", each):
            count = count.plus(counted)
    return Own(total, grades, count)


def _is_whole(row: Summary) -> bool:
    return not (row.clause or row.requirement or row.item)


def headlines_of(place: Place, asked: Asked, now: Own, before: Own, is_over: bool) -> list[Headline]:
    """Before the due day is over, what only counts how far the work has come is not compared with a whole quarter."""

    def url(**more: str) -> str:
        return place.list_url + asked.address(page="", order="", **more)

    last = before if is_over else Own(before.total, before.grades, Count())
    return [
        _rate("达标与基本达标", now.total.rate, before.total.rate, url(grade="good")),
        _mean(now.total, before.total, url(show="accepted")),
        _below(now, before, url(grade=BELOW), is_over),
        _rate("已通过审核", now.count.coverage, last.count.coverage, url(show="accepted")),
        _rate("按时报送", now.count.timely, last.count.timely, url(show="on_time")),
    ]


def _rate(label: str, now: Rate, before: Rate, url: str) -> Headline:
    figure = ABSENT if now.percent is None else str(now.percent)
    return Headline(label, figure, "%" if now.whole else "", f"{now.ratio} 家", points(now, before), url)


def _mean(now: Total, before: Total, url: str) -> Headline:
    change = change_of(_exact(now.mean), _exact(before.mean), "分")
    last = f"上季 {mean_of(before)}" if before.scored else "上季没有"
    return Headline("平均得分", mean_of(now), "分" if now.scored else "", last, change, url)


def _below(now: Own, before: Own, url: str, is_over: bool) -> Headline:
    known, last = bool(now.total.judged), bool(before.total.judged)
    change = (
        change_of(Fraction(now.grades[BELOW]), Fraction(before.grades[BELOW]), "家", more_is_better=False)
        if known and last and is_over
        else None
    )
    note = f"上季 {before.grades[BELOW]}" if last else "上季没有"
    return Headline("未达标", str(now.grades[BELOW]) if known else ABSENT, "家" if known else "", note, change, url)


def _exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


# ── What is due ───────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Waiting:
    label: str
    number: int
    url: str


def waiting_of(place: Place, asked: Asked, count: Count, due: Due, is_over: bool) -> list[Waiting]:
    """What is still to be done, state by state."""

    def url(show: str) -> str:
        return place.list_url + asked.address(page="", order="", show=show)

    return [
        Waiting("应报", count.due, url("due")),
        Waiting("未开始", count.due - count.begun, url("todo")),
        Waiting("填写中", count.begun - count.submitted - count.returned, url("draft")),
        Waiting("待审核", count.submitted - count.accepted, url("submitted")),
        Waiting("已退回", count.returned, url("returned")),
        Waiting("逾期报送", count.late, url("late")),
        Waiting("逾期未报" if is_over else "还没有报", count.missing, url("missing")),
    ]


def previous_of(found: Read, asked: Asked) -> Own:
    return own_of(found, key_of(asked.before), asked.subject)
