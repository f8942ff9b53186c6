"""The form follows from the edition: nothing asked twice, like questions together, every requirement in one place."""

import tomllib
from collections import Counter
from decimal import Decimal

import pytest
from django.conf import settings

from assessments.forms import COUNTS, RATINGS, TICKS, questionnaire
from standards.rules import parse_dictionary, parse_edition, parse_interpretations

FIXTURES = settings.BASE_DIR / "fixtures"


def read(name):
    return tomllib.loads((FIXTURES / name).read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.fixture(scope="module")
def asked():
    dictionary = parse_dictionary(read("indicators.toml"), "indicators.toml")
    readings = parse_interpretations(read("interpretations.toml"), "interpretations.toml")
    name = "standards/town_office.2016-01-01.toml"
    return questionnaire(parse_edition(read(name), dictionary, readings, name))


def test_every_indicator_is_asked_once(asked):
    times = Counter(question.key for page in asked.pages for question in page.questions)
    assert set(times.values()) == {1}
    assert set(times) == set(asked.edition.indicators)


def test_every_requirement_is_shown_once(asked):
    shown = Counter(r.key for page in asked.pages for q in page.questions for r in q.requirements)
    shown += Counter(r.key for page in asked.pages for r in page.others)
    remark_only = {r.key for r in asked.edition.requirements} - set(shown)
    assert set(shown.values()) == {1}
    assert not remark_only


def test_the_four_checklists_of_row_8_are_one_matrix(asked):
    ticks = [block for block in asked.page("8").blocks if block.kind == TICKS]
    assert [len(block.questions) for block in ticks] == [4]
    assert len(ticks[0].choices) == 7


def test_equipment_is_one_table_of_counts(asked):
    counts = [block for block in asked.page("7").blocks if block.kind == COUNTS]
    assert [len(block.questions) for block in counts] == [10]


def test_like_ratings_share_a_block(asked):
    ratings = [block for block in asked.page("7").blocks if block.kind == RATINGS]
    assert [question.key for question in ratings[0].questions] == [
        "equip_principle_rating",
        "equip_durable_rating",
    ]


def test_a_fact_asked_elsewhere_is_named_not_asked(asked):
    assert [(i.key, clause.number) for i, clause in asked.page("7").elsewhere] == [("resident_population", "2")]


def test_a_checklist_offers_what_the_edition_mentions(asked):
    assert len(asked.questions["services_provided"].choices) == 8
    assert "archives" not in {choice.value for choice in asked.questions["services_provided"].choices}


def test_what_is_only_recorded_is_optional(asked):
    optional = {key for key, question in asked.questions.items() if question.optional}
    assert {"other_equipment", "software_list", "qualified_staff", "registered_population"} <= optional
    assert not {"computer_count", "resident_population", "town_has_own_budget"} & optional
