"""增员 in the browser, without scripts: the office asks, the district approves, the person comes to the roster."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from facilities.access import today
from facilities.models import Fact, Post
from tests.browser.conftest import ON_A_PHONE, Open
from tests.browser.inspecting import faults_at_both
from tests.browser.stations import STATION

pytestmark = pytest.mark.browser
URL = f"/facilities/{STATION}/extra/"


@ON_A_PHONE
def test_one_more_person_is_asked_for_approved_and_comes(open_page: Open, size: tuple[int, int]) -> None:
    facts = Fact.objects.filter(facility__code=STATION, indicator="served_population")
    facts.update(value=8000)
    office = open_page("cuixiang", size, f"/facilities/{STATION}/", scripts=False)
    office.get_by_role("link", name="增员").click()
    expect(office.get_by_text("没有超过 8000 人")).to_be_visible()
    found = faults_at_both(office)
    facts.update(value=8001)
    office.reload()
    office.get_by_label("理由").fill("业务量大")
    office.get_by_label("经费由购买服务解决").check()
    office.get_by_role("button", name="申请增员").click()
    expect(office.get_by_role("alert")).to_contain_text("增员不增加编制")
    expect(office.get_by_label("理由")).to_have_value("业务量大")
    found += faults_at_both(office)
    office.get_by_label("不增加编制").check()
    office.get_by_role("button", name="申请增员").click()
    expect(office.get_by_text("待审批").first).to_be_visible()
    district = open_page("xiangzhou", size, URL, scripts=False)
    found += faults_at_both(district)
    district.get_by_label("区政府（管委会）的意见").select_option("批准")
    district.get_by_label("批复文号").fill("香府〔2026〕9号")
    district.get_by_label("审批日期").fill(str(today()))
    district.get_by_role("button", name="登记审批结果").click()
    office.reload()
    office.get_by_label("姓名").fill("张伟")
    office.get_by_label("到岗日期").fill(str(today()))
    found += faults_at_both(office)
    office.get_by_role("button", name="登记到岗").click()
    expect(office.get_by_text("已到岗，待备案")).to_be_visible()
    found += faults_at_both(office)
    assert Post.objects.get(name="张伟").approval_number == "香府〔2026〕9号"
    assert found == []
