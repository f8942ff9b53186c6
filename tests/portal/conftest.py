import pytest
from django.core.cache import cache
from django.test import Client

from facilities.models import Division, Facility, Officer

PASSWORD = "a-phrase-for-tests-7"


@pytest.fixture
def officer(db):
    return Officer.objects.create_user("linhai", password=PASSWORD, last_name="林海", role=Officer.CITY)


@pytest.fixture
def surveyor(db):
    street = Division.objects.create(code="999901001", name="试验街道", level="street")
    office = Facility.objects.create(code="999901001", name="试验街道服务所", subject="township", division=street)
    return Officer.objects.create_user(
        "chen", password=PASSWORD, last_name="陈一", role=Officer.SURVEYOR, facility=office
    )


@pytest.fixture
def log_in(client):
    """Log in through the page, as a person does."""

    def through_the_page(officer, password=PASSWORD, browser=client, **fields):
        return browser.post("/login/", {"username": officer.username, "password": password} | fields)

    return through_the_page


@pytest.fixture
def strict_client():
    """A client that checks CSRF and shows error pages instead of raising."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture(autouse=True)
def no_cache():
    cache.clear()
