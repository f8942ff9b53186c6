"""Findings as an official reads them, each comparison of the rule language, then 附表2 itself."""

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.edition import All, Any_, Cases, Compare, CountMeasure, ItemsOf, Not, OfNorm, Row, SumMeasure
from standards.engine import judge
from standards.outcomes import Result
from standards.reasoning import band_name
from standards.rules import parse_dictionary, parse_edition, parse_interpretations
from standards.values import parse_value
from standards.wording import outcome_in_words, reasons, rule_in_words, sentence
from tests.standards.spoken import BANDS, RATIO, compare, edition_of, found, requiring

FIXTURES = Path(__file__).parents[2] / "fixtures"


# ── Findings ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("check", "facts", "said", "gap"),
    [
        (BANDS, {"people": 136000, "computers": 5}, "计算机：实有 5 台，应有 7 台，", "差 2 台"),
        (BANDS, {"people": 136000, "computers": 7}, "计算机：实有 7 台，应有 7 台", ""),
        (BANDS, {"people": 136000, "computers": 0}, "计算机：实有 0 台，应有 7 台，", "差 7 台"),
        (
            compare("area", "at_least", 4),
            {"area": Decimal("3.99")},
            "建筑面积：实有 3.99 ㎡，应有 4 ㎡，",
            "差 0.01 ㎡",
        ),
        (compare("staff", "at_most", 3), {"staff": 5}, "工作人员（在岗）：实有 5 人，应不超过 3 人，", "超 2 人"),
        (
            compare("people", "more_than", 8000),
            {"people": 8000},
            "常住人口：实有 8,000 人，应超过 8,000 人，",
            "未超过",
        ),
        (
            compare("people", "less_than", 8000),
            {"people": 8000},
            "常住人口：实有 8,000 人，应少于 8,000 人，",
            "未少于",
        ),
        (compare("computers", "is", 2), {"computers": 3}, "计算机：实有 3 台，应为 2 台，", "超 1 台"),
        (Not(compare("staff", "less_than", 3)), {"staff": 1}, "工作人员（在岗）：实有 1 人，应有 3 人，", "差 2 人"),
        (
            compare("rooms", "includes", ("hall", "archive", "talk")),
            {"rooms": frozenset({"hall", "archive"})},
            "功能区域：实有 2 项，应有 3 项，",
            "缺 调解室",
        ),
        (compare("rooms", "includes", ("talk",)), {"rooms": frozenset({"hall"})}, "功能区域：", "缺 调解室"),
        (compare("rooms", "includes", ("hall",)), {"rooms": frozenset({"hall"})}, "功能区域：有 服务大厅", ""),
        (compare("rooms", "only", ("hall",)), {"rooms": frozenset({"hall", "talk"})}, "功能区域：", "多出 调解室"),
        (compare("rooms", "only", ("hall",)), {"rooms": frozenset({"hall"})}, "功能区域：没有超出所列", ""),
        (
            compare("rooms", "includes", ItemsOf("planned")),
            {"rooms": frozenset({"hall"}), "planned": frozenset({"hall", "talk"})},
            "功能区域：实有 1 项，应有 2 项，",
            "缺 调解室",
        ),
        (compare("line", "is", True), {"line": False}, "专线连接：否，", "应为是"),
        (compare("line", "is", True), {"line": True}, "专线连接：是", ""),
        (Not(compare("waste", "is", True)), {"waste": True}, "是否发现浪费：是，", "应为否"),
        (compare("mode", "one_of", ("a", "b")), {"mode": "n"}, "服务模式：均未实行，", "应为“一站式”或“一条龙”"),
        (compare("mode", "is_not", "n"), {"mode": "n"}, "服务模式：均未实行，", "应为“一站式”或“一条龙”"),
        (compare("mode", "is_not", "n"), {"mode": "b"}, "服务模式：一条龙", ""),
        (
            compare("name", "matches", "^.+(街道|镇)所$"),
            {"name": "翠香所"},
            "机构名称：“翠香所”，",
            "应为“××街道（镇）所”",
        ),
        (compare("basis", "answered", True), {"basis": " "}, "核定依据：空白，", "应填写"),
        (compare("basis", "answered", True), {"basis": "批复"}, "核定依据：批复", ""),
        (
            compare("opened", "on_or_before", date(2011, 12, 31)),
            {"opened": date(2012, 3, 1)},
            "设立日期：2012年3月1日，",
            "应不晚于 2011年12月31日",
        ),
        (
            All((compare("line", "is", True), compare("set_up", "is", True))),
            {"line": False, "set_up": False},
            "专线连接、是否已设立：否，",
            "应为是",
        ),
        (
            All((compare("computers", "at_least", 2), compare("line", "is", True))),
            {"computers": 1, "line": False},
            "计算机：实有 1 台，应有 2 台，差 1 台；专线连接：否，",
            "应为是",
        ),
        (
            Any_((compare("computers", "at_least", 2), compare("line", "is", True))),
            {"computers": 1, "line": False},
            "下列有一项即可，现都不符合。计算机：实有 1 台，应有 2 台，差 1 台；专线连接：否，",
            "应为是",
        ),
        (
            Compare(SumMeasure(((1, "staff"), (1, "hired"))), "at_least", Decimal(5)),
            {"staff": 2, "hired": 1},
            "工作人员（在岗）与聘用人员合计：实有 3 人，应有 5 人，",
            "差 2 人",
        ),
        (
            Compare(CountMeasure("rooms"), "at_least", Decimal(2)),
            {"rooms": frozenset({"hall"})},
            "功能区域的项数：实有 1 项，应有 2 项，",
            "差 1 项",
        ),
    ],
)
def test_a_finding(check, facts, said, gap):
    spoken = found(check, facts)
    assert (spoken.said, spoken.gap) == (said, gap)


@pytest.mark.parametrize(
    ("check", "facts", "said"),
    [
        (compare("computers", "at_least", 2), {}, "计算机：还没填，不按 0 算"),
        (compare("line", "is", True), {}, "专线连接：还没填，不按“否”算"),
        (compare("rooms", "includes", ("hall",)), {}, "功能区域：还没填，不按“没有”算"),
        (compare("name", "answered", True), {}, "机构名称：还没填"),
        (BANDS, {"computers": 9}, "常住人口：还没有数据，不按 0 算"),
        (BANDS, {}, "常住人口：还没有数据，不按 0 算；计算机：还没填，不按 0 算"),
    ],
)
def test_what_is_missing_is_not_taken_for_nothing(check, facts, said):
    assert str(found(check, facts)) == said


def test_what_was_stated_as_not_to_be_had_is_not_called_unfilled():
    requirement = requiring(compare("computers", "at_least", 2))
    result = Result("k", "missing", unknown=frozenset({"computers"}))
    spoken = sentence(edition_of(requirement), requirement, result, withheld={"computers"})
    assert str(spoken) == "计算机：无法提供，不按 0 算"


def test_a_norm_is_said_as_what_is_usual():
    assert (
        str(found(RATIO, {"people": 98600, "staff": 9}, force="norm"))
        == "工作人员（在岗）：实有 9 人，一般应有 10 人，差 1 人"
    )
    spoken = found(compare("area", "at_least", 200), {"area": Decimal(186)}, force="norm")
    assert str(spoken) == "建筑面积：实有 186.00 ㎡，一般在 200 ㎡以上，少 14.00 ㎡"


def test_without_the_facts_no_word_given_is_repeated():
    check = compare("name", "matches", "^.+(街道|镇)所$")
    assert str(found(check, {"name": "翠香所"}, told=False)) == "机构名称：应为“××街道（镇）所”"
    assert str(found(compare("line", "is", True), {"line": False}, told=False)) == "专线连接：否，应为是"


def test_what_awaits_a_person():
    spoken = found(compare("mode", "is", "a"), {"mode": "b"}, refer=compare("mode", "is", "b"))
    assert str(spoken) == "服务模式：一条龙，应为“一站式”，由审核人认定"


def test_a_table_without_a_fitting_row():
    check = Cases((Row(compare("people", "more_than", 8000), compare("computers", "at_least", 2)),))
    assert str(found(check, {"people": 100, "computers": 1})) == "标准对这种情形没有规定，不适用"


def test_of_several_conditions_only_the_one_denied_is_given():
    applies = All((compare("people", "at_least", 60000), compare("budget", "is", True)))
    spoken = found(compare("computers", "at_least", 1), {"people": 70000, "budget": False}, applies=applies)
    assert str(spoken) == "街道没有独立预算，不适用"


def test_progress_and_an_old_deadline():
    check = compare("hired", "at_least", OfNorm("staff"))
    changes = {"force": "aspirational", "deadline": date(2020, 12, 31)}
    spoken = found(check, {"hired": 6, "staff": 8}, **changes)
    assert (spoken.said, spoken.gap) == (
        "聘用人员 6 人，工作人员（在岗）8 人，完成 75.0%，",
        "已过期限（2020年12月31日）",
    )
    assert str(found(check, {"hired": 8, "staff": 8}, **changes)).endswith("完成 100.0%")
    assert str(found(compare("computers", "at_least", 4), {"computers": 1}, force="aspirational")) == (
        "计算机 1 台，目标 4 台，完成 25.0%"
    )
    assert str(found(compare("rooms", "includes", ("hall", "talk")), {"rooms": frozenset()}, force="aspirational")) == (
        "功能区域：已有 0 项，共 2 项，完成 0.0%"
    )


def test_what_is_recorded():
    assert str(found(None, {"basis": "批复"}, record=("basis",))) == "核定依据：批复"
    assert str(found(None, {}, record=("basis",))) == "要求：只记录，还没填"
    assert str(found(compare("line", "is", True), {"line": True}, force="permissive")) == "要求：条件具备"


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_the_gap_is_the_difference(actual, norm):
    spoken = found(compare("computers", "at_least", norm), {"computers": actual})
    numbers = [int(number.replace(",", "")) for number in re.findall(r"[\d,]+", str(spoken))]
    assert numbers == ([actual, norm, norm - actual] if actual < norm else [actual, norm])


# ── 附表2 ─────────────────────────────────────────────────────────────────────


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
