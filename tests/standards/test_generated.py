"""Plain yes/no and checklist requirements of 附表1–3 and of the plan, by generated cases; every one has its five.

What is generated follows from the shape of a check alone (a box ticked or not), so that the engine is not asked what
it should say. Whatever has a number, a band or a name of its own is in tests/cases, worked out by hand."""

import tomllib
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from standards.cases import read_case
from standards.edition import All, Any_, Cases, Check, Compare, IndicatorMeasure, OfNorm
from standards.engine import judge
from standards.files import read_fixtures
from tests.standards.samples import case_paths

ROOT = Path(settings.BASE_DIR)
ON = date(2026, 3, 31)
FIXTURES = read_fixtures(ROOT / "fixtures")
EDITION_OF = {requirement.key: edition for edition in FIXTURES.editions for requirement in edition.requirements}
REQUIREMENTS = {each.key: each for edition in FIXTURES.editions for each in edition.requirements}
INDICATORS = FIXTURES.dictionary
PASSES, SHORT, LINE, UNANSWERED, OUTSIDE = "passes", "falls short", "on the line", "unanswered", "out of scope"
NUMERIC = ("at_least", "at_most", "more_than", "less_than")


def is_plain(check):
    """A yes/no, a choice, a checklist, an answer given, or a count of at least one; or all of such."""
    if isinstance(check, All):
        return all(is_plain(child) for child in check.children)
    if not isinstance(check, Compare) or not isinstance(check.measure, IndicatorMeasure):
        return False
    one = check.operator == "at_least" and check.norm == 1
    return one or (check.operator in ("is", "is_not", "one_of", "includes", "answered"))


def facts_where(check: Check, truth: bool):
    """The facts that make a plain check, or a scope, true; or false by each of its parts in turn."""
    if isinstance(check, All):
        whole = {key: value for child in check.children for key, value in next(facts_where(child, True)).items()}
        if truth:
            yield whole
            return
        for child in check.children:
            yield from ({**whole, **facts} for facts in facts_where(child, False))
        return
    if isinstance(check, Any_):
        if truth:
            yield from (facts for child in check.children for facts in facts_where(child, True))
            return
        if all(isinstance(child, Compare) for child in check.children):  # joined conditions have their cases by hand
            yield {key: value for child in check.children for key, value in next(facts_where(child, False)).items()}
        return
    for value in values_where(check, truth):
        yield {check.measure.indicator: value}


def values_where(check, truth):
    indicator = INDICATORS[check.measure.indicator]
    offered = [choice.value for choice in indicator.choices]
    match check.operator, indicator.type:
        case ("at_least", _):
            yield check.norm if truth else check.norm - 1
        case ("less_than", _):
            yield check.norm - 1 if truth else check.norm
        case ("is", "boolean"):
            yield check.norm is truth
        case ("is" | "is_not" | "one_of", "choice"):
            listed = check.norm if isinstance(check.norm, tuple) else (check.norm,)
            wanted = (check.operator != "is_not") is truth
            yield from (value for value in offered if (value in listed) is wanted)
        case ("includes", _):
            yield from [frozenset(check.norm)] if truth else (frozenset(check.norm) - {item} for item in check.norm)
        case ("answered", "text"):
            yield "有" if truth else " "
        case ("answered", _) if truth:
            yield offered[0] if offered else Decimal(0)


def generated():
    """(requirement, what it shows, facts, outcome)"""
    for requirement in REQUIREMENTS.values():
        if not requirement.scored or not is_plain(requirement.check) or requirement.relaxation or requirement.refer:
            continue
        scopes = list(facts_where(requirement.applies, True))[:1] if requirement.applies else [{}]
        own = "fail" if requirement.force == "mandatory" else "deviation"
        for scope in scopes:
            yield requirement.key, UNANSWERED, scope, "missing"
            yield from (
                (requirement.key, PASSES, scope | facts, "pass") for facts in facts_where(requirement.check, True)
            )
            yield from ((requirement.key, SHORT, scope | facts, own) for facts in facts_where(requirement.check, False))
        if requirement.applies:
            for beyond in list(facts_where(requirement.applies, False))[:1]:
                yield requirement.key, OUTSIDE, beyond, "not_applicable"


GENERATED = list(generated())


NAMES = [f"{key}-{shows}-{number}" for number, (key, shows, *_) in enumerate(GENERATED)]


@pytest.mark.parametrize(("key", "shows", "facts", "outcome"), GENERATED, ids=NAMES)
def test_a_plain_requirement(key, shows, facts, outcome):
    edition = EDITION_OF[key]
    result = judge(edition, facts, ON, REQUIREMENTS[key].subjects[0]).results[key]
    assert result.outcome == outcome
    if outcome == "fail" and (check := REQUIREMENTS[key].check) and getattr(check, "operator", "") == "includes":
        [lacking] = result.main.lacking
        assert set(check.norm) - facts[check.measure.indicator] == {lacking}


def has_line(check):
    """Whether a number (of its own, not the one of 'any at all') decides it."""
    match check:
        case Compare(operator=operator, norm=norm):
            return operator in NUMERIC and (isinstance(norm, OfNorm) or norm != 1)
        case All(children=children) | Any_(children=children):
            return any(has_line(child) for child in children)
        case Cases(rows=rows):
            return any(has_line(row.check) for row in rows)
    return False


def shown_by_hand():
    """requirement → what the hand-written cases show of it, by the outcomes that they expect."""
    meaning = {"pass": PASSES, "relaxed": SHORT, "deviation": SHORT, "pending": SHORT, "fail": SHORT}
    meaning |= {"missing": UNANSWERED, "not_applicable": OUTSIDE}
    shown = defaultdict(set)
    for path in case_paths():
        for raw in tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["case"]:
            case = read_case(raw, FIXTURES, ON)
            for key, wanted in case.requirements.items():
                shown[key].add(meaning.get(wanted.get("outcome"), ""))
                if wanted.get("outcome") in ("pass", "fail") and is_on_the_line(REQUIREMENTS[key].check, case):
                    shown[key].add(LINE)
    return shown


def is_on_the_line(check, case):
    """The fact equals the norm that the case expects, or the check's own."""
    match check:
        case Compare(operator=operator, measure=IndicatorMeasure(indicator=key), norm=norm) if operator in NUMERIC:
            fact = case.facts.get(key)
            expected = {wanted["norm"] for wanted in case.requirements.values() if "norm" in wanted}
            return fact is not None and (fact == norm or fact in expected)
        case All(children=children) | Any_(children=children):
            return any(is_on_the_line(child, case) for child in children)
        case Cases(rows=rows):
            return any(is_on_the_line(row.check, case) for row in rows)
    return False


def can_fall_short(check):
    """A date, a number or a tick is there or is missing: only a text can be given and yet be blank."""
    match check:
        case Compare(operator="answered", measure=IndicatorMeasure(indicator=key)):
            return INDICATORS[key].type == "text"
        case All(children=children):
            return any(can_fall_short(child) for child in children)
    return True


def asked_of(requirement):
    """Passing, short, unanswered; on the line where a number decides; out of scope where it has one."""
    asked = {PASSES, UNANSWERED}
    asked |= {SHORT} if can_fall_short(requirement.check) else set()
    asked |= {LINE} if has_line(requirement.check) else set()
    return asked | ({OUTSIDE} if requirement.applies else set())


SHOWN = shown_by_hand()
for _key, _shows, _facts, _outcome in GENERATED:
    SHOWN[_key].add(_shows)


@pytest.mark.parametrize("key", [each.key for each in REQUIREMENTS.values() if each.scored])
def test_every_requirement_has_its_cases(key):
    assert asked_of(REQUIREMENTS[key]) - SHOWN[key] == set()
