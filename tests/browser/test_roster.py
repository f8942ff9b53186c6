"""人员名册 in the browser, without scripts: a person is registered, filed, called and leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from facilities.access import today
from facilities.models import Act, Post
from tests.browser.conftest import ON_A_PHONE, Open
from tests.browser.inspecting import faults_at_both
from tests.browser.stations import STATION

pytestmark = pytest.mark.browser
URL = f"/facilities/{STATION}/roster/"


@ON_A_PHONE
def test_a_person_comes_is_filed_and_leaves(open_page: Open, size: tuple[int, int]) -> None:
    page, found = open_page("zijing", size, f"/facilities/{STATION}/", scripts=False), []
    page.get_by_role("link", name="人员名册").click()
    found += faults_at_both(page)
    page.get_by_role("link", name="登记一人").click()
    page.get_by_label("姓名").fill("张伟")
    page.get_by_label("专职或兼职").select_option("兼职")
    page.get_by_label("到岗日期").fill(str(today() - timedelta(days=40)))
    page.get_by_label("证书").fill("协理员证 粤0001")
    page.get_by_label("电话").fill("13812341x")
    page.get_by_label("新增人员").check()
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("alert")).to_contain_text("电话请填手机号或座机号")
    expect(page.get_by_label("证书")).to_have_value("协理员证 粤0001")
    expect(page.get_by_label("新增人员")).to_be_checked()
    found += faults_at_both(page)
    page.get_by_label("电话").fill("13812341234")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("138****1234")).to_be_visible()
    expect(page.get_by_text("未备案 40 天，超过 30 天")).to_be_visible()
    found += faults_at_both(page)
    reviewer = open_page("xiangzhou", size, URL, scripts=False)
    found += filed_and_called(reviewer)
    page.goto(URL)
    page.get_by_role("link", name="张伟").click()
    page.get_by_label("离任日期").fill(str(today() - timedelta(days=1)))
    page.get_by_role("button", name="保存离任日期").click()
    expect(page.get_by_role("heading", name="已离任")).to_be_visible()
    found += faults_at_both(page)
    assert found == []


def filed_and_called(page: Page) -> list[str]:
    """By the district's reviewer."""
    page.get_by_role("link", name="张伟").click()
    page.get_by_label("备案编号").fill("备2026-7")
    page.get_by_role("button", name="保存备案").click()
    expect(page.get_by_role("alert")).to_contain_text("要一起填")
    expect(page.get_by_label("备案编号")).to_have_value("备2026-7")
    found = faults_at_both(page)
    page.get_by_label("备案日期").fill(str(today()))
    page.get_by_label("批准文号").fill("香府〔2026〕3号")
    page.get_by_label("批准日期").fill(str(today()))
    page.get_by_role("button", name="保存备案").click()
    expect(page.get_by_text("备2026-7")).to_be_visible()
    page.get_by_role("link", name="张伟").click()
    page.get_by_role("button", name="看电话全号").click()
    expect(page.get_by_text("13812341234")).to_be_visible()
    assert Act.objects.filter(verb="查看电话", by__username="xiangzhou").count() == 1
    assert Post.objects.get().approved_on == today()
    return found + faults_at_both(page)
