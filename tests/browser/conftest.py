"""A live portal with the standards, the places and the demo accounts; a Chromium; pages that notice every complaint."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assessments import beginning
from assessments.models import Period, Survey
from assessments.periods import current_period
from facilities.models import Facility, Officer
from tests.browser.filling import CODE, answer_all

PHONE, DESK = (390, 844), (1440, 900)
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
# a long way goes once, as those go it who do: on site or in an office
ON_A_PHONE = pytest.mark.parametrize("size", [PHONE], ids=["phone"])
AT_A_DESK = pytest.mark.parametrize("size", [DESK], ids=["desk"])
PATIENCE = 60_000  # ms: two processors may be shared by many tests
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
expect.set_options(timeout=PATIENCE)
_filled: list[sqlite3.Connection] = []
EXPECTED = ("Failed to load resource", "net::ERR_")  # an answer of 4xx or a lost line, which the test asked for


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def portal(transactional_db, live_server) -> str:
    """The address of a portal as ``make run`` leaves it: standards, places and demo accounts, no survey."""
    cache.clear()
    fill_portal()
    return str(live_server.url)


def fill_portal() -> None:
    """Loaded once a process: from then on SQLite copies back what it was."""
    connection.ensure_connection()
    if _filled:
        return _filled[0].backup(connection.connection)
    for command in ("load_standards", "load_places", "load_calendar", "load_demo_accounts"):
        call_command(command, verbosity=0)
    if connection.vendor == "sqlite":
        _filled.append(sqlite3.connect(":memory:"))
        connection.connection.backup(_filled[0])
    return None


@pytest.fixture
def demo(portal: str) -> str:
    """With last quarter's survey of 翠香街道 submitted and this quarter's half filled; nothing of other places."""
    call_command("load_demo", street=True, stdout=StringIO())
    return portal


@pytest.fixture
def officer(portal: str) -> Officer:
    return Officer.objects.get(username="cuixiang")


@pytest.fixture
def survey(portal: str, officer: Officer) -> Survey:
    """This quarter's survey of 翠香街道, just begun."""
    return beginning.start(Facility.objects.get(code=CODE), current_period(), officer)


@pytest.fixture
def filled(survey: Survey, officer: Officer) -> Survey:
    """Every question answered, nothing submitted."""
    answer_all(survey, officer)
    return survey


@pytest.fixture
def period() -> Period:
    return current_period()


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, portal: str) -> Iterator[Open]:
    """open_page("cuixiang", PHONE, "/path/"): a page of its own browser session, logged in. At the end of the test
    nothing may stand in any console: no script error, no refusal by the content security policy."""
    complaints: list[str] = []
    contexts = []

    def opened(username: str = "", size: tuple[int, int] = DESK, path: str = "", scripts: bool = True) -> Page:
        phone = size[0] < 768
        context = chromium.new_context(
            base_url=portal,
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if username:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(username), "url": portal}])
        page = context.new_page()
        listen(page, complaints)
        if path:
            page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def listen(page: Page, complaints: list[str]) -> None:
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda message: complain(page, message.type, message.text, complaints))


def complain(page: Page, kind: str, text: str, complaints: list[str]) -> None:
    if kind in ("error", "warning") and not any(words in text for words in EXPECTED):
        complaints.append(f"{page.url}: {text}")


def session_of(username: str) -> str:
    """The key of a new session of the officer."""
    client = Client()
    client.force_login(Officer.objects.get(username=username), backend="facilities.backends.OfficerBackend")
    assert SESSION_KEY in client.session
    return str(client.session.session_key)
