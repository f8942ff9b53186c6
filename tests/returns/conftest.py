from contextlib import contextmanager

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from assessments.models import Period
from facilities.models import Facility, Officer, ReportingUnit
from reports.returns import workflow
from tests.returns.quarter import load_city, make_district

NOW = "2026-10-12T10:00:00+08:00"  # a working day before the quarter's due day
URL = "/returns/440402/2026Q3/"
TEXTS = {
    "problems": "一是计算机不足。\n二是台账不全。",
    "next_steps": "年底前补齐。",
    "filler": "陈嘉敏",
    "checker": "黄志远",
    "head": "梁海燕",
    "phone": "0756-2120000",
}


def make():
    """The city, its officers and 香洲区's quarter."""
    load_city()
    make_officers()
    make_district(Officer.objects.get(username="reviewer"))


def make_officers():
    unit, elsewhere = (ReportingUnit.objects.get(code=code) for code in ("440402", "440403"))
    centre, office = (Facility.objects.filter(code=code).first() for code in ("440402C", "440402001"))
    places = {
        "reviewer": {"role": "reviewer", "unit": unit},
        "colleague": {"role": "reviewer", "unit": unit},
        "stranger": {"role": "reviewer", "unit": elsewhere},
        "city": {"role": "city"},
        "viewer": {"role": "viewer"},
        "admin": {"role": "admin"},
        "surveyor": {"role": "surveyor", "facility": office},
        "centre": {"role": "surveyor", "facility": centre or office},
    }
    for name, place in places.items():
        Officer.objects.create(username=name, last_name=f"{name}某", **place)


@contextmanager
def once_a_module(blocker, build):
    """What ``build`` makes stands for all tests of a module, in a transaction that is rolled back after it."""
    with blocker.unblock(), transaction.atomic():
        build()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with once_a_module(django_db_blocker, make):
        yield


@pytest.fixture
def city(made, db):
    """Whatever a test does is undone after it."""


@pytest.fixture
def unit(city):
    return ReportingUnit.objects.get(code="440402")


@pytest.fixture
def officers(city):
    """role → officer; ``stranger`` reviews another district, ``colleague`` the same."""
    return {officer.username: officer for officer in Officer.objects.select_related("unit", "facility")}


@pytest.fixture
def reviewer(officers):
    return officers["reviewer"]


@pytest.fixture
def bureau(officers):
    return officers["city"]


@pytest.fixture
def period(city):
    return Period.objects.get()


@pytest.fixture
def now(period):
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def draft(unit, period, reviewer, now):
    report = workflow.begin(unit, period, reviewer)
    return workflow.write(report, reviewer, TEXTS, report.revision)


@pytest.fixture
def sent(draft, reviewer):
    return workflow.submit(draft, reviewer)


@pytest.fixture
def browse():
    def logged_in(officer):
        client = Client()
        client.force_login(officer, backend="facilities.backends.OfficerBackend")
        return client

    return logged_in
