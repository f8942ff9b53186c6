"""A whole quarter with four officers: filled on a phone, sent back, mended, determined, accepted, returned to the city
in the last second, received, seen on the dashboards, taken home. Its figures are counted again from the answers."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from assessments import beginning, reviewing, workflow
from assessments.models import Answer, Determination, DueSurvey, Period, Review, Survey
from assessments.opening import open_quarter
from assessments.standings import standing_of
from facilities.models import Officer
from reports.jobs import running
from reports.models import Job, QuarterlyReturn, ReturnVersion
from tests.browser import stations
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.filling import CODE, FACILITY, SUBMIT, answer_all, expect_saved, fill_question, press

pytestmark = pytest.mark.browser
UNIT, QUARTER = "440402", "2026Q3"
SURVEY, RETURN = f"/surveys/{CODE}/{QUARTER}/", f"/returns/{UNIT}/{QUARTER}/"
FILLED, REVIEWED, MENDED, ACCEPTED = (f"2026-09-{day}T10:00:00+08:00" for day in (24, 25, 28, 29))
LAST_SECOND, RECEIVED = "2026-10-13T23:59:59+08:00", "2026-10-14T09:00:00+08:00"
SENT_BACK = {3: "town.3", 7: "town.7"}  # the number of a row → its clause
WRONG = {"staff_count": 4, "computer_count": 3}
RIGHT = {3: ("staff_count", 13), 7: ("computer_count", 6)}
SIGNED = {"填报人": "陈嘉敏", "审核人": "黄志远", "单位负责人": "梁海燕", "联系电话": "0756-2120000"}


@pytest.fixture
def clock(portal: str) -> Iterator[time_machine.Traveller]:
    """Stands still, on a working day of the quarter; the live server runs in this process and sees the same."""
    with time_machine.travel(FILLED, tick=False) as clock:
        yield clock


@pytest.fixture
def quarter(clock: time_machine.Traveller) -> Period:
    """Opened; a station of 翠香街道 is through already, nobody else has begun."""
    period = open_quarter(2026, 3)
    officer, place = named(stations.SURVEYOR), stations.station()
    survey = beginning.start(place, period, officer)
    stations.answer(survey, officer, stations.said(place))
    workflow.submit(survey, officer)
    survey.refresh_from_db()
    reviewer = named("xiangzhou")
    for key in reviewing.undecided(standing_of(survey)):
        reviewing.determine(survey, reviewer, key, Determination.ACCEPTED, "看过现场")
    reviewing.accept(survey, reviewer)
    return period


def test_a_whole_quarter(open_page: Open, clock: time_machine.Traveller, quarter: Period) -> None:
    fill_and_submit(open_page("cuixiang", PHONE, "/"))
    clock.move_to(REVIEWED)
    send_two_rows_back(open_page("xiangzhou", DESK, "/reviews/"))
    clock.move_to(MENDED)
    mend_and_submit_again(open_page("cuixiang", PHONE, "/"))
    clock.move_to(ACCEPTED)
    determine_and_accept(open_page("xiangzhou", DESK, f"{SURVEY}review/"))
    clock.move_to(LAST_SECOND)
    write_and_send_the_return(open_page("xiangzhou", DESK, "/returns/"))
    clock.move_to(RECEIVED)
    city = open_page("city", DESK, "/returns/")
    receive(city)
    read_dashboards(open_page("viewer", DESK, f"/dashboard/?period={QUARTER}"), recounted())
    compare_figures(city, recounted())
    verify(open_page("viewer", PHONE, "/verify/"))


# ── The surveyor, on a phone ──────────────────────────────────────────────────


def fill_and_submit(page: Page) -> None:
    press(page.get_by_role("link", name=FACILITY))
    press(page.get_by_role("button", name="开始填"))
    expect(page.get_by_role("heading", level=1)).to_have_text(FACILITY)
    answer_all(survey_of(CODE), named("cuixiang"), **WRONG)
    page.reload()
    press(page.get_by_role("link", name="检查并提交"))
    press(page.get_by_role("button", name=SUBMIT))
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    assert survey_of(CODE).state == Survey.SUBMITTED


def mend_and_submit_again(page: Page) -> None:
    """Only what came back can be written; the rest is as it was sent."""
    before = answers_of(CODE)
    expect(page.locator("#back")).to_contain_text("按实际人数填写")
    page.goto(f"{SURVEY}clauses/8/")
    expect(page.locator("main .notice--bad:visible").first).to_be_visible()
    expect(page.locator("[data-question] :is(input, textarea):enabled")).to_have_count(0)
    for number, (key, value) in RIGHT.items():
        page.goto(f"{SURVEY}clauses/{number}/")
        fill_question(page, key, value)
        expect_saved(page)
    page.goto(f"{SURVEY}check/")
    press(page.get_by_role("button", name=SUBMIT))
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    after = answers_of(CODE)
    assert {key: value for key, value in after.items() if before[key] != value} == dict(RIGHT.values())


# ── The district's reviewer, at a desk ────────────────────────────────────────


def send_two_rows_back(page: Page) -> None:
    press(page.get_by_role("link", name=re.compile("翠香街道")).first)
    press(page.get_by_role("button", name="开始审核"))
    for clause in SENT_BACK.values():
        box = page.locator(f"[data-row][value='{clause}']")
        box.locator("xpath=ancestor::details/summary").click()
        box.check()
    page.locator("#reason").select_option("wrong")
    page.locator("#text").fill("按实际人数填写，补计算机台数")
    press(page.locator("#return-form").get_by_role("button", name="退回", exact=True))
    expect(page.locator(".mending")).to_contain_text("按实际人数填写")
    review = Review.objects.get(verb=Review.RETURNED)
    assert (review.rows, review.reason) == (list(SENT_BACK.values()), "wrong")


def determine_and_accept(page: Page) -> None:
    press(page.get_by_role("button", name="开始审核"))
    waiting = reviewing.undecided(standing_of(survey_of(CODE)))
    assert waiting, "something is left to a person"
    for key in waiting:
        form = page.locator(f"[id='d-{key}'] form")
        form.get_by_label("同意酌减", exact=True).or_(form.get_by_label("认定达标", exact=True)).check()
        form.locator("textarea").fill("已看过佐证")
        press(form.get_by_role("button"))
        expect(page.locator(f"[id='d-{key}'] .deciding__done")).to_contain_text("已看过佐证")
    press(page.get_by_role("button", name=re.compile("^通过")))
    expect(page.locator(".notice--done").first).to_contain_text("已通过")
    assert survey_of(CODE).state == Survey.ACCEPTED


def write_and_send_the_return(page: Page) -> None:
    page.goto(RETURN)
    press(page.get_by_role("button", name="开始写2026年第三季度季报"))
    for label, name in SIGNED.items():
        page.get_by_label(label).fill(name)
    page.get_by_label("存在问题和原因").fill("一是多数服务站没有按时填报。")
    page.get_by_label("下季度安排").fill("10月底前补齐各站的核查表。")
    press(page.get_by_role("button", name="保存并检查"))
    press(page.get_by_role("button", name="报送2026年第三季度季报"))
    expect(page.get_by_text("已报送第1版，等市局接收。")).to_be_visible()
    expect(page.locator(".head__meta")).to_contain_text("按时")


# ── The city ──────────────────────────────────────────────────────────────────


def receive(page: Page) -> None:
    page.goto(RETURN)
    press(page.get_by_role("button", name="接收第 1 版"))
    expect(page.locator(".head__meta")).to_contain_text("已接收")
    report = QuarterlyReturn.objects.get()
    assert report.state == QuarterlyReturn.ACCEPTED
    assert report.submitted_at is not None
    assert report.submitted_at.isoformat() == "2026-10-13T15:59:59+00:00"
    page.goto(f"/city-report/{QUARTER}/")
    expect(page.locator("main")).to_contain_text("应报单位6个，已报1个")


def read_dashboards(page: Page, counted: dict[str, int]) -> None:
    """The city's, and 香洲区's below it: what is through, of what is due."""
    for address, due in (("/dashboard/", DueSurvey.objects.count()), (f"/dashboard/{UNIT}/", counted["due"])):
        page.goto(f"{address}?period={QUARTER}")
        accepted = page.locator(".headline").filter(has_text="已通过审核")
        expect(accepted).to_contain_text(f"{counted['accepted']} / {due} 家")
        expect(page.locator(".head__meta")).to_contain_text(f"应报 {due} 家，已通过 {counted['accepted']} 家")


# ── Figures ───────────────────────────────────────────────────────────────────


def recounted() -> dict[str, int]:
    """From the answers as they lie in the database, by nothing of the product."""
    through = Survey.objects.filter(state="accepted", period__year=2026, period__quarter=3)
    said = Answer.objects.filter(survey__in=through)
    return {
        "due": DueSurvey.objects.filter(unit__code=UNIT).count(),
        "accepted": through.count(),
        "staff": sum(int(each.value) for each in said.filter(indicator="staff_count")),
        "computers": sum(int(each.value) for each in said.filter(indicator="computer_count")),
    }


def compare_figures(page: Page, counted: dict[str, int]) -> None:
    page.goto(RETURN)
    assert figures_of_page(page) == counted
    assert figures_of_workbook(made_in_background(page, "下载 Excel")) == counted
    assert figures_of_paper(made_in_background(page, "下载 PDF")) == counted
    page.goto(RETURN)
    content = json.loads(downloaded(page, page.get_by_role("link", name="下载 JSON")))
    assert content["proof"]["sha256"] == ReturnVersion.objects.get().content_hash
    assert len(content["content"]["facilities"]) == counted["due"]


def figures_of_page(page: Page) -> dict[str, int]:
    total = page.locator(".ledger tr").filter(has=page.get_by_role("rowheader", name="合计", exact=True))

    def shown(figure: str, part: str) -> int:
        return int(total.locator(f"a[href*='/figures/{figure}/?part={part}']").first.inner_text())

    devices = page.locator(".ledger tr").filter(has=page.get_by_role("rowheader", name=re.compile("^计算机")))
    return {
        "due": shown("due", "due"),
        "accepted": shown("due", "accepted"),
        "staff": shown("staff", "met"),
        "computers": int(devices.locator("td").nth(1).inner_text()),
    }


def figures_of_workbook(body: bytes) -> dict[str, int]:
    book: Any = load_workbook(io.BytesIO(body), data_only=True)
    bodies, devices = book["汇总（一）"], book["设施设备"]
    total = dict(zip(heads(bodies), (cell.value for cell in bodies[6]), strict=True))
    computers = next(row for row in devices.iter_rows(min_row=6, values_only=True) if row[0] == "计算机")
    return {
        "due": int(total["填报（家）", "应评估"]),
        "accepted": int(total["填报（家）", "已审核"]),
        "staff": int(total["人员（人）", "实有"]),
        "computers": int(computers[heads(devices).index(("合计", "实有"))]),
    }


def heads(sheet: Any) -> list[tuple[str, str]]:
    """The two levels of the head; what is merged counts for all below it."""
    found, group = [], ""
    for above, label in zip(sheet[3], sheet[4], strict=True):
        group = str(above.value or group)
        found.append((group, str(label.value or "")))
    return found


def figures_of_paper(body: bytes) -> dict[str, int]:
    words = "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(body)).pages)
    total = re.search(r"^合计 (\d+) (\d+)(?: \S+){8} (\d+) ", words, re.MULTILINE)
    computers = re.search(r"^计算机（台） \d+ (\d+)", words, re.MULTILINE)
    assert total
    assert computers
    due, accepted, staff = (int(each) for each in total.groups())
    return {"due": due, "accepted": accepted, "staff": staff, "computers": int(computers[1])}


def made_in_background(page: Page, name: str) -> bytes:
    """A return of many facilities is made by the worker, whose part the test plays."""
    page.goto(RETURN)
    press(page.get_by_role("link", name=name))
    page.wait_for_url("**/jobs/*/")  # the page that asks answers itself
    job = Job.objects.get(pk=page.url.rstrip("/").rsplit("/", 1)[-1])
    running.run.call(str(job.pk), job.attempt)
    job.refresh_from_db()
    assert job.state == Job.DONE, job.error
    page.goto(f"/jobs/{job.pk}/")
    return downloaded(page, page.get_by_role("link", name="下载", exact=True))


def downloaded(page: Page, link: Locator) -> bytes:
    with page.expect_download() as coming:
        press(link)
    return coming.value.path().read_bytes()


def verify(page: Page) -> None:
    """What stands on the paper is known, whoever asks."""
    version = ReturnVersion.objects.get()
    page.get_by_label("核验码").fill(version.code)
    press(page.get_by_role("button", name="核验"))
    answer = page.locator("dl.pairs")
    for words in ("香洲区", "2026年第三季度", "第 1 版", "已接收", version.content_hash):
        expect(answer).to_contain_text(words)


# ── What lies in the database ─────────────────────────────────────────────────


def named(username: str) -> Officer:
    return Officer.objects.get(username=username)


def survey_of(code: str) -> Survey:
    return Survey.objects.select_related("facility__division", "period").get(facility__code=code)


def answers_of(code: str) -> dict[str, Any]:
    return dict(Answer.objects.filter(survey__facility__code=code).values_list("indicator", "value"))
