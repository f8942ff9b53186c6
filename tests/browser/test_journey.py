"""From the log-in page to the paper in one's hand, as the official of 翠香街道 goes, on a phone and on a desk."""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from assessments.models import Judgement, Snapshot
from reports.jobs.running import run
from reports.models import Job
from tests.browser.conftest import ON_A_PHONE, Open
from tests.browser.filling import FACILITY, SUBMIT, expect_saved, fill_page, invented, press

pytestmark = pytest.mark.browser


@ON_A_PHONE
def test_a_quarter_from_log_in_to_paper(open_page: Open, size: tuple[int, int]) -> None:
    page = open_page(size=size)
    log_in(page)
    begin(page)
    fill_all_rows(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("提交前，请检查一遍")
    assert page.locator(".notice--offline li").all_inner_texts() == []
    press(page.get_by_role("button", name=SUBMIT))
    read_receipt(page)
    read_result(page)
    read_paper(page)


def log_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("用户名").fill("cuixiang")
    page.get_by_label("密码", exact=True).fill("Demo-2026-portal")
    press(page.get_by_role("button", name="登录"))
    expect(page.get_by_role("heading", level=1)).to_have_text("我的任务")


def begin(page: Page) -> None:
    press(page.get_by_role("link", name=FACILITY))
    press(page.get_by_role("button", name="开始填"))
    expect(page.get_by_role("heading", level=1)).to_have_text(FACILITY)
    press(page.locator(".clauses__title a").first)


def fill_all_rows(page: Page) -> None:
    for number in range(1, 11):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"第{number}项")
        fill_page(page, invented())
        expect_saved(page)
        if number == 7:
            watch_the_computers(page)
        press(page.get_by_role("button", name="去检查" if number == 10 else re.compile("^下一项")))


def watch_the_computers(page: Page) -> None:
    """Typed in full width, the finding follows at once; the sentence being answered is under the marker."""
    field, said = page.get_by_label("计算机", exact=True), page.locator("#q-computer_count .line")
    expect(said.locator(".outcome").first).to_have_text("不达标")
    field.click()
    field.press("ControlOrMeta+a")
    field.press_sequentially("７")
    expect(page.locator(".law__text mark.now").first).to_contain_text("计算机")
    expect(said.locator(".outcome").first).to_have_text("达标")
    expect_saved(page)
    press(page.get_by_role("button", name="打印机加一"))
    expect_saved(page)
    expect(page.get_by_label("打印机", exact=True)).to_have_value("4")


def read_receipt(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    snapshot = Snapshot.objects.get()
    expect(page.locator(".receipt")).to_contain_text(snapshot.receipt)
    expect(page.locator(".receipt")).to_contain_text("陈嘉敏")
    press(page.get_by_role("link", name="看判定结果"))


def read_result(page: Page) -> None:
    judged = Judgement.objects.get()
    expect(page.locator(".verdict__score")).to_contain_text(str(judged.score))
    expect(page.locator(".verdict__grade h2")).to_have_text(judged.grade)
    expect(page.locator(".result")).to_have_count(10)


def read_paper(page: Page) -> None:
    press(page.get_by_role("link", name="导出 PDF"))
    expect(page.locator("#job progress")).to_be_visible()
    job = Job.objects.get()
    with page.expect_download() as coming:  # who waits gets it without another act
        run.call(str(job.pk), job.attempt)
    paper = coming.value.path().read_bytes()
    assert paper.startswith(b"%PDF")
    words = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper)).pages))
    judged = Judgement.objects.get()
    assert FACILITY in words
    assert str(judged.score) in words
    assert judged.grade in words
    assert judged.snapshot.receipt in words
