"""What must hold of any facts: found by Hypothesis, on 附表2 and on checks made up at random."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from standards.engine import judge
from standards.files import read_fixtures
from standards.outcomes import GRADES, OUTCOMES, WORST_FIRST, Judgement
from standards.values import parse_value, value_json
from tests.standards.samples import dictionary, edition_of_check, facts_from

ON = date(2026, 3, 31)
FIXTURES = read_fixtures(Path(settings.BASE_DIR) / "fixtures")
EDITION = next(edition for edition in FIXTURES.editions if edition.key == "town_office")
RANK = {outcome: rank for rank, outcome in enumerate(WORST_FIRST)}
thorough = how(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def a_fact(indicator):
    values = [choice.value for choice in indicator.choices]
    near = st.sampled_from([0, 1, 2, 3, 4, 5, 7, 10, 180, 200, 59999, 60000, 89999, 90000, 120000])
    match indicator.type:
        case "integer":
            return (near | st.integers(0, 10**6)).map(Decimal)
        case "decimal":
            return near.map(Decimal) | st.decimals(0, 10**6, places=indicator.places)
        case "boolean":
            return st.booleans()
        case "choice":
            return st.sampled_from(values)
        case "choices":
            return st.frozensets(st.sampled_from(values)) | st.just(frozenset(values))
        case "date":
            return st.dates(date(1990, 1, 1), date(2030, 1, 1))
    return st.sampled_from(["", " ", "翠香街道人力资源和社会保障服务所", "其他"]) | st.text(max_size=20)


def some_facts(edition):
    """Facts of any of the edition's indicators; the others are absent."""
    return st.fixed_dictionaries({}, optional={key: a_fact(each) for key, each in edition.indicators.items()})


def whole_facts(edition):
    return st.fixed_dictionaries({key: a_fact(each) for key, each in edition.indicators.items()})


decisions = st.dictionaries(st.sampled_from(sorted(EDITION.by_key)), st.sampled_from(["accepted", "refused"]))

COMPARISONS = [
    "{ indicator = 'computers', at_least = 3 }",
    "{ indicator = 'computers', less_than = 2 }",
    "{ indicator = 'staff', at_least = { of = 'served', per = 800, round = 'up', minimum = 1 } }",
    "{ sum = ['staff', '-extra'], at_most = 5 }",
    "{ indicator = 'open', is = true }",
    "{ indicator = 'line', one_of = ['专线', 'VPN'] }",
    "{ indicator = 'services', includes = ['jobs', 'care'] }",
    "{ count = 'services', more_than = 1 }",
    "{ indicator = 'ledgers', includes = { of = 'services' } }",
    "{ indicator = 'built', on_or_before = 2011-12-31 }",
    "{ indicator = 'name', answered = true }",
]


def joined(children):
    listed = st.lists(children, min_size=1, max_size=3).map(", ".join)
    row = st.tuples(st.sampled_from(COMPARISONS), children)
    table = row.map(lambda pair: f"{{ cases = [{{ when = {pair[0]}, all = [{pair[1]}] }}, {{ any = [{pair[1]}] }}] }}")
    return (
        listed.map(lambda inner: f"{{ all = [{inner}] }}")
        | listed.map(lambda inner: f"{{ any = [{inner}] }}")
        | children.map(lambda inner: f"{{ not = {inner} }}")
        | table
    )


checks = st.recursive(st.sampled_from(COMPARISONS), joined, max_leaves=6)
sample_facts = st.fixed_dictionaries({}, optional={key: a_fact(each) for key, each in dictionary.items()})


@thorough
@given(some_facts(EDITION), decisions)
def test_outcomes_are_total(facts, decided):
    found = judge(EDITION, facts, ON, "township", decided)
    assert set(found.results) == set(EDITION.by_key)
    assert set(found.clauses) == set(EDITION.clause_by_key)
    assert {result.outcome for result in found.results.values()} <= set(OUTCOMES)
    assert found.score is not None
    assert 0 <= found.score <= 100
    assert found.grade in GRADES
    assert Judgement.from_json(json.loads(json.dumps(found.as_json()))) == found


@thorough
@given(some_facts(EDITION))
def test_what_is_unknown_is_absent_and_something_is_missing_just_where_it_is(facts):
    found = judge(EDITION, facts, ON)
    assert found.unknown.isdisjoint(facts)
    for result in found.results.values():
        assert bool(result.unknown) == (result.outcome == "missing")


@thorough
@given(whole_facts(EDITION))
def test_nothing_is_missing_when_everything_is_answered(facts):
    found = judge(EDITION, facts, ON)
    assert found.unknown == frozenset()
    assert all(result.outcome != "missing" for result in found.results.values())
    assert found.grade != "资料不全"


@thorough
@given(some_facts(EDITION), st.randoms())
def test_the_order_of_answers_does_not_matter(facts, chance):
    shuffled = list(facts.items())
    chance.shuffle(shuffled)
    assert judge(EDITION, dict(shuffled), ON) == judge(EDITION, facts, ON)


@thorough
@given(checks, sample_facts, st.data())
def test_an_outcome_once_known_survives_any_further_answer(check, facts, data):
    """Kleene: what is true or false with something absent is so whatever it turns out to be."""
    edition = edition_of_check(check)
    before = judge(edition, facts, ON).results["c1.r1"]
    rest = {key: data.draw(a_fact(each)) for key, each in edition.indicators.items() if key not in facts}
    after = judge(edition, {**facts, **rest}, ON).results["c1.r1"]
    assert before.outcome in ("missing", after.outcome)
    assert after.outcome != "missing"


@thorough
@given(checks, sample_facts, st.data())
def test_answers_that_are_not_asked_for_change_nothing(check, facts, data):
    """``unknown`` names every fact that can still change the outcome."""
    edition = edition_of_check(check)
    before = judge(edition, facts, ON).results["c1.r1"]
    absent = [key for key in edition.indicators if key not in facts and key not in before.unknown]
    rest = {key: data.draw(a_fact(edition.indicators[key])) for key in absent}
    assert judge(edition, {**facts, **rest}, ON).results["c1.r1"].outcome == before.outcome


@thorough
@given(checks)
def test_unknown_never_passes_by_itself(check):
    found = judge(edition_of_check(check), {}, ON).results["c1.r1"]
    assert found.outcome == "missing"


@thorough
@given(some_facts(EDITION))
def test_what_is_unknown_never_earns(facts):
    """A requirement none of whose facts is there is neither passed nor failed."""
    found = judge(EDITION, facts, ON)
    for requirement in EDITION.requirements:
        if requirement.judged and not set(requirement.judged) & set(facts) and requirement.scored:
            assert found.results[requirement.key].outcome == "missing"


@thorough
@given(whole_facts(EDITION), st.integers(0, 500))
@pytest.mark.parametrize(
    ("key", "requirement"),
    [
        ("computer_count", "town.7.computer"),
        ("screen_area", "town.7.screen"),
        ("staff_count", "town.3.ratio"),
        ("staff_count", "town.3.minimum"),
        ("building_area", "town.2.area"),
        ("fax_count", "town.7.fax"),
    ],
)
def test_more_is_never_worse(key, requirement, facts, more):
    before = judge(EDITION, facts, ON)
    after = judge(EDITION, {**facts, key: facts[key] + more}, ON)
    assert RANK[after.results[requirement].outcome] >= RANK[before.results[requirement].outcome]
    assert after.score >= before.score


@thorough
@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_more_of_at_least_is_never_further_off(actual, more):
    edition = edition_of_check("{ indicator = 'computers', at_least = 700 }")
    few, many = (
        judge(edition, facts_from({"computers": count}), ON).results["c1.r1"].main.shortfall or 0
        for count in (actual, actual + more)
    )
    assert many <= few


@thorough
@given(st.data())
def test_a_fact_goes_to_json_and_back(data):
    indicator = data.draw(st.sampled_from(list(dictionary.values())))
    raw = data.draw(a_fact(indicator))
    fact = parse_value(indicator, raw) if indicator.type == "text" else raw
    assert parse_value(indicator, json.loads(json.dumps(value_json(indicator, fact)))) == fact


@thorough
@given(st.text(max_size=60))
@pytest.mark.parametrize("key", sorted(dictionary))
def test_whatever_is_typed_is_read_or_told(key, typed):
    try:
        fact = parse_value(dictionary[key], typed)
    except ValueError as error:
        told = str(error)
        assert told.startswith(dictionary[key].label)
    else:
        assert value_json(dictionary[key], fact) is not None
