"""The template: what is known is filled in, what is wanted is shown, what must not be touched is locked."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from assessments.adopting import InForce
from assessments.workbooks.spelling import canonical
from assessments.workbooks.styles import COLOURS, FILLED, GAP, PREFILLED, SENT, SPARED
from facilities.spreadsheets.reading import read_book
from facilities.spreadsheets.writing import put
from tests.assessments.conftest import ANSWERS
from tests.assessments.desk import download

OFFICE = "440402001"
ANSWERED = ANSWERS | {"building_area": float(ANSWERS["building_area"])}
ODD_TEXTS = [
    *("=1+1", "+86", "-", "@所", "＝和", "＋", "－", "＠", "'引", '"=1', " =1", "\t=1", "_x0041_", "a_x000D_b"),
    *("两\n行", "1,200", "0012", "2026-11-01", "是", "<f>1</f>", "&amp;", "😀", "\x00\x0b=1", "5%", "1e5"),
]


@pytest.fixture
def client(browse, surveyor, now):
    return browse(surveyor)


@pytest.fixture
def desk(client, survey, fill):
    fill(computer_count=None, line_type=None)
    return download(client, subject="township")


def colour(cell):
    return next(kind for kind, code in COLOURS.items() if cell.fill.start_color.rgb.endswith(code))


def test_what_is_answered_stands_there_in_its_type(desk):
    said = {key: desk.cell(OFFICE, key) for key in ("established", "building_area", "fax_count", "established_on")}
    assert said["established"].value == "是"
    assert (said["building_area"].value, said["building_area"].number_format) == (ANSWERED["building_area"], "#,##0.00")
    assert said["fax_count"].value == ANSWERED["fax_count"]
    assert said["established_on"].is_date
    assert desk.sheet.cell(7, 1).data_type == "s"
    assert [desk.cell(OFFICE, item).value for item in desk.items("services_provided")] == [
        "是" if item.partition("/")[2] in ANSWERED["services_provided"] else "否"
        for item in desk.items("services_provided")
    ]


def test_gaps_carried_and_filled_cells_differ(desk):
    kinds = {key: colour(desk.cell(OFFICE, key)) for key in ("computer_count", "established", "resident_population")}
    assert kinds == {"computer_count": GAP, "established": FILLED, "resident_population": FILLED}


def test_what_is_submitted_is_locked(client, submitted):
    cell = download(client, subject="township").cell(OFFICE, "computer_count")
    assert (colour(cell), cell.protection.locked) == (SENT, True)


def test_what_does_not_matter_is_grey_and_dashed(client, survey, fill):
    fill(established=False)
    desk = download(client, subject="township")
    assert desk.cell(OFFICE, "established").value == "否"
    assert colour(desk.cell(OFFICE, "computer_count")) == SPARED


def test_stations_not_begun_show_what_they_would_begin_with(client, office, now, city):
    desk = download(client, subject="village")
    assert len(desk.rows) == 17
    cell = desk.cell("440402001001", "supervising_office")
    assert (cell.value, colour(cell)) == (office.name, PREFILLED)
    assert desk.cell("440402001001", "@state").value == "未开始"


def test_questions_carry_their_meaning_lists_and_limits(desk):
    head = desk.sheet.cell(5, desk.columns["computer_count"])
    assert head.value == "计算机（台）"
    assert "不含自助机" in head.comment.text
    limits = {
        str(limit.sqref): (limit.type, limit.formula1, limit.errorStyle)
        for limit in desk.sheet.data_validations.dataValidation
    }
    assert ("list", '"专线,VPN,互联网,无"', "warning") in limits.values()
    assert {kind for kind, _, _ in limits.values()} == {"list", "whole", "decimal", "date"}


def test_only_answers_can_be_typed_in(desk):
    assert desk.sheet.protection.sheet
    assert desk.book.security.lockStructure
    assert not desk.cell(OFFICE, "computer_count").protection.locked
    assert desk.sheet.cell(7, 1).protection.locked
    assert desk.sheet.row_dimensions[1].hidden
    assert desk.book["版本"].sheet_state == "veryHidden"
    assert desk.sheet.freeze_panes == "C7"
    assert (desk.sheet.print_title_rows, desk.sheet.page_setup.orientation) == ("$4:$6", "landscape")


def test_the_guide_tells_how_and_what(desk):
    told = "".join(str(cell.value or "") for row in desk.book["填写说明"].iter_rows() for cell in row)
    for word in ("无法提供：原因", "清空", "2026年11月1日", "选择性粘贴", "在用的业务计算机", "技术支持"):
        assert word in told


def test_the_file_has_a_name(client, survey):
    response = client.post("/workbooks/template.xlsx", {"subject": "township"})
    assert "%E7%BF%A0%E9%A6%99%E8%A1%97%E9%81%93_" in response["Content-Disposition"]
    assert "2026Q4_2016-01-01.xlsx" in response["Content-Disposition"]


@pytest.mark.parametrize("rewritten", [False, True])
def test_no_text_becomes_a_formula_and_all_come_back(rewritten):
    book = Workbook()
    for row, text in enumerate(ODD_TEXTS, 1):
        put(book.active.cell(row, 1), text)
    written = BytesIO()
    book.save(written)
    if rewritten:
        again, written = load_workbook(written), BytesIO()
        again.save(written)
    sheet = read_book("表.xlsx", written.getvalue()).sheets[0]
    assert [canonical(row[0]) for row in sheet.rows] == [canonical(text) for text in ODD_TEXTS]
    assert sheet.formulas == frozenset()
    with zipfile.ZipFile(written) as parts:
        assert not re.search(rb"<f[ >]", parts.read("xl/worksheets/sheet1.xml"))


@pytest.fixture
def at_once(monkeypatch):
    """However many, without a worker."""
    monkeypatch.setattr("reports.exports.QUICK", 1000)


def test_who_reads_the_city_may_take_any_place(officer, browse, city, now, at_once):
    city_reader = browse(officer("viewer"))
    assert len(download(city_reader, subject="village").rows) == 336
    assert len(download(city_reader, subject="township", place="u440403").rows) == 6
    assert "上传并比较" not in city_reader.get("/workbooks/").content.decode()
    assert city_reader.post("/workbooks/upload/").status_code == 403


def test_a_reviewer_gets_the_own_unit_only(officer, browse, city, now, at_once):
    desk = download(browse(officer("reviewer")), subject="village", place="u440403")
    assert all(code.startswith("440402") for code in desk.rows)


def test_an_officer_without_a_standard_is_told_so(client, monkeypatch):
    monkeypatch.setattr("assessments.workbooks.scope.in_force_on", lambda day: InForce({}, ()))
    assert "没有可以下载" in client.get("/workbooks/").content.decode()
    assert client.post("/workbooks/template.xlsx").status_code == 302
