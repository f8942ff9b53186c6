"""No mouse: every field can be reached, is seen while it has the focus, and can be filled."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Answer, Survey
from tests.browser.conftest import DESK, SIZES, Open
from tests.browser.filling import clause

pytestmark = pytest.mark.browser

FOCUS = """() => {
  const field = document.activeElement, place = field.getBoundingClientRect();
  const bar = document.querySelector('.bar');
  const floor = bar && !bar.contains(field) ? bar.getBoundingClientRect().top : innerHeight;
  const shown = field.closest('label, .counter') || field;
  return {
    name: field.name || '', value: field.value || '', words: field.textContent.trim(),
    outlined: getComputedStyle(shown).outlineStyle !== 'none',
    covered: place.top >= floor - 4,
  };
}"""


def focus(page: Page) -> dict[str, object]:
    return dict(page.evaluate(FOCUS))


def tab_to(page: Page, name: str, value: str = "") -> None:
    """Tab until the focus is there; it must be seen on the way."""
    for _ in range(120):
        page.keyboard.press("Tab")
        now = focus(page)
        assert not now["covered"], f"{now} 被底栏挡住"
        assert now["outlined"] or not now["name"], f"{now} 看不出焦点"
        if now["name"] == name and value in (now["value"], ""):
            return
    raise AssertionError(f"Tab 到不了 {name}")


def test_a_row_by_keys_alone(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", DESK, clause(survey, 5))
    tab_to(page, "services_provided", "employment")
    page.keyboard.press("Space")
    tab_to(page, "service_mode")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "covers_whole_jurisdiction")
    page.keyboard.press("Space")
    tab_to(page, "go", "next")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("第6项")
    held = dict(Answer.objects.filter(survey=survey, indicator__startswith="service").values_list("indicator", "value"))
    assert held == {"services_provided": ["employment"], "service_mode": "一条龙"}


@SIZES
def test_the_focus_is_never_under_the_bar(open_page: Open, survey: Survey, size: tuple[int, int]) -> None:
    page = open_page("cuixiang", size, clause(survey))
    tab_to(page, "computer_count")
    page.keyboard.type("7")
    tab_to(page, "go", "stay")
    page.keyboard.press("Enter")
    expect(page.get_by_label("计算机", exact=True)).to_have_value("7")


def test_the_first_tab_leads_past_the_frame(open_page: Open, survey: Survey) -> None:
    page = open_page("cuixiang", DESK, clause(survey, 5))
    page.keyboard.press("Tab")
    assert focus(page)["words"] == "跳到正文"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
