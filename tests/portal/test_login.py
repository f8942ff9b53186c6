"""Log-in: lock-out, no hint whether a user exists, no fixed session, a log-out that counts."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from portal import settings as portal_settings
from tests.portal.conftest import PASSWORD


def fail(log_in, officer, times):
    return [log_in(officer, "wrong-password-1") for _ in range(times)][-1]


def test_the_right_password_leads_home(client, officer, log_in):
    response = log_in(officer)
    assert response.status_code == 302
    assert response.url == "/"


def test_after_the_log_in_the_page_asked_for_opens(client, officer, log_in):
    assert client.get("/me/").url == "/login/?next=%2Fme%2F"
    assert log_in(officer, next="/me/").url == "/me/"


def test_a_foreign_page_is_never_opened_after_log_in(client, officer, log_in):
    assert log_in(officer, next="https://evil.example/").url == "/"


def test_five_failures_lock_even_the_right_password_out(client, officer, log_in):
    response = fail(log_in, officer, 5)
    assert response.status_code == 429
    assert "15 分钟后再试" in response.text
    assert log_in(officer).status_code == 429


def test_four_failures_do_not_lock(client, officer, log_in):
    assert fail(log_in, officer, 4).status_code == 200
    assert log_in(officer).status_code == 302


def test_the_lock_opens_after_a_quarter_of_an_hour(client, officer, log_in):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fail(log_in, officer, 5)
        clock.shift(timedelta(minutes=14))
        assert log_in(officer).status_code == 429
        clock.shift(timedelta(minutes=1, seconds=1))
        assert log_in(officer).status_code == 302


def test_a_lock_is_of_one_user_from_one_address(client, officer, surveyor, log_in):
    fail(log_in, officer, 5)
    assert log_in(surveyor).status_code == 302
    elsewhere = Client(REMOTE_ADDR="10.9.9.9")
    assert log_in(officer, browser=elsewhere).status_code == 302


def without_tokens(text):
    return re.sub(r'value=["\'][^>]*>', "", text)


def test_an_unknown_user_is_answered_like_a_known_one(client, officer, log_in):
    known = [log_in(officer, "wrong-password-1") for _ in range(5)]
    officer.username = "nobody-of-that-name"
    unknown = [log_in(officer, "wrong-password-1") for _ in range(5)]
    assert [each.status_code for each in known] == [each.status_code for each in unknown]
    for one, other in zip(known, unknown, strict=True):
        assert without_tokens(one.text) == without_tokens(other.text)


def test_a_disabled_user_is_answered_like_a_wrong_password(client, officer, log_in):
    wrong = log_in(officer, "wrong-password-1")
    officer.is_active = False
    officer.save()
    assert without_tokens(log_in(officer).text) == without_tokens(wrong.text)


def test_a_disabled_user_is_out_at_the_next_request(client, officer, log_in):
    log_in(officer)
    assert client.get("/me/").status_code == 200
    officer.is_active = False
    officer.save()
    assert client.get("/me/").status_code == 302


def test_log_in_changes_the_session_key_and_the_old_one_is_dead(client, officer, log_in):
    session = client.session
    session["visited"] = True
    session.save()
    planted = session.session_key
    log_in(officer)
    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_session_key_from_outside_is_not_adopted(client, officer, log_in):
    client.cookies["sessionid"] = "planted0planted0planted0planted0"
    log_in(officer)
    assert client.cookies["sessionid"].value != "planted0planted0planted0planted0"


def test_log_out_kills_the_session_on_the_server(client, officer, log_in):
    log_in(officer)
    key = client.cookies["sessionid"].value
    assert client.post("/logout/").url == "/login/"
    replay = Client()
    replay.cookies["sessionid"] = key
    assert replay.get("/me/").status_code == 302


def test_log_out_by_a_mere_link_is_refused(client, officer, log_in):
    log_in(officer)
    assert client.get("/logout/").status_code == 405
    assert client.get("/me/").status_code == 200


def test_demo_accounts_stand_on_the_log_in_page_in_demo_mode_only(client, officer, settings):
    officer.is_demo = True
    officer.save()
    assert officer.username in client.get("/login/").text
    assert "Demo-2026-portal" in client.get("/login/").text
    settings.DEMO = False
    assert officer.username not in client.get("/login/").text
    assert "Demo-2026-portal" not in client.get("/login/").text
    assert "演示" not in client.get("/login/").text


def test_demo_accounts_do_not_work_outside_demo_mode(client, officer, settings, log_in):
    officer.is_demo = True
    officer.save()
    settings.DEMO = False
    assert log_in(officer).status_code == 200
    settings.DEMO = True
    log_in(officer)
    settings.DEMO = False
    assert client.get("/me/").status_code == 302


def test_passwords_are_kept_with_argon2():
    assert portal_settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


@pytest.mark.django_db
def test_the_password_never_reaches_the_database_of_failures(client, officer, log_in):
    from axes.models import AccessAttempt

    fail(log_in, officer, 2)
    attempt = AccessAttempt.objects.get()
    assert "wrong-password-1" not in attempt.post_data
    assert PASSWORD not in str(vars(attempt))


def test_the_lock_costs_a_page_no_query(client, surveyor, django_assert_num_queries):
    client.force_login(surveyor)
    with django_assert_num_queries(2):  # the session, the officer with their place
        client.get("/me/")


def test_a_name_longer_than_any_is_answered_like_any_other(client, db):
    response = client.post("/login/", {"username": "名" * 400, "password": "wrong-password-1"})
    assert response.status_code == 200
    assert "用户名或密码不对" in response.text
