"""The PDF is opened and read back: it says what the report says, in our own fonts, and fetches nothing."""

import builtins
import io
import os
import re
import subprocess
import sys
import threading

import pytest
from pypdf import PdfReader

from reports.documents import json_of, report_of
from reports.pdf import FONTS, PdfUnavailable, locked_fetcher, pdf_of, press_of_process
from tests.reports.samples import ANSWERS, submitted


def squeezed(text):
    return re.sub(r"\s", "", text)


def text_of(printed):
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages))


@pytest.fixture
def report(snapshot):
    return report_of(snapshot)


_kept = {}


@pytest.fixture
def printed(report):
    """Printed once for all tests that only read it."""
    key = json_of(report)
    if key not in _kept:
        _kept[key] = pdf_of(report)
    return _kept[key]


def test_it_says_all_that_the_report_says(report, printed):
    text = text_of(printed)
    verdict = report.verdict
    told = [report.facility.name, report.period.name, report.title, report.submission.receipt, report.edition.title]
    told += [verdict.grade, verdict.why, verdict.lacking, str(verdict.score), str(verdict.previous.score)]
    told += [part for row in report.rows for part in (row.title, row.text, row.remark, *row.bands)]
    told += [part for each in report.findings for part in (each.label, each.word, each.sentence, *each.reasons)]
    told += [notice for each in report.findings for notice in each.notices]
    told += [part for each in report.interpretations for part in (each.key, each.reading)]
    told += [part for row in report.rows for given in row.answers for part in (given.label, given.value)]
    assert [each for each in told if squeezed(each) not in text] == []


def test_scores_stand_beside_their_rows(report, printed):
    text = text_of(printed)
    for row in report.rows:
        assert f"{row.number}{row.title}{row.score}" in text


def test_the_hash_is_whole_on_the_last_page_and_short_on_every_page(report, printed):
    pages = [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(printed)).pages]
    assert report.submission.content_hash in pages[-1]
    assert report.edition.content_hash in pages[-1]
    assert all(f"快照{report.submission.content_hash[:16]}" in page for page in pages)
    assert all(f"第{number}页，共{len(pages)}页" in page for number, page in enumerate(pages, 1))
    assert all(report.facility.name in page for page in pages)


def test_demo_data_say_so_on_every_page_and_real_data_nowhere(report, printed, standards, office, surveyor):
    assert all("演示数据" in page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages)
    real = report_of(submitted(office, surveyor, "2026Q4", demo=False))
    assert "演示" not in text_of(pdf_of(real))


def test_only_our_own_fonts_are_embedded(printed):
    names = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(io.BytesIO(printed)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.split("+")[-1] for name in names} == {"Portal-Sans", "Portal-Serif"}


def test_no_character_is_without_a_glyph(printed):
    assert "\ufffd" not in text_of(printed)


def test_the_heads_of_tables_are_repeated(report, printed):
    """Row 7 is longer than a page: its table goes on under the same head."""
    assert text_of(printed).count("判定要求结果与说明") > len(report.rows)


def test_the_same_submission_is_the_same_words(report, printed):
    assert text_of(pdf_of(report)) == text_of(printed)


def test_the_title_is_told_to_readers(report, printed):
    meta = PdfReader(io.BytesIO(printed)).metadata
    assert meta.title == "翠香街道人力资源和社会保障服务所 2026年第三季度 达标评估结果"
    assert report.submission.content_hash in meta.subject


# ── Locked ──


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "http://127.0.0.1:9/x.png",
        "https://example.com/",
        "data:text/plain,x",
        "portal-font:other",
    ],
)
def test_the_fetcher_opens_nothing_but_our_fonts(url):
    with pytest.raises(ValueError, match="refused"):
        locked_fetcher().fetch(url)


def test_a_document_that_refers_to_a_file_or_an_address_gets_neither(tmp_path):
    canary = tmp_path / "canary.txt"
    canary.write_text("CANARY-OF-A-FILE")
    asked = []

    class Watched(type(press_of_process().fetcher)):
        def fetch(self, url, headers=None):
            asked.append(url)
            return super().fetch(url, headers)

    html = f"""<link rel="stylesheet" href="{canary.as_uri()}"><img src="http://127.0.0.1:9/canary.png">
    <object data="{canary.as_uri()}"></object><link rel="attachment" href="{canary.as_uri()}"><p>words</p>
    <svg><image href="{canary.as_uri()}"/></svg>
    <style>@import url({canary.as_uri()}); p {{ background: url(//x/y) }}</style>"""
    press = press_of_process()
    made = press.weasyprint.HTML(string=html, url_fetcher=Watched()).write_pdf(font_config=press.fonts)
    reader = PdfReader(io.BytesIO(made))
    assert asked, "the control: the document did ask"
    assert "words" in reader.pages[0].extract_text()
    assert b"CANARY-OF-A-FILE" not in b"".join(found.get_data() for found in streams(reader))
    assert not reader.attachments


def streams(reader):
    objects = (reader.get_object(number) for number in range(1, reader.trailer["/Size"]))
    return [each for each in objects if hasattr(each, "get_data")]


def test_what_an_officer_types_stays_words(standards, office, surveyor, tmp_path, monkeypatch):
    canary = tmp_path / "canary.txt"
    canary.write_text("CANARY-OF-A-FILE")
    attack = (
        f'<img src="{canary.as_uri()}"><link rel=attachment href="{canary.as_uri()}"></td></table><script>1</script>'
    )
    asked = []
    fetcher = press_of_process().fetcher
    real = type(fetcher).fetch
    monkeypatch.setattr(type(fetcher), "fetch", lambda self, url, headers=None: asked.append(url) or real(self, url))
    snapshot = submitted(
        office, surveyor, values={**ANSWERS, "other_equipment": attack}, notes={"computer_count": attack}
    )
    made = pdf_of(report_of(snapshot))
    assert text_of(made).count(squeezed(attack)) >= 2
    assert "CANARY-OF-A-FILE" not in text_of(made)
    assert set(asked) <= set(FONTS)


# ── Without Pango ──


@pytest.fixture
def no_pango(monkeypatch):
    """As on a machine without the system libraries: the import fails with OSError."""
    press_of_process.cache_clear()
    real = builtins.__import__

    def refusing(name, *args, **kwargs):
        if name.split(".")[0] == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refusing)
    yield
    monkeypatch.undo()
    press_of_process.cache_clear()


def test_without_pango_it_says_what_to_install(report, no_pango):
    with pytest.raises(PdfUnavailable) as missing:
        pdf_of(report)
    for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
        assert package in str(missing.value)


def test_without_pango_the_pdf_answers_503_and_offers_json(client, surveyor, snapshot, no_pango):
    client.force_login(surveyor)
    response = client.get("/surveys/440402001/2026Q3/report.pdf")
    page = response.content.decode()
    assert response.status_code == 503
    assert "libpango-1.0-0" in page
    assert "/surveys/440402001/2026Q3/report.json" in page


def test_without_pango_the_result_page_explains_its_button(client, surveyor, snapshot, no_pango):
    client.force_login(surveyor)
    page = client.get("/surveys/440402001/2026Q3/result/").content.decode()
    assert "现在不能导出 PDF" in page
    assert "libpango-1.0-0" in page
    assert "report.pdf" not in page
    assert "report.json" in page


def test_the_import_is_lazy():
    """The portal starts without WeasyPrint: neither views nor the command load it before a PDF is asked for."""
    said = "import django, sys; django.setup(); import reports.urls; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], env={**os.environ, "DEMO": "1"}).returncode == 0


def test_two_threads_print_at_once(report):
    made = []
    threads = [threading.Thread(target=lambda: made.append(pdf_of(report))) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert text_of(made[0]) == text_of(made[1])
