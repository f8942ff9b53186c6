"""The demonstration of the whole city: three quarters surveyed and submitted, the current one part filled.

Drawn from a seed, so that it is the same every time for the same day. Everything goes through the verbs that officers
use, under a clock that stands in the quarter that is being filled."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction

from assessments import workflow
from assessments.adopting import in_force_on
from assessments.answering import Edit, Given, save
from assessments.beginning import begin_all
from assessments.deadlines import due_of
from assessments.demo.chance import number, share
from assessments.demo.clock import clock
from assessments.demo.covering import Said, Slot, pinned
from assessments.demo.invention import Inventor, Words
from assessments.forms import Questionnaire
from assessments.models import Answer, Period, Survey
from assessments.periods import opened_period, quarter_before, quarter_of
from assessments.relevance import Relevance
from assessments.scoring import asked_by, facts_from
from facilities.access import SHANGHAI, units_of
from facilities.existence import open_on
from facilities.facts import implied_facts
from facilities.models import Facility, Officer, facts_of
from standards.engine import judge

PAST = 3  # quarters before the current one
SENT, BEGUN = 0.18, 0.62  # of the current quarter: already submitted; at least begun
ON_TIME = 0.97


@dataclass(frozen=True)
class Plan:
    """``fixtures/demo_surveys.toml``, the part that speaks of the whole city."""

    words: Words
    faults: Mapping[str, float]  # reporting unit → share of answers out of order at first; "" for all others
    late: frozenset[str]  # units of which many report late
    by_hand: str  # the facility whose last two surveys are written by hand

    @classmethod
    def read(cls, file: Path) -> Plan:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
        told = written["city"]
        sizes = {key: (low, high) for key, (low, high) in told["sizes"].items()}
        tried = {key: tuple(texts) for key, texts in told["tried"].items()}
        words = Words(told["seed"], told["texts"], sizes, tuple(told["reasons"]), tried)
        return cls(words, told["faults"], frozenset(told["late"]), written["facility"])


class City:
    """What the whole city says in four quarters; quarter 0 is the oldest, ``PAST`` the current one."""

    def __init__(self, plan: Plan, day: date, under: str = "") -> None:
        self.plan, self.day = plan, day
        self.periods = [_opened(*quarter) for quarter in quarters_of(day)]
        self.dues = {period.key: due_of(period).day for period in self.periods}
        last = self.periods[-1].last_day
        self.in_force = [in_force_on(period.last_day) for period in self.periods]
        self.standards = self.in_force[-1]
        due = Facility.objects.filter(open_on(last), subject__in=list(self.standards.own), code__startswith=under)
        self.facilities = list(due.select_related("division__parent").order_by("code"))
        self.units = {code: unit.code for code, unit in units_of(self.facilities, last).items()}
        self.known = self._known()

    def _known(self) -> dict[int, dict[str, Any]]:
        implied = implied_facts(self.facilities)
        facts = facts_of(self.facilities, self.periods[0].last_day)
        return {f.pk: implied.get(f.pk, {}) | facts.get(f.pk, {}) for f in self.facilities}

    @cached_property
    def said(self) -> Said:
        """Each facility's answers of every quarter, with every outcome of every requirement among those submitted."""
        said: dict[Slot, Mapping[str, Given]] = {}
        for subject in self.standards.own:
            asked = asked_by(self.standards.anywhere(subject), subject)
            mine = [facility for facility in self.facilities if facility.subject == subject]
            first = Inventor(asked, self.plan.words, self.periods[-1].last_day)
            told = {slot: self._said(first, slot) for slot in _slots(mine, range(PAST + 1))}
            asked_only = self._without_vanished(first, told)
            covering = pinned(first, {slot: asked_only[slot] for slot in _slots(mine, range(PAST))})
            moved = {slot: self._said(covering, slot) for slot in told if (slot[0].code, slot[1]) in covering.pins}
            said |= asked_only | self._without_vanished(covering, moved)
        return said

    def _said(self, inventor: Inventor, slot: Slot) -> dict[str, Given]:
        facility, quarter = slot
        faults = self.plan.faults.get(self.units.get(facility.code, ""), self.plan.faults[""])
        return inventor.said(facility, self.known[facility.pk], quarter, faults)

    def _without_vanished(self, inventor: Inventor, told: Said) -> dict[Slot, Mapping[str, Given]]:
        """Without answers to questions that vanish for the facility. Who says the same again is not asked again."""
        asked_only: dict[Slot, Mapping[str, Given]] = {}
        for (facility, quarter), given in told.items():
            before = facility, quarter - 1
            same = before in asked_only and told[before] == given and self._asked_as_before(facility, quarter)
            asked_only[facility, quarter] = (
                asked_only[before] if same else self._asked_only(inventor, facility, quarter, given)
            )
        return asked_only

    def asked(self, facility: Facility, quarter: int) -> Questionnaire:
        return asked_by(self.in_force[quarter].of(facility), facility.subject)

    def _asked_as_before(self, facility: Facility, quarter: int) -> bool:
        return self.asked(facility, quarter) is self.asked(facility, quarter - 1)

    def _asked_only(
        self, inventor: Inventor, facility: Facility, quarter: int, given: Mapping[str, Given]
    ) -> dict[str, Given]:
        edition = self.asked(facility, quarter).edition
        facts = facts_from(edition, {key: each.value for key, each in given.items()})
        judgement = judge(edition, facts, inventor.day, facility.subject)
        relevant = Relevance(edition, facility.subject, facts, judgement).relevant
        return {key: each for key, each in given.items() if key in relevant or key in self.known[facility.pk]}


def quarters_of(day: date) -> list[tuple[int, int]]:
    quarters = [quarter_of(day)]
    while len(quarters) <= PAST:
        quarters.append(quarter_before(*quarters[-1]))
    return quarters[::-1]


def _opened(year: int, quarter: int) -> Period:
    """On the morning of its first day."""
    with clock(datetime.combine(Period(year=year, quarter=quarter).first_day, time(8), SHANGHAI)):
        return opened_period(year, quarter)


def _slots(facilities: Iterable[Facility], quarters: Iterable[int]) -> list[Slot]:
    return [(facility, quarter) for quarter in quarters for facility in facilities]


# ── Filling ───────────────────────────────────────────────────────────────────


def fill_city(file: Path, day: date, under: str = "") -> Iterator[str]:
    """Of the facilities whose code begins with ``under``. Surveys that are there already stay as they are; the last two
    of the facility that is written by hand are left out. A sentence for each quarter."""
    plan = Plan.read(file)
    city = City(plan, day, under)
    officers = _officers()
    for quarter, period in enumerate(city.periods):
        with transaction.atomic():
            begun = _begun(city, period, quarter, officers)
            sent = sum(_fill(city, surveys, officers[code], quarter) for code, surveys in begun.items())
        yield f"{period}：{sum(map(len, begun.values()))} 份核查表，{sent} 份已提交"


def _officers() -> dict[str, Officer]:
    """facility code → its own demo surveyor."""
    surveyors = Officer.objects.filter(is_demo=True, role=Officer.SURVEYOR).select_related("facility__division")
    return {officer.facility.code: officer for officer in surveyors if officer.facility}


def _begun(city: City, period: Period, quarter: int, officers: Mapping[str, Officer]) -> dict[str, list[Survey]]:
    """New surveys of the quarter by the code of who fills them: for a station the office above it."""
    by_officer: dict[str, list[Facility]] = {}
    for facility in city.facilities:
        filler = facility.code if facility.subject != "village" else facility.code[:9]
        if filler in officers and _is_begun(city, facility, quarter):
            by_officer.setdefault(filler, []).append(facility)
    with clock(_opening(city, period, quarter)):
        return {code: begin_all(asked, period, officers[code]) for code, asked in by_officer.items()}


def _is_begun(city: City, facility: Facility, quarter: int) -> bool:
    if quarter >= PAST - 1 and facility.code == city.plan.by_hand:
        return False
    if quarter < PAST:
        return True
    share_begun = BEGUN / 2 if city.units.get(facility.code) in city.plan.late else BEGUN
    return share(city.plan.words.seed, facility.code, "begun") < share_begun


def _fill(city: City, surveys: Sequence[Survey], officer: Officer, quarter: int) -> int:
    """What one officer fills, what is late after the rest. Gives how many are submitted."""
    sent = 0
    for late in (False, True):
        own = [survey for survey in surveys if _is_late(city, survey, quarter) == late]
        if own:
            with clock(_moment(city, own[0].period, officer, quarter, late)):
                held = _answers(own)
                finished = [s for s in own if _answered(city, s, officer, quarter, held.get(s.pk, {}))]
                sent += len(workflow.submit_all(finished, officer))  # and so confirms what holds
    return sent


def _answers(surveys: Sequence[Survey]) -> dict[int, dict[str, Answer]]:
    """survey → what it says already."""
    held: dict[int, dict[str, Answer]] = {}
    for answer in Answer.objects.filter(survey__in=surveys):
        held.setdefault(answer.survey_id, {})[answer.indicator] = answer
    return held


def _answered(city: City, survey: Survey, officer: Officer, quarter: int, held: Mapping[str, Answer]) -> bool:
    """A past quarter is answered whole; of the current one some are, the others as far as they have come. Gives
    whether it is finished."""
    facility, seed = survey.facility, city.plan.words.seed
    asked = city.asked(facility, quarter)
    given = {key: each for key, each in city.said[facility, quarter].items() if key in asked.questions}
    finished = quarter < PAST or share(seed, facility.code, "sent") < SENT
    pages = len(asked.pages) if finished else 1 + number(len(asked.pages) - 1, seed, facility.code, "pages")
    reached = [key for page in asked.pages[:pages] for key in page.keys if key in given]
    operation = uuid4()
    edits = [
        Edit(asked.questions[key], given[key], held[key].revision if key in held else 0, operation)
        for key in reached
        if Given.of(held.get(key)) != given[key]  # what was said before and no longer is asked stays as it is
    ]
    save(survey, officer, edits)
    if not finished:
        workflow.confirm(survey, tuple(reached), officer)
    return finished


# ── The clock ─────────────────────────────────────────────────────────────────


def _opening(city: City, period: Period, quarter: int) -> datetime:
    """Surveys of a past quarter were begun a fortnight before it ended; of the current one by today at the latest."""
    day = period.last_day - timedelta(days=14)
    return datetime.combine(day if quarter < PAST else min(day, city.day), time(9), SHANGHAI)


def _is_late(city: City, survey: Survey, quarter: int) -> bool:
    """Some of the units that report late, hardly one of the others."""
    chance = share(city.plan.words.seed, survey.facility.code, survey.period.key, "late")
    lags = city.units.get(survey.facility.code) in city.plan.late
    return quarter < PAST and (chance > ON_TIME or (lags and chance < 0.35))


def _moment(city: City, period: Period, officer: Officer, quarter: int, late: bool) -> datetime:
    """When it was filled: within the working days that are given, or some days after them."""
    seed, purpose = city.plan.words.seed, (officer.username, period.key)
    minute = time(8 + number(10, seed, *purpose, "hour"), number(60, seed, *purpose, "minute"))
    if quarter == PAST:
        return datetime.combine(city.day, time(9, number(60, seed, *purpose, "minute")), SHANGHAI)
    due = city.dues[period.key]
    room = (due - period.last_day).days
    days = 1 + number(9, seed, *purpose, "days") if late else -number(room, seed, *purpose, "days")
    return datetime.combine(due + timedelta(days=days), minute, SHANGHAI)
