"""The demonstration of people and money: rosters of all stations and what their districts paid, invented, always alike.
Every case of 方案三（五） occurs: 专职 and 兼职, extra staff, 公职人员, not filed, come or gone within a month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from assessments.demo.chance import number, pick, share
from assessments.models import SubsidyPaid
from assessments.periods import quarter_before, quarter_of
from assessments.subsidies.reckoning import Account, accounts_of
from assessments.subsidies.spans import Quarter, Span
from facilities.access import units_of
from facilities.models import Facility, Fact, Officer, Post

SEED = "人员"
SURNAMES = "陈黄李林梁张何吴刘郭罗蔡邓冯谭钟曾叶苏杨"
GIVEN = ("嘉敏", "志远", "海燕", "国强", "丽华", "俊杰", "美玲", "伟明", "晓彤", "建文", "秀珍", "子健", "雅婷", "永康")
SOURCE = "演示数据（虚构）"
ABOVE = 8000  # 服务对象 of who may have extra staff
PAST = 4  # quarters of which payments are told, the running one not
PLENTY = timedelta(days=900)


def fill_rosters(day: date) -> Iterator[str]:
    """A station that has a roster keeps it, and a quarter of which something was recorded stays as it is."""
    reviewers = {officer.unit_id: officer for officer in Officer.objects.filter(is_demo=True, role=Officer.REVIEWER)}
    stations = list(Facility.objects.filter(subject="village"))
    units = units_of(stations)
    by = {code: reviewers[unit.pk] for code, unit in units.items() if unit.pk in reviewers}
    own = [each for each in stations if each.code in by]
    yield f"名册：新登记 {_hire(own, by, day)} 人"
    yield f"区级实发：新登记 {_pay(own, by, day)} 笔"


# ── People ────────────────────────────────────────────────────────────────────


@transaction.atomic
def _hire(stations: list[Facility], by: Mapping[str, Officer], day: date) -> int:
    kept = set(Post.objects.values_list("facility_id", flat=True))
    facts = Fact.objects.filter(indicator="served_population").order_by("since")
    served = dict(facts.values_list("facility_id", "value"))
    posts = [
        post
        for station in stations
        if station.pk not in kept
        for post in _people(station, int(served.get(station.pk, 0)), by[station.code], day)
    ]
    return len(Post.objects.bulk_create(posts))


def _people(station: Facility, served: int, by: Officer, day: date) -> Iterator[Post]:
    """None here and there; more than one where many are served, mostly with the approval that it takes."""
    code = station.code
    if share(SEED, code, "none") < 0.04:
        return
    count = 1 + (share(SEED, code, "second") < 0.45) + (served > ABOVE)
    for place in range(count):
        post = _person(station, place, by, day)
        post.extra = served > ABOVE and place == count - 1
        if post.extra and share(SEED, code, "approved") < 0.8:
            post.approved_on, post.approval_number = post.starts - timedelta(days=10), f"演示批复{code[-5:]}号"
        yield post


def _person(station: Facility, place: int, by: Officer, day: date) -> Post:
    code = station.code
    kind = Post.FULL_TIME if place == 0 or share(SEED, code, place, "kind") < 0.4 else Post.PART_TIME
    is_new = share(SEED, code, place, "new") < 0.12
    starts = day - (timedelta(days=15 + number(110, SEED, code, place, "since")) if is_new else PLENTY)
    starts -= timedelta(days=0 if is_new else number(700, SEED, code, place, "since"))
    told = {"name": _name(code, place), "kind": kind, "starts": starts}
    post = Post(facility=station, by=by, at=timezone.now(), is_demo=True, **told)
    post.is_public_servant = kind == Post.PART_TIME and share(SEED, code, place, "servant") < 0.08
    if share(SEED, code, place, "left") < 0.05 and not is_new:
        post.ends = day - timedelta(days=20 + number(100, SEED, code, place, "until"))
    if not (is_new and share(SEED, code, place, "filed") < 0.6):
        post.filed_on = min(starts + timedelta(days=12), day)
        post.filing_number = f"演示备{starts.year}-{code[-6:]}-{place + 1}"
    if share(SEED, code, place, "certificate") < 0.7:
        post.certificate = f"演示证书{code[-6:]}{place + 1}"
        post.trained_on = starts + timedelta(days=10)
    return post


def _name(code: str, place: int) -> str:
    """No name twice in one station."""
    given = GIVEN[(number(len(GIVEN), SEED, code, "given") + place) % len(GIVEN)]
    return pick(SURNAMES, SEED, code, place, "surname") + given


# ── Money ─────────────────────────────────────────────────────────────────────


@transaction.atomic
def _pay(stations: list[Facility], by: Mapping[str, Officer], day: date) -> int:
    of_code = {station.code: station for station in stations}
    told = 0
    for year, quarter in _quarters(day):
        if SubsidyPaid.objects.filter(year=year, quarter=quarter).exists():
            continue
        span = Span(year, quarter, (Quarter(year, quarter),))
        rows = [row for each in accounts_of(stations, span) for row in _paid(of_code[each.facility], each, by)]
        told += len(SubsidyPaid.objects.bulk_create([*rows, *_to_servants(stations, span, by)]))
    return told


def _quarters(day: date) -> Iterator[tuple[int, int]]:
    key = quarter_of(day)
    for _ in range(PAST):
        key = quarter_before(*key)
        yield key


def _paid(station: Facility, account: Account, by: Mapping[str, Officer]) -> Iterator[SubsidyPaid]:
    """Mostly what is owed, here and there less or more, sometimes not recorded."""
    chance = share(SEED, station.code, account.quarter.year, account.quarter.number, "paid")
    if account.has_roster and chance > 0.08:
        change = Decimal("-300") if chance < 0.2 else Decimal("600") if chance > 0.92 else Decimal(0)
        yield _row(station, account.quarter, max(account.district_min + change, Decimal(0)), by)


def _to_servants(stations: list[Facility], span: Span, by: Mapping[str, Officer]) -> Iterator[SubsidyPaid]:
    """Some take the 300 a month that they must not."""
    quarter = span.quarters[0]
    servants = Post.objects.filter(facility__in=stations, is_demo=True, is_public_servant=True, ends=None)
    for post in servants.filter(starts__lte=quarter.stretch.first).select_related("facility"):
        if share(SEED, post.facility.code, "takes") < 0.5:
            row = _row(post.facility, quarter, Decimal(300), by)
            row.post = post
            yield row


def _row(station: Facility, quarter: Quarter, amount: Decimal, by: Mapping[str, Officer]) -> SubsidyPaid:
    told = {"source": SOURCE, "by": by[station.code], "at": timezone.now(), "is_demo": True}
    return SubsidyPaid(facility=station, year=quarter.year, quarter=quarter.number, amount=amount, **told)
