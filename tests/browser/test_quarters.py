"""A station's quarter with the hand's acts counted: one that has not changed, and the very first."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from assessments import beginning
from assessments.models import Period, Snapshot, Survey
from assessments.standings import standing_of
from facilities.models import Officer
from tests.browser.acts import Acts
from tests.browser.conftest import PHONE, SIZES, Open
from tests.browser.filling import expect_saved, fill_page, press
from tests.browser.inspecting import faults
from tests.browser.stations import STATION, SURVEYOR, answer, said, station, submitted_before

pytestmark = pytest.mark.browser
PASSWORD = "Demo-2026-portal"


@pytest.fixture
def zijing(portal: str) -> Officer:
    return Officer.objects.get(username=SURVEYOR)


@pytest.fixture
def last(zijing: Officer, period: Period) -> Snapshot:
    return submitted_before(station(), zijing, period)


def log_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("用户名").fill(SURVEYOR)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    press(page.get_by_role("button", name="登录"))
    expect(page.get_by_role("heading", level=1)).to_have_text("我的任务")


def submitted(period: Period) -> Survey:
    return Survey.objects.get(facility__code=STATION, period__year=period.year, period__quarter=period.quarter)


@SIZES
def test_an_unchanged_quarter_is_one_confirmation(
    open_page: Open, last: Snapshot, period: Period, size: tuple[int, int]
) -> None:
    page = open_page(size=size)
    log_in(page)
    acts = Acts(page)
    press(page.get_by_role("link", name="本季度无变化"))
    expect(page.get_by_role("heading", level=1)).to_have_text("本季度无变化")
    acts.look()
    aged, rest = page.locator(".ageing__row").count(), page.locator(".carried__item b").count()
    found = faults(page)
    press(page.get_by_role("button", name="以上属实，无变化，提交"))
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    survey = submitted(period)
    assert (survey.state, survey.unchanged_by.username) == (Survey.SUBMITTED, SURVEYOR)  # type: ignore[union-attr]
    assert not survey.answers.filter(origin__in=("carried", "known")).exists(), "what was confirmed is recorded as such"
    acts.tell("一家服务站本季度无变化，从我的任务到回执", glances=aged + rest)
    assert (acts.taps, acts.keys, acts.pages) == (2, 0, 2)
    assert acts.seconds(glances=aged + rest) < 60
    assert found == []


def test_what_has_aged_is_changed_on_the_way(open_page: Open, last: Snapshot, period: Period) -> None:
    page = open_page(SURVEYOR, PHONE, f"/surveys/{STATION}/{period.key}/unchanged/", scripts=False)
    field = page.get_by_label("工作人员")
    field.fill("八人")
    press(page.get_by_role("button", name="以上属实，无变化，提交"))
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.get_by_label("工作人员")).to_have_value("八人")
    found = faults(page)
    page.get_by_label("工作人员").fill("８")
    press(page.get_by_role("button", name="以上属实，无变化，提交"))
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    assert submitted(period).answers.get(indicator="staff_count").value == 8
    assert found == []


def test_a_colleague_changed_it_meanwhile(open_page: Open, last: Snapshot, zijing: Officer, period: Period) -> None:
    survey = beginning.start(station(), period, zijing)
    page = open_page(SURVEYOR, PHONE, f"/surveys/{STATION}/{period.key}/unchanged/")
    answer(survey, Officer.objects.get(username="cuixiang"), {"staff_count": 11})
    page.get_by_label("工作人员").fill("9")
    press(page.get_by_role("button", name="以上属实，无变化，提交"))
    expect(page.get_by_text(re.compile("别人刚改成 11 人"))).to_be_visible()
    expect(page.get_by_label("工作人员")).to_have_value("9")
    assert faults(page) == []
    assert submitted(period).is_open


@SIZES
def test_a_first_survey_of_a_station(open_page: Open, zijing: Officer, period: Period, size: tuple[int, int]) -> None:
    page, answers = open_page(size=size), said(station())
    acts, asked, seen = Acts(page), 0, []
    log_in(page)
    press(page.locator(".survey__name a"))
    press(page.get_by_role("button", name="开始填"))
    press(page.locator(".clauses__title a").first)
    for number in range(1, 11):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"第{number}项")
        acts.look()
        asked += fill_station_page(page, answers)
        press(page.get_by_role("button", name="去检查" if number == 10 else re.compile("^下一项")))
    expect(page.get_by_role("heading", level=1)).to_have_text("提交前，请检查一遍")
    acts.look()
    seen = page.locator(".answers__row").all()
    press(page.locator("form.bar button[type=submit]"))
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    acts.tell("一家服务站第一次填报，从登录到回执", glances=len(seen), questions=asked)
    assert standing_of(submitted(period)).needed == frozenset()
    assert acts.seconds(glances=len(seen), questions=asked) < 600


def fill_station_page(page: Page, answers: dict[str, object]) -> int:
    """Whatever stands there and is not known yet, until nothing new comes up. Gives how many questions."""
    filled: set[str] = set()
    while wanted := [key for key in open_questions(page) if key in answers and key not in filled]:
        fill_page(page, answers, only=wanted)
        expect_saved(page)
        filled |= set(wanted)
    return len(filled)


def open_questions(page: Page) -> list[str]:
    asked = page.locator("[data-question]:not([data-vanished])").all()
    return [str(each.get_attribute("data-question")) for each in asked]
