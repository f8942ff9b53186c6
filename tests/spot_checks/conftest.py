from uuid import uuid4

import pytest
import time_machine

from assessments.answering import Edit, Given
from assessments.models import SpotCheck
from assessments.spot_checks import draws, inspectors, surveying
from facilities.models import Facility, Officer
from tests.returns.conftest import browse, city, made, officers, period  # noqa: F401 - fixtures
from tests.returns.quarter import office_answers

NOW = "2026-10-14T10:00:00+08:00"
OFFICE = "440402001"
SEED = "20261014"


@pytest.fixture
def now(period):  # noqa: F811
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def bureau(officers):  # noqa: F811
    return officers["city"]


@pytest.fixture
def inspector(officers):  # noqa: F811
    """Reviews another district."""
    return officers["stranger"]


@pytest.fixture
def draw(period, bureau, now):  # noqa: F811
    return draws.draw(period, bureau, SEED)


@pytest.fixture
def check(draw, bureau, inspector):
    """Of 翠香's office, which reported 3 computers, 4 people and 180.00 ㎡."""
    found = SpotCheck.objects.get(draw=draw, facility__code=OFFICE)
    return inspectors.assign(found, bureau, str(inspector.pk))


def fresh(check):
    related = ("draw__period", "facility__division", "unit", "snapshot__survey__period", "inspector")
    return SpotCheck.objects.select_related(*related).get(pk=check.pk)


def reported(**changed):
    """What the office reported, with what the inspector finds otherwise."""
    return office_answers(computer_count=3, staff_count=4, building_area="180.00") | changed


def say(check, who, **answers):
    """Answers of whatever rows, each upon what stands there now; None is 无法提供."""
    check = fresh(check)
    asked = surveying.standing_of(check).questionnaire.questions
    edits = [
        Edit(
            asked[key],
            Given(None, "锁着门") if value is None else Given(value),
            check.answers.get(key, {}).get("revision", 0),
            uuid4(),
        )
        for key, value in answers.items()
        if key in asked
    ]
    return surveying.save(check, who, edits)


def finished(check, who, **found):
    say(check, who, **reported(**found))
    return surveying.finish(fresh(check), who)


def surveyor_name():
    return Officer.objects.get(username=f"s{OFFICE}").display_name


def office():
    return Facility.objects.get(code=OFFICE)
