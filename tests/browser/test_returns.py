"""The quarterly return in the browser: every page and state of it, on a phone and on a desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from facilities.models import Officer
from reports.models import ReturnVersion
from reports.returns import workflow
from tests.browser.conftest import AT_A_DESK, Open
from tests.browser.filling import press
from tests.browser.inspecting import faults_at_both
from tests.returns.conftest import NOW, TEXTS
from tests.returns.quarter import make_district

pytestmark = pytest.mark.browser
URL = "/returns/440402/2026Q3/"


@pytest.fixture
def version(portal: str) -> Iterator[ReturnVersion]:
    """香洲区's return, submitted on time."""
    reviewer = Officer.objects.get(username="xiangzhou")
    period = make_district(reviewer)
    assert reviewer.unit
    with time_machine.travel(NOW, tick=True):
        report = workflow.begin(reviewer.unit, period, reviewer)
        report = workflow.write(report, reviewer, TEXTS | {"problems": report.problems}, report.revision)
        sent = workflow.submit(report, reviewer)
        ReturnVersion.objects.update(code="482915037726")  # letters would be taken for words that are not Chinese
        sent.refresh_from_db()
        yield sent


def look(page: Page, name: str, size: tuple[int, int]) -> list[str]:
    """Its faults; with PICTURES it is kept as a picture, to be looked at."""
    expect(page.locator("h1")).to_have_count(1)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{size[0]}.png", full_page=True)
    return faults_at_both(page)


@AT_A_DESK
def test_reading(open_page: Open, version: ReturnVersion, size: tuple[int, int]) -> None:
    page, found = open_page("city", size), []
    addresses = {
        "list": "/returns/",
        "sent": URL,
        "figure": f"{URL}figures/staff/?part=lacking",
        "due": f"{URL}figures/due/?part=due",
        "city": "/city-report/2026Q3/",
        "verify": "/verify/",
        "verified": f"/verify/{version.code}/",
        "unknown": "/verify/000000000000/",
    }
    for name, address in addresses.items():
        page.goto(address)
        found += look(page, name, size)
    assert found == []


@AT_A_DESK
def test_sent_back_mended_and_received(open_page: Open, version: ReturnVersion, size: tuple[int, int]) -> None:
    city = open_page("city", size)
    city.goto(URL)
    city.get_by_label("退回的原因").fill("请补充计算机不足的原因")
    press(city.get_by_role("button", name="退回香洲区修改"))
    expect(city.get_by_text("已退回，原因已告诉报送单位。")).to_be_visible()
    page, found = open_page("xiangzhou", size), []
    page.goto("/returns/")
    found += look(page, "own", size)
    page.goto(URL)
    found += look(page, "returned", size)
    press(page.get_by_role("link", name="修改文字和署名"))
    page.get_by_label("填报人").fill("名" * 31)
    press(page.get_by_role("button", name="只保存"))
    found += look(page, "refused", size)
    page.get_by_label("填报人").fill("陈嘉敏")
    workflow.write(version.report, Officer.objects.get(username="xiangzhou"), TEXTS | {"problems": "同事写的。"}, 2)
    press(page.get_by_role("button", name="只保存"))
    found += look(page, "conflict", size)
    press(page.get_by_role("button", name="保存并检查"))
    found += look(page, "check", size)
    press(page.get_by_role("button", name="报送2026年第三季度季报"))
    expect(page.get_by_text("已报送第2版，等市局接收。")).to_be_visible()
    ReturnVersion.objects.filter(number=2).update(code="482915037727")
    city.goto(URL)
    press(city.get_by_role("button", name="接收第 2 版"))
    page.goto(URL)
    found += look(page, "accepted", size)
    page.goto(f"{URL}?version=1")
    found += look(page, "older", size)
    assert found == []
