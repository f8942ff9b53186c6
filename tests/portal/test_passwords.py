"""Passwords: ten characters, not common, not digits alone, not like the name; forced change only where it is set."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.portal.conftest import PASSWORD

GOOD = "zhuhai-tea-and-ferry-88"


def change(client, new, again=None, old=PASSWORD):
    fields = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    return client.post("/password/", fields)


@pytest.fixture
def browser(client, officer):
    client.force_login(officer)
    return client


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("short-9ch", "10"),
        ("password12", "常见"),
        ("qwertyuiop", "常见"),
        ("1234567890", "常见"),
        ("8273645091", "数字"),
        ("linhai-2026", "相似"),
        ("", "请输入新密码"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(browser, officer, new, sentence):
    response = change(browser, new)
    assert response.status_code == 422
    assert "密码没有修改" in response.text
    assert sentence in response.text
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


@pytest.mark.parametrize("new", ["ten-chars-", "一二三四五六七八九十好记的话", "x9" * 32, "with spaces in it"])
def test_a_long_password_of_any_characters_is_taken(browser, officer, new):
    assert change(browser, new).status_code == 302
    officer.refresh_from_db()
    assert officer.check_password(new)


def test_the_old_password_must_be_right(browser):
    assert "现在的密码不对" in change(browser, GOOD, old="not-the-old-one").text


def test_both_new_ones_must_agree(browser):
    assert "两次输入的新密码不一样" in change(browser, GOOD, again=GOOD + "x").text


def test_a_change_is_dated_and_ends_the_other_sessions(browser, officer):
    elsewhere = Client()
    elsewhere.force_login(officer)
    assert change(browser, GOOD).url == "/me/"
    officer.refresh_from_db()
    assert timezone.now() - officer.password_set_at < timedelta(minutes=1)
    assert browser.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302


def test_no_change_is_forced_by_default(browser, officer):
    officer.password_set_at = timezone.now() - timedelta(days=4000)
    officer.save()
    assert browser.get("/me/").status_code == 200


@pytest.mark.parametrize(("days", "free"), [(89, True), (90, False), (None, False)])
def test_where_it_is_set_an_old_password_leads_to_the_change_page(browser, officer, settings, days, free):
    settings.PASSWORD_MAX_AGE_DAYS = 90
    officer.password_set_at = None if days is None else timezone.now() - timedelta(days=days, minutes=1)
    officer.save()
    response = browser.get("/me/")
    assert response.status_code == (200 if free else 302)
    if not free:
        assert response.url == "/password/"
        assert "密码已到期" in browser.get("/password/").text
        assert browser.get("/help/").status_code == 200
        change(browser, GOOD)
        assert browser.get("/me/").status_code == 200


def test_the_change_page_is_reached_even_by_a_fragment_or_a_post(browser, officer, settings):
    settings.PASSWORD_MAX_AGE_DAYS = 90
    officer.password_set_at = timezone.now() - timedelta(days=91)
    officer.save()
    assert browser.post("/me/").url == "/password/"


def test_the_sentences_are_chinese():
    from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        validate_password("1234567")
    said = [*refused.value.messages, *password_validators_help_texts()]
    assert said
    assert not [sentence for sentence in said if any("a" <= letter <= "z" for letter in sentence)]
