"""Findings: actual, norm, shortfall, what is missing; and their JSON."""

import json
from datetime import date

import pytest

from standards.outcomes import Judgement
from tests.standards.samples import (
    BANDS,
    OPEN,
    clause,
    edition_from,
    edition_of_check,
    judged,
    number,
    outcome_of,
    result_of,
)

ON = date(2026, 3, 31)
SEVEN = "{ indicator = 'computers', at_least = 7 }"
FIVE = "{ indicator = 'staff', at_least = 5 }"
RATIO = "{ indicator = 'staff', at_least = { of = 'served', per = 800, round = 'up' } }"


# ── Findings ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("check", "facts", "actual", "norm", "shortfall", "over"),
    [
        (SEVEN, {"computers": 5}, 5, 7, 2, False),
        (SEVEN, {"computers": 7}, 7, 7, None, False),
        (SEVEN, {}, None, 7, None, False),
        ("{ indicator = 'computers', more_than = 7 }", {"computers": 7}, 7, 7, 0, False),
        ("{ indicator = 'computers', at_most = 7 }", {"computers": 9}, 9, 7, 2, True),
        ("{ indicator = 'area', at_least = 200 }", {"area": "199.99"}, "199.99", 200, "0.01", False),
        (RATIO, {"staff": 1, "served": 801}, 1, 2, 1, False),
        ("{ indicator = 'computers', is = 7 }", {"computers": 9}, 9, 7, None, False),
        (f"{{ not = {SEVEN} }}", {"computers": 9}, 9, 7, None, False),
        (f"{{ all = [{SEVEN}, {OPEN}] }}", {"computers": 5, "open": False}, 5, 7, 2, False),
        (f"{{ all = [{SEVEN}, {FIVE}] }}", {"computers": 8, "staff": 4}, 4, 5, 1, False),
        (f"{{ any = [{SEVEN}, {FIVE}] }}", {"computers": 8, "staff": 4}, 8, 7, None, False),
    ],
)
def test_actual_norm_and_shortfall(check, facts, actual, norm, shortfall, over):
    main = result_of(check, facts).main
    assert (main.actual, main.norm, main.shortfall) == (number(actual), number(norm), number(shortfall))
    assert main.over is over


def test_two_that_fall_short_are_listed_and_neither_is_the_requirement_s():
    result = result_of(f"{{ all = [{SEVEN}, {FIVE}] }}", {"computers": 5, "staff": 4})
    assert [found.shortfall for found in result.measured] == [2, 1]
    assert result.main is None


def test_missing_items_in_the_order_listed():
    main = result_of("{ indicator = 'services', includes = ['files', 'jobs', 'care'] }", {"services": ["jobs"]}).main
    assert (main.lacking, main.held, main.listed) == (("files", "care"), 1, 3)


def test_only_finds_what_is_beyond():
    result = result_of("{ indicator = 'services', only = { list = 'both' } }", {"services": ["jobs", "files"]})
    assert (result.outcome, result.main.lacking, result.main.over) == ("fail", ("files",), True)
    assert outcome_of("{ indicator = 'services', only = { list = 'both' } }", {"services": []}) == "pass"


def test_items_of_another_indicator():
    check = "{ indicator = 'ledgers', includes = { of = 'services' } }"
    result = result_of(check, {"services": ["jobs", "care"], "ledgers": ["care"]})
    assert (result.outcome, result.main.lacking) == ("fail", ("jobs",))
    assert outcome_of(check, {"services": [], "ledgers": []}) == "pass"


def test_a_date_against_another():
    check = "{ indicator = 'built', on_or_before = { of = 'due' } }"
    assert outcome_of(check, {"built": "2012-03-01", "due": "2012-03-01"}) == "pass"
    assert outcome_of(check, {"built": "2012-03-02", "due": "2012-03-01"}) == "fail"
    assert outcome_of(check, {"built": "2012-03-02"}) == "missing"


def test_a_name_pattern_takes_the_subject_s_own_names():
    edition = edition_of_check("{ indicator = 'name', matches = '{township}服务所' }")
    for name, outcome in (("翠香街道服务所", "pass"), ("前山街道服务所", "fail")):
        found = judged(edition, ON, {"name": name}, names={"township": "翠香街道"}).results["c1.r1"]
        assert found.outcome == outcome
    assert judged(edition, ON, {"name": "翠香街道服务所"}).results["c1.r1"].outcome == "missing"


# ── JSON ───────────────────────────────────────────────────────────────────


def test_a_judgement_goes_to_json_and_back():
    short = "check = { indicator = 'area', at_least = 200 }"
    lacking = "check = { indicator = 'services', includes = ['care', 'jobs'] }"
    edition = edition_from(clause(1, short, lacking), clause(2, f"check = {BANDS}", f"check = {OPEN}"))
    found = judged(edition, ON, {"area": "185.50", "people": 70000, "services": ["jobs"]})
    carried = json.loads(json.dumps(found.as_json()))
    assert Judgement.from_json(carried) == found
    assert carried["results"]["c1.r1"]["measured"][0]["shortfall"] == "14.50"
    assert carried["results"]["c1.r1"]["main"] == 0
