"""佐证 in a real browser: photos made small on the phone and sent with progress, seen large by keys, sent without a
script, kept while the line is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import Page, Request, expect

from assessments import workflow
from assessments.models import Evidence, Survey
from facilities.models import Officer
from tests.assessments.pictures import SECRET, busy, exif, paper, written
from tests.browser.acts import Acts
from tests.browser.conftest import DESK, ON_A_PHONE, PHONE, SIZES, Open
from tests.browser.filling import answer_all, clause, press
from tests.browser.inspecting import faults, faults_at_both

pytestmark = pytest.mark.browser
LARGEST = 400_000


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Two of 12 megapixels as a phone takes them, telling when and where, the second lying on its side."""
    made = []
    for number, name in enumerate(("大厅.jpg", "档案室.jpg")):
        path = tmp_path / name
        path.write_bytes(written(busy(4000, 3000, number), quality=92, exif=exif(6 if number else 1)))
        made.append(str(path))
    return made


def canary(page: Page) -> list[str]:
    """Every dialog that a script opens."""
    heard: list[str] = []
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    return heard


def sent_by(page: Page) -> list[Request]:
    requests: list[Request] = []
    page.on(
        "request", lambda each: requests.append(each) if each.method == "POST" and "/evidence/" in each.url else None
    )
    return requests


def files(survey: Survey) -> list[Evidence]:
    return list(survey.evidence.filter(removed_at=None))


def test_a_phone_sends_two_large_photos(open_page: Open, survey: Survey, photos: list[str]) -> None:
    page = open_page("cuixiang", PHONE, clause(survey, 6))
    requests, bars = sent_by(page), []
    page.expose_function("noticed", lambda value: bars.append(value))
    page.evaluate("""() => new MutationObserver(() => {
      for (const bar of document.querySelectorAll("#uploads progress")) window.noticed(bar.value);
    }).observe(document.getElementById("uploads"), { subtree: true, childList: true, attributes: true })""")
    press(page.get_by_text("同意保存拍摄时间和地点"))
    page.locator("#evidence-use").select_option(label="服务大厅照片（服务大厅）")
    page.locator("#evidence-files").set_input_files(photos)
    expect(page.locator("#shots .shot")).to_have_count(2)
    expect(page.locator("#uploads .upload")).to_have_count(0)
    expect(page.locator("#wishes .wish").first).to_contain_text("已有 2")
    assert max(bars) > 0
    bodies = [request.post_data_buffer or b"" for request in requests]
    assert [len(body) < LARGEST + 2000 for body in bodies] == [True, True]
    assert all(SECRET.encode() not in body for body in bodies)
    first, second = files(survey)
    assert first.name == "大厅.jpg"
    assert 1000 < max(first.width or 0, first.height or 0) <= 1600, "as large as fits"
    assert (second.width or 0) < (second.height or 0), "the phone's side view stands upright"
    assert first.taken_at.isoformat() == second.taken_at.isoformat() == "2026-10-08T07:30:00+00:00"  # type: ignore[union-attr]
    assert (str(first.latitude), str(first.longitude)) == ("22.270139", "113.550000")
    assert faults(page) == []


def test_a_photo_is_seen_large_by_keys(open_page: Open, survey: Survey, officer: Officer) -> None:
    kept = [attach(survey, officer, number) for number in range(3)]
    page = open_page("cuixiang", DESK, clause(survey, 6))
    heard, box = canary(page), page.locator("#lightbox")
    page.locator("[data-lightbox]").first.focus()
    page.keyboard.press("Enter")
    expect(box).to_be_visible()
    expect(box).to_contain_text("1 / 3")
    assert faults(page) == []
    for key, shown in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowRight", 0),
        ("ArrowLeft", 2),
        ("Home", 0),
        ("End", 2),
    ):
        page.keyboard.press(key)
        expect(box.locator("img")).to_have_attribute("src", re.compile(str(kept[shown].pk)))
    for _ in range(5):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#lightbox')"
        )
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(page.locator("[data-lightbox]").nth(2)).to_be_focused()
    assert heard == []


def test_without_scripts_a_form_sends_them(open_page: Open, survey: Survey, photos: list[str], tmp_path: Path) -> None:
    page = open_page("cuixiang", PHONE, clause(survey, 6), scripts=False)
    (tmp_path / "制度.pdf").write_bytes(paper(2))
    (tmp_path / "图.jpg").write_bytes(b"<svg onload=alert(1)>")
    page.locator("#evidence-files").set_input_files([*photos, str(tmp_path / "制度.pdf"), str(tmp_path / "图.jpg")])
    press(page.get_by_role("button", name="上传", exact=True))
    expect(page.locator(".notice--bad:visible")).to_contain_text("“图.jpg”没有收")
    expect(page.locator("#shots .shot")).to_have_count(3)
    assert [file.taken_at for file in files(survey)] == [None, None, None]
    press(page.locator(".shot", has_text="大厅.jpg").get_by_role("link", name=re.compile("改用途")))
    press(page.locator("details", has_text="第7项").locator("summary"))
    page.locator("[name=use][value='town.7']").check()
    press(page.get_by_role("button", name="保存用途"))
    press(page.locator(".shot", has_text="制度.pdf").get_by_role("button", name=re.compile("移除")))
    expect(page.locator("#shots .shot")).to_have_count(2)
    assert {file.name: file.uses.count() for file in files(survey)} == {"大厅.jpg": 2, "档案室.jpg": 1}


def test_a_lost_line_a_refusal_and_a_second_try(
    open_page: Open, survey: Survey, photos: list[str], tmp_path: Path
) -> None:
    (tmp_path / "假.jpg").write_bytes(b"<html><script>alert(1)</script>")
    page = open_page("cuixiang", PHONE, clause(survey, 6))
    heard = canary(page)
    page.context.set_offline(True)
    page.locator("#evidence-files").set_input_files([photos[0], str(tmp_path / "假.jpg")])
    expect(page.locator(".upload").first).to_contain_text("离线")
    assert faults(page) == []
    page.context.set_offline(False)
    press(page.get_by_role("button", name="马上再试")) if page.get_by_role("button", name="马上再试").count() else None
    expect(page.locator("#shots .shot")).to_have_count(1)
    refused = page.locator(".upload.is-refused")
    expect(refused).to_contain_text("只收 JPEG、PNG、WebP 照片和 PDF")
    assert faults(page) == []
    press(refused.get_by_role("button", name=re.compile("不传了")))
    expect(page.locator(".upload")).to_have_count(0)
    assert len(files(survey)) == 1
    assert heard == []


@SIZES
def test_what_is_too_large_or_no_paper_is_refused_kindly(
    open_page: Open, survey: Survey, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Beside a good one, which goes through."""
    (tmp_path / "太大.pdf").write_bytes(paper() + b"%" * 10_500_000)
    (tmp_path / "名单.pdf").write_bytes(b"PK\x03\x04 a workbook that calls itself a paper")
    (tmp_path / "制度.pdf").write_bytes(paper(2))
    page = open_page("cuixiang", size, clause(survey, 6))
    page.locator("#evidence-files").set_input_files(
        [str(tmp_path / f"{name}.pdf") for name in ("太大", "名单", "制度")]
    )
    expect(page.locator("#shots .shot")).to_have_count(1)
    refused = page.locator(".upload.is-refused")
    expect(refused).to_have_count(2)
    expect(refused.first).to_contain_text("不能超过 10 MB")
    expect(refused.last).to_contain_text("只收 JPEG、PNG、WebP 照片和 PDF")
    assert faults(page) == []
    assert [file.name for file in files(survey)] == ["制度.pdf"]


def test_one_photo_shows_several_things(open_page: Open, survey: Survey, officer: Officer) -> None:
    kept = attach(survey, officer, 0)
    page = open_page("cuixiang", PHONE, clause(survey, 6))
    acts = Acts(page)
    press(page.get_by_role("link", name=re.compile("改用途")))
    press(page.locator("details", has_text="第2项").locator("summary"))
    press(page.locator("label", has=page.locator("[name=use][value='town.2']")))
    press(page.locator("details", has_text="第8项").locator("summary"))
    press(page.locator("label", has=page.locator("[name=use][value='town.8']")))
    assert faults(page) == []
    press(page.get_by_role("button", name="保存用途"))
    expect(page.locator("#shots .shot")).to_have_count(1)
    assert set(kept.uses.values_list("clause", flat=True)) == {"town.2", "town.6", "town.8"}
    acts.tell("一张照片再用于两项")
    assert acts.taps == 6
    page.goto(clause(survey, 8))
    expect(page.locator("#shots .shot")).to_have_count(1)


@ON_A_PHONE
def test_pages_of_evidence(open_page: Open, survey: Survey, officer: Officer, size: tuple[int, int]) -> None:
    empty = open_page("cuixiang", size, f"{clause(survey, 6)}../../evidence/")
    assert faults_at_both(empty) == []
    answer_all(survey, officer)
    kept = [attach(survey, officer, number) for number in range(4)]
    attach(survey, officer, 4, "pdf")
    twin(kept[0], officer)
    evidence = clause(survey, 6).replace("clauses/6/", "evidence/")
    found = []
    for who, path in (
        ("cuixiang", clause(survey, 6)),
        ("cuixiang", evidence),
        ("cuixiang", f"{evidence}{kept[0].pk}/uses/?clause=6"),
        ("xiangzhou", clause(survey, 6)),
    ):
        found += faults_at_both(open_page(who, size, path))
    workflow.submit(survey, officer)
    for who in ("cuixiang", "xiangzhou"):
        page = open_page(who, size, evidence.replace("evidence/", "result/"))
        expect(page.locator(".shot").first).to_be_visible()
        found += faults_at_both(page)
    assert found == []


def attach(survey: Survey, officer: Officer, number: int, kind: str = "image") -> Evidence:
    content = written(busy(800, 600, number)) if kind == "image" else paper()
    stored = default_storage.save(f"2026/test-{survey.pk}-{number}.jpg", ContentFile(content))
    file = Evidence.objects.create(
        survey=survey,
        operation=f"00000000-0000-4000-8000-00000000000{number}",
        kind=kind,
        file=stored,
        thumbnail=stored if kind == "image" else "",
        name=f"服务大厅{number + 1}.{'jpg' if kind == 'image' else '材料'}",
        size=len(content),
        sent_hash=f"{survey.pk}-{number}",
        content_hash=f"{survey.pk}-{number}",
        by=officer,
    )
    file.uses.create(clause="town.6", requirement="town.6.service_hall" if number < 2 else "")
    return file


def twin(file: Evidence, officer: Officer) -> None:
    """The same photo in another street's survey."""
    from assessments import beginning
    from facilities.models import Facility

    other = beginning.begin(Facility.objects.get(code="440402002"), file.survey.period, officer)
    again = attach(other, officer, 0)
    Evidence.objects.filter(pk=again.pk).update(sent_hash=file.sent_hash)
