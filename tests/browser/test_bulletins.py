"""通报 in the browser: from the quarter's figures to the published paper, on a phone and on a desk."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import time_machine
from playwright.sync_api import expect
from pypdf import PdfReader

from facilities.models import Officer
from reports.models import Bulletin, ReturnVersion
from reports.returns import workflow
from tests.browser.conftest import AT_A_DESK, Open
from tests.browser.filling import press
from tests.browser.test_returns import look, version

pytestmark = pytest.mark.browser
__all__ = ["version"]  # the fixture: 香洲区's return, submitted


@AT_A_DESK
def test_from_figures_to_the_published_paper(open_page: Open, version: ReturnVersion, size: tuple[int, int]) -> None:
    city = Officer.objects.get(username="city")
    workflow.receive(version.report, city)
    with time_machine.travel("2026-10-20T10:00:00+08:00", tick=True):
        page, found = open_page("city", size), []
        page.goto("/returns/")
        press(page.get_by_role("link", name="通报"))
        found += look(page, "bulletins", size)
        press(page.get_by_role("button", name="编写通报"))
        expect(page.get_by_text("还不能发布")).to_be_visible()
        found += look(page, "bulletin-draft", size)
        press(page.get_by_role("button", name="发布通报"))
        expect(page.get_by_role("heading", name="没有办成")).to_be_visible()
        found += look(page, "bulletin-refused", size)
        decide(page)
        found += look(page, "bulletin-decided", size)
        press(page.get_by_role("link", name="修改文字"))
        page.get_by_label("下一步要求").fill("请各区于年底前完成整改。")
        found += look(page, "bulletin-edit", size)
        press(page.get_by_role("button", name="保存"))
        press(page.get_by_role("button", name="发布通报"))
        expect(page.get_by_text("已发布：2026年第1号。")).to_be_visible()
        Bulletin.objects.update(code="482915037728")  # letters would be taken for words that are not Chinese
        page.reload()
        found += look(page, "bulletin-published", size)
        with page.expect_download() as coming:
            press(page.get_by_role("link", name="下载 PDF"))
        read(coming.value.path().read_bytes())
        reader = open_page("xiangzhou", size, "/bulletins/")
        press(reader.get_by_role("link", name=re.compile("^关于2026年第三季度")))
        expect(reader.get_by_role("heading", level=1)).to_have_text(str(Bulletin.objects.get()))
        expect(reader.get_by_role("button", name="发布通报")).to_have_count(0)
    assert found == []


def decide(page) -> None:
    """香洲区 is slow by the parameter: a person says what follows."""
    candidate = page.locator("#candidate-440402")
    press(candidate.get_by_text("通报批评", exact=True))
    candidate.get_by_label("理由").fill("三次提醒仍未补齐")
    press(candidate.get_by_role("button", name="记下决定"))
    expect(page.locator("#candidate-440402 .candidate__said")).to_contain_text("三次提醒仍未补齐")


def read(paper: bytes) -> None:
    text = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(paper)).pages))
    for words in ("2026年第1号", "予以通报批评", "请各区于年底前完成整改。", "附件"):
        assert words in text
