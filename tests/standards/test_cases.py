"""``check_cases``: what it compares, what it prints, and how it answers a case that cannot be run."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from standards.cases import failures_of
from standards.files import read_fixtures, toml_of
from tests.standards.samples import case_paths

ROOT = Path(settings.BASE_DIR)
TODAY = date(2026, 3, 31)
CASE = """
name = "computers one short in the middle band"
standard = "town_office"
facility = { resident_population = 75000 }
answers = { computer_count = 4 }
"""


@pytest.fixture(scope="module")
def fixtures():
    return read_fixtures(ROOT / "fixtures")


def run(path):
    out = StringIO()
    try:
        call_command("check_cases", str(path), stdout=out)
    except SystemExit as stopped:
        return out.getvalue(), stopped.code
    return out.getvalue(), 0


@pytest.mark.parametrize("path", case_paths(), ids=lambda path: path.stem)
def test_every_case_of_ours_passes(path):
    said, status = run(path)
    assert status == 0, said
    assert said.splitlines()[-1].endswith(" passed, 0 failed")


def test_a_failing_case_says_what_was_expected_and_what_came(tmp_path):
    path = tmp_path / "x.toml"
    expect = '[case.expect."town.7.computer"]\noutcome = "fail"\nnorm = 6\nshortfall = 1.0\n'
    path.write_text(f"[[case]]\nid = 'T1'{CASE}{expect}[[case]]{CASE}", encoding="utf-8")
    said, status = run(path)
    assert said.splitlines() == [
        "未通过：x.toml T1 computers one short in the middle band",
        "  town.7.computer 的 norm：应为 6，得到 5",
        "1 passed, 1 failed",
    ]
    assert status == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[[case",
        b"\xff",
        b"[[cases]]\nname = 'x'",
        b"x = " + b"9" * 5000,
        b"x = " + b"[" * 5000,
        b"x = 1e" + b"9" * 30,
    ],
)
def test_a_file_without_cases_fails(tmp_path, content):
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    said, status = run(path)
    assert (said.splitlines()[-1].split()[0], status) == ("0", 1)


def test_a_file_that_is_not_there_fails(tmp_path):
    said, status = run(tmp_path / "none.toml")
    assert said.splitlines()[-1] == "0 passed, 1 failed"
    assert status == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ('[expect."town.7.computers"]\noutcome = "fail"', "要求“town.7.computers”不认识；是否应为“town.7.computer”？"),
        ('[expect."town.7.computer"]\nresult = "fail"', "town.7.computer 的期望“result”不认识"),
        ('[expect."town.7.computer"]\noutcome = "failed"', "结论“failed”不认识；是否应为“fail”？"),
        ('[expect]\n"town.7.computer" = "fail"', "town.7.computer 的期望应是一张表"),
        ('[clauses]\n"town.77" = "fail"', "条款“town.77”不认识"),
        ('[judgement]\nscores = 90', "judgement 的期望“scores”不认识"),
        ('[judgement]\ngrade = "合格"', "等次“合格”不认识"),
        ('subject = "town"', "对象“town”不认识"),
        ('date = "2026-03-31"', "date 不是日期"),
        ("date = 2015-12-31", "标准“town_office”在 2015-12-31 没有有效的版本"),
        ('determinations = { "town.2.area" = "maybe" }', "认定“maybe”不认识"),
        ('determinations = { "town.2.size" = "refused" }', "要求“town.2.size”不认识"),
        ("given = { x = 1 }", "用例的键“given”不认识"),
        ("clauses = 3", "clauses 应是一张表"),
    ],
)  # fmt: skip
def test_a_case_that_names_what_does_not_exist_fails_with_a_sentence(fixtures, more, sentence):
    [said] = failures_of(toml_of(CASE + more, "x"), fixtures, TODAY)
    assert said.startswith(sentence)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("computer_count = 4", "computers = 4", "数据项“computers”不认识"),
        ("computer_count = 4", "computer_count = 4.5", "computer_count：计算机要填整数，例如 5"),
        ("computer_count = 4", "computer_count = true", "computer_count：计算机要填整数，例如 5"),
        ("town_office", "town_hall", "标准“town_hall”没有文件"),
        ('standard = "town_office"', "", "标准“None”没有文件"),
    ],
)
def test_a_case_with_a_wrong_fact_or_standard_fails_with_a_sentence(fixtures, old, new, sentence):
    [said] = failures_of(toml_of(CASE.replace(old, new), "x"), fixtures, TODAY)
    assert said.startswith(sentence)


@pytest.mark.parametrize(
    ("expect", "passes"),
    [
        ("shortfall = 1", True),
        ("shortfall = 1.00", True),
        ("actual = 4", True),
        ("norm = true", False),
        ("shortfall = 2", False),
        ("missing = []", True),
        ('missing = ["archives"]', False),
        ("overdue = false", False),
    ],
)
def test_only_what_is_named_is_compared_and_numbers_by_value(fixtures, expect, passes):
    raw = toml_of(f'{CASE}[expect."town.7.computer"]\n{expect}', "x")
    assert (failures_of(raw, fixtures, TODAY) == []) is passes


def test_what_is_met_is_short_by_nothing(fixtures):
    raw = toml_of(f'{CASE}[expect."town.7.computer"]\nshortfall = 0'.replace("= 4", "= 5"), "x")
    assert failures_of(raw, fixtures, TODAY) == []


def test_a_judgement_may_be_expected_in_either_place(fixtures):
    case = CASE.replace("{ computer_count = 4 }", "{ established = false }")
    for expect in ("judgement = { score = 0, grade = '未设立' }", "[expect]\njudgement = { score = 0.0 }"):
        assert failures_of(toml_of(case + expect, "x"), fixtures, TODAY) == []
    assert failures_of(toml_of(case + "judgement = { score = 1 }", "x"), fixtures, TODAY) == ["score：应为 1，得到 0.0"]
