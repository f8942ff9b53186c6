"""``check_subsidy``: our cases pass, a difference is told, and what cannot be computed is refused with a sentence."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from assessments.subsidies.cases import failures_of
from assessments.subsidies.policy import read_policy
from standards.files import toml_of

ROOT = Path(__file__).parents[2]
POLICY = read_policy(ROOT / "fixtures/subsidy.toml")
CASE = """
id = "S1"
name = "one 专职"
from = 2026-01-01
to = 2026-03-31
served_population = 9000
district_paid = 2700.00
persons = [{ id = "甲", kind = "专职", start = 2025-07-01 }]
expect = { city_due = 3000.00 }
"""


def run(path, **options):
    out = StringIO()
    try:
        call_command("check_subsidy", str(path), stdout=out, **options)
    except SystemExit as stopped:
        return out.getvalue().splitlines(), stopped.code
    return out.getvalue().splitlines(), 0


def said_of(old, new):
    assert old in CASE
    return failures_of(toml_of(CASE.replace(old, new), "x"), POLICY)


def test_every_case_of_ours_passes():
    said, status = run(ROOT / "tests/cases/subsidy/worked.toml")
    assert said == ["51 passed, 0 failed"]
    assert status == 0


def test_a_failing_case_says_what_was_expected_and_what_came(tmp_path):
    path = tmp_path / "x.toml"
    wrong = "{ city_due = 2999.99, district_min = 3000, held = 1, flags = ['unfiled'] }"
    path.write_text(f"[[case]]{CASE}[[case]]{CASE.replace('{ city_due = 3000.00 }', wrong)}", encoding="utf-8")
    said, status = run(path)
    assert said == [
        "未通过：x.toml S1 one 专职",
        "  city_due：应为 2999.99，得到 3000.00",
        "  held：应为 1，得到 0.00",
        "  flags：应为 unfiled，得到 无",
        "1 passed, 1 failed",
    ]
    assert status == 1


@pytest.mark.parametrize(
    ("expect", "passes"),
    [
        ("{ city_due = 3000 }", True),
        ("{ city_due = 3000.000 }", True),
        ("{ city_due = 3000.01 }", False),
        ("{ district_shortfall = 300 }", True),
        ("{ held = 0, recover = 0.0 }", True),
        ("{ flags = [] }", True),
        ("{ flags = ['partial_month'] }", False),
    ],
)
def test_only_what_is_named_is_compared_and_numbers_by_value(expect, passes):
    assert (said_of("{ city_due = 3000.00 }", expect) == []) is passes


def test_flags_are_compared_whatever_their_order():
    person = '{ id = "甲", kind = "专职", start = 2026-02-10, filed = false }'
    case = CASE.replace('{ id = "甲", kind = "专职", start = 2025-07-01 }', person)
    for flags in ('["unfiled", "partial_month"]', '["partial_month", "unfiled"]'):
        assert failures_of(toml_of(case.replace("{ city_due = 3000.00 }", f"{{ flags = {flags} }}"), "x"), POLICY) == []


def test_a_shortfall_is_unknown_where_nothing_was_recorded_and_all_where_nothing_was_paid():
    expect = "expect = { district_shortfall = 3000 }"
    case = CASE.replace("expect = { city_due = 3000.00 }", expect)
    assert failures_of(toml_of(case.replace("2700.00", "0"), "x"), POLICY) == []
    assert failures_of(toml_of(case.replace("district_paid = 2700.00", ""), "x"), POLICY) == [
        "district_shortfall：应为 3000，得到 未知（没有填 district_paid）"
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("from = 2026-01-01", "", "没有 from；写成 from = 2026-01-01，不加引号"),
        ("from = 2026-01-01", "from = 2026-01-01T00:00:00", "from 不是日期；"),
        ("to = 2026-03-31", 'to = "2026-03-31"', "to 不是日期；"),
        ("to = 2026-03-31", "to = 2025-12-31", "to（2025-12-31）早于 from（2026-01-01）；"),
        (
            "2026-01-01\nto = 2026-03-31",
            "2011-07-01\nto = 2011-09-30",
            "to（2011-09-30）早于补助标准的起始日 2011-11-23",
        ),
        ("served_population = 9000", "served_population = -1", "served_population 应在 0 以上"),
        ("served_population = 9000", "served_population = 9000.5", "served_population 应是整数"),
        ("served_population = 9000", "served_population = true", "served_population 不是数字；"),
        ("district_paid = 2700.00", "district_paid = -1", "district_paid 应在 0 以上"),
        ("district_paid = 2700.00", "district_paid = 0.001", "district_paid 最多2位小数"),
        ("district_paid = 2700.00", "district_paid = nan", "district_paid 不是数字；"),
        ("district_paid = 2700.00", "district_paid = 1e999999", "district_paid 应在 0 以上、一万亿以下"),
        ("district_paid = 2700.00", "district_payed = 1", "用例的键“district_payed”不认识；是否应为“district_paid”？"),
        ("served_population = 9000", 'count_extra = "yes"', "count_extra 应是 true 或 false"),
        ('persons = [{ id = "甲", kind = "专职", start = 2025-07-01 }]', "", "没有 persons；"),
        ('persons = [{ id = "甲", kind = "专职", start = 2025-07-01 }]', 'persons = "甲"', "persons 应是列表"),
        ('{ id = "甲", kind = "专职", start = 2025-07-01 }', "3", "persons 第1人：应是一张表"),
        ('id = "甲", ', "", "persons 第1人：id 缺失或不是文字"),
        ('id = "甲", ', 'id = " ", ', "persons 第1人（ ）：id 缺失或不是文字"),
        ('"专职"', '"全职"', "persons 第1人（甲）：kind“全职”不认识；只可用：专职、兼职"),
        ('kind = "专职", ', "", "persons 第1人（甲）：kind 缺失或不是文字"),
        (", start = 2025-07-01", "", "persons 第1人（甲）：没有 start；"),
        (
            "2025-07-01 }",
            "2025-07-01, end = 2025-06-30 }",
            "persons 第1人（甲）：end（2025-06-30）早于 start（2025-07-01）；",
        ),
        ("2025-07-01 }", '2025-07-01, end = "" }', "persons 第1人（甲）：end 不是日期；"),
        ("2025-07-01 }", "2025-07-01, filed = 1 }", "persons 第1人（甲）：filed 应是 true 或 false"),
        ("2025-07-01 }", "2025-07-01, paid_per_month = -300 }", "persons 第1人（甲）：paid_per_month 应在 0 以上"),
        ("2025-07-01 }", "2025-07-01, ended = 2026-01-01 }", "persons 第1人（甲）：键“ended”不认识；是否应为“end”？"),
        ("expect = { city_due = 3000.00 }", "", "没有 expect；"),
        ("{ city_due = 3000.00 }", "{}", "expect 里没有写应有的结果"),
        ("{ city_due = 3000.00 }", "3000", "expect 应是一张表"),
        ("{ city_due = 3000.00 }", '{ city_due = "3000" }', "expect 的 city_due 应是数字"),
        ("{ city_due = 3000.00 }", "{ city_due = true }", "expect 的 city_due 应是数字"),
        ("{ city_due = 3000.00 }", "{ due = 3000 }", "expect 的键“due”不认识"),
        ("{ city_due = 3000.00 }", '{ flags = "unfiled" }', "expect 的 flags 应是文字列表"),
        (
            "{ city_due = 3000.00 }",
            '{ flags = ["unfilled"] }',
            "expect 的 flags 里“unfilled”不认识；是否应为“unfiled”？",
        ),
    ],
)
def test_a_case_that_cannot_be_computed_fails_with_a_sentence(old, new, sentence):
    [said] = said_of(old, new)
    assert said.startswith(sentence)


def test_a_case_that_is_no_table_fails_with_a_sentence():
    assert failures_of(3, POLICY) == ["用例应是一张表，用 [[case]] 写"]


@pytest.mark.parametrize("content", [b"", b"[[case", b"\xff", b"[[cases]]\nid = 'x'", b"case = [3]", b"case = 3"])
def test_a_file_without_cases_fails_by_name(tmp_path, content):
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    said, status = run(path)
    assert said[0].startswith("未通过：x.toml")
    assert said[-1].startswith("0 passed, ")
    assert status == 1


def test_a_file_that_is_not_there_fails_by_name(tmp_path):
    said, status = run(tmp_path / "none.toml")
    assert said == ["未通过：none.toml", "  none.toml: 没有这个文件；补上文件，或检查路径", "0 passed, 1 failed"]
    assert status == 1


def test_rates_that_cannot_be_read_fail_with_their_flaws(tmp_path):
    policy = tmp_path / "subsidy.toml"
    policy.write_text("standard = 'x'", encoding="utf-8")
    said, status = run(ROOT / "tests/cases/subsidy/worked.toml", policy=policy)
    assert said[:2] == [
        "未通过：补助标准",
        "  subsidy.toml: 文件的 effective 缺失或不是日期；写成 effective = 2016-01-01，不加引号",
    ]
    assert (said[-1], status) == ("0 passed, 1 failed", 1)
