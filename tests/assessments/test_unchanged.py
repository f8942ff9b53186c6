"""本季度无变化: what ages is looked at, the rest is confirmed in one recorded act, and the survey is sent."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Answer, Change, Period, Survey
from assessments.unchanged import carried_of

URL = "/surveys/440402001/2027Q1/unchanged/"
NEXT = Period(year=2027, quarter=1)


@pytest.fixture
def next_quarter(submitted, now):
    now.move_to("2027-02-01T09:00:00+08:00")


@pytest.fixture
def form(next_quarter, office, surveyor):
    """What the page posts where nothing is touched."""
    carried = carried_of(office, NEXT, surveyor)
    fields = {"operation": str(uuid4())}
    for question in carried.ageing:
        fields[question.key] = str(carried.standing.answers[question.key].value)
        fields[question.key + "__revision"] = str(carried.standing.answers[question.key].revision)
    return fields


def test_the_page_asks_for_people_money_and_training_only(next_quarter, office, surveyor, client_of_surveyor):
    page = client_of_surveyor.get(URL).content.decode()
    assert {question.indicator.unit for question in carried_of(office, NEXT, surveyor).ageing} == {"人", "万元", "次"}
    assert 'name="staff_count"' in page
    assert 'name="computer_count"' not in page
    assert "计算机 <b>5 台</b>" in page
    assert not Survey.objects.filter(period__year=2027).exists()


def test_one_confirmation_submits_and_is_recorded(form, client_of_surveyor):
    assert client_of_surveyor.post(URL, form).url.endswith("/receipt/")
    survey = Survey.objects.get(period__year=2027)
    snapshot = survey.snapshots.get()
    assert survey.state == "submitted"
    assert {answer["origin"] for answer in snapshot.content["answers"].values()} == {"confirmed"}
    assert snapshot.content["unchanged"]["confirmed"] == len(snapshot.content["answers"])
    assert not survey.answers.filter(origin__in=Answer.UNREAD).exists()
    assert len(set(Change.objects.filter(survey=survey, origin="confirmed").values_list("operation", flat=True))) == 1
    assert "本季度无变化" in client_of_surveyor.get("/surveys/440402001/2027Q1/receipt/").content.decode()


def test_what_did_change_is_entered_the_rest_confirmed(form, client_of_surveyor):
    assert client_of_surveyor.post(URL, form | {"staff_count": "10"}).status_code == 302
    answers = Survey.objects.get(period__year=2027).snapshots.get().content["answers"]
    assert (answers["staff_count"]["value"], answers["staff_count"]["origin"]) == (10, "entered")
    assert answers["computer_count"]["origin"] == "confirmed"


def test_a_bad_value_is_said_in_its_place_and_nothing_is_kept(form, client_of_surveyor):
    answer = client_of_surveyor.post(URL, form | {"staff_count": "十个", "training_count": "3"})
    assert answer.status_code == 422
    assert 'value="十个"' in answer.content.decode()
    assert not Survey.objects.filter(period__year=2027).exists()


def test_without_an_earlier_submission_there_is_nothing_to_carry(office, now, client_of_surveyor):
    answer = client_of_surveyor.get("/surveys/440402001/2026Q4/unchanged/", follow=True)
    assert "没有可以沿用的数据" in answer.content.decode()


def test_what_is_still_open_is_filled_first(next_quarter, office, client_of_surveyor):
    client_of_surveyor.post("/surveys/440402001/2027Q1/start/")
    survey = Survey.objects.get(period__year=2027)
    fields = {"operation": str(uuid4()), "computer_count": "", "computer_count__revision": "1"}
    assert client_of_surveyor.post("/surveys/440402001/2027Q1/answers/computer_count/", fields).status_code == 200
    assert "还有 1 处没有填" in client_of_surveyor.get(URL, follow=True).content.decode()
    assert Survey.objects.get(pk=survey.pk).is_open


def test_readers_read_and_do_not_confirm(form, browse, officer):
    city = browse(officer("city"))
    assert "由本单位填报员填写" in city.get(URL).content.decode()
    assert city.post(URL, form).status_code == 403
    assert browse(officer("surveyor", facility="440402002")).get(URL).status_code == 404


def test_submitting_from_the_check_page_confirms_what_was_carried(next_quarter, client_of_surveyor):
    client_of_surveyor.post("/surveys/440402001/2027Q1/start/")
    assert "以上沿用的数据属实，提交" in client_of_surveyor.get("/surveys/440402001/2027Q1/check/").content.decode()
    client_of_surveyor.post("/surveys/440402001/2027Q1/submit/")
    content = Survey.objects.get(period__year=2027).snapshots.get().content
    assert {answer["origin"] for answer in content["answers"].values()} == {"confirmed"}
    assert content["unchanged"] is None


def test_few_queries(form, client_of_surveyor):
    with CaptureQueriesContext(connection) as queries:
        client_of_surveyor.get(URL)
    assert len(queries) <= 15
