"""整改 in the browser: finding → opened → mended → verified → closed, on a phone and on a desk."""

from __future__ import annotations

import re

import pytest
import time_machine
from PIL import Image
from playwright.sync_api import Page, expect

from assessments.models import Rectification
from reports.models import ReturnVersion
from tests.assessments.pictures import written
from tests.browser.conftest import ON_A_PHONE, Open
from tests.browser.filling import press
from tests.browser.test_returns import look, version

pytestmark = pytest.mark.browser
__all__ = ["version"]  # the fixture: 翠香's office is accepted with three computers and no more


@ON_A_PHONE
def test_from_a_finding_to_its_closure(open_page: Open, version: ReturnVersion, size: tuple[int, int]) -> None:
    with time_machine.travel("2026-10-20T10:00:00+08:00", tick=True):
        reviewer, surveyor = open_page("xiangzhou", size), open_page("cuixiang", size)
        found = open_one(reviewer, size)
        item = f"/rectifications/{Rectification.objects.get().pk}/"
        found += mend(surveyor, item, size)
        reviewer.goto(item)
        found += look(reviewer, "rectification-sent", size)
        expect(reviewer.get_by_role("link", name="看大图：新购计算机.jpg")).to_be_visible()
        press(reviewer.get_by_role("button", name="核实"))
        expect(reviewer.locator(".head__meta")).to_contain_text("已核实")
        press(reviewer.get_by_role("button", name="销号"))
        expect(reviewer.locator(".head__meta")).to_contain_text("已销号")
        found += look(reviewer, "rectification-closed", size)
        reviewer.goto("/rectifications/")
        found += look(reviewer, "rectifications", size)
    assert found == []


def open_one(page: Page, size: tuple[int, int]) -> list[str]:
    page.goto("/surveys/440402001/2026Q3/rectify/?row=town.7.computer")
    found = look(page, "rectify", size)
    page.get_by_label(re.compile("^负责")).fill("翠香街道服务所 陈嘉敏")
    press(page.get_by_role("button", name=re.compile("^提出")))
    expect(page.get_by_text("town.7.computer")).to_have_count(0)
    return found


def mend(page: Page, item: str, size: tuple[int, int]) -> list[str]:
    """Words are no number; seven computers are enough."""
    page.goto(item)
    found = look(page, "rectification-open", size)
    press(page.get_by_role("button", name="开始整改"))
    page.get_by_label("计算机", exact=True).fill("七八台")
    page.get_by_label("做了什么、有什么佐证").fill("新购计算机，发票和照片存所里")
    press(page.get_by_role("button", name="提交佐证"))
    expect(page.get_by_label("计算机", exact=True)).to_have_value("七八台")
    found += look(page, "rectification-refused", size)
    page.get_by_label("计算机", exact=True).fill("7")
    photo = {
        "name": "新购计算机.jpg",
        "mimeType": "image/jpeg",
        "buffer": written(Image.new("RGB", (640, 480), "gray")),
    }
    page.get_by_label(re.compile("^整改后的照片")).set_input_files(photo)
    press(page.get_by_role("button", name="提交佐证"))
    expect(page.locator(".head__meta")).to_contain_text("已提交佐证")
    return found
