"""The words of the plan of 2011 in our fixture are the printed words, its keys the agreed keys, and it is said well."""

# ruff: noqa: SIM905 (keys stand in lines of words, a clause a line)

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from standards.edition import Edition
from standards.engine import judge
from standards.files import read_fixtures
from standards.wording import reasons, rule_in_words, sentence

ROOT = Path(__file__).parents[2]
SOURCE = (ROOT / "tests/sources/zhuhai_2011.txt").read_text(encoding="utf-8")
FIXTURES = read_fixtures(ROOT / "fixtures")
PLAN = next(edition for edition in FIXTURES.editions if edition.key == "zhuhai_2011")
ON = date(2026, 9, 30)

#: what stands before each clause's title in print, and where the clause ends: at the next one's beginning
HEADINGS = "二、 （一） 1. 2. 3. 4. 5. （二） （三） （四） （五） （一） （二）".split()

REQUIREMENTS = """
2.town_built 2.village_built 2.four_ization 2.satisfaction
3.1.standardised
3.1.1.town_functions 3.1.1.village_assists
3.1.2.town_nature 3.1.2.village_integrated 3.1.2.village_purchase
3.1.3.local 3.1.3.district_guidance 3.1.3.village_guidance
3.1.4.deadline 3.1.4.name_district 3.1.4.name_zone_merged 3.1.4.name_zone_town 3.1.4.name_village
3.1.4.town_document 3.1.4.village_document
3.1.5.deadline 3.1.5.town_ratio 3.1.5.town_extra 3.1.5.town_extra_approval 3.1.5.town_extra_funding
3.1.5.village_one 3.1.5.village_extra 3.1.5.village_extra_approval 3.1.5.village_extra_funding 3.1.5.filing
3.2.deadline 3.2.town_area 3.2.town_windows 3.2.town_computer 3.2.town_printer 3.2.town_filing_cabinet
3.2.town_fax 3.2.town_led_display 3.2.town_self_service_kiosk
3.2.village_office 3.2.village_colocate 3.2.village_windows 3.2.village_computer 3.2.village_filing_cabinet
3.2.village_notice_board 3.2.village_printer 3.2.village_telephone 3.2.village_fax
3.3.network 3.3.unified_software 3.3.systems 3.3.ledgers 3.3.full_process 3.3.egov
3.4.satisfaction 3.4.expand 3.4.service_standards 3.4.public_items 3.4.one_stop 3.4.environment
3.4.window_campaign 3.4.first_inquiry 3.4.time_limit 3.4.accountability 3.4.training_system 3.4.annual_training
3.4.certified
3.5.town_budget 3.5.town_topup 3.5.employment_fund 3.5.basis 3.5.ft_city 3.5.ft_district 3.5.pt_city
3.5.pt_district 3.5.public_servants
4.1.city_group 4.1.district_org 4.1.planning 4.1.hrss 4.1.establishment_dept 4.1.finance
4.2.assessment 4.2.quarterly 4.2.inspection 4.2.bulletin 4.2.criticism
""".split()

FORCES = {
    "norm": "3.1.2.village_purchase 3.1.5.village_one 3.2.town_area",
    "permissive": "3.1.5.town_extra 3.1.5.village_extra 3.2.village_colocate 3.5.town_topup 3.5.employment_fund",
    "aspirational": "2.satisfaction 3.3.systems 3.3.ledgers 3.3.egov 3.4.satisfaction 3.4.expand 3.4.environment "
    "3.4.window_campaign",
}
BOTH = "3.1.4.deadline 3.3.network 3.3.unified_software".split()
VILLAGE = "3.1.3.village_guidance 3.1.5.filing".split()
DISTRICT = """
2.town_built 2.village_built 2.four_ization 3.1.4.village_document 3.1.5.deadline 3.2.deadline 3.4.training_system
3.4.annual_training 3.5.employment_fund 4.1.district_org 4.1.planning 4.1.hrss 4.1.establishment_dept 4.1.finance
4.2.quarterly
""".split()
CITY = """
2.satisfaction 3.1.standardised 3.1.4.town_document 3.3.systems 3.3.full_process 3.3.egov 4.1.city_group
4.2.assessment 4.2.inspection 4.2.bulletin 4.2.criticism
""".split()


def subjects_of(key: str) -> tuple[str, ...]:
    """Whom the sentence names: 街道（镇）, 社区（村）, 各区 or 全市."""
    if key in BOTH:
        return ("township", "village")
    if key in DISTRICT or key in CITY:
        return ("district",) if key in DISTRICT else ("city",)
    about_stations = "village_" in key or key in VILLAGE or (key.startswith("3.5.") and "town_" not in key)
    return ("village",) if about_stations or key.endswith("name_village") else ("township",)


def printed_clauses() -> list[str]:
    """Parts 二 to 四 as printed, cut where a clause begins; the bare headings 三 and 四 belong to none."""
    body = SOURCE[SOURCE.index("二、工作目标") : SOURCE.index(" 抄送：")]
    body = re.sub(r"\n[三四]、[^\n]+\n", "\n\n", body)
    starts = [0]
    for heading in HEADINGS[1:]:
        starts.append(body.index(f"\n{heading}", starts[-1] + 1) + 1)
    return [body[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]


def test_the_plan_has_thirteen_clauses_and_eighty_seven_requirements():
    assert (len(PLAN.clauses), len(PLAN.by_key)) == (13, 87)


@pytest.mark.parametrize("at", range(13))
def test_words_are_the_printed_words(at: int):
    clause = PLAN.clauses[at]
    assert clause.text == printed_clauses()[at]
    assert clause.text.startswith(f"{HEADINGS[at]}{clause.title}")
    assert clause.remark == ""


def test_the_title_is_the_printed_title():
    assert PLAN.title in SOURCE.replace("\n", "")


def test_numbers_are_those_by_which_the_plan_is_cited():
    assert [clause.number for clause in PLAN.clauses] == (
        "二 三（一） 三（一）1 三（一）2 三（一）3 三（一）4 三（一）5 "
        "三（二） 三（三） 三（四） 三（五） 四（一） 四（二）"
    ).split()


def test_requirement_keys_are_the_agreed_ones_in_the_order_of_the_words():
    assert list(PLAN.by_key) == [f"zh.{key}" for key in REQUIREMENTS]


def test_forces_are_as_the_words_have_them():
    expected = {f"zh.{key}": force for force, keys in FORCES.items() for key in keys.split()}
    assert {each.key: each.force for each in PLAN.requirements} == {
        key: expected.get(key, "mandatory") for key in PLAN.by_key
    }


def test_each_requirement_is_asked_of_those_whom_its_sentence_names():
    assert {each.key: each.subjects for each in PLAN.requirements} == {
        f"zh.{key}": subjects_of(key) for key in REQUIREMENTS
    }


def test_deadlines_are_the_three_of_the_plan():
    days = {each.deadline for each in PLAN.requirements if each.deadline}
    assert days == {date(2011, 12, 31), date(2012, 6, 30), date(2012, 8, 31)}


def test_every_reading_of_the_plan_is_cited():
    assert {f"Z{number}" for number in range(1, 31)} <= PLAN.interpretations.keys()


def test_the_city_and_the_calendar_come_as_derived_facts():
    """What needs people, money paid, shares of bodies or working days is never asked in a survey."""
    derived = {key for key, each in PLAN.indicators.items() if each.source in ("roster", "rollup", "prior")}
    assert {
        *("town_bodies_established", "village_bodies_due", "standardised_rate", "premises_pass_rate"),
        *("fulltime_count", "extra_staff", "filed_count", "certified_staff", "ft_city_paid", "pt_district_min"),
        *("return_days_late", "online_items_before", "bulletin_no", "inspected_on"),
    } <= derived


def test_what_the_schedules_ask_too_is_one_fact():
    others = {key for edition in FIXTURES.editions if edition is not PLAN for key in edition.indicators}
    shared = "computer_count printer_count fax_count filing_cabinet_count staff_count institution_name".split()
    assert {*shared, "served_population", "resident_population"} <= others & PLAN.indicators.keys()


# ── Said ──────────────────────────────────────────────────────────────────────

RAW = re.compile(r"[a-z_]{2,}|\[|\^|None|（）|。。|，，|，$|：，|“”")


def test_every_rule_is_said_without_a_raw_word():
    for requirement in PLAN.requirements:
        words = rule_in_words(PLAN, requirement)
        assert words.endswith("。")
        assert not RAW.search(words), (requirement.key, words)


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal(1)])
def test_every_finding_is_said_without_a_raw_word(amount: Decimal | None):
    numbers = [key for key, each in PLAN.indicators.items() if each.type in ("integer", "decimal")]
    facts = {} if amount is None else dict.fromkeys(numbers, amount)
    judgement = judge(PLAN, facts, ON)
    for requirement in PLAN.requirements:
        result = judgement.results[requirement.key]
        said = [str(sentence(PLAN, requirement, result, facts)), *reasons(PLAN, requirement, result, facts, judgement)]
        assert not any(RAW.search(each) for each in said), said


def said(plan: Edition, key: str, **facts: object) -> str:
    known = {name: Decimal(str(fact)) if isinstance(fact, (int, float)) else fact for name, fact in facts.items()}
    result = judge(plan, known, ON).results[key]  # type: ignore[arg-type]
    return str(sentence(plan, plan.by_key[key], result, known))  # type: ignore[arg-type]


def test_a_rate_is_low_and_short_by_points():
    assert "规范化建设完成率不低于 90%" in rule_in_words(PLAN, PLAN.by_key["zh.3.1.standardised"])
    short = said(PLAN, "zh.3.1.standardised", standardised_rate=89.99)
    assert short == "规范化建设完成率：实为 89.99%，应不低于 90%，差 0.01 个百分点"


def test_a_return_that_is_late_is_late_by_working_days():
    late = said(PLAN, "zh.4.2.quarterly", return_days_late=3)
    assert late == "季报逾期：实有 3 个工作日，应为 0 个工作日，超 3 个工作日"


def test_an_amount_paid_equals_the_amount_due():
    assert "市级专职补助实发应等于市级专职补助应发" in rule_in_words(PLAN, PLAN.by_key["zh.3.5.ft_city"])


def test_extra_staff_are_those_beyond_the_ratio():
    rule = rule_in_words(PLAN, PLAN.by_key["zh.3.1.5.town_extra"])
    assert "前提：工作人员（在岗）减去新增人员不少于服务对象 ÷ 6,000（有余数进一）" in rule


def test_a_name_that_a_person_always_decides_is_said_so():
    rule = rule_in_words(PLAN, PLAN.by_key["zh.3.1.4.name_zone_merged"])
    assert "“珠海（市）××区（××镇）人力资源和社会保障服务所”" in rule
    assert "未达到的，一律由审核人认定，不直接判“不达标”。" in rule
    assert "未达到的，判" not in rule
