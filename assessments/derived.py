"""What the survey need not ask, since the portal knows it: counts of the roster, shares of what was accepted, the
quarter before; and what others tell who register with ``source`` (subsidies, inspections, returns, bulletins). It is
prefilled, each with its source, and what is typed otherwise stays in sight beside it.

A facility without any post on file has no roster: nothing is derived of it, and nothing is 0. What lies outside of the
portal (what the city paid, a score in the city's own appraisal) is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from assessments.earlier import last_snapshots
from assessments.models import Answer, DueSurvey, Period, Progress, Snapshot, Summary
from assessments.models.summaries import CITY, UNIT
from assessments.periods import quarter_before
from facilities.access import below, reporting_to, units_of
from facilities.governed import GOVERNED
from facilities.models import Facility, Post

#: counted from the roster, for one body and for a district or the city as a whole
ROSTER = (
    "staff_count", "fulltime_count", "parttime_count", "appointed_count", "filed_count", "certified_staff",
    "trained_this_year", "extra_staff", "is_public_servant",
)  # fmt: skip
#: of the newest 备案 and approval, for one body only
PAPERS = ("filed_on", "filing_no", "extra_approved_on", "extra_approval_no")
ROLLUP = (
    "town_bodies_due", "town_bodies_established", "village_bodies_due", "village_bodies_established",
    "standardised_rate", "premises_pass_rate",
)  # fmt: skip
PRIOR = {"online_items_before": "online_items", "query_items_before": "query_items"}
#: said in the request without which nobody is appointed beyond the norm: paid by 购买服务, no 编制 added
REQUESTED = {"extra_by_purchase": True, "extra_quota_added": False}
KEYS = frozenset((*ROSTER, *PAPERS, *REQUESTED, *ROLLUP, *PRIOR))
STAFFED = ("township", "village")  # whose posts are the district's and the city's staff
ESTABLISHED = {"township": "established", "village": "has_station"}  # what its survey says of being set up
PREMISES = ("county.2.area", "town.2.area", "village.2.area")
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Derived:
    """``value`` in its JSON form; ``source`` says where it comes from."""

    value: Any
    source: str


Known = dict[str, Derived]  # by indicator
Source = Callable[[Sequence[Facility], Period], dict[int, Known]]  # facility → what is known; those unknown left out
REGISTERED: dict[str, Source] = {}  # by indicator


def source(*keys: str) -> Callable[[Source], Source]:
    """Names who knows the indicators ``keys``; in a module that the app's ``ready`` imports."""

    def register(found: Source) -> Source:
        REGISTERED.update(dict.fromkeys(keys, found))
        return found

    return register


def is_derived(key: str) -> bool:
    return key in KEYS or key in REGISTERED


def derived_of(
    facilities: Sequence[Facility], period: Period, keys: Iterable[str], last: Mapping[int, Snapshot] | None = None
) -> dict[int, Known]:
    """facility → what is known of the indicators ``keys``. A handful of queries however many facilities; for a
    governed body a few of its own. ``last`` are the last submissions, where they are read already."""
    asked = {key for key in keys if is_derived(key)}
    found: dict[int, Known] = {facility.pk: {} for facility in facilities}
    if asked.intersection((*ROSTER, *PAPERS, *REQUESTED)):
        governed = {facility.pk for facility in facilities if facility.subject in GOVERNED}
        for pk, posts in _posts_of(facilities, period.last_day).items():
            found[pk] |= dict(_of_roster(posts, period.last_day, whole=pk in governed))
    if asked.intersection(PRIOR):
        for pk, snapshot in (last_snapshots(facilities, period) if last is None else last).items():
            found[pk] |= dict(_of_prior(snapshot))
    if asked.intersection(ROLLUP):
        for facility in facilities:
            if facility.subject in GOVERNED:
                found[facility.pk] |= dict(_of_rollup(facility, period))
    for told in dict.fromkeys(REGISTERED[key] for key in sorted(asked & REGISTERED.keys())):
        for pk, known in told(facilities, period).items():
            found[pk] |= known
    return {pk: {key: each for key, each in known.items() if key in asked} for pk, known in found.items() if known}


# ── The roster ────────────────────────────────────────────────────────────────


def _posts_of(facilities: Sequence[Facility], day: date) -> dict[int, list[Post]]:
    """facility → everyone who was ever on its roster by ``day``; of a governed body the posts of all that reports to
    it: one query, and four for each district."""
    own = [facility.pk for facility in facilities if facility.subject not in GOVERNED]
    found: dict[int, list[Post]] = {}
    for post in _posts(Q(facility__in=own), day):
        found.setdefault(post.facility_id, []).append(post)
    for body in facilities:
        if body.subject in GOVERNED and (posts := list(_posts(_staffed(body, day), day))):
            found[body.pk] = posts
    return found


def _posts(wanted: Q, day: date) -> QuerySet[Post]:
    return Post.objects.filter(wanted, starts__lte=day).select_related("extra_step").order_by("starts", "pk")


def _staffed(body: Facility, day: date) -> Q:
    """The offices and stations that report to a district or zone; of the city all."""
    staffed = Q(facility__subject__in=STAFFED)
    if body.subject == "city":
        return staffed & below(body.code.rstrip("G"), "facility__code")
    unit = units_of([body], day).get(body.code)
    inside = reporting_to(unit.pk, day) if unit else Facility.objects.none()
    return staffed & Q(facility__in=inside.order_by().values("pk"))


def _of_roster(posts: Sequence[Post], day: date, whole: bool) -> Iterator[tuple[str, Derived]]:
    """``whole``: of a district or city, whose staff are on file and were asked for in many places: counts alone."""
    source = f"人员名册（{_said(day)}在岗）"
    there = [post for post in posts if not post.has_left(day)]
    filed = [post for post in there if post.filed_on and post.filed_on <= day]
    extra = [post for post in there if post.extra]
    trained = [post for post in there if post.trained_on and date(day.year, 1, 1) <= post.trained_on <= day]
    fulltime = sum(post.kind == Post.FULL_TIME for post in there)
    counts = {
        "staff_count": fulltime,
        "fulltime_count": fulltime,
        "parttime_count": len(there) - fulltime,
        "appointed_count": len(there),
        "filed_count": len(filed),
        "certified_staff": sum(bool(post.certificate) for post in there),
        "trained_this_year": len(trained),
        "extra_staff": len(extra),
        "is_public_servant": any(post.is_public_servant for post in there if post.kind == Post.PART_TIME),
    }
    yield from ((key, Derived(count, source)) for key, count in counts.items())
    if not whole:
        if extra and all(hasattr(post, "extra_step") for post in extra):
            told = f"增员申请（{len(extra)} 人）"
            yield from ((key, Derived(value, told)) for key, value in REQUESTED.items())
        yield from _of_papers(filed, [post for post in extra if post.approved_on], source)


def _of_papers(filed: Sequence[Post], approved: Sequence[Post], source: str) -> Iterator[tuple[str, Derived]]:
    if filed:
        newest = max(filed, key=lambda post: post.filed_on or date.min)
        yield "filed_on", Derived(f"{newest.filed_on}", source)
        yield "filing_no", Derived(newest.filing_number, source)
    if approved:
        newest = max(approved, key=lambda post: post.approved_on or date.min)
        yield "extra_approved_on", Derived(f"{newest.approved_on}", source)
        yield "extra_approval_no", Derived(newest.approval_number, source)


# ── The quarter before ────────────────────────────────────────────────────────


def _of_prior(last: Snapshot) -> Iterator[tuple[str, Derived]]:
    for key, before in PRIOR.items():
        value = last.content["answers"].get(before, {}).get("value")
        if value is not None:
            yield key, Derived(value, f"{last.content['period']['name']}的核查表")


# ── What was accepted ─────────────────────────────────────────────────────────


def _of_rollup(body: Facility, period: Period) -> Iterator[tuple[str, Derived]]:
    """From the newest quarter of which everything is accepted, this one or the one before; nothing where neither is."""
    area = _area_of(body, period)
    when = next((each for each in _quarters(period) if area and _is_whole(each, area)), None)
    if when is None:
        return
    of = Q(period=when, kind=area[0], area=area[1]) if area else Q()
    source = f"{when}已通过的核查表"
    bodies = DueSurvey.objects.filter(Q(period=when), Q(unit__code=area[1]) if area and area[0] == UNIT else Q())
    for subject, name in (("township", "town"), ("village", "village")):
        yield f"{name}_bodies_due", Derived(bodies.filter(subject=subject).count(), f"{when}的应报名单")
        built = Answer.objects.filter(
            survey__period=when,
            survey__facility__in=bodies.filter(subject=subject).values("facility"),
            indicator=ESTABLISHED[subject],
            value=True,
        )
        yield f"{name}_bodies_established", Derived(built.count(), source)
    whole = Summary.objects.filter(of, clause="", requirement="", item="")
    yield from _share("standardised_rate", whole, bodies.count(), source)
    premises = Summary.objects.filter(of, requirement__in=PREMISES)
    yield from _share("premises_pass_rate", premises, bodies.count(), source)


def _share(key: str, rows: Any, number: int, source: str) -> Iterator[tuple[str, Derived]]:
    """Two places, cut off and never rounded up; nothing of none."""
    reached = rows.aggregate(number=Sum("reached"))["number"] or 0
    if number:
        share = (Decimal(100) * reached / number).quantize(CENT, ROUND_DOWN)
        yield key, Derived(f"{share}", f"{source}，{reached} / {number} 家")


def _area_of(body: Facility, period: Period) -> tuple[str, str] | None:
    if body.subject == "city":
        return CITY, body.code.rstrip("G")
    unit = units_of([body], period.last_day).get(body.code)
    return (UNIT, unit.code) if unit else None


def _quarters(period: Period) -> list[Period]:
    year, quarter = quarter_before(period.year, period.quarter)
    before = Q(year=year, quarter=quarter) | Q(year=period.year, quarter=period.quarter)
    return list(Period.objects.filter(before).order_by("-year", "-quarter"))


def _is_whole(period: Period, area: tuple[str, str]) -> bool:
    rows = Progress.objects.filter(period=period, kind=area[0], area=area[1])
    sums = rows.aggregate(due=Sum("due"), accepted=Sum("accepted"))
    return bool(sums["due"]) and sums["due"] == sums["accepted"]


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
