"""考核 and 建设期限 in the browser: from the year's figures over an adjustment to the published result, and the board
of what had a deadline, on a phone and on a desk."""

from __future__ import annotations

import re

import pytest
import time_machine
from playwright.sync_api import expect

from facilities.models import Officer
from reports.models import Appraisal, ReturnVersion
from reports.returns import workflow
from tests.browser.conftest import AT_A_DESK, Open
from tests.browser.filling import press
from tests.browser.test_returns import look, version

pytestmark = pytest.mark.browser
__all__ = ["version"]  # the fixture: 香洲区's return, submitted


@AT_A_DESK
def test_from_the_years_figures_to_the_published_result(
    open_page: Open, version: ReturnVersion, size: tuple[int, int]
) -> None:
    workflow.receive(version.report, Officer.objects.get(username="city"))
    with time_machine.travel("2026-10-20T10:00:00+08:00", tick=True):
        page, found = open_page("city", size, "/returns/"), []
        press(page.get_by_role("link", name="考核"))
        found += look(page, "appraisals", size)
        press(page.get_by_role("button", name="编制考核"))
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^2026年度"))
        found += look(page, "appraisal-draft", size)
        press(page.get_by_role("link", name="香洲区", exact=True))
        page.get_by_label("调整（分）").fill("7")
        page.get_by_label("理由").fill("承办全市现场会")
        press(page.get_by_role("button", name="记下调整"))
        expect(page.get_by_label("理由")).to_have_value("承办全市现场会")
        found += look(page, "appraisal-refused", size)
        page.get_by_label("调整（分）").fill("1.5")
        press(page.get_by_role("button", name="记下调整"))
        expect(page.locator(".appraisal__act")).to_contain_text("+1.50 分")
        found += look(page, "appraisal-unit", size)
        page.goto("/appraisals/2026/")
        press(page.get_by_role("button", name="发布考核结果"))
        expect(page.get_by_text("已发布：2026年度第1号。")).to_be_visible()
        Appraisal.objects.update(code="482915037729")  # letters would be taken for words that are not Chinese
        page.reload()
        found += look(page, "appraisal-published", size)
        reader = open_page("xiangzhou", size, "/appraisals/")
        press(reader.get_by_role("link", name=re.compile("^2026年度")))
        expect(reader.get_by_role("row", name=re.compile("香洲区"))).to_contain_text("+1.50")
        expect(reader.get_by_role("button", name="发布考核结果")).to_have_count(0)
        page.goto("/milestones/")
        found += look(page, "milestones", size)
        press(page.locator(".dated").first)
        expect(page.get_by_role("heading", level=1)).to_contain_text("：")
        found += look(page, "milestone-facilities", size)
    assert found == []
