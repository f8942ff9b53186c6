"""Wrong input, odd input, no input: each with its sentence, and what was typed stays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Answer, Finding, Snapshot, Survey
from facilities.access import today
from facilities.models import Officer
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.filling import SUBMIT, answer_all, clause, expect_saved, fill_question, press, state

pytestmark = pytest.mark.browser

WRONG = [
    (7, "computer_count", "五台"),
    (7, "computer_count", "-1"),
    (7, "computer_count", "1.234"),
    (2, "building_area", "1.234"),
    (2, "building_area", "2.345.6"),
    (1, "established_on", "明天"),
    (1, "established_on", "9999-01-01"),
]


@pytest.mark.parametrize(("number", "key", "typed"), WRONG)
def test_a_wrong_value(open_page: Open, survey: Survey, number: int, key: str, typed: str) -> None:
    page = open_page("cuixiang", PHONE, clause(survey, number))
    fill_question(page, key, typed)
    expect(state(page)).to_contain_text("1 项还没有保存")
    press(page.get_by_role("button", name="下一项"))
    expect_refusal(page, key, typed)
    assert not Answer.objects.filter(survey=survey, indicator=key).exists()


def expect_refusal(page: Page, key: str, typed: str) -> None:
    expect(page).to_have_title(re.compile("^错误："))
    summary = page.locator("#errors")
    expect(summary).to_be_focused()
    expect(page.locator(f"#i-{key}")).to_have_value(typed)
    expect(page.locator(f"#i-{key}")).to_have_attribute("aria-invalid", "true")
    sentence = summary.get_by_role("link").inner_text()
    expect(page.locator(f"#q-{key} .field__error")).to_have_text(sentence)
    press(summary.get_by_role("link"))
    expect(page.locator(f"#q-{key}")).to_be_in_viewport()


def test_tomorrow_is_refused(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", PHONE, clause(survey, 1))
    fill_question(page, "established_on", (today() + timedelta(days=1)).isoformat())
    press(page.get_by_role("button", name="下一项"))
    expect(page.locator("#errors")).to_contain_text("不能晚于今天")


def test_what_is_mended_goes_on(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", DESK, clause(survey))
    fill_question(page, "computer_count", "五台")
    page.get_by_role("button", name="下一项").click()
    expect(page.locator("#errors")).to_be_focused()
    fill_question(page, "computer_count", "5")
    expect_saved(page)
    page.get_by_role("button", name="下一项").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("第8项")


def test_a_jump_asks_for_a_note_and_does_not_block(open_page: Open, demo: str) -> None:
    survey = Survey.objects.get(state=Survey.DRAFT)
    page = open_page("cuixiang", PHONE, clause(survey))
    fill_question(page, "computer_count", 20)
    warning = page.locator("#warn-computer_count")
    expect(warning).to_contain_text("比上季（5 台）多 300%")
    note = page.get_by_label("计算机的说明")
    note.fill("本季新购 15 台")
    note.blur()
    expect_saved(page)
    press(page.get_by_role("button", name="下一项"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("第8项")
    assert Answer.objects.get(survey=survey, indicator="computer_count").note == "本季新购 15 台"


def test_what_cannot_be_given_counts_as_missing(open_page: Open, survey: Survey, officer: Officer) -> None:
    answer_all(survey, officer, computer_count=None)
    page = open_page("cuixiang", PHONE, clause(survey))
    press(page.locator("#cannot-computer_count summary"))
    reason = page.get_by_label("写明原因").and_(page.locator("#reason-computer_count"))
    reason.fill("设备正在盘点")
    reason.blur()
    expect_saved(page)
    page.goto(clause(survey).replace("clauses/7", "check"))
    press(page.get_by_role("button", name=SUBMIT))
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    assert Finding.objects.filter(outcome="missing").exists()
    assert Snapshot.objects.get().content["answers"]["computer_count"]["reason"] == "设备正在盘点"


def test_what_is_open_is_listed_and_linked(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", PHONE, clause(survey).replace("clauses/7", "check"))
    press(page.get_by_role("button", name=SUBMIT))
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.locator("#errors")).to_be_focused()
    press(page.locator("#errors a").filter(has_text="计算机"))
    expect(page.locator("#q-computer_count")).to_be_in_viewport()


def test_a_double_click_submits_once(open_page: Open, filled: Survey) -> None:
    page = open_page("cuixiang", DESK, clause(filled).replace("clauses/7", "check"))
    page.get_by_role("button", name=SUBMIT).dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    expect(page.locator(".receipt")).to_contain_text(Snapshot.objects.get().receipt)
