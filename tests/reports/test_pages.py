"""The result page and the downloads: who sees them, what they say, what they cost."""

import json
import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Period, Survey
from facilities.models import Division, Facility, Officer
from reports.documents import report_of
from tests.reports.conftest import officer
from tests.reports.printing import paper, paper_bytes
from tests.reports.samples import ANSWERS, submitted
from tests.reports.test_pdf import text_of

URL = "/surveys/440402001/2026Q3/"
VIEWS = ["result/", "report.pdf", "report.json"]


def words_of(response):
    """The words of a page, without its tags."""
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", response.content.decode())))


@pytest.mark.parametrize("view", VIEWS)
def test_the_surveyor_the_district_and_the_bureau_see_it(client, snapshot, surveyor, reviewer, bureau, view):
    for each in (surveyor, reviewer, bureau):
        client.force_login(each)
        assert client.get(URL + view).status_code == 200


@pytest.mark.parametrize("view", VIEWS)
def test_a_stranger_gets_404(client, snapshot, stranger, view):
    client.force_login(stranger)
    response = client.get(URL + view)
    assert response.status_code == 404
    assert "翠香" not in response.content.decode()


@pytest.mark.parametrize("view", VIEWS)
def test_nobody_without_a_login(client, snapshot, view):
    response = client.get(URL + view)
    assert response.status_code == 302
    assert response.url.startswith("/login/")


@pytest.mark.parametrize("view", ["result/", "report.json"])
def test_nothing_is_posted_here(client, snapshot, surveyor, view):
    client.force_login(surveyor)
    assert client.post(URL + view).status_code == 405


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("where", ["440402001/2026Q2/", "440402001/2026Q5/", "440402999/2026Q3/"])
def test_what_is_not_there_is_404(client, snapshot, bureau, view, where):
    client.force_login(bureau)
    assert client.get(f"/surveys/{where}{view}").status_code == 404


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_not_submitted_leads_to_the_survey(client, standards, office, surveyor, view):
    Survey.objects.create(facility=office, period=Period.objects.create(year=2026, quarter=3), created_by=surveyor)
    client.force_login(surveyor)
    response = client.get(URL + view)
    assert (response.status_code, response.url) == (302, URL)


def test_screen_json_and_paper_agree(client, snapshot, surveyor):
    client.force_login(surveyor)
    report = report_of(snapshot)
    screen = words_of(client.get(URL + "result/"))
    printed = text_of(paper_bytes(client, URL + "report.pdf"))
    said = json.loads(client.get(URL + "report.json").content)
    told = [each["sentence"] for row in said["rows"] for each in row["findings"]]
    told += [said["verdict"][key] for key in ("score", "grade", "why", "lacking")]
    told += [said["submission"]["content_hash"], said["edition"]["content_hash"], said["submission"]["receipt"]]
    told += [row["score"] for row in said["rows"] if row["score"]]
    told += [reason for row in said["rows"] for each in row["findings"] for reason in each["reasons"]]
    told += [given["value"] for row in said["rows"] for each in row["findings"] for given in each["answers"]]
    assert len(told) > 140
    squeezed = {re.sub(r"\s", "", each) for each in told}
    assert [each for each in squeezed if each not in screen] == []
    assert [each for each in squeezed if each not in printed] == []
    assert [each["sentence"] for row in said["rows"] for each in row["findings"]] == [
        each.sentence for each in report.findings
    ]


def test_every_requirement_is_on_the_page_once(client, snapshot, surveyor):
    client.force_login(surveyor)
    page = client.get(URL + "result/").content.decode()
    shown = re.findall(r'<details class="finding" id="([^"]+)"', page)
    assert sorted(shown) == sorted(each.requirement for each in report_of(snapshot).findings)
    assert "展开其余 12 句" in page
    assert "展开全部 3 句" in page


def test_no_outcome_without_its_word_and_shape(client, snapshot, surveyor):
    client.force_login(surveyor)
    page = client.get(URL + "result/").content.decode()
    marks = re.findall(r'<span class="outcome [^"]*">(.*?)</span>', page, re.DOTALL)
    assert len(marks) > 45
    assert all(re.search(r'<use href="#o-\w+"/></svg>\s*[\u4e00-\u9fff]', mark) for mark in marks)


def test_the_tally_filters_by_the_address(client, snapshot, surveyor):
    client.force_login(surveyor)
    page = client.get(URL + "result/?outcome=fail").content.decode()
    assert page.count('<details class="finding"') == 4
    assert "计算机：实有 5 台，应有 7 台" in page
    assert "建筑面积：实有" not in page
    passes = client.get(URL + "result/?outcome=pass").content.decode()
    assert passes.count('<details class="finding"') == 30


def test_a_filter_that_finds_nothing_says_so(client, snapshot, surveyor):
    client.force_login(surveyor)
    assert "没有判为“待认定”的要求" in client.get(URL + "result/?outcome=pending").content.decode()


def test_an_unknown_filter_is_none(client, snapshot, surveyor):
    client.force_login(surveyor)
    page = client.get(URL + "result/?outcome=%3Cscript%3E").content.decode()
    assert page.count('<details class="finding"') == 45
    assert "<script>" not in page.split("<main")[1]


def test_what_an_officer_types_stays_words(client, standards, office, surveyor):
    attack = "<script>alert('CANARY')</script><img src=x onerror=1>"
    values = {**ANSWERS, "other_equipment": attack}
    submitted(office, surveyor, values=values, notes={"fax_count": attack}, reasons={"software_list": attack})
    client.force_login(surveyor)
    page = client.get(URL + "result/").content.decode()
    assert attack not in page
    assert page.count("&lt;script&gt;alert(") >= 3
    assert json.loads(client.get(URL + "report.json").content)


@pytest.mark.parametrize(
    ("view", "ending", "kind"),
    [("report.pdf", "pdf", "application/pdf"), ("report.json", "json", "application/json; charset=utf-8")],
)
def test_a_download_has_its_chinese_name(client, snapshot, surveyor, view, ending, kind):
    client.force_login(surveyor)
    response = paper(client, URL + view) if ending == "pdf" else client.get(URL + view)
    name = "%E7%BF%A0%E9%A6%99%E8%A1%97%E9%81%93"  # 翠香街道
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith(f"attachment; filename*=utf-8''{name}")
    assert disposition.endswith(f"_2026Q3.{ending}")
    assert response.headers["Content-Type"] == kind


@pytest.mark.parametrize("demo", [True, False])
def test_demo_data_say_so_even_where_the_portal_is_no_demo(client, standards, office, surveyor, settings, demo):
    settings.DEMO = False
    submitted(office, surveyor, demo=demo)
    client.force_login(surveyor)
    assert ("演示数据" in client.get(URL + "result/").content.decode()) is demo
    told = client.get(URL + "report.json").content.decode()
    assert json.loads(told)["demo"] is demo
    assert ("演示数据" in told) is demo


@time_machine.travel("2026-10-20 09:00", tick=False)  # a session is renewed by the minute, with queries of its own
def test_queries_do_not_grow(client, snapshot, surveyor, bureau, office):
    """One office with one submission, then twenty with more: the same few questions."""
    client.force_login(bureau)
    alone = queries(client)
    others(office, bureau)
    assert {view: (alone[view], count) for view, count in queries(client).items()} == {
        view: (alone[view], alone[view]) for view in VIEWS
    }
    assert max(alone.values()) <= 15


def queries(client):
    counted = {}
    for view in VIEWS:
        client.get(URL + view)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(URL + view)
        counted[view] = len(asked)
    return counted


def others(office, by):
    for key in ("2026Q1", "2026Q2", "2025Q4"):
        submitted(office, by, key)
    for number in range(20):
        code = f"4404020{number + 10}"
        street = Division.objects.create(
            code=code, name=f"某{number}街道", level="street", parent=office.division.parent
        )
        facility = Facility.objects.create(code=code, name=f"某{number}街道服务所", subject="township", division=street)
        submitted(facility, by)


def test_no_byte_of_a_twin_area_reaches_another(client, snapshot, standards, stranger):
    """井岸镇's answers carry a canary; 翠香街道's pages must not, and the other way round."""
    theirs = Facility.objects.get(code="440403001")
    submitted(theirs, stranger, values={**ANSWERS, "other_equipment": "CANARY-DOUMEN"})
    client.force_login(stranger)
    assert b"CANARY-DOUMEN" in client.get("/surveys/440403001/2026Q3/result/").content
    client.force_login(
        officer("near", role=Officer.REVIEWER, unit=snapshot.survey.facility.division.parent.memberships.get().unit)
    )
    for view in VIEWS:
        is_paper = view.endswith("pdf")
        body = text_of(paper_bytes(client, URL + view)) if is_paper else client.get(URL + view).content.decode()
        assert "CANARY-DOUMEN" not in body
        assert "井岸" not in body
        assert client.get(f"/surveys/440403001/2026Q3/{view}").status_code == 404
