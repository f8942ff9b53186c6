"""Two editions in one questionnaire, and a district as such, on a phone and on a desk: every page in order."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from assessments import workflow
from assessments.adopting import load_adoptions
from assessments.models import Period, Survey
from assessments.periods import quarter_before
from facilities.models import Officer
from tests.assessments.adopted import FILE, say_all
from tests.browser.conftest import ON_A_PHONE, Open
from tests.browser.filling import CODE
from tests.browser.inspecting import faults_at_both

pytestmark = pytest.mark.browser


@ON_A_PHONE
def test_the_pages_of_the_plan(open_page: Open, portal: str, period: Period, size: tuple[int, int]) -> None:
    load_adoptions(FILE)
    call_command("load_demo", street=True, verbosity=0)
    year, quarter = quarter_before(period.year, period.quarter)
    now, result = f"/surveys/{CODE}/{period.key}/", f"/surveys/{CODE}/{year}Q{quarter}/result/"
    survey = Survey.objects.get(facility__code=CODE, period__year=period.year, period__quarter=period.quarter)
    page, found = open_page("cuixiang", size), []
    for address in (
        now,
        *(f"{now}clauses/{number}/" for number in ("三（一）4", "三（一）5", "三（四）")),
        f"{now}check/",
        result,
        f"{result}?standard=zhuhai_2011",
    ):
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        found += faults_at_both(page)
    page.goto(f"{now}clauses/三（一）5/")
    page.locator("#i-extra_staff").fill("1")
    page.locator("#i-extra_staff").press("Tab")
    expect(page.locator("#i-extra_approval_no")).to_be_visible()
    officer = Officer.objects.get(username="cuixiang")
    say_all(survey, officer)
    workflow.submit(survey, officer)
    district = open_page("xiangzhouzx", size, f"/surveys/440402G/{period.key}/")
    found += faults_at_both(district)
    district.get_by_role("button", name="开始填").click()
    expect(district.locator("h1")).to_contain_text("香洲区人民政府")
    found += faults_at_both(district)
    district.goto(f"/surveys/440402G/{period.key}/clauses/二/")
    found += faults_at_both(district)
    assert found == []
