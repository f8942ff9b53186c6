"""The workbook is opened and read back: it says what the report, the page and the PDF say, in typed cells."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from reports.documents import report_of
from reports.facility_workbook import workbook_of
from reports.pdf import pdf_of
from tests.reports.samples import ANSWERS, submitted
from tests.reports.test_pages import words_of
from tests.reports.test_pdf import squeezed, text_of

DECIDED = {
    "decision": "refused",
    "found": "relaxed",
    "reason": "现场没有自助机",
    "by": "黄志远",
    "at": "2026-10-19T16:30:00+00:00",  # the twentieth in Shanghai
}
SHEETS = ["各项得分", "逐句判定", "填报数据", "规范原文"]


@pytest.fixture
def report(snapshot):
    return report_of(snapshot)


def opened(report):
    return load_workbook(BytesIO(workbook_of(report)))


def table(sheet):
    """head → cell of every line below the head, which is the line above the frozen ones."""
    top = sheet[sheet.freeze_panes].row
    head = [cell.value for cell in sheet[top - 1]]
    return [dict(zip(head, line, strict=True)) for line in sheet.iter_rows(min_row=top)]


def test_every_requirement_agrees_with_the_report_and_the_paper(report):
    lines = table(opened(report)["逐句判定"])
    paper = text_of(pdf_of(report))
    assert len(lines) == len(report.findings)
    for line, finding in zip(lines, report.findings, strict=True):
        assert line["要求"].value == finding.label
        assert line["判定"].value == finding.word
        assert finding.sentence in line["结果"].value
        assert squeezed(line["结果"].value.split(" ")[0]) in paper
        if finding.listed is None and finding.actual is not None:
            assert line["实有"].value == finding.actual
        if finding.shortfall is not None and not finding.over and finding.listed is None:
            assert line["差"].value == finding.shortfall


def test_determinations_stand_beside_what_they_decide_as_on_screen_and_paper(client, snapshot, surveyor):
    assert "认定" not in table(opened(report_of(snapshot))["逐句判定"])[0]  # where nothing was decided
    snapshot.content["determinations"] = {"town.2.area": DECIDED}
    snapshot.save()
    report = report_of(snapshot)
    told = {line["要求"].value: line for line in table(opened(report)["逐句判定"])}
    area, other = told["建筑面积"], told["计算机"]
    words = [area[head].value for head in ("认定", "认定理由", "认定人")]
    assert words == ["不同意酌减", "现场没有自助机", "黄志远"]
    assert (area["认定日期"].value.date(), other["认定"].value) == (date(2026, 10, 20), None)
    client.force_login(surveyor)
    screen, paper = words_of(client.get("/surveys/440402001/2026Q3/result/")), text_of(pdf_of(report))
    for word in (*words, "2026年10月20日"):
        assert squeezed(word) in screen
        assert squeezed(word) in paper


def test_scores_and_verdict_agree(report):
    sheet = opened(report)["各项得分"]
    lines = table(sheet)
    assert [str(line["得分"].value) for line in lines] == [f"{row.score:f}".removesuffix(".0") for row in report.rows]
    assert {line["得分"].number_format for line in lines} == {"0.0"}
    above = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=8) for cell in row if cell.value)
    assert f"{report.verdict.grade}　{report.verdict.score} 分" in above
    assert report.submission.content_hash in above


def test_cells_are_typed_and_carry_their_units(report):
    given = {line["数据项"].value: line for line in table(opened(report)["填报数据"])}
    assert given["建筑面积"]["填报"].value == 186
    assert given["建筑面积"]["填报"].number_format == "#,##0.00"
    assert given["建筑面积"]["单位"].value == "㎡"
    assert given["设立日期"]["填报"].value.date() == date(2012, 3, 1)
    assert given["机构名称"]["填报"].data_type == "s"
    found = {line["要求"].value: line for line in table(opened(report)["逐句判定"])}
    assert (found["计算机"]["差"].value, found["计算机"]["差"].number_format) == (2, '#,##0" 台"')


def test_every_sheet_is_set_up_for_print_and_keeps_its_head(report):
    workbook = opened(report)
    assert workbook.sheetnames == SHEETS
    for sheet in workbook:
        assert sheet.freeze_panes
        assert sheet.print_title_rows
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_the_words_of_the_standard_are_whole(report):
    words = table(opened(report)["规范原文"])
    assert [line["具体要求"].value for line in words] == [row.text for row in report.rows]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t", "=cmd|' /C calc'!A0"])
def test_what_looks_like_a_formula_stays_text(standards, office, surveyor, start):
    text = f"{start}1+1"
    notes = {"staff_count": text}
    report = report_of(submitted(office, surveyor, values=ANSWERS | {"other_equipment": text}, notes=notes))
    body = workbook_of(report)
    given = {line["数据项"].value: line for line in table(load_workbook(BytesIO(body))["填报数据"])}
    assert given["其他设备"]["填报"].data_type == "s"
    assert given["工作人员（在岗）"]["说明"].data_type == "s"
    with zipfile.ZipFile(BytesIO(body)) as parts:
        assert all(b"<f>" not in parts.read(name) for name in parts.namelist())


def test_demo_data_say_so_on_every_sheet_and_real_data_nowhere(report, standards, office, surveyor):
    def said(sheet):
        return " ".join(str(cell.value) for row in sheet.iter_rows(max_row=8) for cell in row if cell.value)

    assert all("演示数据" in said(sheet) for sheet in opened(report))
    real = report_of(submitted(office, surveyor, "2026Q4", demo=False))
    assert not any("演示" in said(sheet) for sheet in opened(real))


def test_what_the_command_writes_agrees_with_the_screen_and_the_paper(client, report, surveyor, tmp_path):
    file, paper = tmp_path / "r.xlsx", tmp_path / "r.pdf"
    call_command("export_facility", "440402001", period="2026Q3", format="xlsx", output=file)
    call_command("export_facility", "440402001", period="2026Q3", format="pdf", output=paper)
    client.force_login(surveyor)
    screen = words_of(client.get("/surveys/440402001/2026Q3/result/"))
    printed, book = text_of(paper.read_bytes()), load_workbook(file)
    assert book.sheetnames == SHEETS
    told = [line["判定"].value for line in table(book["逐句判定"])]
    told += [sentence for line in table(book["逐句判定"]) for sentence in line["结果"].value.split(" ")[:1]]
    told += [f"{line['得分'].value:g}" for line in table(book["各项得分"]) if line["得分"].value is not None]
    assert len(told) == 2 * len(report.findings) + len([row for row in report.rows if row.score is not None])
    for words in map(squeezed, told):
        assert words in screen
        assert words in printed
