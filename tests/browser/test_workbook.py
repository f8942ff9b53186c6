"""用 Excel 填报: down, filled, up, looked at, confirmed, submitted; with and without scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assessments.adopting import standards_in_force
from assessments.forms import questionnaire
from assessments.models import Period, Survey
from assessments.workbooks import importing
from facilities.access import today
from standards.loading import edition_of
from tests.assessments.desk import Desk
from tests.browser.acts import Acts
from tests.browser.conftest import AT_A_DESK, DESK, Open
from tests.browser.filling import press
from tests.browser.inspecting import faults, faults_at_both
from tests.browser.stations import STATION, SURVEYOR, said, station

pytestmark = pytest.mark.browser


def downloaded(page: Page, subject: str) -> Desk:
    page.get_by_label("哪一张表").select_option(subject)
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 Excel 模板").click()
    return Desk(Path(download.value.path()).read_bytes())


def send(page: Page, content: bytes) -> None:
    page.get_by_label("填好的模板").set_input_files({"name": "核查表.xlsx", "mimeType": "", "buffer": content})
    page.get_by_role("button", name="上传并比较").click()


@AT_A_DESK
def test_stations_by_excel(open_page: Open, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """One of seventeen is refused; the others go in step by step, by themselves."""
    monkeypatch.setattr(importing, "AT_ONCE", 6)
    page, found = open_page("cuixiang", size, "/"), []
    page.get_by_role("link", name="用 Excel 填报").click()
    desk = downloaded(page, "village")
    send(page, b"no workbook")
    expect(page.get_by_role("alert")).to_contain_text("这不是 Excel 工作簿")
    found += faults_at_both(page)
    for code in desk.rows:
        desk.write(code, computer_count="三" if code.endswith("003") else "３台", workplace_area=60)
    send(page, desk.saved())
    expect(page.get_by_role("heading", name="不能导入（1 家）")).to_be_visible()
    page.locator("summary").first.click()
    found += faults_at_both(page)
    page.get_by_role("button", name="确认导入 16 家").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已导入 16 家")
    expect(page.get_by_role("heading", name="还不能提交（16 家）")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载这些行").click()
    assert list(Desk(Path(download.value.path()).read_bytes()).rows) == ["440402001003"]
    found += faults_at_both(page)
    page.goto("/workbooks/")
    found += faults_at_both(page)
    assert found == []


def test_an_office_by_excel_without_scripts(open_page: Open, filled: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 10)
    page = open_page("cuixiang", DESK, "/workbooks/", scripts=False)
    desk, office = downloaded(page, "village"), downloaded(page, "township")
    for code in desk.rows:
        desk.write(code, computer_count=3)
    send(page, desk.saved())
    page.get_by_role("button", name="确认导入 17 家").click()
    expect(page.get_by_text("10 / 17 家")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="继续导入").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已导入 17 家")
    page.goto("/workbooks/")
    send(page, office.saved())
    expect(page.get_by_role("heading", level=1)).to_have_text("没有可以导入的改动")
    page.get_by_role("button", name=re.compile("提交这 1 家")).click()
    expect(page.get_by_text("表里已提交 1 家")).to_be_visible()
    filled.refresh_from_db()
    assert not filled.is_open


@AT_A_DESK
def test_a_station_there_and_back(open_page: Open, portal: str, period: Period, size: tuple[int, int]) -> None:
    """Down, filled, up: one cell refused; the line comes back, is mended, goes in and is submitted."""
    page = open_page(SURVEYOR, size, "/workbooks/")
    acts = Acts(page)
    desk = downloaded(page, "village")
    fill(desk, computer_count="三台多")
    send(page, desk.saved())
    expect(page.get_by_role("heading", name="不能导入（1 家）")).to_be_visible()
    expect(page.locator("table.changes").first).to_contain_text("三台多")
    found = faults_at_both(page)
    with page.expect_download() as download:
        press(page.get_by_role("link", name="下载这些行"))
    mended = Desk(Path(download.value.path()).read_bytes())
    mended.write(STATION, computer_count="３")
    page.goto("/workbooks/")
    send(page, mended.saved())
    found += faults_at_both(page)
    press(page.get_by_role("button", name="确认导入 1 家"))
    expect(page.get_by_role("heading", level=1)).to_have_text("已导入 1 家")
    found += faults_at_both(page)
    press(page.get_by_role("button", name=re.compile("提交这 1 家")))
    expect(page.get_by_text("表里已提交 1 家")).to_be_visible()
    found += faults_at_both(page)
    survey = Survey.objects.get(facility__code=STATION, period__year=period.year, period__quarter=period.quarter)
    assert not survey.is_open
    assert survey.answers.get(indicator="computer_count").value == 3
    acts.tell("一家服务站用 Excel 填报，有一格改过再交")
    assert found == []


def fill(desk: Desk, **cells: object) -> None:
    """The station's answers, as they are written in a workbook; ``cells`` over them."""
    place = station()
    edition = edition_of(standards_in_force(today())["village"])
    choices = {key: question.choices for key, question in questionnaire(edition).questions.items()}
    for key, value in said(place).items():
        desk.answer(STATION, key, value, {choice.value: choice.label for choice in choices[key]})
    desk.write(STATION, **{"@note/village.1": "属实"} | cells)
