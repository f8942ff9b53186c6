"""A unit's results as Excel: every facility that is due stands there once; what is not submitted is 未报, never 0."""

import json
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from assessments.models import Judgement, Period, Snapshot, Survey
from assessments.scoring import facts_from
from facilities.models import Division, Existence, Facility
from reports.documents import report_of
from reports.unit_results import COUNTED, results_of
from reports.unit_workbook import unit_workbook_of
from standards.engine import judge
from standards.loading import edition_of
from standards.models import Standard
from tests.reports.test_workbook import DECIDED, table

URL = "/units/440402/2026Q3/results.xlsx"


@pytest.fixture
def judged(snapshot):
    """The sample's snapshot with the judgement row that a submission keeps beside it."""
    told = snapshot.content["judgements"][0]["judgement"]
    Judgement.objects.create(
        snapshot=snapshot,
        survey=snapshot.survey,
        standard=Standard.objects.get(key="town_office"),
        score=told["score"],
        grade=told["grade"],
        content=told,
    )
    return snapshot


def neighbour(code):
    above = Division.objects.get(code="440402")
    street = Division.objects.create(code=code, name=f"街道{code[-2:]}", level="street", parent=above)
    return Facility.objects.create(code=code, name=f"第{code[-2:]}街道所", subject="township", division=street)


def opened(unit):
    return load_workbook(BytesIO(unit_workbook_of(results_of(unit, Period.objects.get(year=2026, quarter=3)))))


def test_every_facility_is_there_and_what_is_missing_is_not_zero(judged, xiangzhou):
    neighbour("440402002")
    lines = table(opened(xiangzhou)["汇总"])
    told = {line["代码"].value: line for line in lines}
    assert (told["440402001"]["得分"].value, told["440402001"]["判定"].value) == (91, "基本达标")
    tally = {count.word: count.number for count in report_of(judged).tally}
    assert {word: told["440402001"][word].value for word in ("不达标", "偏离", "达标")} == {
        word: tally[word] for word in ("不达标", "偏离", "达标")
    }
    assert told["440402002"]["状态"].value == "未报"
    assert told["440402002"]["得分"].value is None
    assert told["440402002"]["不达标"].value is None


def test_the_gaps_are_those_of_the_report(judged, xiangzhou):
    report = report_of(judged)
    told = {line["要求"].value: line for line in table(opened(xiangzhou)["差距"])}
    wanting = [finding for row in report.rows for finding in row.wanting]
    assert list(told) == [finding.label for finding in wanting]
    for finding in wanting:
        line = told[finding.label]
        assert (line["判定"].value, line["结果"].value) == (finding.word, finding.sentence)
        if finding.listed is None and finding.shortfall is not None:
            assert line["差"].value == finding.shortfall


def test_the_matrix_has_every_sentence(judged, xiangzhou):
    report = report_of(judged)
    (line,) = table(opened(xiangzhou)["附表2 逐句判定"])
    assert [cell.value for cell in list(line.values())[3:]] == [
        finding.word.split("，")[0] for finding in report.findings
    ]


def test_determinations_stand_beside_the_gap(judged, xiangzhou):
    assert "认定" not in table(opened(xiangzhou)["差距"])[0]
    judged.content["determinations"] = {"town.2.area": DECIDED}
    judged.save()
    told = {line["要求"].value: line for line in table(opened(xiangzhou)["差距"])}
    assert (told["建筑面积"]["认定"].value, told["建筑面积"]["认定人"].value) == ("不同意酌减", "黄志远")
    assert told["计算机"]["认定"].value is None


def test_what_the_plan_judges_stands_on_sheets_of_its_own(judged, xiangzhou):
    before = {name: read(opened(xiangzhou)[name]) for name in ("汇总", "差距")}
    beside(judged, "township")
    body = Facility.objects.create(
        code="440402G", name="香洲区人民政府", subject="district", division=Division.objects.get(code="440402")
    )
    survey = Survey.objects.create(facility=body, period=judged.survey.period, created_by=judged.by)
    told = Snapshot.objects.create(survey=survey, number=1, content=judged.content, content_hash="x", by=judged.by)
    beside(told, "district", is_beside=False)
    book = opened(xiangzhou)
    assert {name: read(book[name]) for name in before} == before  # no sum and no list counts them
    scores = {line["代码"].value: line for line in table(book["珠海方案 得分"])}
    assert list(scores) == ["440402001", "440402G"]
    judgement = Judgement.objects.get(snapshot=judged, beside=True)
    found = [result["outcome"] for result in judgement.content["results"].values()]
    assert scores["440402001"]["不达标"].value == found.count("fail") > 0
    gaps = [line["代码"].value for line in table(book["珠海方案 差距"])]
    assert gaps.count("440402001") == sum(each in COUNTED and each != "pass" for each in found)
    edition = edition_of(judgement.standard)
    for name, subject in (("街道（镇）", "township"), ("区", "district")):
        (line,) = table(book[f"珠海方案 {name}逐句判定"])
        assert [*line][3:] == [each.label for each in edition.requirements if subject in each.subjects]


def beside(snapshot, subject, is_beside=True):
    """As the plan judges it, too."""
    plan = Standard.objects.get(key="zhuhai_2011")
    edition, answers = edition_of(plan), snapshot.content["answers"]
    facts = facts_from(edition, {key: answer["value"] for key, answer in answers.items()})
    content = judge(edition, facts, date(2026, 9, 30), subject).as_json()
    kept = {"snapshot": snapshot, "survey": snapshot.survey, "standard": plan, "beside": is_beside}
    return Judgement.objects.create(content=json.loads(json.dumps(content)), grade=content["grade"], **kept)


def read(sheet):
    return [[cell.value for cell in line] for line in sheet.iter_rows()]


def test_a_closed_facility_is_not_asked_for(judged, xiangzhou):
    gone = neighbour("440402002")
    Existence.objects.create(facility=gone, name=gone.name, ends="2026-09-29")
    assert [line["代码"].value for line in table(opened(xiangzhou)["汇总"])] == ["440402001"]


def test_the_number_of_queries_is_the_same_for_few_and_many(judged, xiangzhou, reviewer, client):
    client.force_login(reviewer, backend="facilities.backends.OfficerBackend")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.post(URL).status_code == 200
        return len(queries)

    client.post(URL)
    few = asked()
    for number in range(2, 30):
        neighbour(f"4404020{number:02}")
    assert asked() == few <= 12


def test_who_reads_the_unit(judged, xiangzhou, doumen, reviewer, stranger, bureau, surveyor, client):
    for officer, status in ((reviewer, 200), (bureau, 200), (stranger, 404), (surveyor, 404)):
        client.force_login(officer, backend="facilities.backends.OfficerBackend")
        assert client.post(URL).status_code == status
    assert client.post("/units/440402/2026Q5/results.xlsx").status_code == 404
