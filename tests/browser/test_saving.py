"""What happens to an answer when two write, the line drops, the session ends."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from assessments.models import Change, Survey
from facilities.models import Officer
from tests.browser.conftest import DESK, PHONE, SIZES, Open
from tests.browser.filling import clause, expect_saved, fill_question, press, state

pytestmark = pytest.mark.browser


def history(survey: Survey, key: str = "computer_count") -> list[object]:
    """Every value that the answer has had, oldest first."""
    return list(
        Change.objects.filter(survey=survey, indicator=key).order_by("revision").values_list("value", flat=True)
    )


@pytest.fixture
def colleague(officer: Officer) -> str:
    """Another official of the same office."""
    Officer.objects.create(username="second", last_name="李晓雯", role=Officer.SURVEYOR, facility=officer.facility)
    return "second"


@pytest.fixture
def in_conflict(open_page: Open, survey: Survey, colleague: str) -> Page:
    """Both opened the page; she saved 6, I type 9."""
    mine = open_page("cuixiang", PHONE, clause(survey))
    theirs = open_page(colleague, DESK, clause(survey))
    fill_question(theirs, "computer_count", 6)
    expect_saved(theirs)
    fill_question(mine, "computer_count", 9)
    return mine


def test_a_conflict_shows_both_who_and_when(in_conflict: Page, survey: Survey) -> None:
    box = in_conflict.get_by_role("group", name="计算机两处都改过")
    expect(box).to_contain_text("9 台")
    expect(box).to_contain_text(re.compile(r"李晓雯.*\d+月\d+日 \d\d:\d\d 已保存.*6 台", re.DOTALL))
    expect(state(in_conflict)).to_contain_text("同时被改过")
    expect(in_conflict.get_by_label("计算机", exact=True)).to_have_value("9")
    assert history(survey) == [6]


def test_a_conflict_ends_with_mine(in_conflict: Page, survey: Survey) -> None:
    press(in_conflict.get_by_role("button", name="用我的"))
    expect(in_conflict.locator(".conflict")).to_have_count(0)
    expect(in_conflict.get_by_label("计算机", exact=True)).to_have_value("9")
    assert history(survey) == [6, 9]


def test_a_conflict_ends_with_theirs(in_conflict: Page, survey: Survey) -> None:
    press(in_conflict.get_by_role("button", name="用李晓雯的"))
    expect(in_conflict.locator(".conflict")).to_have_count(0)
    expect(in_conflict.get_by_label("计算机", exact=True)).to_have_value("6")
    assert history(survey) == [6]


def test_a_conflict_leaves_the_rest_of_the_page_alone(in_conflict: Page, survey: Survey) -> None:
    fill_question(in_conflict, "printer_count", 4)
    press(in_conflict.get_by_role("button", name="用我的"))
    expect(in_conflict.locator(".conflict")).to_have_count(0)
    expect(in_conflict.get_by_label("打印机", exact=True)).to_have_value("4")
    assert history(survey, "printer_count") == [4]


def test_without_a_line_answers_wait_and_are_sent_once(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", PHONE, clause(survey))
    page.context.set_offline(True)
    fill_question(page, "computer_count", 7)
    expect(state(page)).to_contain_text("离线，1 项未传")
    fill_question(page, "printer_count", 3)
    expect(state(page)).to_contain_text("离线，2 项未传")
    page.context.set_offline(False)
    expect_saved(page)
    assert (history(survey), history(survey, "printer_count")) == ([7], [3])


def test_an_acknowledgement_that_is_lost_saves_once(open_page: Open, survey: Survey) -> None:
    """The server has saved, its answer never arrived: the same act is sent again and counted once."""
    page = open_page("cuixiang", PHONE, clause(survey))
    page.route("**/answers/computer_count/", lose_the_answer, times=1)
    fill_question(page, "computer_count", 7)
    expect(state(page)).to_contain_text("离线")
    expect_saved(page)
    assert history(survey) == [7]


def lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def test_an_ended_session_keeps_what_was_typed(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", DESK, clause(survey))
    Session.objects.all().delete()
    fill_question(page, "computer_count", 7)
    expect(state(page)).to_contain_text("登录已过期")
    notice = page.locator("#expired")
    expect(notice).to_be_visible()
    log_in_elsewhere(page)
    expect_saved(page)
    expect(notice).to_be_hidden()
    expect(page.get_by_label("计算机", exact=True)).to_have_value("7")
    assert history(survey) == [7]


def log_in_elsewhere(page: Page) -> None:
    """In another window of the same browser."""
    with page.expect_popup() as opened:
        page.get_by_role("link", name="在新窗口重新登录").click()
    window = opened.value
    window.get_by_label("用户名").fill("cuixiang")
    window.get_by_label("密码", exact=True).fill("Demo-2026-portal")
    window.get_by_role("button", name="登录").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("我的任务")


def test_a_slow_line_still_saves(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", PHONE)
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.goto(clause(survey))
    fill_question(page, "computer_count", 7)
    expect(state(page)).to_have_text("正在保存…")
    expect_saved(page)
    assert history(survey) == [7]


@SIZES
def test_typing_saves_without_leaving_the_field(open_page: Open, survey: Survey, size: tuple[int, int]) -> None:
    page = open_page("cuixiang", size, clause(survey))
    field = page.get_by_label("计算机", exact=True)
    field.press_sequentially("7")
    expect(page.locator("#q-computer_count .line")).to_contain_text("7 台")
    expect(field).to_be_focused()
    field.press("Backspace")
    field.press_sequentially("8")
    expect(page.locator("#q-computer_count .line")).to_contain_text("8 台")
    expect_saved(page)
    assert history(survey) == [7, 8]
