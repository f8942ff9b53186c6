from pathlib import Path

import pytest
from django.conf import settings

from facilities.loading import load_places
from facilities.models import Division, Facility, Officer, ReportingUnit

FIXTURES: Path = settings.BASE_DIR / "fixtures"


@pytest.fixture
def zhuhai(db):
    load_places(FIXTURES / "divisions")


@pytest.fixture
def appoint(db):
    """appoint("surveyor", "440402001") or appoint("reviewer", "Z01") or appoint("city")."""

    def make(role, code=None, **more):
        place = {}
        if role == Officer.SURVEYOR:
            place = {"facility": Facility.objects.get(code=code)}
        if role == Officer.REVIEWER:
            place = {"unit": ReportingUnit.objects.get(code=code)}
        number = Officer.objects.count()
        return Officer.objects.create(username=f"{role}{number}", last_name=f"第{number}人", role=role, **place, **more)

    return make


@pytest.fixture
def crowd(zhuhai):
    """A thousand more stations under one street, for counting queries at a second size."""

    def grow():
        street = Division.objects.get(code="440402001")
        divisions = Division.objects.bulk_create(
            Division(code=f"{street.code}{n:03d}", name=f"增设{n}社区", level="community", parent=street)
            for n in range(100, 1000)
        )
        Facility.objects.bulk_create(
            Facility(code=d.code, name=f"{d.name}服务站", subject="village", division=d) for d in divisions
        )

    return grow
