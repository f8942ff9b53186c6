"""催报, by hand: a district's reviewer to who fills, the city to the districts' reviewers; once a day to each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.urls import reverse

from assessments.inbox import Letter, Told, tell
from assessments.models import Notice, Period
from assessments.outstanding import Undone, open_quarters, undone_in
from assessments.refusals import Refused
from facilities.access import today
from facilities.models import Division, Officer, ReportingUnit

LONGEST = 200
CENTRE = "C"  # the group of what lies in no township


@dataclass(frozen=True)
class Group:
    """A township (to a reviewer) or a unit (to the city): how much is left, and who would be told."""

    key: str
    name: str
    undone: int
    waiting: int
    receivers: tuple[Officer, ...]


def require_nudger(officer: Officer) -> None:
    if not (officer.role == Officer.CITY or (officer.role == Officer.REVIEWER and officer.unit_id)):
        raise PermissionDenied("催报由区审核员（对本区）和市局（对各报送单位）发出。")


def quarter_to_nudge(officer: Officer, key: str) -> tuple[Period | None, list[Period]]:
    """The open quarter asked for, or else the oldest in which anything is left; and those to choose from."""
    periods = list(open_quarters()[:4])
    chosen = next((period for period in periods if period.key == key), None)
    if chosen is None:
        left = (p for p in reversed(periods) if any(not undone.waits for undone in _left(officer, p)))
        chosen = next(left, periods[0] if periods else None)
    return chosen, periods


def groups_of(officer: Officer, period: Period) -> list[Group]:
    """A constant number of queries, whatever is left."""
    undone = _left(officer, period)
    return _units(undone, period) if officer.role == Officer.CITY else _towns(undone)


def _left(officer: Officer, period: Period) -> list[Undone]:
    rows = period.due_surveys.all()
    return undone_in(rows if officer.role == Officer.CITY else rows.filter(unit=officer.unit_id))


def _units(undone: Sequence[Undone], period: Period) -> list[Group]:
    units = list(ReportingUnit.objects.filter(dues__period=period))
    reviewers = list(Officer.objects.filter(role=Officer.REVIEWER, is_active=True, unit__in=units).order_by("pk"))
    return [
        _group(
            unit.code,
            unit.name,
            [u for u in undone if u.unit == unit.pk],
            [o for o in reviewers if o.unit_id == unit.pk],
        )
        for unit in units
    ]


def _towns(undone: Sequence[Undone]) -> list[Group]:
    names = dict(Division.objects.filter(code__in={each.town for each in undone}).values_list("code", "name"))
    surveyors = _surveyors(undone)
    by_town: dict[str, list[Undone]] = {}
    for each in undone:
        by_town.setdefault(each.town or CENTRE, []).append(each)
    return [
        _group(town, names.get(town) or left[0].name, left, _fillers(left, surveyors)) for town, left in by_town.items()
    ]


def _surveyors(undone: Sequence[Undone]) -> dict[str, list[Officer]]:
    """facility code → who fills there, of the facilities and their offices: one query."""
    codes = {code for each in undone if not each.waits for code in (each.code, each.office)}
    towns = {each.town for each in undone if each.town}
    within = Q(facility__code__in=[code for code in codes if code.endswith("C")])
    for town in towns:
        within |= Q(facility__code__startswith=town)
    found: dict[str, list[Officer]] = {}
    officers = Officer.objects.filter(within, role=Officer.SURVEYOR, is_active=True).select_related("facility")
    for officer in officers.order_by("pk"):
        if officer.facility and officer.facility.code in codes:
            found.setdefault(officer.facility.code, []).append(officer)
    return found


def _fillers(left: Iterable[Undone], surveyors: dict[str, list[Officer]]) -> list[Officer]:
    told: dict[int, Officer] = {}
    for each in left:
        if not each.waits:
            told |= {o.pk: o for code in (each.code, each.office) for o in surveyors.get(code, [])}
    return list(told.values())


def _group(key: str, name: str, left: Sequence[Undone], receivers: Iterable[Officer]) -> Group:
    waiting = sum(each.waits for each in left)
    return Group(key, name, len(left) - waiting, waiting, tuple(receivers))


# ── Told ──────────────────────────────────────────────────────────────────────


def nudge(officer: Officer, period: Period, keys: Sequence[str], text: str) -> Told:
    """To the receivers of the groups, those who were nudged today left out. Raises Refused, PermissionDenied."""
    require_nudger(officer)
    words = " ".join(text.split())
    if not words:
        raise Refused("text", "请写一句要告诉对方的话。")
    if len(words) > LONGEST:
        raise Refused("text", f"最多 {LONGEST} 字，现在 {len(words)} 字，请缩短。")
    chosen = [group for group in groups_of(officer, period) if group.key in keys]
    receivers = {each.pk: (each, group) for group in chosen for each in group.receivers}
    if not receivers:
        raise Refused("groups", "请勾选要催的单位；没有账号的收不到。")
    return tell([_letter(officer, period, words, *each) for each in receivers.values()])


def _letter(officer: Officer, period: Period, words: str, to: Officer, group: Group) -> Letter:
    told = f"{words}\n{group.name}：{group.undone} 家没有提交，{group.waiting} 家等待审核"
    link = reverse("home" if to.role == Officer.SURVEYOR else "assessments:reminders")
    return Letter(to, f"nudge {today()}", f"催报：{period}", told, link, officer)


def lately(officer: Officer, most: int = 20) -> list[Notice]:
    """What the officer's office has told: to whom, when, and whether it was read."""
    peers = Q(by__unit=officer.unit_id, by__role=Officer.REVIEWER) if officer.unit_id else Q(by__role=Officer.CITY)
    told = Notice.objects.filter(peers, key__startswith="nudge ").select_related("officer__facility", "officer__unit")
    return list(told[:most])
