"""现场核查表: the questions of one facility on paper, with who it is and what was last known, to be filled by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from assessments.adopting import in_force_on
from assessments.earlier import last_snapshots
from assessments.forms import Page, Question
from assessments.models import Answer, Period, Survey
from assessments.scoring import asked_by
from assessments.snapshots import places_of
from facilities.access import unit_of
from facilities.facts import implied_facts
from facilities.models import SUBJECTS, Facility, facts_of
from standards.edition import Edition
from standards.values import parse_value
from standards.wording import value_in_words

TITLE = "现场核查表"


@dataclass(frozen=True)
class Box:
    label: str
    was: bool  # ticked when last known


@dataclass(frozen=True)
class Item:
    """One question: boxes to tick where there is something to choose, else a line to write on."""

    indicator: str
    label: str
    unit: str
    meaning: str
    last: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Part:
    number: str
    title: str
    text: str
    remark: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Checklist:
    facility: Facility
    subject: str
    place: tuple[str, ...]
    unit: str
    period: Period
    edition: Edition
    last_from: str  # of which quarter the last known values are
    parts: tuple[Part, ...]
    demo: bool

    @property
    def name(self) -> str:
        """翠香街道人力资源和社会保障服务所_现场核查表_2026Q4."""
        return f"{self.facility.name.replace('/', '／')}_{TITLE}_{self.period.key}"


class NothingToCheck(Exception):
    """No standard judges the facility in that quarter."""


def checklist_of(facility: Facility, period: Period) -> Checklist:
    """Of the edition in force on the quarter's last day. Raises NothingToCheck."""
    standards = in_force_on(period.last_day).of(facility)
    if not standards:
        raise NothingToCheck(f"{facility.name}在{period}没有适用的建设规范，没有核查表。")
    asked = asked_by(standards, facility.subject)
    known, last_from = _known(facility, period)
    unit = unit_of(facility, period.last_day)
    return Checklist(
        facility=facility,
        subject=SUBJECTS[facility.subject],
        place=tuple(places_of([facility])[facility.code]),
        unit=unit.name if unit else "",
        period=period,
        edition=asked.edition,
        last_from=last_from,
        parts=tuple(_part(page, known) for page in asked.pages),
        demo=settings.DEMO,
    )


def _known(facility: Facility, period: Period) -> tuple[Mapping[str, Any], str]:
    """What this quarter's survey says so far; before it is begun, what it would be prefilled with."""
    survey = Survey.objects.filter(facility=facility, period__year=period.year, period__quarter=period.quarter).first()
    if survey is not None:
        answers = Answer.objects.filter(survey=survey).exclude(value=None)
        return dict(answers.values_list("indicator", "value")), str(period)
    last = last_snapshots([facility], period).get(facility.pk)
    said = {key: a["value"] for key, a in last.content["answers"].items() if a["value"] is not None} if last else {}
    facts = implied_facts([facility]).get(facility.pk, {}) | facts_of([facility], period.last_day).get(facility.pk, {})
    return said | facts, last.content["period"]["name"] if last else ""


def _part(page: Page, known: Mapping[str, Any]) -> Part:
    clause = page.clause
    items = tuple(_item(question, known) for question in page.questions)
    return Part(clause.number, clause.title, clause.text, clause.remark, items)


def _item(question: Question, known: Mapping[str, Any]) -> Item:
    indicator = question.indicator
    held = known.get(indicator.key)
    ticked = held if isinstance(held, list) else [str(held).lower() if isinstance(held, bool) else held]
    boxes = tuple(Box(choice.label, choice.value in ticked) for choice in question.choices)
    return Item(indicator.key, indicator.label, indicator.unit, indicator.meaning, _said(question, held), boxes)


def _said(question: Question, held: Any) -> str:
    """In words; empty where nothing is known, or where what was said no longer fits the question."""
    if held is None:
        return ""
    try:
        return value_in_words(question.indicator, parse_value(question.indicator, held))
    except ValueError:
        return ""
