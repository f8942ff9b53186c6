"""Constant query counts, at two sizes: a handful of rows, and hundreds of facilities, answers and changes."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import beginning
from assessments.models import Change, Period, Survey
from facilities.models import Division, Facility
from tests.assessments.conftest import URL, answer_url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grow(survey, surveyor):
    """More of everything: townships, their surveys, changes of the one survey."""

    def more():
        district = Division.objects.get(code="440402")
        towns = Division.objects.bulk_create(
            Division(code=f"440402{n}", name=f"增设{n}镇", level="town", parent=district) for n in range(500, 700)
        )
        offices = Facility.objects.bulk_create(
            Facility(code=town.code, name=f"{town.name}服务所", subject="township", division=town) for town in towns
        )
        Survey.objects.bulk_create(Survey(facility=f, period=survey.period, created_by=surveyor) for f in offices)
        answer = survey.answers.first()
        Change.objects.bulk_create(
            Change(survey=survey, indicator=answer.indicator, operation=uuid4(), revision=n, by=surveyor)
            for n in range(100, 400)
        )

    return more


def count(client, url, data=None):
    with CaptureQueriesContext(connection) as queries:
        response = client.post(url, data) if data is not None else client.get(url)
    assert response.status_code == 200
    return len(queries)


PAGES = [
    ("/", 15),
    (URL, 12),
    (f"{URL}clauses/7/", 12),
    (f"{URL}clauses/8/", 12),
    (f"{URL}check/", 12),
    (f"{URL}changes/", 12),
]


@pytest.mark.parametrize("role", ["surveyor", "reviewer", "city"])
@pytest.mark.parametrize(("url", "most"), PAGES)
def test_pages(role, url, most, fill, grow, officer, browse):
    fill()
    client = browse(officer(role))
    few = count(client, url)
    grow()
    assert count(client, url) == few <= most


def test_saving_an_answer(fill, grow, client_of_surveyor, survey):
    def save(value):
        revision = survey.answers.get(indicator="computer_count").revision
        data = {"computer_count": value, "computer_count__revision": revision, "operation": str(uuid4())}
        return count(client_of_surveyor, answer_url("computer_count"), data)

    fill()
    few = save("6")
    grow()
    assert save("7") == few <= 10


def test_receipt_and_periods(submitted, grow, client_of_surveyor, officer, browse):
    admin = browse(officer("admin"))
    few = count(client_of_surveyor, f"{URL}receipt/"), count(admin, "/periods/")
    grow()
    Period.objects.bulk_create(
        Period(year=year, quarter=quarter, due_day="2026-10-13")
        for year in range(2012, 2026)
        for quarter in (1, 2, 3, 4)
    )
    assert (count(client_of_surveyor, f"{URL}receipt/"), count(admin, "/periods/")) == few
    assert max(few) <= 15


def test_home_with_a_submitted_survey(submitted, client_of_surveyor, now, officer, browse, office):
    assert count(client_of_surveyor, "/") <= 13
    now.move_to("2027-02-01T09:00:00+08:00")
    who = officer("surveyor")
    beginning.start(office, Period(year=2027, quarter=1), who)
    assert count(browse(who), "/") <= 14
