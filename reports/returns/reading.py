"""A unit's quarter as lines: who is due (frozen when the quarter opened), how far each has come, and of the accepted
its part in each figure. Five queries however many facilities; judgements stream past, only their parts are kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from assessments.models import DueSurvey, Judgement, Period, Snapshot, Survey
from facilities.models import Division, ReportingUnit
from reports.returns.figures import Line
from reports.returns.items import SCHEDULES
from reports.returns.parts import parts_of

AT_ONCE = 100  # judgements in memory


def lines_of(unit: ReportingUnit, period: Period) -> list[Line]:
    """In the order of their codes."""
    states = dict(_surveys(unit, period).values_list("facility_id", "state"))
    found = dict(_accepted(unit, period))
    due = DueSurvey.objects.filter(unit=unit, period=period).order_by("facility__code")
    return [
        Line(code, name, subject, town, states.get(key, ""), *found.get(key, ()))
        for key, code, name, subject, town in due.values_list(
            "facility_id", "facility__code", "facility__name", "subject", "town"
        )
    ]


def towns_of(unit: ReportingUnit, period: Period) -> dict[str, str]:
    """code → name of the townships in which something is due."""
    codes = DueSurvey.objects.filter(unit=unit, period=period).values("town")
    return dict(Division.objects.filter(code__in=codes).order_by("code").values_list("code", "name"))


def is_demo(unit: ReportingUnit, period: Period) -> bool:
    return bool(_surveys(unit, period).filter(is_demo=True).exists())


def _surveys(unit: ReportingUnit, period: Period) -> Any:
    return Survey.objects.filter(period=period, facility__due_surveys__period=period, facility__due_surveys__unit=unit)


def _accepted(unit: ReportingUnit, period: Period) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """facility → score, grade and parts, by the newest accepted snapshot of what is accepted now."""
    rows = Judgement.objects.filter(
        survey__in=_surveys(unit, period).filter(state=Survey.ACCEPTED), snapshot__kind=Snapshot.ACCEPTED, beside=False
    )
    read = rows.order_by("survey_id", "snapshot__number").values_list(
        "survey__facility_id",
        "survey__facility__subject",
        "snapshot__number",
        "standard__key",
        "score",
        "grade",
        "content__results",
        "snapshot__content__answers",
    )
    for facility, judged in groupby(read.iterator(chunk_size=AT_ONCE), key=lambda row: row[0]):
        yield facility, _newest(list(judged))


def _newest(rows: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """One snapshot may be judged by several standards: their results together, the schedule's score and grade."""
    last = [row for row in rows if row[2] == rows[-1][2]]
    subject, answers = last[0][1], last[0][7]
    results = {key: result for row in last for key, result in row[6].items()}
    first = next((row for row in last if row[3] == SCHEDULES.get(subject)), last[0])
    return first[4], first[5], parts_of(subject, first[5], results, answers)
