"""Findings as an official reads them, each comparison of the rule language."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.edition import All, Any_, Cases, Compare, CountMeasure, ItemsOf, Not, OfNorm, Row, SumMeasure
from standards.outcomes import Result
from standards.wording import sentence
from tests.standards.spoken import BANDS, RATIO, compare, edition_of, found, requiring

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
