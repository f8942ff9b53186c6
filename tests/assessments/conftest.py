import tomllib
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from assessments import beginning, reviewing, workflow
from assessments.answering import Edit, Given, save
from assessments.models import Answer, Period, Survey
from assessments.standings import standing_of
from facilities.loading import load_places
from facilities.models import Facility, Officer, ReportingUnit
from standards.loading import load_standards
from tests.assessments.acts import accepted, fresh, returned

FIXTURES = settings.BASE_DIR / "fixtures"
ANSWERS = tomllib.loads((FIXTURES / "demo_surveys.toml").read_text(encoding="utf-8"))["submitted"] | {
    "resident_population": 136000,
    "registered_population": 128200,
    "served_population": 98600,
    "served_population_basis": "区人社局核定",
    "town_has_own_budget": True,
}
NOW = "2026-10-09T10:00:00+08:00"


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def city(db):
    load_standards(FIXTURES)
    load_places(FIXTURES / "divisions")


@pytest.fixture
def office(city):
    return Facility.objects.select_related("division").get(code="440402001")


@pytest.fixture
def officer(city):
    """officer("surveyor"), officer("reviewer", unit="440403"), officer("city")"""

    def make(role, facility="440402001", unit="440402", **more):
        place = {
            "surveyor": {"facility": Facility.objects.get(code=facility)},
            "reviewer": {"unit": ReportingUnit.objects.filter(code=unit).first()},
        }.get(role, {})
        number = Officer.objects.count()
        return Officer.objects.create(
            username=f"{role}{number}", last_name=f"{role}{number}号", role=role, **place, **more
        )

    return make


@pytest.fixture
def surveyor(officer):
    return officer("surveyor")


@pytest.fixture
def survey(office, surveyor, now):
    return beginning.start(office, Period(year=2026, quarter=4), surveyor)


@pytest.fixture
def fill(survey, surveyor):
    """Answers everything as the demonstration does; keywords change answers, None takes one away."""

    def answer(**changed):
        asked = standing_of(survey).questionnaire.questions
        held = dict(survey.answers.values_list("indicator", "revision"))
        edits = [
            Edit(asked[key], Given(value), held.get(key, 0), uuid4())
            for key, value in (ANSWERS | changed).items()
            if value is not None or key in held
        ]
        return save(survey, surveyor, edits)

    return answer


@pytest.fixture
def submitted(survey, surveyor, fill):
    fill()
    return workflow.submit(survey, surveyor)


@pytest.fixture
def browse():
    def logged_in(officer, **how):
        client = Client(**how)
        client.force_login(officer, backend="facilities.backends.OfficerBackend")
        return client

    return logged_in


@pytest.fixture
def client_of_surveyor(surveyor, browse):
    return browse(surveyor)


URL = "/surveys/440402001/2026Q4/"


def answer_url(key):
    return f"{URL}answers/{key}/"


@pytest.fixture
def say(survey, client_of_surveyor):
    """say("computer_count", "7", revision=0): one saved answer, as the page's script sends it."""

    def send(key, value=None, revision=0, operation=None, client=None, **more):
        data = {f"{key}__revision": revision, "operation": str(operation or uuid4())} | more
        if value is not None:
            data[key] = value
        return (client or client_of_surveyor).post(answer_url(key), data)

    return send


def stored(survey, key):
    return Answer.objects.filter(survey=survey, indicator=key).first()


def survey_of(code="440402001"):
    return Survey.objects.get(facility__code=code)


@pytest.fixture
def own(officer):
    return officer("reviewer")


@pytest.fixture
def staged(survey, surveyor, fill, own, officer):
    """staged("returned"): the survey in a state, as its verbs bring it there."""

    def bring(state):
        if state == "draft":
            fill()
            return fresh(survey)
        fill()
        workflow.submit(survey, surveyor)
        if state == "opened":
            reviewing.open_review(fresh(survey), own)
        if state == "returned":
            returned(survey, own)
        if state == "accepted":
            accepted(survey, own)
        return fresh(survey)

    return bring
