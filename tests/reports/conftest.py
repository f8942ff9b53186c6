import pytest

from facilities.models import Division, Facility, Membership, Officer, ReportingUnit
from standards.loading import load_standards
from tests.reports.samples import FIXTURES, submitted


@pytest.fixture
def standards(db):
    load_standards(FIXTURES)


@pytest.fixture
def xiangzhou(db):
    """区 with its unit and one street's office, 翠香街道."""
    return district("440402", "香洲区", "440402001", "翠香街道")


@pytest.fixture
def doumen(db):
    return district("440403", "斗门区", "440403001", "井岸镇")


def district(code, name, below, below_name):
    city, _ = Division.objects.get_or_create(code="4404", defaults={"name": "珠海市", "level": "city"})
    division = Division.objects.create(code=code, name=name, level="district", parent=city)
    unit = ReportingUnit.objects.create(code=code, name=name, kind="district")
    Membership.objects.create(division=division, unit=unit, starts="2010-01-01")
    street = Division.objects.create(code=below, name=below_name, level="street", parent=division)
    Facility.objects.create(
        code=below, name=f"{below_name}人力资源和社会保障服务所", subject="township", division=street
    )
    return unit


@pytest.fixture
def office(xiangzhou):
    return Facility.objects.select_related("division").get(code="440402001")


@pytest.fixture
def surveyor(office):
    return officer("cuixiang", role=Officer.SURVEYOR, facility=office, last_name="陈嘉敏")


@pytest.fixture
def reviewer(xiangzhou):
    return officer("xiangzhou", role=Officer.REVIEWER, unit=xiangzhou)


@pytest.fixture
def stranger(doumen):
    return officer("doumen", role=Officer.REVIEWER, unit=doumen)


@pytest.fixture
def bureau(db):
    return officer("city", role=Officer.CITY)


def officer(name, **fields):
    return Officer.objects.create_user(name, password="a-phrase-for-tests-7", **fields)


@pytest.fixture
def snapshot(standards, office, surveyor):
    return submitted(office, surveyor)
