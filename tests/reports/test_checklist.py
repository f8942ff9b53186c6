"""现场核查表 on paper: who it is, every question with a place to answer, what was last known, who signs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Period
from facilities.models import Fact
from reports.checklist import checklist_of
from reports.pdf import printed
from tests.reports.samples import ANSWERS
from tests.reports.test_pdf import squeezed, text_of

NEXT = Period(year=2026, quarter=4)


@pytest.fixture
def sheet(snapshot, office):
    return checklist_of(office, NEXT)


def items(sheet):
    return {item.label: item for part in sheet.parts for item in part.items}


def test_every_question_and_row_is_on_the_paper(sheet, office):
    text = text_of(printed("reports/checklist_paper.html", {"sheet": sheet}))
    told = [office.name, office.code, "香洲区", "2026年第四季度", "核查人（签名）", "被核查单位（盖章）", "核查日期"]
    told += [part for each in sheet.parts for part in (each.title, each.text[:40], each.remark)]
    told += [part for item in items(sheet).values() for part in (item.label, item.last)]
    told += [box.label for item in items(sheet).values() for box in item.boxes]
    assert [each for each in told if squeezed(each) not in text] == []
    assert "演示数据" in text


def test_what_was_last_known_stands_beside_it(sheet):
    known = items(sheet)
    assert known["计算机"].last == "5 台"
    assert sheet.last_from == "2026年第三季度"
    assert {box.label for box in known["功能区域"].boxes if not box.was} == {"调解室"}
    assert [box.label for box in known["是否已设立"].boxes if box.was] == ["是"]


def test_a_dated_fact_is_newer_than_the_last_survey(snapshot, office):
    Fact.objects.create(
        facility=office, indicator="resident_population", value=140000, since="2026-10-01", source="年报"
    )
    assert items(checklist_of(office, NEXT))["常住人口"].last == "140,000 人"


def test_without_any_survey_nothing_is_known(standards, office):
    sheet = checklist_of(office, NEXT)
    assert sheet.last_from == ""
    assert {item.last for item in items(sheet).values()} == {""}
    assert ANSWERS.keys() <= {item.indicator for part in sheet.parts for item in part.items}


def test_its_page_answers_with_few_queries(snapshot, reviewer, client, monkeypatch):
    monkeypatch.setattr("reports.views.printed", lambda *_: b"%PDF")
    client.force_login(reviewer, backend="facilities.backends.OfficerBackend")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/surveys/440402001/2026Q4/checklist.pdf").status_code == 200
    assert len(queries) <= 15
    assert client.get("/surveys/440402001/2026Q9/checklist.pdf").status_code == 404
