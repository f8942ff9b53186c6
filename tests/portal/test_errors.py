"""Error pages: a sentence of what happened and one of what to do; no trace, and no detail of the inside."""

import pytest
from django.db import DatabaseError
from django.template.loader import get_template

BIG = "x" * 10_000_000


@pytest.fixture
def browser(settings, strict_client, db):
    settings.ROOT_URLCONF = "tests.portal.broken_urls"
    return strict_client


@pytest.mark.parametrize(
    ("place", "status", "sentence"),
    [
        ("/nowhere/", 404, "没有找到这一页"),
        ("/forbids/", 403, "只有本单位填报员可以填写。"),
        ("/suspects/", 400, "请求有误"),
        ("/fails/", 500, "系统出错，这一步没有完成"),
    ],
)
def test_an_error_page_says_what_happened_and_leads_home(browser, place, status, sentence):
    response = browser.get(place)
    assert response.status_code == status
    assert sentence in response.text
    assert 'href="/"' in response.text
    assert "Traceback" not in response.text
    assert "secret-detail" not in response.text


def test_the_500_page_needs_neither_request_nor_database(monkeypatch):
    def broken(*_):
        raise DatabaseError

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", broken)
    assert "系统出错" in get_template("errors/500.html").render()


def test_a_post_without_the_csrf_token_is_explained(browser):
    response = browser.post("/login/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "页面已过期" in response.text
    assert "刷新后再提交一次" in response.text


def test_a_text_of_ten_megabytes_is_refused_with_a_sentence(client, officer):
    client.force_login(officer)
    response = client.post("/password/", {"old_password": BIG})
    assert response.status_code == 413
    assert "提交的内容太大，没有保存" in response.text


def test_an_urlencoded_text_of_ten_megabytes_is_refused_too(client, officer):
    client.force_login(officer)
    response = client.post("/password/", "old_password=" + BIG, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413


def test_too_many_fields_are_refused_with_a_sentence(client, officer):
    client.force_login(officer)
    response = client.post("/password/", {f"field{number}": "1" for number in range(2100)})
    assert response.status_code == 413


def test_a_null_byte_in_a_log_in_is_no_error(client, db):
    response = client.post("/login/", {"username": "a\x00b", "password": "\x00"})
    assert response.status_code == 200
    assert "没有登录成功" in response.text


def test_an_address_that_only_saves_says_so_when_opened(client, officer, log_in):
    log_in(officer)
    response = client.get("/surveys/440402001/2026Q4/submit/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert "这个地址不能直接打开" in response.text
