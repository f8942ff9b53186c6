"""What a facility says in a quarter of the demonstration: first all in order, then the faults that fall to it.

Faults persist from quarter to quarter and are mended one by one; how many there are differs by reporting unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from assessments.answering import Given
from assessments.demo.candidates import Change, Facts, changed, result_of, tries
from assessments.demo.chance import number, pick, share
from assessments.forms import Question, Questionnaire
from assessments.scoring import facts_from
from facilities.models import Facility
from standards.edition import Edition, Requirement, Value
from standards.values import parse_value, value_json

UNABLE = 0.003  # of all answers: 无法提供
MENDED = 0.22  # of the faults, a quarter
ARISEN = 0.15  # of the faults, anew in a later quarter
SMALL = 1500  # people of a 行政村 that may do without a station (附表3第1项)


@dataclass(frozen=True)
class Words:
    """Invented texts and sizes, by indicator: ``fixtures/demo_surveys.toml``."""

    seed: str
    texts: Mapping[str, str]  # {name}: the facility's own
    sizes: Mapping[str, tuple[int, int]]  # numbers that no rule asks for, from – to
    reasons: tuple[str, ...]  # why something cannot be given
    tried: Mapping[str, tuple[str, ...]]  # texts with which some outcome comes about that is rare


@dataclass(frozen=True)
class Inventor:
    asked: Questionnaire
    words: Words
    day: date
    pins: Mapping[tuple[str, int], Change] = field(default_factory=dict)  # (facility, quarter) → what it must say
    in_order: dict[str, Facts] = field(default_factory=dict)  # facility → its facts without any fault, worked out once

    @property
    def edition(self) -> Edition:
        return self.asked.edition

    def said(self, facility: Facility, known: Mapping[str, Any], quarter: int, faults: float) -> dict[str, Given]:
        """Every question answered. ``known`` are the place's facts in JSON form, ``faults`` the share of answers that
        are not in order in the first quarter."""
        if facility.code not in self.in_order:
            self.in_order[facility.code] = self._in_order(facility, facts_from(self.edition, known))
        facts = self.in_order[facility.code]
        given = {key: self._given(facility, key, facts, known, quarter, faults) for key in self.asked.questions}
        for key, value in self.pins.get((facility.code, quarter), {}).items():
            given[key] = self._told(facility, key, value)
        return given

    # ── In order ──

    def _in_order(self, facility: Facility, known: Facts) -> Facts:
        facts = {q.key: self._start(facility, q) for q in self.asked.questions.values()} | known
        self._without_station(facility, facts)
        for _ in range(2):  # what one requirement needs may move another
            for requirement in self.edition.requirements:
                facts = self._satisfied(facility, requirement, facts)
        return facts

    def _start(self, facility: Facility, question: Question) -> Value:
        indicator, seed = question.indicator, self.words.seed
        match indicator.type:
            case "boolean":
                return True
            case "choice":
                return question.choices[0].value
            case "choices":
                return frozenset(choice.value for choice in question.choices)
            case "date":
                return date(2011 + number(6, seed, facility.code), 1 + number(12, seed, facility.code, "month"), 1)
            case "text":
                return self.words.texts.get(question.key, "见附件").format(name=facility.name)
        low, high = self.words.sizes.get(question.key, (1, 3))
        size = low + share(seed, facility.code, question.key) * (high - low)
        return Decimal(str(size)).quantize(Decimal(1).scaleb(-indicator.places))

    def _without_station(self, facility: Facility, facts: Facts) -> None:
        """Most small 行政村 have a 协理员 instead of a station."""
        people = facts.get("resident_population")
        small = facts.get("unit_type") == "行政村" and isinstance(people, Decimal) and people < SMALL
        may = small and not facts.get("village_has_conditions")
        if may and share(self.words.seed, facility.code, "station") < 0.7:
            facts["has_station"], facts["coordinator_count"] = False, Decimal(1)

    def _satisfied(self, facility: Facility, requirement: Requirement, facts: Facts) -> Facts:
        result = result_of(self.edition, requirement, facts, self.day, facility.subject)
        if not requirement.scored or result.outcome in ("pass", "not_applicable"):
            return facts
        norm = result.main.norm if result.main else None
        for change in tries(self.asked, requirement, norm):
            better = changed(facts, self._survey_only(change, requirement))
            if result_of(self.edition, requirement, better, self.day, facility.subject).outcome == "pass":
                return better
        return facts

    def _survey_only(self, change: Change, requirement: Requirement) -> Change:
        """A requirement beside the first edition's moves only what is asked for it: the facts that both read are what
        the first edition's requirements make of them, so that the second one finds them as they are."""
        own = {k: v for k, v in change.items() if self.asked.questions[k].indicator.source != "place"}
        return {k: v for k, v in own.items() if not self._is_beside(requirement) or k not in self._firsts}

    @cached_property
    def _firsts(self) -> frozenset[str]:
        """What the first edition's pages ask."""
        return frozenset(key for page in self.asked.every if not self.asked.is_beside(page) for key in page.keys)

    def _is_beside(self, requirement: Requirement) -> bool:
        return requirement.key not in self.first.by_key

    @cached_property
    def first(self) -> Edition:
        """The edition that judges by itself, of those that the questionnaire binds."""
        return next(iter(self.edition.parts), self.edition)

    # ── Out of order ──

    def _given(
        self, facility: Facility, key: str, facts: Facts, known: Mapping[str, Any], quarter: int, faults: float
    ) -> Given:
        question, place = self.asked.questions[key], (self.words.seed, facility.code, key)
        if key in known or key in self._foundations or key not in facts:
            return self._told(facility, key, facts.get(key))
        if share(*place, "unable", quarter // 2) < UNABLE:
            return Given(None, pick(self.words.reasons, *place))
        chance = share(*place)
        remaining = faults * (1 - MENDED * quarter)
        arisen = quarter >= 2 and 1 - faults * ARISEN < chance
        value = facts[key]
        return self._told(
            facility, key, self._faulty(place, question, value) if chance < remaining or arisen else value
        )

    @property
    def _foundations(self) -> frozenset[str]:
        return frozenset(key for r in self.edition.requirements if r.foundation for key in r.judged)

    def _faulty(self, place: tuple[str, str, str], question: Question, value: Value) -> Value:
        """Somewhat worse than it should be."""
        match value:
            case bool():
                return not value
            case frozenset():
                lost = 1 + number(2, *place, "lost")
                kept = sorted(value, key=lambda item: share(*place, item))
                return frozenset(kept[lost:])
            case Decimal() if question.indicator.places:
                worse = value * Decimal(str(0.8 + share(*place, "worse") / 5))
                return worse.quantize(Decimal(1).scaleb(-question.indicator.places))
            case Decimal():
                return max(Decimal(0), value - 1 - number(2, *place, "worse"))
            case str() if question.choices:
                return pick([choice.value for choice in question.choices], *place, "worse")
            case str() if question.key.endswith("_name"):
                return value.replace("人力资源和社会保障", "人力资源社会保障")
        return value

    def _told(self, facility: Facility, key: str, value: Value | None) -> Given:
        question = self.asked.questions[key]
        if value is None:
            return Given(None, pick(self.words.reasons, self.words.seed, facility.code, key))
        indicator = question.indicator
        return Given(value_json(indicator, parse_value(indicator, value_json(indicator, value))))
