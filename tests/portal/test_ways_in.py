"""From a way in to a password of one's own, and out again at once for who is switched off."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from facilities import officers as verbs
from facilities.models import Officer
from tests.portal.conftest import PASSWORD

GOOD = "zhuhai-tea-and-ferry-88"
BY_SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture
def admin(db):
    return Officer.objects.create_user("guan", password=PASSWORD, role=Officer.ADMIN)


@pytest.fixture
def link(admin, surveyor):
    return f"/set-password/{verbs.reset(admin, surveyor, verbs.LINK).secret}/"


@pytest.fixture
def slip(admin, surveyor):
    return verbs.reset(admin, surveyor, verbs.SLIP).secret


def set_password(client, link, new=GOOD, again=None):
    return client.post(link, {"new_password1": new, "new_password2": new if again is None else again})


# ── By link ───────────────────────────────────────────────────────────────────


def test_by_a_link_to_the_log_in_page(client, link, surveyor, log_in):
    text = client.get(link).text
    assert "陈一" in text
    assert "chen" in text
    assert set_password(client, link).url == "/login/"
    assert "密码已设好" in client.get("/login/").text
    assert log_in(surveyor, GOOD).url == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        ("short", None, "10"),
        ("1234567890", None, "常见"),
        (GOOD, "x", "不一样"),
        ("", "", "请输入"),
    ],
)
def test_a_weak_password_leaves_the_link_open(client, link, new, again, sentence):
    response = set_password(client, link, new, again)
    assert response.status_code == 422
    assert sentence in response.text
    assert set_password(client, link).status_code == 302


def test_used_past_voided_and_made_up_links_look_alike(client, admin, surveyor, link):
    set_password(client, link)
    client.get("/login/")
    used = client.get(link)
    past = f"/set-password/{verbs.reset(admin, surveyor, verbs.LINK).secret}/"
    with time_machine.travel(timezone.now() + timedelta(hours=72)):
        ended = client.get(past)
    verbs.reset(admin, surveyor, verbs.LINK)
    pages = [used, ended, client.get(past), client.get("/set-password/made-up/"), set_password(client, link)]
    assert {page.status_code for page in pages} == {410}
    assert len({page.text for page in pages}) == 1
    assert "链接已失效" in used.text


def test_opening_a_link_does_not_use_it(client, link):
    for _ in range(3):
        assert client.get(link).status_code == 200


def test_a_link_needs_the_forms_token(strict_client, link):
    assert set_password(strict_client, link).status_code == 403


def test_whoever_was_logged_in_in_this_browser_is_logged_out(client, admin, link):
    client.force_login(admin)
    set_password(client, link)
    assert client.get("/me/").status_code == 302


# ── By slip ───────────────────────────────────────────────────────────────────


def test_an_initial_password_leads_to_the_change_page_and_nowhere_else(client, slip, surveyor, log_in):
    log_in(surveyor, slip)
    for place in ("/", "/me/", "/facilities/", "/standards/"):
        assert client.get(place).url == "/password/"
    assert client.post("/facilities/").url == "/password/"
    assert "别人给的初始密码" in client.get("/password/").text
    said = client.post("/facilities/", headers=BY_SCRIPT)
    assert (said.status_code, said.text) == (403, "请先修改密码。")


def test_the_initial_password_is_no_new_one(client, slip, surveyor, log_in):
    log_in(surveyor, slip)
    change = {"old_password": slip, "new_password1": slip, "new_password2": slip}
    response = client.post("/password/", change)
    assert response.status_code == 422
    assert "和现在的一样" in response.text
    assert client.post("/password/", change | {"new_password1": GOOD, "new_password2": GOOD}).status_code == 302
    assert client.get("/me/").status_code == 200


def test_an_initial_password_lets_nobody_in_after_two_weeks(client, slip, surveyor, log_in):
    with time_machine.travel(timezone.now() + timedelta(days=14)):
        assert log_in(surveyor, slip).status_code == 200
        assert client.get("/me/").status_code == 302


# ── Out ───────────────────────────────────────────────────────────────────────


def test_the_next_request_of_who_is_switched_off_fails(client, admin, surveyor, log_in):
    log_in(surveyor)
    assert client.get("/me/").status_code == 200
    verbs.deactivate(admin, surveyor)
    assert client.get("/me/").url.startswith("/login/")
    assert client.post("/facilities/", {"a": "b"}).status_code == 401
    said = client.post("/facilities/", headers=BY_SCRIPT)
    assert said.status_code == 401
    assert said.headers["Content-Type"].startswith("text/plain")
    assert said.text == "登录已过期，请重新登录。"
    refused = log_in(surveyor)
    assert "用户名或密码不对" in refused.text
    assert "停用" not in refused.text


@pytest.mark.parametrize("way", ["link", "slip"])
def test_a_reset_ends_every_log_in(admin, surveyor, way):
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(surveyor)
    verbs.reset(admin, surveyor, way)
    assert [browser.get("/me/").status_code for browser in browsers] == [302, 302]


def test_a_transfer_holds_from_the_next_request(client, admin, surveyor):
    client.force_login(surveyor)
    verbs.change(admin, surveyor, verbs.NewOfficer("chen", "陈一", "viewer", None, None), verbs.state_of(surveyor))
    assert "查阅员" in client.get("/me/").text
