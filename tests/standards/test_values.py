"""What an official types becomes an exact fact, or a sentence says what to type."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from standards.edition import OfNorm
from standards.values import HOLDS, computed, filled, half_up, parse_value, value_json
from tests.standards.samples import dictionary


@pytest.mark.parametrize(
    ("typed", "fact"),
    [
        (5, "5"),
        ("5", "5"),
        (" 5 ", "5"),
        ("　５　", "5"),
        ("１２３４", "1234"),
        ("1,234", "1234"),
        ("１，２３４", "1234"),
        ("5台", "5"),
        ("５ 台", "5"),
        ("+5", "5"),
        ("＋5", "5"),
        ("0", "0"),
        (Decimal("5"), "5"),
        ("123456789012", "123456789012"),
    ],
)
def test_a_whole_number_is_read_as_typed(typed, fact):
    assert parse_value(dictionary["computers"], typed) == Decimal(fact)


@pytest.mark.parametrize(
    ("typed", "fact"),
    [
        ("186.5", "186.5"),
        ("186.5㎡", "186.5"),
        ("186.5平方米", "186.5"),
        ("186.5 m²", "186.5"),
        ("１８６．５０", "186.50"),
        ("186。5", "186.5"),
        ("1,234.56", "1234.56"),
        (186, "186"),
        (186.5, "186.5"),
        (Decimal("2600.00"), "2600"),
    ],
)
def test_a_decimal_is_read_exactly(typed, fact):
    assert parse_value(dictionary["area"], typed) == Decimal(fact)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "五", "5.0", "5.5", "1,23", "1 2", "1e3", "NaN", "Infinity", "-", "0x5", "5人", "9万", "²", "٥", "--5"],
)
def test_what_is_no_whole_number_is_told_with_an_example(typed):
    with pytest.raises(ValueError) as told:
        parse_value(dictionary["computers"], typed)
    assert str(told.value) == "计算机要填整数，例如 5"


@pytest.mark.parametrize("raw", [True, None, [5], {"a": 1}, float("nan"), float("inf"), 1e300, Decimal("NaN")])
def test_what_is_no_number_at_all_is_told_too(raw):
    with pytest.raises(ValueError, match="计算机"):
        parse_value(dictionary["computers"], raw)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "面积不能是负数，例如 186.50"),
        ("－1.5㎡", "面积不能是负数，例如 186.50"),
        ("199.995", "面积要填数字，最多 2 位小数，例如 186.50"),
        ("1234567890123", "面积的数字太长，请核对，例如 186.50"),
        ("12345678901.99", "面积的数字太长，请核对，例如 186.50"),
        ("二百", "面积要填数字，最多 2 位小数，例如 186.50"),
    ],
)
def test_a_number_that_cannot_be_is_refused_and_never_rounded(typed, sentence):
    with pytest.raises(ValueError) as told:
        parse_value(dictionary["area"], typed)
    assert str(told.value) == sentence


@pytest.mark.parametrize(
    ("typed", "fact"), [(True, True), (False, False), ("是", True), (" 否 ", False), ("TRUE", True)]
)
def test_yes_and_no(typed, fact):
    assert parse_value(dictionary["open"], typed) is fact


@pytest.mark.parametrize("typed", ["", "对", 1, 0, "1", None, []])
def test_neither_yes_nor_no(typed):
    with pytest.raises(ValueError, match="开放要选“是”或“否”"):
        parse_value(dictionary["open"], typed)


@pytest.mark.parametrize(
    "typed",
    ["2012-03-01", "2012/3/1", "2012.3.1", "2012年3月1日", "20120301", "２０１２年０３月０１日", "2012 年 3 月 1 日"],
)
def test_a_date_in_the_ways_that_people_write_it(typed):
    assert parse_value(dictionary["built"], typed) == date(2012, 3, 1)


def test_a_date_as_toml_gives_it():
    assert parse_value(dictionary["built"], date(2012, 3, 1)) == date(2012, 3, 1)


def test_a_date_to_come_is_a_date():
    assert parse_value(dictionary["built"], "2099-12-31") == date(2099, 12, 31)


@pytest.mark.parametrize("typed", ["2012-02-30", "2012-13-01", "20120230", "0012-03-01"])
def test_an_impossible_date_is_told(typed):
    with pytest.raises(ValueError, match="请核对，例如 2012-03-01"):
        parse_value(dictionary["built"], typed)


@pytest.mark.parametrize("typed", ["", "昨天", "2012-3", "2012-3/1", "3.1", 20120301, datetime(2012, 3, 1), None])
def test_what_is_no_date_is_told_with_an_example(typed):
    with pytest.raises(ValueError, match="设立日期要填日期，例如 2012-03-01"):
        parse_value(dictionary["built"], typed)


def test_a_choice_is_one_of_those_offered():
    assert parse_value(dictionary["line"], "专线") == "专线"
    for typed in ("光纤", "", None, 1, ["专线"]):
        with pytest.raises(ValueError, match="线路没有这个选项，请从中选择：专线、VPN、无"):
            parse_value(dictionary["line"], typed)


def test_choices_are_a_list_and_may_be_empty():
    assert parse_value(dictionary["services"], ["care", "jobs", "jobs"]) == frozenset({"jobs", "care"})
    assert parse_value(dictionary["services"], []) == frozenset()
    for typed in (["jobs", "tea"], [1]):
        with pytest.raises(ValueError, match="服务没有这个选项"):
            parse_value(dictionary["services"], typed)
    for typed in ("jobs", None, {"jobs": True}):
        with pytest.raises(ValueError, match="可以多选"):
            parse_value(dictionary["services"], typed)


def test_a_text_is_kept_as_typed_but_for_control_characters():
    assert parse_value(dictionary["name"], " <b>甲</b>\r\n乙\x00\x07\ud800 ") == " <b>甲</b>\n乙 "
    assert parse_value(dictionary["name"], "") == ""


def test_a_text_has_an_end():
    assert len(parse_value(dictionary["name"], "字" * 2000)) == 2000
    with pytest.raises(ValueError, match="不能超过 2,000 字，现有 2,001 字"):
        parse_value(dictionary["name"], "字" * 2001)
    with pytest.raises(ValueError, match="要填文字"):
        parse_value(dictionary["name"], 5)


@pytest.mark.parametrize(
    ("key", "typed", "carried"),
    [
        ("computers", "５", 5),
        ("area", "186", "186.00"),
        ("open", "是", True),
        ("line", "VPN", "VPN"),
        ("services", ["care", "jobs"], ["jobs", "care"]),
        ("services", [], []),
        ("built", "2012.3.1", "2012-03-01"),
        ("name", "甲", "甲"),
    ],
)
def test_json_carries_a_fact_there_and_back(key, typed, carried):
    fact = parse_value(dictionary[key], typed)
    assert value_json(dictionary[key], fact) == carried
    assert type(value_json(dictionary[key], fact)) is type(carried)
    assert parse_value(dictionary[key], carried) == fact


@pytest.mark.parametrize(
    ("operator", "actual", "norm", "holds"),
    [
        ("at_least", 5, 5, True),
        ("at_least", 4, 5, False),
        ("at_most", 5, 5, True),
        ("at_most", 6, 5, False),
        ("more_than", 8000, 8000, False),
        ("more_than", 8001, 8000, True),
        ("less_than", 1500, 1500, False),
        ("less_than", 1499, 1500, True),
        ("is", Decimal("5.00"), Decimal(5), True),
        ("is", False, False, True),
        ("is_not", "无", "无", False),
        ("one_of", "VPN", ("VPN", "专线"), True),
        ("one_of", "无", ("VPN", "专线"), False),
        ("includes", frozenset({"a", "b", "c"}), ("a", "b"), True),
        ("includes", frozenset({"a"}), ("a", "b"), False),
        ("includes", frozenset(), ("a",), False),
        ("only", frozenset({"a"}), ("a", "b"), True),
        ("only", frozenset(), ("a",), True),
        ("only", frozenset({"a", "c"}), ("a", "b"), False),
        ("matches", " 甲(乙) ", "甲（乙）", True),
        ("matches", "甲 乙", "甲乙", False),
        ("matches", "甲乙丙", "甲乙", False),
        ("on_or_before", date(2011, 12, 31), date(2011, 12, 31), True),
        ("on_or_before", date(2012, 1, 1), date(2011, 12, 31), False),
        ("on_or_after", date(2011, 12, 31), date(2011, 12, 31), True),
        ("on_or_after", date(2011, 12, 30), date(2011, 12, 31), False),
        ("answered", " 　", True, False),
        ("answered", "按核定数", True, True),
        ("answered", frozenset(), True, True),
        ("answered", False, True, True),
        ("answered", Decimal(0), True, True),
    ],
)
def test_every_comparison_on_both_sides_of_its_line(operator, actual, norm, holds):
    assert HOLDS[operator](actual, norm) is holds


@pytest.mark.parametrize(
    ("parts", "of", "norm"),
    [
        ({}, 7, 7),
        ({"per": 10000, "round": "up"}, 60001, 7),
        ({"per": 10000, "round": "up"}, 60000, 6),
        ({"per": 10000, "round": "down"}, 69999, 6),
        ({"per": 10000, "round": "half_up"}, 65000, 7),
        ({"per": 10000, "round": "half_up"}, 64999, 6),
        ({"per": 10000, "round": "up", "minimum": 5}, 9999, 5),
        ({"per": 10000, "round": "up", "maximum": 12}, 999999, 12),
        ({"per": 4, "times": 3, "plus": 1}, 6, "5.5"),
        ({"plus": 1}, 0, 1),
    ],
)
def test_a_norm_is_computed_in_its_order(parts, of, norm):
    decimals = {key: value if key == "round" else Decimal(value) for key, value in parts.items()}
    assert computed(OfNorm("x", **decimals), Decimal(of)) == Decimal(norm)


def test_a_third_stays_a_third():
    third = computed(OfNorm("x", per=Decimal(3)), Decimal(10))
    assert third * 3 == 10
    assert Decimal("3.3333333333333333333333333333") < third


def test_half_up_is_exact():
    assert str(half_up(Fraction(200, 3), 1)) == "66.7"
    assert str(half_up(Fraction(1, 20), 1)) == "0.1"
    assert str(half_up(Fraction(1, 20) - Fraction(1, 10**40), 1)) == "0.0"


def test_a_name_is_no_pattern():
    assert filled("{township}服务所", {"township": "甲.镇(乙)"}) == "甲\\.镇（乙）服务所"
    assert filled("[一-龥]{1,}所", {}) == "[一-龥]{1,}所"
    assert filled("{village}站", {"township": "甲镇"}) is None
