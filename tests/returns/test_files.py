"""Files of a return: issued once, marked, proved; Excel's head; verification; the command."""

import hashlib
import json
import re
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.models import Survey
from assessments.snapshots import hash_of
from facilities.models import Facility
from reports.models import IssuedFile
from reports.returns import paper, workflow
from reports.returns.found import statement_of
from reports.returns.paper import paper_of
from reports.returns.statement import Statement
from tests.returns.conftest import TEXTS, URL


def text_of(body: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages))


@pytest.mark.parametrize("format", ["pdf", "xlsx"])
def test_the_same_bytes_again(sent, reviewer, bureau, browse, now, format):
    first = browse(reviewer).get(f"{URL}return.{format}").content
    Facility.objects.filter(code="440402001").update(name="改了名的所")
    now.move_to("2027-03-01T10:00:00+08:00")
    assert browse(bureau).get(f"{URL}return.{format}").content == first
    assert IssuedFile.objects.get().content_hash == hashlib.sha256(first).hexdigest()


def test_an_older_version_is_given_as_it_was(sent, draft, officers, browse):
    client = browse(officers["reviewer"])
    first = client.get(f"{URL}return.json").content
    workflow.receive(draft, officers["city"])
    workflow.correct(draft, officers["reviewer"], "漏报一家")
    draft.refresh_from_db()
    workflow.submit(
        workflow.write(draft, officers["reviewer"], TEXTS | {"head": "新负责人"}, draft.revision), officers["reviewer"]
    )
    assert client.get(f"{URL}return.json?version=1").content == first
    assert json.loads(client.get(f"{URL}return.json").content)["content"]["texts"]["head"] == "新负责人"


def test_the_json_is_what_was_hashed(sent, reviewer, browse):
    told = json.loads(browse(reviewer).get(f"{URL}return.json").content)
    assert told["proof"] == {"version": 1, "sha256": sent.content_hash, "code": sent.code}
    assert hash_of(told["content"]) == sent.content_hash


def test_the_paper_reads_like_a_report_and_is_proved(sent):
    body = paper_of(statement_of(sent))
    text = text_of(body)
    for words in (
        "香洲区2026年第三季度基层人力资源社会保障公共服务平台建设情况报告",
        "市人力资源和社会保障局：",
        "一、总体情况全区应评估6家，其中街道（镇）服务所2家、社区（村）服务站4家。已审核通过3家，另有未审核1家、未报2家",
        "四、下季度安排年底前补齐。",
        "附件4香洲区服务平台判定明细表",
        sent.content_hash,
        "-".join(re.findall("....", sent.code)),
        "0756-2120000",
        "—1—",
    ):
        assert words in text
    assert "草稿" not in text
    pages = PdfReader(BytesIO(body)).pages
    assert {(page.mediabox.width > page.mediabox.height) for page in pages} == {True, False}
    fonts = {
        str(font)
        for page in pages
        for font in (f.get_object()["/BaseFont"] for f in page["/Resources"]["/Font"].values())
    }
    assert {font.partition("+")[2] for font in fonts} == {"Portal-Sans", "Portal-Serif"}


def test_a_draft_says_so_and_is_not_kept(draft, reviewer, browse):
    client = browse(reviewer)
    assert "草稿，未报送" in text_of(client.get(f"{URL}return.pdf").content)
    assert client.get(f"{URL}return.xlsx").status_code == 200
    assert not IssuedFile.objects.exists()


def test_a_demonstration_is_marked_everywhere(draft, reviewer, browse):
    Survey.objects.update(is_demo=True)
    version = workflow.submit(draft, reviewer)
    statement = statement_of(version)
    assert text_of(paper_of(statement)).count("演示数据") >= 5  # on every page
    body = browse(reviewer).get(f"{URL}return.xlsx").content
    book = load_workbook(BytesIO(body))
    for sheet in book:
        assert any("演示数据" in str(cell.value) for row in sheet.iter_rows() for cell in row), sheet.title
    assert "演示数据" in book.properties.description


def test_a_long_list_is_printed_in_pieces_that_go_on_counting(sent, monkeypatch):
    monkeypatch.setattr(paper, "WHOLE", 2)
    monkeypatch.setattr(paper, "PIECE", 4)
    told = []
    body = paper_of(statement_of(sent), lambda done, total: told.append((done, total)))
    assert told == [(0, 6), (4, 6), (6, 6)]
    pages = [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(BytesIO(body)).pages]
    assert [number for number, page in enumerate(pages, 1) if f"—{number}—" not in page] == []


def test_nothing_odd_is_said_of_a_quarter_without_figures(draft, reviewer):
    Survey.objects.filter(state=Survey.ACCEPTED).update(state=Survey.RETURNED)
    statement = statement_of(workflow.submit(draft, reviewer))
    text = text_of(paper_of(statement))
    assert "目前还没有审核通过的核查表（未审核1家、退回修改3家、未报2家），各项数字无法统计。" in text
    assert "分项情况" not in text
    assert "None" not in text


def test_the_workbook_has_the_customary_head(sent, reviewer, browse):
    book = load_workbook(BytesIO(browse(reviewer).get(f"{URL}return.xlsx").content))
    assert book.sheetnames == ["汇总（一）", "汇总（二）", "设施设备", "机构", "差距", "文字"]
    sheet = book["汇总（一）"]
    assert sheet["A2"].value == "填报单位（盖章）：香洲区人力资源和社会保障局"
    assert [sheet[cell].value for cell in ("A3", "B3", "C3", "C4", "A5", "B5", "C5", "A6")] == [
        "街道（镇）", "代码", "填报（家）", "应评估", "甲", "乙", "1", "合计",
    ]  # fmt: skip
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation) == ("C6", "$3:$5", "landscape")
    codes = [sheet.cell(row, 2).value for row in range(9, 11)]
    assert codes == ["440402001", "440402002"]
    last = [str(sheet.cell(row, 1).value) for row in range(11, 16)]
    assert any(sent.content_hash in words for words in last)
    assert any("单位负责人：梁海燕" in words for words in last)


def test_a_text_is_no_formula(draft, reviewer, browse):
    workflow.write(draft, reviewer, TEXTS | {"problems": "=1+1", "head": '=HYPERLINK("x")'}, draft.revision)
    book = load_workbook(BytesIO(browse(reviewer).get(f"{URL}return.xlsx").content))
    for sheet in book:
        formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert all(re.fullmatch(r"=(SUM|IF)\([A-Z0-9:=,\"—/]+\)", formula) for formula in formulas), formulas


def test_what_is_missing_or_without_data_is_no_number(sent, reviewer, browse):
    book = load_workbook(BytesIO(browse(reviewer).get(f"{URL}return.xlsx").content), data_only=True)
    rows = {row[2].value: [cell.value for cell in row] for row in book["机构"].iter_rows(min_row=5)}
    assert rows["第2社区服务站"][4:11] == ["未审核", None, None, None, None, None, None]
    assert rows["第3社区服务站"][4] == "未报（填写中）"
    assert rows["第1社区服务站"][9] == "无数据"
    summary = [[cell.value for cell in row] for row in book["汇总（一）"].iter_rows(min_row=6, max_row=10)]
    assert summary[4][2:8] == [1, 0, 0, 1, 0, "—"]  # 梅华: due, nothing accepted
    assert summary[4][8] == "—"


# ── Verification ──────────────────────────────────────────────────────────────


def test_a_code_says_what_it_stands_for_and_nothing_more(sent, draft, officers):
    client = Client()
    for code in (sent.code, sent.code.lower(), "-".join(re.findall("....", sent.code))):
        page = client.get(f"/verify/{code}/")
        assert page.status_code == 200
    said = re.sub(r"<[^>]+>", "", page.content.decode())
    for words in ("香洲区", "2026年第三季度", "第 1 版", sent.content_hash, "已报送，待接收"):
        assert words in said
    for secret in ("陈嘉敏", "0756", "计算机不足", "翠香"):
        assert secret not in said
    workflow.receive(draft, officers["city"])
    assert "已接收" in client.get(f"/verify/{sent.code}/").content.decode()


def test_a_corrected_version_says_by_which(sent, draft, officers):
    workflow.receive(draft, officers["city"])
    workflow.correct(draft, officers["reviewer"], "漏报一家")
    draft.refresh_from_db()
    workflow.submit(draft, officers["reviewer"])
    workflow.receive(draft, officers["city"])
    assert "已接收，已由第2版更正" in Client().get(f"/verify/{sent.code}/").content.decode()


@pytest.mark.parametrize("code", ["000000000000", "x", "A" * 200, "ÄÖÜ"])
def test_an_unknown_code_gets_a_kind_page(city, code):
    response = Client().get(f"/verify/{code}/")
    assert response.status_code == 404


def test_the_form_leads_to_the_answer(sent):
    assert Client().get("/verify/", {"code": f" {sent.code.lower()} "}).url == f"/verify/{sent.code}/"
    assert Client().get("/verify/", {"code": "<>"}).status_code == 200


def test_codes_cannot_be_guessed(sent):
    assert len(workflow.ALPHABET) ** workflow.CODE_LENGTH >= 2**60
    assert re.fullmatch(f"[{workflow.ALPHABET}]{{12}}", sent.code)


# ── The command ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("format", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("json", b"{")])
def test_the_command_writes_what_the_page_gives(sent, reviewer, browse, tmp_path, format, begins):
    path = tmp_path / f"out.{format}"
    call_command("export_return", "440402", "2026Q3", format=format, output=path, stdout=StringIO())
    assert path.read_bytes().startswith(begins)
    assert path.read_bytes() == browse(reviewer).get(f"{URL}return.{format}").content


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["9", "2026Q3"], "没有代码为“9”的报送单位"),
        (["440403", "2026Q3"], "还没有报送"),
        (["440402", "2026Q9"], "没有季度“2026Q9”"),
        (["440402", "2026Q3", "--version", "7"], "没有第7版"),
    ],
)
def test_the_command_says_what_is_wrong(sent, tmp_path, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("export_return", *arguments, "--output", str(tmp_path / "x"), stdout=StringIO())


def test_a_file_has_its_name(sent):
    assert statement_of(sent).name == "香洲区_平台建设情况季报_2026Q3_第1版"
    assert Statement(sent.content).name.endswith("草稿")
