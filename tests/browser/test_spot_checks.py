"""抽查 in the browser: a draw at the desk → a blind survey on a phone → the difference → mended → closed."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
import time_machine
from playwright.sync_api import Page, expect

from assessments.answering import Edit, Given
from assessments.models import Rectification, SpotCheck
from assessments.spot_checks import surveying
from facilities.models import Officer
from reports.models import ReturnVersion
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.filling import press
from tests.browser.test_rectification import mend
from tests.browser.test_returns import look, version
from tests.returns.quarter import office_answers

pytestmark = pytest.mark.browser
__all__ = ["version"]  # the fixture: 翠香's office is accepted with three computers


def test_from_the_draw_to_its_closure(open_page: Open, version: ReturnVersion) -> None:
    with time_machine.travel("2026-10-20T10:00:00+08:00", tick=True):
        city, inspector = open_page("city", DESK), open_page("doumen", PHONE)
        check, found = draw(city)
        found += survey(inspector, check)
        found += rectify(city, check)
        found += close(open_page, f"/rectifications/{Rectification.objects.get().pk}/")
        city.goto(f"/spot-checks/{check.draw_id}/")
        found += look(city, "draw-done", DESK)
        city.goto("/dashboard/?period=2026Q3")
        expect(city.locator("#checking")).to_contain_text("香洲区")
    assert found == []


def draw(page: Page) -> tuple[SpotCheck, list[str]]:
    """The office is assigned by hand to another district's reviewer."""
    page.goto("/")
    press(page.get_by_role("link", name="抽查"))
    found = look(page, "spot-checks", DESK)
    page.get_by_label("种子").fill("20261020")
    press(page.get_by_role("button", name="抽取"))
    expect(page.get_by_text("已抽取 2 家")).to_be_visible()
    check = SpotCheck.objects.get(facility__code="440402001")
    choice = page.locator(f"#inspector-{check.pk}")
    expect(choice.locator("option", has_text="香洲区")).to_have_count(0)
    choice.select_option(label=name_of("doumen"))
    press(page.locator("form.assign", has=choice).get_by_role("button"))
    expect(page.get_by_text("检查。").first).to_be_visible()
    return check, found + look(page, "draw", DESK)


def name_of(username: str) -> str:
    who = Officer.objects.get(username=username)
    return f"{who.display_name}　{who.place}"


def survey(page: Page, check: SpotCheck) -> list[str]:
    """The seventh row by hand, on a phone; the others straight into the database; what was reported never shows."""
    page.goto("/spot-checks/")
    found = look(page, "own-checks", PHONE)
    press(page.get_by_role("link", name=re.compile("翠香")).first)
    found += look(page, "blind", PHONE)
    press(page.get_by_role("link", name="设施配置"))
    expect(page.get_by_label("计算机", exact=True)).to_have_value("")
    page.get_by_label("计算机", exact=True).fill("两台")
    press(page.get_by_role("button", name="保存", exact=True).last)
    found += look(page, "blind-row-refused", PHONE)
    page.get_by_label("计算机", exact=True).fill("2")
    press(page.get_by_role("button", name="保存", exact=True).last)
    expect(page.get_by_label("计算机", exact=True)).to_have_value("2")
    found += look(page, "blind-row", PHONE)
    press(page.get_by_role("button", name="下一项"))
    rest(check)
    page.goto(f"/spot-checks/{check.draw_id}/checks/{check.pk}/")
    found += look(page, "blind-filled", PHONE)
    page.get_by_label("检查地点").fill("翠香路1号")
    press(page.get_by_role("button", name="办结"))
    expect(page.get_by_text("已办结，和填报的数作了比较。")).to_be_visible()
    return found + look(page, "result", PHONE)


def rest(check: SpotCheck) -> None:
    check = SpotCheck.objects.select_related("draw__period", "facility__division", "snapshot").get(pk=check.pk)
    asked = surveying.standing_of(check).questionnaire.questions
    told = office_answers(staff_count=4, building_area="180.00")
    edits = [
        Edit(asked[key], Given(value), 0, uuid4())
        for key, value in told.items()
        if key in asked and key not in check.answers
    ]
    surveying.save(check, Officer.objects.get(username="doumen"), edits)


def rectify(page: Page, check: SpotCheck) -> list[str]:
    page.goto(f"/spot-checks/{check.draw_id}/checks/{check.pk}/")
    expect(page.get_by_role("row", name=re.compile("计算机"))).to_contain_text("3 台")
    found = look(page, "result", DESK)
    press(page.get_by_role("link", name="按查到的情况提出整改"))
    page.get_by_label("计算机", exact=True).check()
    found += look(page, "check-rectify", DESK)
    press(page.get_by_role("button", name="提出整改"))
    expect(page.get_by_text("提出 1 条整改")).to_be_visible()
    return found


def close(open_page: Open, item: str) -> list[str]:
    found = mend(open_page("cuixiang", PHONE), item, PHONE)
    reviewer = open_page("xiangzhou", DESK, item)
    press(reviewer.get_by_role("button", name="核实"))
    expect(reviewer.locator(".head__meta")).to_contain_text("已核实")
    press(reviewer.get_by_role("button", name="销号"))
    expect(reviewer.locator(".head__meta")).to_contain_text("已销号")
    return found + look(reviewer, "check-closed", DESK)
