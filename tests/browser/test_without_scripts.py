"""Scripts off: the buttons do what the script does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Answer, Snapshot, Survey
from tests.browser.conftest import PHONE, Open
from tests.browser.filling import SUBMIT, clause, fill_page, fill_question, invented, press

pytestmark = pytest.mark.browser


def test_the_save_button_saves(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", PHONE, clause(survey), scripts=False)
    fill_question(page, "computer_count", "５")
    press(page.get_by_role("button", name="保存"))
    expect(page.locator("#q-computer_count .line .outcome").first).to_have_text("不达标")
    expect(page.locator("[data-saved]:visible")).to_contain_text("已保存")
    assert Answer.objects.get(survey=survey, indicator="computer_count").value == 5


def test_a_wrong_value_stays_with_its_sentence(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", PHONE, clause(survey), scripts=False)
    fill_question(page, "computer_count", "五台")
    press(page.get_by_role("button", name="下一项"))
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.get_by_label("计算机", exact=True)).to_have_value("五台")
    expect(page.locator("#errors a")).to_have_attribute("href", "#q-computer_count")
    expect(page.locator("#q-computer_count .field__error")).to_be_visible()


def test_a_quarter_without_scripts(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", PHONE, clause(survey, 1), scripts=False)
    for number in range(1, 11):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"第{number}项")
        fill_page(page, invented())
        press(page.get_by_role("button", name="去检查" if number == 10 else "下一项"))
    submit(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    expect(page.locator(".receipt")).to_contain_text(Snapshot.objects.get().receipt)


def submit(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("提交前，请检查一遍")
    press(page.get_by_role("button", name=SUBMIT))


def test_submitting_too_early_lists_what_is_open(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", PHONE, clause(survey, 10), scripts=False)
    press(page.get_by_role("button", name="去检查"))
    submit(page)
    expect(page).to_have_title(re.compile("^错误："))
    press(page.locator("#errors a").filter(has_text="计算机"))
    expect(page).to_have_url(re.compile(r"clauses/7/.*#q-computer_count$"))
    assert not Snapshot.objects.exists()
