"""附表3: what a village is asked follows from its kind, people, conditions and station; what vanishes says why."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from assessments import beginning
from assessments.models import Judgement, Period, Survey
from facilities.models import Facility, Officer
from tests.browser.conftest import DESK, ON_A_PHONE, PHONE, SIZES, Open
from tests.browser.filling import clause, expect_saved, fill_question, press
from tests.browser.inspecting import faults, faults_at_both
from tests.browser.stations import answer, made_town

pytestmark = pytest.mark.browser
URBAN, RURAL, LARGE, ABLE, SMALL = range(5)  # KINDS of tests/assessments/town.py


@pytest.fixture
def villages(portal: str) -> list[Facility]:
    return made_town(5)


@pytest.fixture
def begin(villages: list[Facility], officer: Officer, period: Period):
    return lambda kind: beginning.start(villages[kind], period, officer)


def asked(page: Page) -> set[str]:
    return {
        str(each.get_attribute("data-question")) for each in page.locator("[data-question]:not([data-vanished])").all()
    }


def rows(page: Page, survey: Survey) -> list[str]:
    """How each of the ten rows stands in the list."""
    page.goto(clause(survey).partition("clauses/")[0])
    return page.locator(".clauses__state").all_inner_texts()


@ON_A_PHONE
def test_a_small_village_is_asked_for_its_coordinator_alone(open_page: Open, begin, size: tuple[int, int]) -> None:
    survey = begin(SMALL)
    page = open_page("cuixiang", size, clause(survey, 1))
    assert {"has_station", "coordinator_count"} <= asked(page)
    fill_question(page, "has_station", False)
    expect(page.locator("#q-signboard_hung[data-vanished]")).to_contain_text("不适用：")
    expect(page.locator("#q-signboard_hung")).to_contain_text("是否悬挂标识")
    found = faults_at_both(page)
    fill_question(page, "coordinator_count", 1)
    expect_saved(page)
    states = rows(page, survey)
    assert [states[number - 1] for number in (4, 5, 6, 9)] == ["不适用"] * 4
    page.goto(clause(survey, 9))
    expect(page.locator(".vanished__why")).to_contain_text("这一项不适用")
    found += faults_at_both(page)
    page.goto(clause(survey, 3))
    assert "coordinator_count" in asked(page) or page.locator(".elsewhere").count()
    assert "staff_count" not in asked(page)
    assert found == []


@ON_A_PHONE
def test_fifteen_hundred_people_decide(open_page: Open, begin, size: tuple[int, int]) -> None:
    survey = begin(LARGE)
    page = open_page("cuixiang", size, clause(survey, 1))
    expect(page.locator("#i-resident_population")).to_have_value("1500")
    fill_question(page, "has_station", True)
    expect(page.locator("#q-coordinator_count:not([data-vanished])")).to_have_count(0)
    expect_saved(page)
    assert "village_has_conditions" not in asked(page)
    fill_question(page, "resident_population", 1499)
    expect(page.locator("#q-village_has_conditions:not([data-vanished])")).to_be_visible()
    expect_saved(page)
    fill_question(page, "resident_population", 1500)
    expect(page.locator("#q-village_has_conditions:not([data-vanished])")).to_have_count(0)
    expect_saved(page)
    fill_question(page, "has_station", False)
    expect(page.locator(".vanished__why").first).to_contain_text("服务站未设立，以下各项不必再填")
    assert faults_at_both(page) == []


def test_a_village_with_conditions_is_asked_for_its_line(open_page: Open, begin) -> None:
    survey = begin(ABLE)
    page = open_page("cuixiang", PHONE, clause(survey, 1))
    fill_question(page, "has_station", False)
    fill_question(page, "coordinator_count", 1)
    expect_saved(page)
    page.goto(clause(survey, 9))
    assert {"line_type", "vpn_to_city"} <= asked(page)
    page.goto(clause(survey, 1))
    fill_question(page, "village_has_conditions", False)
    expect_saved(page)
    page.goto(clause(survey, 9))
    assert asked(page) == set()
    expect(page.locator(".vanished__why")).to_contain_text("这一项不适用")


@SIZES
@pytest.mark.parametrize("scripts", [True, False], ids=["script", "bare"])
def test_not_set_up_ends_the_survey(open_page: Open, begin, size: tuple[int, int], scripts: bool) -> None:
    survey = begin(URBAN)
    page, found = open_page("cuixiang", size, clause(survey, 1), scripts=scripts), []
    fill_question(page, "has_station", False)
    if scripts:
        expect_saved(page)
    else:
        press(page.get_by_role("button", name="保存", exact=True).last)
    expect(page.locator(".vanished__why").first).to_contain_text("服务站未设立，以下各项不必再填")
    found += faults(page)
    assert rows(page, survey)[1:] == ["未设立"] * 9 or "未设立" in page.locator(".clauses").inner_text()
    found += faults(page)
    page.goto(clause(survey).replace("clauses/7", "check"))
    found += faults(page)
    press(page.locator("form.bar button[type=submit]"))
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    press(page.get_by_role("link", name="看判定结果"))
    expect(page.locator("main")).to_contain_text(re.compile("未设立"))
    found += faults(page)
    assert Judgement.objects.get().grade == "未设立"
    assert found == []


def test_what_was_said_before_is_kept_and_said(open_page: Open, begin, officer: Officer) -> None:
    survey = begin(SMALL)
    answer(survey, officer, {"has_station": True, "signboard_hung": True})
    page = open_page("cuixiang", DESK, clause(survey, 1))
    fill_question(page, "has_station", False)
    expect(page.locator("#q-signboard_hung .vanished__kept")).to_contain_text("已填的留着，不参加判定：")
    fill_question(page, "has_station", True)
    expect(page.locator("#q-signboard_hung:not([data-vanished])")).to_be_visible()
    assert survey.answers.get(indicator="signboard_hung").value is True
