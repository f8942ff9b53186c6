"""The demonstration of 整改: of what the last past quarter found, some in every state, some overdue, one come again.
By the officers' own verbs, under a clock that stands some days after the returns were due."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from assessments import rectifying
from assessments.deadlines import due_of
from assessments.demo.city import PAST, quarters_of
from assessments.demo.clock import clock
from assessments.models import Finding, Period, Rectification, Snapshot
from assessments.periods import period_of
from facilities.access import SHANGHAI, unit_of
from facilities.models import Facility, Officer

RETURNED = "returned"  # 退回整改: in hand again
STEPS = (Rectification.DOING, Rectification.EVIDENCED, Rectification.VERIFIED, Rectification.CLOSED)
AFTER_DUE, BETWEEN = timedelta(days=4), timedelta(days=3)
ASKED = "请对照规范原文补齐。（演示数据）"
DONE = "已补齐，票据和照片存站备查。（演示数据）"
WHY = "现场看过，还有一台没有到位，请补齐后再报。（演示数据）"


@dataclass(frozen=True)
class Told:
    """``fixtures/demo_surveys.toml``, one of ``mended``."""

    unit: str
    requirement: str
    facts: Mapping[str, Any]
    state: str
    days: str
    again: bool = False


def mend_before(file: Path, day: date) -> Iterator[str]:
    """What comes again in the last past quarter was found, mended and closed in the one before: to be called before
    the returns of that quarter are drawn up."""
    before, last = _last_two(day)
    if _is_there(before):
        return
    for told in _read(file):
        if told.again:
            both = _found(last, told).values("judgement__survey__facility")
            _mend(_found(before, told).filter(judgement__survey__facility__in=both), told, day, Rectification.CLOSED)
    yield f"{before}：整改 {_made(before).count()} 条"


def mend_city(file: Path, day: date) -> Iterator[str]:
    """A quarter of which something is mended already stays as it is."""
    last = _last_two(day)[1]
    if _is_there(last):
        return
    for told in _read(file):
        found = _found(last, told)
        if told.again:
            closed = Rectification.objects.filter(requirement__key=told.requirement, state=Rectification.CLOSED)
            found = found.filter(judgement__survey__facility__in=closed.values("facility"))
        _mend(found, told, day, told.state)
    yield f"{last}：整改 {_made(last).count()} 条"


def _read(file: Path) -> list[Told]:
    return [Told(**each) for each in tomllib.loads(file.read_text(encoding="utf-8"))["mended"]]


def _last_two(day: date) -> list[Period]:
    return [period_of(*key) for key in quarters_of(day)[PAST - 2 : PAST]]


def _made(period: Period) -> QuerySet[Rectification]:
    return Rectification.objects.filter(snapshot__survey__period=period)


def _is_there(period: Period) -> bool:
    return period.pk is None or _made(period).exists()


def _found(period: Period, told: Told) -> QuerySet[Finding]:
    found = Finding.objects.filter(
        requirement__key=told.requirement,
        outcome__in=rectifying.MENDABLE,
        judgement__snapshot__kind=Snapshot.ACCEPTED,
        judgement__survey__period=period,
        judgement__survey__is_demo=True,
        judgement__survey__state="accepted",
    )
    related = ("judgement__standard", "judgement__survey__facility", "judgement__survey__period")
    return found.select_related(*related).order_by("judgement__survey__facility__code")


# ── One of them ───────────────────────────────────────────────────────────────


@transaction.atomic
def _mend(found: QuerySet[Finding], told: Told, day: date, state: str) -> None:
    """As far as it has come by ``day``; nothing where nobody of the unit was found short."""
    reviewer = Officer.objects.filter(is_demo=True, role=Officer.REVIEWER, unit__code=told.unit).first()
    finding = next((each for each in found if _is_of(each, told.unit, day)), None)
    if reviewer is None or finding is None or not (filler := _filler(finding.judgement.survey.facility)):
        return
    survey, standard = finding.judgement.survey, finding.judgement.standard.key
    at = _opening(finding)
    if at.date() > day:
        return
    with clock(at):
        keys, who = [told.requirement], survey.facility.name
        item = rectifying.open_all(survey, reviewer, keys, who, told.days, ASKED, standard)[0]
    for step in _steps(state):
        at += BETWEEN
        if at.date() > day:
            return
        with clock(at):
            _go(step, item, filler, reviewer, told)


def _opening(finding: Finding) -> datetime:
    """When it was accepted and the unit's return is drawn up."""
    drawn_up = due_of(finding.judgement.survey.period).day + AFTER_DUE
    return datetime.combine(max(_accepted_on(finding) + timedelta(days=1), drawn_up), time(10), SHANGHAI)


def _steps(state: str) -> tuple[str, ...]:
    if state == RETURNED:
        return (*STEPS[:2], RETURNED)
    return STEPS[: STEPS.index(state) + 1] if state in STEPS else ()


def _go(step: str, item: Rectification, filler: Officer, reviewer: Officer, told: Told) -> None:
    match step:
        case Rectification.DOING:
            rectifying.take(item, filler)
        case Rectification.EVIDENCED:
            rectifying.give_evidence(item, filler, told.facts, DONE)
        case Rectification.VERIFIED:
            rectifying.verify(item, reviewer)
        case Rectification.CLOSED:
            rectifying.close(item, reviewer)
        case _:
            rectifying.send_back(item, reviewer, WHY)


def _is_of(finding: Finding, unit: str, day: date) -> bool:
    reports_to = unit_of(finding.judgement.survey.facility)
    return reports_to is not None and reports_to.code == unit and _accepted_on(finding) < day


def _accepted_on(finding: Finding) -> date:
    accepted = finding.judgement.survey.accepted_at
    return accepted.astimezone(SHANGHAI).date() if accepted else date.max


def _filler(facility: Facility) -> Officer | None:
    """Who fills there, of a station the office above it."""
    surveyors = Officer.objects.filter(is_demo=True, role=Officer.SURVEYOR)
    codes = (facility.code, facility.code[:9])
    return surveyors.filter(facility__code__in=codes).select_related("facility").order_by("facility__code").first()
