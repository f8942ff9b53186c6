"""批量填写 at a desk: forty stations of a town on one page, by keys, by blocks from a spreadsheet, without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from assessments import beginning
from assessments.models import Answer, Change, Period, Survey
from assessments.periods import opened_period
from facilities.models import Facility, Officer
from tests.browser.acts import Acts
from tests.browser.conftest import DESK, PATIENCE, PHONE, Open
from tests.browser.inspecting import faults
from tests.browser.stations import answer, made_town

pytestmark = pytest.mark.browser
FORTY, OWN = 40, 17  # 翠香街道 has seventeen of its own
COUNTS = ("computer", "social_card_reader", "id_card_reader", "barcode_scanner", "printer", "filing_cabinet")


@pytest.fixture
def town(portal: str) -> list[Facility]:
    """The forty, in the order of the lines: seventeen communities, then every kind of village in turn."""
    made_town(FORTY - OWN)
    return list(Facility.objects.filter(subject="village", code__startswith="440402001").order_by("code"))


@pytest.fixture
def begun(town: list[Facility], officer: Officer, period: Period) -> list[Facility]:
    """All begun, every one with a station."""
    for survey in beginning.begin_all(town, opened_period(period.year, period.quarter), officer):
        answer(survey, officer, {"has_station": True})
    return town


def address(period: Period, number: int) -> str:
    return f"/grids/440402001/{period.key}/{number}/"


def cell(page: Page, place: Facility, key: str, item: str = "") -> Locator:
    value = f"[value='{item}']" if item else ""
    line = page.locator(f"#line-{place.code}")
    return line.locator(f"[name={key}]:not([type=hidden]){value}")


def paste(page: Page, words: str) -> None:
    """Copied elsewhere, pasted here, by the real clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("(words) => navigator.clipboard.writeText(words)", words)
    page.keyboard.press("ControlOrMeta+v")


def saved(page: Page) -> None:
    expect(page.locator("#saved-grid")).to_contain_text("已保存")


def held(place: Facility, key: str) -> object:
    return Answer.objects.filter(survey__facility=place, indicator=key).values_list("value", flat=True).first()


def expect_held(page: Page, place: Facility, key: str, value: object) -> None:
    """In time: beside a refused cell, the page does not say that the others are saved."""
    for _ in range(PATIENCE // 100):
        if held(place, key) == value:
            return
        page.wait_for_timeout(100)
    assert held(place, key) == value


def test_forty_stations_by_one_block(open_page: Open, town: list[Facility], officer: Officer, period: Period) -> None:
    """Begun with one press, filled with one paste: counts of six things in forty stations."""
    page = open_page("cuixiang", DESK, "/")
    acts = Acts(page)
    page.get_by_role("link", name="批量填写").click()
    page.get_by_role("link", name=re.compile("机构设立")).click()
    page.get_by_role("button", name="开始填报还没开始的 40 家").click()
    expect(page.get_by_text("已开始填报 40 家")).to_be_visible()
    cell(page, town[0], "has_station").focus()
    paste(page, "\n".join(["是"] * FORTY))
    saved(page)
    expect(page.locator(f"#line-{town[-1].code} .grid__found")).not_to_contain_text("是否已设立")
    page.goto(address(period, 7))
    cell(page, town[0], "computer_count").focus()
    paste(page, "\n".join("\t".join(str((row + column) % 3) for column in range(6)) for row in range(FORTY)))
    saved(page)
    expect(cell(page, town[0], "computer_count")).to_have_value("0")
    expect(page.locator(f"#line-{town[0].code} .grid__found")).to_contain_text("计算机")
    expect(page.locator(f"#line-{town[39].code} .grid__found .outcome").first).to_be_visible()
    assert [held(town[39], f"{name}_count") for name in COUNTS] == [(39 + column) % 3 for column in range(6)]
    assert Answer.objects.filter(indicator__in=[f"{name}_count" for name in COUNTS]).count() == 6 * FORTY
    acts.tell("40 家服务站：机构设立一列、设备六列，从 Excel 贴入")
    assert (acts.taps, acts.keys) == (3, 4)
    assert faults(page) == []


def test_by_keys_as_in_a_spreadsheet(open_page: Open, begun: list[Facility], period: Period) -> None:
    page = open_page("cuixiang", DESK, address(period, 7))
    acts, keyboard = Acts(page), page.keyboard
    first, second, third = begun[:3]
    found = page.locator(f"#line-{first.code} .grid__found")
    cell(page, first, "computer_count").click()
    keyboard.type("0")
    keyboard.press("Enter")
    expect(cell(page, second, "computer_count")).to_be_focused()
    expect(found).to_contain_text("差 1")
    keyboard.type("2")
    keyboard.press("ArrowDown")
    expect(cell(page, third, "computer_count")).to_be_focused()
    keyboard.press("ArrowUp")
    keyboard.press("ArrowUp")
    expect(cell(page, first, "computer_count")).to_be_focused()
    keyboard.type("1")
    keyboard.press("ArrowRight")
    expect(cell(page, first, "social_card_reader_count")).to_be_focused()
    expect(found).not_to_contain_text("计算机")
    keyboard.press("Shift+Enter")
    keyboard.type("1")
    keyboard.press("Escape")
    expect(cell(page, first, "social_card_reader_count")).to_have_value("")
    keyboard.press("End")
    keyboard.press("Home")
    expect(cell(page, first, "computer_count")).to_be_focused()
    saved(page)
    assert (held(first, "computer_count"), held(second, "computer_count"), acts.taps) == (1, 2, 1)
    assert held(first, "social_card_reader_count") is None


def test_a_matrix_by_space_and_by_block(open_page: Open, begun: list[Facility], period: Period) -> None:
    page = open_page("cuixiang", DESK, address(period, 8))
    first, second = begun[:2]
    cell(page, first, "ledger_services", "employment").focus()
    page.keyboard.press("Space")
    saved(page)
    expect(page.locator(f"#line-{first.code} .grid__found")).to_contain_text("台账")
    page.keyboard.press("ArrowDown")
    expect(cell(page, second, "ledger_services", "employment")).to_be_focused()
    paste(page, "√\t是\t1\t有\n×\t√\tＹ\t否")
    saved(page)
    expect(page.locator(f"#line-{second.code} .grid__found")).not_to_contain_text("台账")
    assert held(first, "ledger_services") == ["employment"]
    assert len(held(second, "ledger_services")) == 4  # type: ignore[arg-type]
    assert held(begun[2], "ledger_services") == ["human_resources", "social_security"]
    assert faults(page) == []


def test_a_refused_cell_keeps_what_was_typed(open_page: Open, begun: list[Facility], period: Period) -> None:
    page = open_page("cuixiang", DESK, address(period, 7))
    first, second = begun[:2]
    cell(page, first, "computer_count").click()
    page.keyboard.type("三台")
    page.keyboard.press("Enter")
    expect(page.locator(f"#line-{first.code} td.is-wrong")).to_have_count(1)
    expect(page.locator("#saved-grid")).to_contain_text("没有保存")
    expect(cell(page, first, "computer_count")).to_have_value("三台")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".cell-panel__warning")).to_contain_text("计算机")
    found = faults(page)
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    saved(page)
    expect(page.locator("td.is-wrong")).to_have_count(0)
    assert held(first, "computer_count") == 3
    cell(page, second, "computer_count").click()
    paste(page, "2\n五\n4")
    expect(page.locator("td.is-wrong")).to_have_count(1)
    expect(cell(page, begun[2], "computer_count")).to_have_value("五")
    expect_held(page, second, "computer_count", 2)
    expect_held(page, begun[3], "computer_count", 4)
    assert found == []


def test_a_conflict_shows_both_values(open_page: Open, begun: list[Facility], officer: Officer, period: Period) -> None:
    page, first = open_page("cuixiang", DESK, address(period, 7)), begun[0]
    answer(Survey.objects.get(facility=first), Officer.objects.get(username="zijing"), {"computer_count": 4})
    cell(page, first, "computer_count").click()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(page.locator(f"#line-{first.code} td.is-conflict")).to_have_count(1)
    expect(cell(page, first, "computer_count")).to_have_value("9")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".cell-panel__warning")).to_have_text("您填的是 9 台，别人刚改成 4 台。")
    found = faults(page)
    page.get_by_role("button", name="用我的").click()
    saved(page)
    expect(page.locator("td.is-conflict")).to_have_count(0)
    history = Change.objects.filter(survey__facility=first, indicator="computer_count").order_by("revision")
    assert list(history.values_list("value", flat=True)) == [4, 9]
    assert found == []


def test_a_lost_line_is_made_up_for(open_page: Open, begun: list[Facility], period: Period) -> None:
    page = open_page("cuixiang", DESK, address(period, 7))
    page.context.set_offline(True)
    cell(page, begun[0], "computer_count").click()
    paste(page, "1\n2\n3")
    expect(page.locator("#saved-grid")).to_contain_text("离线，3 家未传")
    assert faults(page) == []
    page.context.set_offline(False)
    saved(page)
    assert [held(place, "computer_count") for place in begun[:3]] == [1, 2, 3]


def test_without_scripts_each_line_has_its_button(open_page: Open, begun: list[Facility], period: Period) -> None:
    page, first = open_page("cuixiang", DESK, address(period, 7), scripts=False), begun[0]
    cell(page, first, "computer_count").fill("三台")
    page.locator(f"#line-{first.code}").get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("没有保存的内容")
    expect(cell(page, first, "computer_count")).to_have_value("三台")
    found = faults(page)
    cell(page, first, "computer_count").fill("3")
    page.locator(f"#line-{first.code}").get_by_role("button", name="保存").click()
    expect(page.get_by_text(f"{first.name}已保存")).to_be_visible()
    assert held(first, "computer_count") == 3
    assert found == []


def test_the_pages_of_the_grid(open_page: Open, begun: list[Facility], period: Period) -> None:
    """On the phone the grid may be read; it says that it is for a desk."""
    found = []
    for who, size in (("cuixiang", DESK), ("xiangzhou", DESK), ("cuixiang", PHONE)):
        page = open_page(who, size)
        for path in (address(period, 1), address(period, 8), f"/grids/440402001/{period.key}/"):
            page.goto(path)
            found += faults(page)
    assert found == []
