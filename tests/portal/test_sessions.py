"""A session ends when idle for half an hour and after half a day; being used costs a write a minute at most."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as travel:
        yield travel


@pytest.fixture
def browser(clock, client, officer, log_in):
    log_in(officer)
    return client


def is_in(browser):
    return browser.get("/me/").status_code == 200


def test_half_an_hour_idle_ends_it(browser, clock):
    clock.shift(timedelta(minutes=29))
    assert is_in(browser)
    clock.shift(timedelta(minutes=30, seconds=1))
    assert not is_in(browser)


def test_use_prolongs_it(browser, clock):
    for _ in range(10):
        clock.shift(timedelta(minutes=20))
        assert is_in(browser)


def test_half_a_day_ends_it_however_busy(browser, clock):
    for _ in range(36):
        clock.shift(timedelta(minutes=20))
        assert is_in(browser)
    clock.shift(timedelta(minutes=1))
    assert not is_in(browser)
    assert Session.objects.count() == 0


def test_use_writes_at_most_once_a_minute(browser, clock, django_assert_num_queries):
    clock.shift(timedelta(seconds=59))
    with django_assert_num_queries(2):
        browser.get("/me/")
    clock.shift(timedelta(seconds=2))
    before = Session.objects.get().expire_date
    browser.get("/me/")
    assert Session.objects.get().expire_date == before + timedelta(seconds=61)
    with django_assert_num_queries(2):
        browser.get("/me/")


def test_the_cookie_ends_with_the_browser_and_is_hidden_from_scripts(client, officer, log_in):
    cookie = log_in(officer).cookies["sessionid"]
    assert cookie["max-age"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_reading_pages_without_a_log_in_makes_no_session(client, db):
    client.get("/login/")
    client.get("/help/")
    assert Session.objects.count() == 0
