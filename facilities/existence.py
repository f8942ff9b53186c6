"""存续: whether a facility is open on a day, what it was called then, and how an interval begins and ends.

``Facility.name`` is the name of today: of the newest interval that has begun. A name of a later day is put in its place
on that day (``settle_names``). What begins or ends an interval holds the facility's row and is part of the caller's
transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery

from facilities.models import Division, Existence, Facility

DAY = timedelta(days=1)
#: subject → what follows the division's code
MARKS = {"county": "C", "township": "", "village": "", "district": "G", "city": "G"}


class Unfit(ValueError):
    """It does not fit what is there; the message is the sentence for it."""


def open_on(day: date) -> Q:
    """For facilities: open on ``day``. One without any interval was open throughout."""
    own = Existence.objects.filter(facility=OuterRef("pk"))
    begun = Q(starts=None) | Q(starts__lte=day)
    lasting = Q(ends=None) | Q(ends__gte=day)
    return ~Exists(own) | Exists(own.filter(begun, lasting))


def closed_by(day: date) -> Q:
    """For facilities: closed or merged before ``day``, with nothing to come."""
    own = Existence.objects.filter(facility=OuterRef("pk"))
    return Exists(own) & ~Exists(own.filter(Q(ends=None) | Q(ends__gte=day)))


def is_open(facility: Facility, day: date) -> bool:
    return Facility.objects.filter(open_on(day), pk=facility.pk).exists()


def intervals_of(facility: Facility) -> list[Existence]:
    """Oldest first; of a facility without any the one that is meant."""
    return list(facility.existences.select_related("heir")) or [Existence(facility=facility, name=facility.name)]


def states_of(facilities: Iterable[Facility], day: date) -> dict[int, str]:
    """facility → what sets it apart on ``day`` (2026年9月30日撤销, 将于…设立), for a page of them: one query."""
    own = Existence.objects.filter(facility__in=[facility.pk for facility in facilities]).select_related("heir")
    found: dict[int, list[Existence]] = {}
    for interval in own.order_by("facility", F("starts").asc(nulls_first=True)):
        found.setdefault(interval.facility_id, []).append(interval)
    return {key: words for key, intervals in found.items() if (words := state_in_words(intervals, day))}


def state_in_words(intervals: Sequence[Existence], day: date) -> str:
    """Empty for one that is simply open."""
    first, last = intervals[0], intervals[-1]
    if first.starts and first.starts > day:
        return f"{said(first.starts)}起设立"
    if last.ends:
        return f"{said(last.ends + DAY)}起{ending(last)}"
    if last.starts and last.starts > day:
        renamed = intervals[-2].ends == last.starts - DAY
        return f"{said(last.starts)}起{'更名为' if renamed else '重新设立，名称'}{last.name}"
    return ""


def ending(interval: Existence) -> str:
    return f"并入{interval.heir.name}" if interval.heir else "撤销"


def said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# ── What fits ─────────────────────────────────────────────────────────────────


def last_of(facility: Facility) -> Existence:
    return intervals_of(facility)[-1]


def require_none(facility: Facility | None, day: date) -> None:
    """For a new one: nothing of its kind is there from ``day`` on."""
    if facility is None:
        return
    last = last_of(facility)
    if last.ends is None:
        raise Unfit(f"这个区划已有“{last.name}”，没有撤销，不能再新设。")
    if day <= last.ends:
        raise Unfit(f"原来的“{last.name}”存续到{said(last.ends)}，新设的生效日期要晚于这一天。")


def require_lasting(facility: Facility, day: date) -> Existence:
    """For a change: the facility is open, and nothing was decided from ``day`` on."""
    last = last_of(facility)
    if last.ends is not None:
        raise Unfit(f"“{last.name}”已定于{said(last.ends + DAY)}起{ending(last)}，不能再变更。")
    if last.starts and day <= last.starts:
        raise Unfit(f"“{last.name}”从{said(last.starts)}起才用这个名称，生效日期要晚于这一天。")
    return last


def require_another_name(facility: Facility, name: str, day: date) -> Existence:
    last = require_lasting(facility, day)
    if last.name == name:
        raise Unfit(f"新名称和现在的一样（{name}），不用更名。")
    return last


def require_end(facility: Facility, day: date, heir: Facility | None) -> Existence:
    last = require_lasting(facility, day)
    coming = Existence.objects.filter(heir=facility, ends__gte=day - DAY).select_related("facility").first()
    if coming and coming.ends:
        raise Unfit(f"“{coming.name}”定于{said(coming.ends + DAY)}并入这家机构，不能在这以前撤销或合并。")
    if heir is not None:
        _require_heir(facility, heir, day)
    return last


def _require_heir(facility: Facility, heir: Facility, day: date) -> None:
    if heir.pk == facility.pk or heir.subject != facility.subject:
        raise Unfit("只能并入另一家同类机构。")
    last = last_of(heir)
    if last.ends is not None:
        raise Unfit(f"要并入的“{last.name}”已定于{said(last.ends + DAY)}起{ending(last)}，请换一家。")
    first = intervals_of(heir)[0]
    if first.starts and first.starts > day:
        raise Unfit(f"要并入的“{first.name}”{said(first.starts)}才设立，请改生效日期。")


# ── What is written ───────────────────────────────────────────────────────────


def lock(facilities: Iterable[Facility]) -> None:
    """Holds their rows, always in the same order."""
    keys = [facility.pk for facility in facilities]
    list(Facility.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))


def of_division(division: Division, subject: str) -> Facility | None:
    return Facility.objects.filter(division=division, subject=subject).first()


def establish(division: Division, subject: str, name: str, day: date, today: date) -> Facility:
    """新设: of a facility that was there before and closed, another interval."""
    facility = of_division(division, subject)
    if facility is not None:
        lock([facility])
    require_none(facility, day)
    try:
        with transaction.atomic():
            facility = facility or Facility.objects.create(
                code=division.code + MARKS[subject], name=name, subject=subject, division=division
            )
            Existence.objects.create(facility=facility, name=name, starts=day)
    except IntegrityError as taken:
        raise Unfit("这个区划刚刚设了机构，请刷新后再看。") from taken
    _settle(facility, today)
    return facility


def rename(facility: Facility, name: str, day: date, today: date) -> None:
    lock([facility])
    _end(require_another_name(facility, name, day), day)
    Existence.objects.create(facility=facility, name=name, starts=day)
    _settle(facility, today)


def end(facility: Facility, day: date, heir: Facility | None = None) -> None:
    """撤销, or 合并 into ``heir``: the day before ``day`` is the last."""
    lock([facility, heir] if heir else [facility])
    _end(require_end(facility, day, heir), day, heir)


def _end(interval: Existence, day: date, heir: Facility | None = None) -> None:
    interval.ends, interval.heir = day - DAY, heir
    interval.save()


# ── The name of today ─────────────────────────────────────────────────────────


def settle_names(day: date) -> int:
    """Names that have begun by ``day`` become the facilities' names; how many did. One query where none does."""
    begun = Existence.objects.filter(Q(starts=None) | Q(starts__lte=day), facility=OuterRef("pk"))
    newest = begun.order_by(F("starts").desc(nulls_last=True)).values("name")[:1]
    own = Facility.objects.filter(pk__in=Existence.objects.values("facility")).annotate(due_name=Subquery(newest))
    late = list(own.filter(due_name__isnull=False).exclude(due_name=F("name")))
    for facility in late:
        with transaction.atomic():
            lock([facility])
            _settle(facility, day)
    return len(late)


def _settle(facility: Facility, day: date) -> None:
    begun = [each for each in intervals_of(facility) if each.starts is None or each.starts <= day]
    if begun and begun[-1].name != facility.name:
        facility.name = begun[-1].name
        facility.save(update_fields=["name"])
