"""The summaries, counted anew from the judgements: unit by unit, so that memory stays flat; and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from assessments.deadlines import Due, due_of
from assessments.models import DueSurvey, Period, Progress, Summary, Survey
from assessments.models.summaries import CITY, TOWN, UNIT
from assessments.summaries.areas import Area, areas_of, rows_of, tally, the_city
from assessments.summaries.counting import Key, Sums
from assessments.summaries.keeping import (
    BATCH,
    COUNTED,
    PROGRESS,
    SUMS,
    accepted_judgements,
    held,
    key_of,
    made,
    refresh_all,
    standing,
    sums_of,
)

Row = TypeVar("Row")
JUDGEMENTS = 100  # read at once: each is some 10 kB


@dataclass
class Counted:
    """Sums of some areas."""

    progress: dict[tuple[Area, str], Counter[str]] = field(default_factory=dict)
    sums: dict[tuple[Area, Key], Sums] = field(default_factory=dict)

    def only(self, kinds: Iterable[str]) -> Counted:
        """Takes the areas of some kinds out."""
        progress = {place: self.progress.pop(place) for place in list(self.progress) if place[0].kind in kinds}
        sums = {place: self.sums.pop(place) for place in list(self.sums) if place[0].kind in kinds}
        return Counted(progress, sums)


@transaction.atomic
def begin(period: Period) -> None:
    """The quarter has opened and its ``DueSurvey`` rows are there: counts them as due, and surveys that were begun
    before. Done twice it changes nothing."""
    period, city, counted = held(period.pk), the_city(), Counted()
    dues = DueSurvey.objects.filter(period=period).select_related("unit")
    for due in dues.iterator(chunk_size=BATCH):
        for area in areas_of(due, city):
            place = counted.progress.setdefault((area, due.subject), Counter())
            place.update(tally(due.state, due.timeliness))
    Progress.objects.filter(period=period).delete()
    _write(period, counted)
    for batch in in_batches(Survey.objects.filter(period=period).order_by("pk").iterator(chunk_size=BATCH)):
        refresh_all(batch)


@transaction.atomic
def rebuild(period: Period) -> int:
    """Counts the quarter anew; gives how many due surveys it went through."""
    period = held(period.pk)
    Summary.objects.filter(period=period).delete()
    Progress.objects.filter(period=period).delete()
    through = 0
    for counted, number in _recounted(period, keep=True):
        through += number
        _write(period, counted)
    return through


def differences(period: Period) -> Iterator[str]:
    """What stands in the summaries and is not what the judgements say: a sentence each; nothing where all is well."""
    seen = [0, 0]
    for counted, _ in _recounted(period, keep=False):
        areas = {area for area, _ in counted.progress} | {area for area, _ in counted.sums}
        units = {area.code for area in areas if area.kind == UNIT}
        kinds = Q(kind__in=(UNIT, TOWN)) & (Q(kind=UNIT, area__in=units) | Q(kind=TOWN, parent__in=units))
        own = kinds if units else rows_of(areas)
        yield from _compared(Progress.objects.filter(own, period=period), counted, seen)
        yield from _compared_sums(Summary.objects.filter(own, period=period), counted, seen)
    beyond = Progress.objects.filter(period=period).count() - seen[0] + Summary.objects.filter(period=period).count()
    if beyond - seen[1]:
        yield f"{period}　另有 {beyond - seen[1]} 行汇总不属于任何应报单位"


# ── Counting ──────────────────────────────────────────────────────────────────


def _recounted(period: Period, keep: bool) -> Iterator[tuple[Counted, int]]:
    """Unit by unit its own sums and its towns'; the city's last. ``keep`` notes what is counted in the due surveys."""
    due_day, city = due_of(period), the_city()
    dues = DueSurvey.objects.filter(period=period).select_related("unit").order_by("unit__code", "pk")
    counted = Counted()
    for _, of_unit in groupby(dues.iterator(chunk_size=BATCH), key=lambda due: due.unit_id):
        number = 0
        for batch in in_batches(of_unit):
            _count(batch, counted, due_day, city, keep)
            number += len(batch)
        yield counted.only((UNIT, TOWN)), number
    yield counted.only((CITY,)), 0


def in_batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, JUDGEMENTS)):
        yield batch


def _count(batch: list[DueSurvey], counted: Counted, due_day: Due, city: Area, keep: bool) -> None:
    period = batch[0].period_id
    asked = Survey.objects.filter(period=period, facility__in=[due.facility_id for due in batch])
    surveys = {survey.facility_id: survey for survey in asked}
    judged = accepted_judgements(surveys.values())
    for due in batch:
        survey = surveys.get(due.facility_id)
        state, timely = standing(due_day, survey) if survey else ("", "")
        judgements = judged.get(survey.pk, []) if survey else []
        areas = areas_of(due, city)
        for area in areas:
            counted.progress.setdefault((area, due.subject), Counter()).update(tally(state, timely))
        for judgement in judgements:
            added = sums_of(judgement, due.subject)
            for area in areas:
                for key, each in added.items():
                    counted.sums.setdefault((area, key), Sums()).add(each)
        due.state, due.timeliness, due.counted_id = state, timely, judgements[0].pk if judgements else None
    if keep:
        DueSurvey.objects.bulk_update(batch, COUNTED)


def _write(period: Period, counted: Counted) -> None:
    Progress.objects.bulk_create(
        (
            Progress(period=period, kind=area.kind, area=area.code, parent=area.parent, subject=subject, **fields)
            for (area, subject), fields in counted.progress.items()
        ),
        batch_size=BATCH,
    )
    rows = (made(period, area, key, sums) for (area, key), sums in counted.sums.items())
    Summary.objects.bulk_create(rows, batch_size=BATCH)


# ── Comparing ─────────────────────────────────────────────────────────────────


def _compared(rows: Iterable[Progress], counted: Counted, seen: list[int]) -> Iterator[str]:
    there = {(Area(row.kind, row.area, row.parent), row.subject): row for row in rows}
    seen[0] += len(there)
    for place in there.keys() | counted.progress.keys():
        row, fields = there.get(place), counted.progress.get(place, Counter())
        held_ = {name: getattr(row, name) if row else 0 for name in PROGRESS}
        yield from _said(place[0], place[1], held_, {name: fields[name] for name in PROGRESS})


def _compared_sums(rows: Iterable[Summary], counted: Counted, seen: list[int]) -> Iterator[str]:
    there = {(Area(row.kind, row.area, row.parent), key_of(row)): row for row in rows}
    seen[1] += len(there)
    for place in there.keys() | counted.sums.keys():
        row, sums = there.get(place), counted.sums.get(place)
        held_ = {name: getattr(row, name) if row else 0 for name in (*SUMS, "counts")}
        told = {name: getattr(sums, name) if sums else 0 for name in (*SUMS, "counts")}
        key = place[1]
        yield from _said(place[0], " ".join(part for part in key if part), held_, told)


def _said(area: Area, what: str, held_: Mapping[str, object], told: Mapping[str, object]) -> Iterator[str]:
    for name, number in told.items():
        if held_[name] != number:
            yield f"{area.kind} {area.code} {what} {name}：汇总 {held_[name]}，重算 {number}"
