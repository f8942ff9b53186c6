from datetime import date

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from facilities.loading import load_places
from facilities.models import Facility, Officer, Post, ReportingUnit

NOW = "2026-05-12T02:00:00Z"  # in the second quarter
ONE, TWO, ELSEWHERE = "440402001001", "440402001002", "440403100001"


@pytest.fixture
def zhuhai(db):
    load_places(settings.BASE_DIR / "fixtures" / "divisions")
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def officers(zhuhai):
    """Name → officer."""
    facilities = {each.code: each for each in Facility.objects.filter(code__in=[ONE, TWO, "440402001", "440402C"])}
    units = {each.code: each for each in ReportingUnit.objects.all()}
    places = {
        "reviewer": {"unit": units["440402"]},
        "stranger": {"role": "reviewer", "unit": units["440403"]},
        "city": {},
        "viewer": {},
        "admin": {},
        "station": {"role": "surveyor", "facility": facilities[ONE]},
        "neighbour": {"role": "surveyor", "facility": facilities[TWO]},
        "office": {"role": "surveyor", "facility": facilities["440402001"]},
    }
    return {
        name: Officer.objects.create(**({"username": name, "last_name": f"{name}某", "role": name} | place))
        for name, place in places.items()
    }


@pytest.fixture
def hire(officers):
    """hire(ONE, "张伟", "fulltime", starts=…, …): filed unless said."""

    def make(code, name, kind="fulltime", **more):
        facility = Facility.objects.get(code=code)
        told = {"starts": date(2025, 7, 1), "filed_on": date(2025, 8, 1), "filing_number": "备1"} | more
        return Post.objects.create(facility=facility, name=name, kind=kind, by=officers["reviewer"], **told)

    return make


@pytest.fixture
def visit(officers, settings):
    """visit("viewer", url) and visit("reviewer", url, {…}) for a POST."""
    settings.AUTHENTICATION_BACKENDS = ["facilities.backends.OfficerBackend"]

    def go(name, url, data=None):
        client = Client()
        client.force_login(officers[name])
        return client.get(url) if data is None else client.post(url, data)

    return go
