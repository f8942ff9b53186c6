"""Values and rules as an official reads them: the whole rule language."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.edition import (
    All,
    Any_,
    Cases,
    ClauseMeasure,
    Compare,
    CountMeasure,
    ItemsOf,
    Not,
    OfNorm,
    Relaxation,
    Row,
    SumMeasure,
)
from standards.outcomes import Result
from standards.wording import rule_in_words, scope_in_words, sentence, value_in_words
from standards.wording.figures import grouped, percent
from standards.wording.patterns import pattern_in_words
from tests.standards.spoken import BANDS, INDICATORS, RATIO, compare, edition_of, requiring

BOUNDED = OfNorm("people", Decimal(800), Decimal(2), Decimal(1), "down", Decimal(5), Decimal(9))
SET_UP = compare("set_up", "is", True)


def rule(check=None, **changes):
    requirement = requiring(check, **changes)
    return rule_in_words(edition_of(requirement), requirement)


def asked(check):
    """The demand alone, without what follows from not meeting it."""
    return rule(check).removesuffix("未达到的，判“不达标”。").removesuffix("。")


# ── Values ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("computers", Decimal(0), "0 台"),
        ("people", Decimal(136000), "136,000 人"),
        ("area", Decimal("186"), "186.00 ㎡"),
        ("area", Decimal("1799.99"), "1,799.99 ㎡"),
        ("share", Decimal("38.3"), "38.3%"),
        ("line", True, "是"),
        ("line", False, "否"),
        ("mode", "a", "一站式"),
        ("rooms", frozenset({"talk", "hall"}), "服务大厅、调解室"),
        ("rooms", frozenset(), "以上都没有"),
        ("name", "  ", "空白"),
        ("opened", date(2012, 3, 1), "2012年3月1日"),
        ("computers", None, "未填写"),
    ],
)
def test_a_value_in_words(key, value, words):
    assert value_in_words(next(each for each in INDICATORS if each.key == key), value) == words


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_grouping_changes_no_number(number):
    assert Decimal(grouped(number, 2).replace(",", "")) == number


def test_a_share_never_hides_on_which_side_of_the_limit_it_lies():
    assert percent(Decimal("0.1"), Decimal("0.1")) == "10.0%"
    assert percent(Decimal("0.10005"), Decimal("0.1")) == "10.01%"
    assert percent(Decimal("0.07"), Decimal("0.1")) == "7.0%"


# ── Rules ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (compare("computers", "at_least", 7), "计算机不少于 7 台"),
        (compare("computers", "at_most", 7), "计算机不超过 7 台"),
        (compare("people", "more_than", 8000), "常住人口超过 8,000 人"),
        (compare("people", "less_than", 8000), "常住人口少于 8,000 人"),
        (compare("computers", "is", 7), "计算机应为 7 台"),
        (compare("computers", "is_not", 7), "计算机不得为 7 台"),
        (compare("line", "is", True), "专线连接：应为“是”"),
        (compare("set_up", "is", True), "应已设立"),
        (compare("waste", "is", False), "不应发现浪费"),
        (compare("mode", "is", "a"), "服务模式应为“一站式”"),
        (compare("mode", "is_not", "n"), "服务模式不得为“均未实行”"),
        (compare("mode", "one_of", ("a", "b")), "服务模式应为“一站式”或“一条龙”"),
        (compare("rooms", "includes", ("hall", "archive")), "功能区域应包括：服务大厅、档案室（共 2 项）"),
        (compare("rooms", "includes", ("hall",)), "功能区域应包括服务大厅"),
        (compare("rooms", "includes", ItemsOf("planned")), "功能区域应包括“应设区域”所列各项"),
        (compare("rooms", "only", ("hall", "archive")), "功能区域只限于：服务大厅、档案室"),
        (compare("name", "matches", "^[一-龥]+(街道|乡|镇)服务所$"), "机构名称的格式应为“××街道（乡、镇）服务所”"),
        (compare("opened", "on_or_before", date(2011, 12, 31)), "设立日期不晚于 2011年12月31日"),
        (compare("opened", "on_or_after", date(2011, 12, 31)), "设立日期不早于 2011年12月31日"),
        (compare("basis", "answered", True), "核定依据应填写"),
        (RATIO, "工作人员（在岗）不少于常住人口 ÷ 10,000（有余数进一）"),
        (
            compare("staff", "at_least", BOUNDED),
            "工作人员（在岗）不少于常住人口 ÷ 800 × 2 ＋ 1（余数舍去，最少 5 人，最多 9 人）",
        ),
        (Compare(SumMeasure(((1, "staff"), (1, "hired"), (-1, "lent"))), "at_least", Decimal(5)),
         "工作人员（在岗）与聘用人员合计减去借出人员不少于 5 人"),
        (Compare(CountMeasure("rooms"), "at_least", Decimal(2)), "功能区域的项数不少于 2 项"),
        (Compare(ClauseMeasure("other"), "is", "pass"), "第9项信息化建设应达标"),
        (Compare(ClauseMeasure("other"), "one_of", ("pass", "relaxed")), "第9项信息化建设应为“达标”或“酌减达标”"),
        (All((compare("name", "answered", True), compare("basis", "answered", True))), "机构名称、核定依据均应填写"),
        (All((compare("line", "is", True), compare("set_up", "is", True))), "专线连接：应为“是”，并且应已设立"),
        (
            Any_((compare("line", "is", True), All((SET_UP, compare("computers", "at_least", 1))))),
            "专线连接：应为“是”，或者（应已设立，并且计算机不少于 1 台）",
        ),
        (Not(compare("waste", "is", True)), "不得有下列情形：发现浪费"),
        (BANDS, "常住人口 90,000 人以上：计算机不少于 7 台；60,000 人以上：不少于 5 台；其余：不少于 3 台"),
        (
            Cases((Row(compare("people", "more_than", 8000), compare("computers", "at_least", 2)),)),
            "常住人口超过 8,000 人：计算机不少于 2 台；其余：标准未规定",
        ),
    ],
)  # fmt: skip
def test_a_rule_in_words(check, words):
    assert asked(check) == words


@pytest.mark.parametrize(
    ("applies", "words", "contrary"),
    [
        (compare("people", "at_least", 60000), "常住人口 60,000 人以上", "常住人口不足 60,000 人"),
        (compare("staff", "at_least", 5), "工作人员（在岗）5 人以上", "工作人员（在岗）不足 5 人"),
        (compare("people", "at_most", 60000), "常住人口不超过 60,000 人", "常住人口超过 60,000 人"),
        (compare("budget", "is", True), "街道有独立预算", "街道没有独立预算"),
        (compare("set_up", "is", True), "已设立", "尚未设立"),
        (compare("waste", "is", False), "未发现浪费", "发现浪费"),
        (compare("line", "is", True), "专线连接", "专线连接：为“否”"),
        (compare("mode", "is", "a"), "服务模式为“一站式”", "服务模式不是“一站式”"),
        (compare("mode", "one_of", ("a", "b")), "服务模式为“一站式”或“一条龙”", "服务模式不是“一站式”或“一条龙”"),
        (
            compare("rooms", "includes", ("hall", "talk")),
            "功能区域包括服务大厅、调解室",
            "功能区域没有全部包括服务大厅、调解室",
        ),
        (compare("rooms", "only", ("hall",)), "功能区域只限于服务大厅", "功能区域超出了服务大厅"),
        (compare("basis", "answered", True), "核定依据已填写", "核定依据未填写"),
        (
            compare("opened", "on_or_before", date(2011, 12, 31)),
            "设立日期不晚于 2011年12月31日",
            "设立日期晚于 2011年12月31日",
        ),
        (compare("name", "matches", "^.+所$"), "机构名称的格式为“××所”", "机构名称的格式不为“××所”"),
        (Not(compare("people", "at_least", 60000)), "常住人口不足 60,000 人", "常住人口 60,000 人以上"),
        (
            All((compare("people", "at_least", 60000), compare("set_up", "is", True))),
            "常住人口 60,000 人以上，并且已设立",
            "常住人口不足 60,000 人，或者尚未设立",
        ),
        (
            Any_((compare("people", "at_least", 60000), compare("set_up", "is", True))),
            "常住人口 60,000 人以上，或者已设立",
            "常住人口不足 60,000 人，并且尚未设立",
        ),
        (Compare(ClauseMeasure("other"), "is", "pass"), "第9项信息化建设达标", "第9项信息化建设未达标"),
    ],
)
def test_a_condition_and_its_contrary(applies, words, contrary):
    requirement = requiring(compare("computers", "at_least", 1), applies=applies)
    edition = edition_of(requirement)
    assert rule_in_words(edition, requirement).startswith(f"适用于：{words}。")
    assert str(sentence(edition, requirement, Result("k", "not_applicable"))) == f"{contrary}，不适用"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"force": "norm"}, "计算机不少于 1 台。未达到的，判“偏离”，须说明理由。"),
        ({"force": "aspirational"}, "目标：计算机不少于 1 台。力争目标，只显示进展，不计分。"),
        ({"force": "permissive"}, "前提：计算机 1 台以上。授权性规定，不是义务，不计分。"),
        ({"foundation": True}, "计算机不少于 1 台。未达到的，判“不达标”。未设立的，其余各项不评。"),
        ({"veto": True}, "计算机不少于 1 台。未达到的，判“不达标”。一票否决：未达到的，整体判“未达标”。"),
        (
            {"deadline": date(2011, 12, 31)},
            "计算机不少于 1 台。未达到的，判“不达标”。期限：2011年12月31日，逾期只作提示，不因此判不达标。",
        ),
        (
            {"record": ("opened", "basis")},
            "计算机不少于 1 台。未达到的，判“不达标”。另记录：设立日期、核定依据（不计分）。",
        ),
        ({"subjects": ("village",)}, "适用于：村（社区）服务站。计算机不少于 1 台。未达到的，判“不达标”。"),
        (
            {"refer": compare("mode", "is", "n")},
            "计算机不少于 1 台。未达到，但服务模式为“均未实行”的，由审核人认定。其余未达到的，判“不达标”。",
        ),
    ],
)
def test_what_follows_from_a_rule(changes, words):
    assert rule(compare("computers", "at_least", 1), **changes) == words


def test_what_is_only_recorded():
    assert rule(record=("basis",)) == "只记录核定依据，不计分。"
    assert rule(record=("basis",), force="aspirational") == "力争目标，只记录核定依据，不计分。"


def test_a_relaxation():
    relaxation = Relaxation(Compare(ClauseMeasure("other"), "is", "pass"), Decimal("0.10"))
    assert rule(compare("area", "at_least", 200), force="norm", relaxation=relaxation) == (
        "建筑面积不少于 200 ㎡；不足时，若第9项信息化建设达标且减少不超过 10%，可酌减达标（须审核人认定）。"
        "未达到的，判“偏离”，须说明理由。"
    )


def test_scope_names_the_subjects():
    requirement = requiring(compare("computers", "at_least", 1), applies=compare("set_up", "is", True))
    assert scope_in_words(edition_of(requirement), requirement) == "街道（乡镇）服务所、村（社区）服务站；已设立"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("^[一-龥]+(街道|乡|镇)人力资源和社会保障服务所$", "××街道（乡、镇）人力资源和社会保障服务所"),
        (r"^[\u4e00-\u9fff]{1,}(县|市|区)服务中心$", "××县（市、区）服务中心"),
        ("^珠海市?.+区(?:.+街道办事处|（.+镇）)服务所$", "珠海（市）××区××街道办事处（××镇）服务所"),
        ("^{village}(居委会|村委会)?服务站$", "（本村、社区名称）（居委会、村委会）服务站"),
        (r"^\S\s$", None),
    ],
)
def test_a_form_of_a_name(pattern, words):
    assert pattern_in_words(pattern) == words


def test_a_form_too_intricate_is_never_shown_raw():
    assert asked(compare("name", "matches", r"^.*\s[^x].*$")) == "机构名称的格式应为原文写明的样式"
