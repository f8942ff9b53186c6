"""What is done to places, in the browser: a request and its approval, facts, a list there and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from facilities.models import Facility, FacilityRequest
from tests.browser.conftest import AT_A_DESK, Open
from tests.browser.filling import CODE
from tests.browser.inspecting import faults_at_both

pytestmark = pytest.mark.browser
STATION = "440402001001"


@AT_A_DESK
def test_a_name_is_asked_for_and_approved(open_page: Open, size: tuple[int, int]) -> None:
    page, found = open_page("xiangzhou", size, f"/facilities/{STATION}/"), []
    page.get_by_role("link", name="申请变更").click()
    found += faults_at_both(page)
    page.get_by_role("link", name="更名").click()
    page.get_by_label("新名称").fill("站")
    page.get_by_label("生效日期").fill("2020-01-01")
    page.get_by_label("依据").fill("香民〔2026〕8号")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert")).to_contain_text("4 到 60 个字")
    found += faults_at_both(page)
    page.get_by_label("新名称").fill("康宁社区便民服务站")
    page.get_by_label("生效日期").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("button", name="撤回申请")).to_be_visible()
    found += faults_at_both(page)
    city = open_page("city", size, "/")
    city.get_by_role("link", name="待审批的机构变更申请").click()
    found += faults_at_both(city)
    city.locator("table a").first.click()
    city.get_by_role("button", name="不同意").click()
    expect(city.get_by_role("alert")).to_contain_text("要写理由")
    found += faults_at_both(city)
    city.get_by_role("button", name="同意", exact=True).click()
    expect(city.get_by_text("已同意，变更按生效日期生效")).to_be_visible()
    city.goto(f"/facilities/{STATION}/")
    expect(city.get_by_role("heading", level=1)).to_have_text("康宁社区便民服务站")
    expect(city.get_by_role("heading", name="名称沿革")).to_be_visible()
    found += faults_at_both(city)
    assert FacilityRequest.objects.get().state == "approved"
    assert found == []


@AT_A_DESK
def test_facts_are_registered_and_corrected(open_page: Open, size: tuple[int, int]) -> None:
    page, found = open_page("xiangzhou", size, f"/facilities/{CODE}/facts/"), []
    found += faults_at_both(page)
    page.get_by_label("生效日期").fill("2024-01-01")
    page.get_by_label("来源").fill("2025年统计年鉴")
    page.get_by_label("常住人口").fill("12")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("alert")).to_contain_text("一般在 100 到 600,000")
    found += faults_at_both(page)
    page.get_by_label("核对过，没有错").check()
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("已登记 1 项")).to_be_visible()
    page.get_by_label("生效日期").fill("2024-01-01")
    page.get_by_label("来源").fill("2025年统计年鉴")
    page.get_by_label("常住人口").fill("136000")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("alert")).to_contain_text("已登记为 12人")
    found += faults_at_both(page)
    page.get_by_label("更正已登记的").check()
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("已登记 1 项")).to_be_visible()
    facts = Facility.objects.get(code=CODE).facts
    assert facts.get(indicator="resident_population", since="2024-01-01").value == 136000
    assert found == []


@AT_A_DESK
def test_a_list_there_and_back(open_page: Open, size: tuple[int, int]) -> None:
    page, found = open_page("xiangzhou", size, "/facilities/"), []
    found += faults_at_both(page)
    page.get_by_role("link", name="导出和导入").click()
    found += faults_at_both(page)
    page.get_by_label("哪一种名单").get_by_role("link", name="账号").click()
    found += faults_at_both(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载空白模板").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    lines = "用户名,姓名,角色,报送单位,机构\nzhangsan,张三,填报员,,440402001001\n李四,李四,填报员,,440402001002\n"
    for content, words in ((b"\x00", "不是 Excel"), (lines.encode("gb18030"), "")):
        page.locator("#file").set_input_files({"name": "账号.csv", "mimeType": "text/csv", "buffer": content})
        page.get_by_role("button", name="上传并比较").click()
        if words:
            expect(page.get_by_role("alert")).to_contain_text(words)
            found += faults_at_both(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("看清改动，再导入")
    found += [fault for fault in faults_at_both(page) if "zhangsan" not in fault]
    page.get_by_role("button", name="确认导入 1 行").click()
    expect(page.get_by_text("zhangsan")).to_be_visible()
    assert found == []
