"""补助结算 in the browser, without scripts: down from the city to a person's month and its sentence;
实发 is recorded."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from assessments.demo.rosters import fill_rosters
from assessments.models import SubsidyPaid
from assessments.periods import quarter_before, quarter_of
from facilities.access import today
from facilities.models import Post
from tests.browser.conftest import AT_A_DESK, Open
from tests.browser.inspecting import faults_at_both
from tests.browser.stations import STATION

pytestmark = pytest.mark.browser


@AT_A_DESK
def test_an_amount_opens_down_to_its_sentence(open_page: Open, portal: str, size: tuple[int, int]) -> None:
    assert list(fill_rosters(today()))
    year, quarter = quarter_before(*quarter_of(today()))
    page = open_page("city", size, f"/subsidies/{year}Q{quarter}/", scripts=False)
    found = faults_at_both(page)
    for name in ("香洲区", "翠香街道"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", name="协理员补助结算")).to_be_visible()
        found += faults_at_both(page)
    post = Post.objects.filter(facility__code=STATION).first()
    assert post
    page.get_by_role("link", name=post.facility.name, exact=True).click()
    page.get_by_text("看原文").first.click()
    expect(page.get_by_text("每人每月工资补助1000元").first).to_be_visible()
    found += faults_at_both(page)
    found += recorded(open_page("xiangzhou", size, page.url.removeprefix(portal), scripts=False))
    assert found == []


def recorded(page: Page) -> list[str]:
    """By the district's reviewer, at the second try."""
    page.get_by_label("金额（元）").fill("许多")
    page.get_by_label("来源").fill("香财〔2026〕8号")
    page.get_by_role("button", name="登记实发").click()
    expect(page.get_by_role("alert")).to_contain_text("请填实发金额")
    expect(page.get_by_label("来源")).to_have_value("香财〔2026〕8号")
    found = faults_at_both(page)
    page.get_by_label("金额（元）").fill("4,321.50")
    page.get_by_role("button", name="登记实发").click()
    expect(page.get_by_text("香财〔2026〕8号")).to_be_visible()
    assert str(SubsidyPaid.objects.order_by("-pk")[0].amount) == "4321.50"
    return found + faults_at_both(page)
