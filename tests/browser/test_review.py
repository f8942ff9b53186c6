"""审核 in the browser: every page and state of it at both widths, one walk with the keys, one without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from assessments import reviewing, workflow
from assessments.models import Survey
from assessments.standings import standing_of
from facilities.models import Officer
from tests.browser.conftest import AT_A_DESK, DESK, ON_A_PHONE, Open
from tests.browser.filling import press
from tests.browser.inspecting import faults_at_both

pytestmark = pytest.mark.browser


@pytest.fixture
def sent(filled: Survey, officer: Officer) -> Survey:
    workflow.submit(filled, officer)
    return Survey.objects.select_related("facility__division", "period").get(pk=filled.pk)


@pytest.fixture
def reviewer(portal: str) -> Officer:
    return Officer.objects.get(username="xiangzhou")


def path(survey: Survey, rest: str = "") -> str:
    return f"/surveys/{survey.facility.code}/{survey.period.key}/{rest}"


def sound(page: Page) -> None:
    assert faults_at_both(page) == []


@AT_A_DESK
def test_every_page_and_state_is_sound(open_page: Open, sent: Survey, reviewer: Officer, size: tuple[int, int]) -> None:
    page = open_page("xiangzhou", size, "/reviews/")
    sound(page)
    page.goto(path(sent, "review/"))
    sound(page)
    press(page.get_by_role("button", name="开始审核"))
    expect(page.locator("#acts")).to_be_visible()
    for summary in page.locator(".act-row summary").all()[:2]:
        summary.click()
    page.locator("[data-row]").first.check()
    sound(page)
    page.locator("#text").fill("请核对")
    press(page.locator("#return-form").get_by_role("button", name="退回", exact=True))
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.locator("#text")).to_have_value("请核对")
    sound(page)
    page.locator("#reason").select_option("wrong")
    press(page.locator("#return-form").get_by_role("button", name="退回", exact=True))
    expect(page.locator(".mending")).to_be_visible()
    sound(page)


@ON_A_PHONE
def test_what_came_back_is_sound(open_page: Open, sent: Survey, reviewer: Officer, size: tuple[int, int]) -> None:
    page = open_page("cuixiang", size, path(sent, "receipt/"))
    expect(page.get_by_role("button", name="撤回")).to_be_visible()
    sound(page)
    said = {"town.7": "照片看不清，请重拍"}
    reviewing.send_back(sent, reviewer, ["town.7"], "unproved", "请补设备照片", None, said)
    for rest in ("", "clauses/7/", "clauses/3/", "check/", "receipt/", "result/"):
        page.goto(path(sent, rest))
        sound(page)
    page.goto("/")
    expect(page.locator("#back")).to_contain_text("照片看不清")
    sound(page)


def test_without_scripts_a_survey_is_determined_and_accepted(open_page: Open, sent: Survey, reviewer: Officer) -> None:
    page = open_page("xiangzhou", DESK, "/reviews/", scripts=False)
    page.get_by_role("button", name=re.compile("^审核")).click()
    for _ in reviewing.undecided(standing_of(sent)):
        form = page.locator(".deciding form:visible").first
        form.get_by_label("同意酌减", exact=True).or_(form.get_by_label("认定达标", exact=True)).check()
        form.locator("textarea").fill("已看过佐证")
        form.get_by_role("button").click()
    page.get_by_role("button", name=re.compile("^通过")).click()
    expect(page.locator(".notice--done").first).to_contain_text("已通过")
    sent.refresh_from_db()
    assert sent.state == Survey.ACCEPTED
