"""Every outcome of every requirement occurs somewhere in the demonstration: what chance leaves out is pinned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from assessments.answering import Given
from assessments.demo.candidates import Change, Facts, changed, result_of, tries, walked
from assessments.demo.invention import Inventor
from assessments.scoring import facts_from
from facilities.models import Facility
from standards.edition import Requirement, Value
from standards.engine import own_outcome

MOST = 10  # surveys in which one outcome is looked for
ROUNDS = 2
Pins = defaultdict[tuple[str, int], dict[str, Value | None]]
Outcomes = set[tuple[str, str]]
Slot = tuple[Facility, int]  # a facility in a quarter
Said = Mapping[Slot, Mapping[str, Given]]


def pinned(inventor: Inventor, said: Said) -> Inventor:
    """The inventor with pins for outcomes that none of the surveys ``said`` has and some answers can have."""
    read = {id(given): _facts(inventor, given) for given in said.values()}  # most say the same again
    facts = {slot: read[id(given)] for slot, given in said.items()}
    pins: Pins = defaultdict(dict)
    slots = sorted(facts, key=lambda slot: (slot[1], slot[0].code[-2:], slot[0].code))
    outcomes: dict[int, Outcomes] = {}
    for _ in range(ROUNDS):
        outcomes |= {
            id(held): _outcomes(inventor, slot, held) for slot, held in facts.items() if id(held) not in outcomes
        }
        _pin(inventor, facts, set().union(*(outcomes[id(held)] for held in facts.values())), slots, pins)
    return replace(inventor, pins=dict(pins))


def _pin(inventor: Inventor, facts: dict[Slot, Facts], seen: Outcomes, slots: list[Slot], pins: Pins) -> None:
    """Pins what is not seen; a pin may cover up what was seen by chance, so that another round follows."""
    for requirement, outcome in _possible(inventor):
        if (requirement.key, outcome) in seen:
            continue
        if found := _search(inventor, requirement, outcome, facts, slots, pins):
            slot, change = found
            pins[slot[0].code, slot[1]] |= change
            facts[slot] = changed(facts[slot], change)
            seen |= _outcomes(inventor, slot, facts[slot])
            if requirement.foundation:
                slots.remove(slot)  # where nothing is set up nothing else is asked


def _facts(inventor: Inventor, given: Mapping[str, Given]) -> Facts:
    return facts_from(inventor.edition, {key: each.value for key, each in given.items()})


def _outcomes(inventor: Inventor, slot: Slot, facts: Facts) -> Outcomes:
    walk = walked(inventor.edition, facts, inventor.day, slot[0].subject)
    return {(each.key, walk.result(each).outcome) for each in inventor.edition.requirements}


def _possible(inventor: Inventor) -> Iterator[tuple[Requirement, str]]:
    """Outcomes that a requirement's own form allows, foundations first; of the edition that judges by itself."""
    for requirement in sorted(inventor.first.requirements, key=lambda each: not each.foundation):
        if requirement.scored:
            yield from ((requirement, outcome) for outcome in ("pass", own_outcome(requirement), "missing"))
            if requirement.refer:
                yield requirement, "pending"
            if requirement.relaxation:
                yield requirement, "relaxed"
            if requirement.applies:
                yield requirement, "not_applicable"


def _search(
    inventor: Inventor,
    requirement: Requirement,
    outcome: str,
    facts: Mapping[Slot, Facts],
    slots: Sequence[Slot],
    pins: Mapping[tuple[str, int], Mapping[str, Value | None]],
) -> tuple[Slot, Change] | None:
    """A survey and a change of it that bring the outcome about; pins that are there already stay."""
    free = sorted(slots, key=lambda slot: len(pins.get((slot[0].code, slot[1]), ())))
    for slot in free[:MOST]:
        facility, quarter = slot
        held = pins.get((facility.code, quarter), {})
        norm = _norm(inventor, requirement, facts[slot], facility)
        for change in tries(inventor.asked, requirement, norm, inventor.words.tried):
            if held.keys() & change.keys() or not _surveyed(inventor, change):
                continue
            told = changed(facts[slot], change)
            found = result_of(inventor.edition, requirement, told, inventor.day, facility.subject)
            if found.outcome == outcome:
                return slot, change
    return None


def _norm(inventor: Inventor, requirement: Requirement, facts: Facts, facility: Facility) -> Decimal | None:
    result = result_of(inventor.edition, requirement, facts, inventor.day, facility.subject)
    return result.main.norm if result.main else None


def _surveyed(inventor: Inventor, change: Change) -> bool:
    """Facts of the place are not a survey's to change, but it may leave them open."""
    questions = inventor.asked.questions
    return all(questions[key].indicator.source == "survey" or value is None for key, value in change.items())
