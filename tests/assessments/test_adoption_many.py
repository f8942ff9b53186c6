"""Two editions in the grid, in Excel and on the blank paper: what the plan asks is filled there like anything else."""

import pytest

from assessments import beginning, workflow
from assessments.models import Adoption, Answer, Period, Survey
from assessments.standings import standing_of
from facilities.models import Facility
from reports.checklist import checklist_of
from tests.assessments.acts import fresh
from tests.assessments.adopted import adopt, any_answer, say_all
from tests.assessments.desk import download, staged, taken_in
from tests.assessments.desk import send as send_book
from tests.assessments.test_grid import send

PERIOD = Period(year=2026, quarter=4)
CODE = "440402001001"


@pytest.fixture
def station(city, now):
    adopt()
    return Facility.objects.select_related("division").get(code=CODE)


@pytest.fixture
def begun(station, surveyor):
    return beginning.start(station, PERIOD, surveyor)


@pytest.fixture
def client(browse, surveyor):
    return browse(surveyor)


def held(key):
    return Answer.objects.get(survey__facility__code=CODE, indicator=key).value


def test_a_row_of_the_plan_is_filled_in_the_grid(begun, station, client):
    rows = client.get("/grids/440402001/2026Q4/").content.decode()
    assert "三（一）3" in rows
    page = client.get("/grids/440402001/2026Q4/三（一）3/").content.decode()
    assert "珠海方案第三（一）3项原文" in page
    assert send(client, station, "三（一）3", {"town_guidance": True}).status_code == 200
    assert held("town_guidance") is True
    results = standing_of(fresh(begun)).judgement.results
    assert results["zh.3.1.3.village_guidance"].outcome == "pass"


def test_a_workbook_asks_and_takes_in_both(begun, station, client, surveyor):
    desk = download(client, subject="village")
    labels = {"true": "是", "false": "否"}
    for _ in range(4):
        standing = standing_of(fresh(begun))
        asked = standing.questionnaire.questions
        desk = download(client, subject="village")
        for key in standing.needed:
            names = {choice.value: choice.label for choice in asked[key].choices} | labels
            desk.answer(CODE, key, any_answer(asked[key]), names)
        if standing.needed:
            taken_in(client, staged(client, desk))
    assert not standing_of(fresh(begun)).needed
    assert held("integrated_services") is True
    workflow.submit(fresh(begun), surveyor)
    assert Survey.objects.get(pk=begun.pk).judgements.filter(beside=True).count() == 1


def test_a_workbook_from_before_the_adoption_is_of_another_edition(begun, client):
    desk = download(client, subject="village")
    Adoption.objects.all().delete()
    assert "规范版本" in send_book(client, desk).content.decode()


def test_an_unchanged_quarter_confirms_the_plans_answers_too(begun, station, surveyor, browse, now):
    say_all(begun, surveyor)
    workflow.submit(fresh(begun), surveyor)
    now.move_to("2027-01-20T09:00:00+08:00")
    client = browse(surveyor)
    page = client.get(f"/surveys/{CODE}/2027Q1/unchanged/")
    assert page.status_code == 200
    assert client.post(f"/surveys/{CODE}/2027Q1/unchanged/", {}).status_code == 302
    assert Survey.objects.get(facility=station, period__year=2027).judgements.count() == 2


def test_the_blank_paper_has_the_plans_questions(begun, station):
    sheet = checklist_of(station, begun.period)
    assert "三（一）3" in [part.number for part in sheet.parts]
