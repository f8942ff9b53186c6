"""附表2 itself in words: every rule and finding of the real edition, and its area, bands and ratio."""

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from standards.edition import All, Row
from standards.engine import judge
from standards.rules import parse_dictionary, parse_edition, parse_interpretations
from standards.values import parse_value
from standards.wording import outcome_in_words, reasons, rule_in_words, sentence
from standards.wording.reasoning import band_name
from tests.standards.spoken import BANDS, compare, edition_of

FIXTURES = Path(__file__).parents[2] / "fixtures"


def toml(path):
    return tomllib.loads((FIXTURES / path).read_text(), parse_float=Decimal)


@pytest.fixture(scope="module")
def town():
    dictionary = parse_dictionary(toml("indicators.toml"), "indicators.toml")
    readings = parse_interpretations(toml("interpretations.toml"), "interpretations.toml")
    return parse_edition(toml("standards/town_office.2016-01-01.toml"), dictionary, readings, "town_office")


def facts_of(town, **raw):
    return {key: parse_value(town.indicators[key], value) for key, value in raw.items()}


def informatized(town):
    yes = dict.fromkeys(("line_to_county", "line_to_city", "software_installed", "software_in_use"), True)
    return facts_of(town, line_type="专线", **yes)


def judged(town, facts, determinations=None):
    return judge(town, facts, date(2026, 9, 30), "township", determinations or {})


def test_every_rule_of_the_schedule_is_said_without_a_raw_word(town):
    for requirement in town.requirements:
        words = rule_in_words(town, requirement)
        assert words.endswith("。")
        assert not re.search(r"[a-z_]{2,}|\[|\^|None|（）|。。|，，|“”", words), (requirement.key, words)


def test_every_finding_of_the_schedule_is_said(town):
    for facts in ({}, informatized(town), facts_of(town, established=False, resident_population=61000)):
        judgement = judged(town, facts)
        for requirement in town.requirements:
            result = judgement.results[requirement.key]
            said = [
                str(sentence(town, requirement, result, facts)),
                *reasons(town, requirement, result, facts, judgement),
            ]
            assert all(said)
            assert not any(re.search(r"[a-z_]{2,}|None|，，|：，|。。|，$", each) for each in said), said


def test_the_area_of_the_schedule(town):
    area = town.by_key["town.2.area"]
    facts = informatized(town) | facts_of(town, building_area="186.00")
    judgement = judged(town, facts)
    result = judgement.results[area.key]
    assert (
        str(sentence(town, area, result, facts)) == "建筑面积：实有 186.00 ㎡，一般在 200 ㎡以上，少 14.00 ㎡（7.0%）"
    )
    assert outcome_in_words(result) == "酌减达标，待认定"
    assert reasons(town, area, result, facts, judgement) == [
        "减少 14.00 ㎡，占 7.0%，不超过 10%；第9项信息化建设达标。",
        "酌减须审核人认定，认定前暂按达标计分。",
    ]
    refused = judged(town, facts, {area.key: "refused"})
    assert "审核人没有同意酌减" in reasons(town, area, refused.results[area.key], facts, refused)[0]
    too_small = facts | facts_of(town, building_area="179.99")
    result = judged(town, too_small).results[area.key]
    assert "占 10.01%，超过 10%，不能酌减" in reasons(town, area, result, too_small)[0]


def test_an_area_short_while_informatization_is_open(town):
    area, facts = town.by_key["town.2.area"], facts_of(town, building_area="186.00", line_type="专线")
    said = str(sentence(town, area, judged(town, facts).results[area.key], facts))
    assert said.startswith("建筑面积：实有 186.00 ㎡，一般在 200 ㎡以上，少 14.00 ㎡（7.0%）；能否酌减，还缺“")


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        (136000, "常住人口 136,000 人，属“90,000 人以上”一档：计算机不少于 7 台。"),
        (60000, "常住人口 60,000 人，属“60,000 人以上、不足 90,000 人”一档：计算机不少于 5 台。"),
        (59999, "常住人口 59,999 人，属“不足 60,000 人”一档：计算机不少于 3 台。"),
    ],
)
def test_the_band_that_decided(town, people, reason):
    computer, facts = town.by_key["town.7.computer"], facts_of(town, resident_population=people, computer_count=9)
    assert reasons(town, computer, judged(town, facts).results[computer.key], facts) == [reason]


def test_a_band_of_another_measure_is_otherwise():
    rows = (Row(All((compare("people", "at_least", 1),)), compare("computers", "at_least", 1)), *BANDS.rows[2:])
    assert band_name(edition_of(), rows, 1) == "其余"


def test_the_arithmetic_of_a_ratio(town):
    ratio, facts = town.by_key["town.3.ratio"], facts_of(town, served_population=98600, staff_count=9)
    assert reasons(town, ratio, judged(town, facts).results[ratio.key], facts) == [
        "服务对象 98,600 人 ÷ 10,000 ＝ 9.86，有余数进一，为 10 人。",
        "这是一般要求，未达到判“偏离”；说明理由并经审核人认可的，不影响达标。",
    ]
