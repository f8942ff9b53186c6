"""A session that ended: pages lead back, scripts are told so, what was typed is kept."""

from django.contrib.sessions.models import Session

from tests.portal.conftest import PASSWORD

SCRIPT = {"X-Requested-With": "fetch"}


def end_session(client):
    Session.objects.all().delete()


def test_the_log_in_page_says_that_the_session_ended(client, officer, log_in):
    log_in(officer)
    end_session(client)
    response = client.get("/me/", follow=True)
    assert "登录已过期，请重新登录，登录后回到原页面" in response.text
    assert 'name="next" value="/me/"' in response.text


def test_a_first_visit_is_not_told_that_a_session_ended(client, db):
    response = client.get("/me/", follow=True)
    assert response.text.count("登录已过期") == 1  # the hidden notice that every page carries for its script
    assert "这一页要登录后才能看" in response.text


def test_a_script_gets_401_and_no_log_in_page(client, officer, log_in):
    log_in(officer)
    end_session(client)
    for response in (client.get("/me/", headers=SCRIPT), client.post("/password/", {}, headers=SCRIPT)):
        assert response.status_code == 401
        assert "登录已过期" in response.text
        assert "<form" not in response.text


def test_a_form_sent_too_late_is_kept_and_offered_again(client, officer, log_in):
    log_in(officer)
    end_session(client)
    typed = {"note": "刚写的说明 <b>", "tick": ["甲", "乙"], "csrfmiddlewaretoken": "old"}
    page = client.post("/me/?part=2", typed)
    assert page.status_code == 401
    assert 'name="kept.note" value="刚写的说明 &lt;b&gt;"' in page.text
    assert page.text.count('name="kept.tick"') == 2
    assert "kept.csrfmiddlewaretoken" not in page.text

    kept = {"kept_path": "/me/?part=2", "kept.note": "刚写的说明 <b>", "kept.tick": ["甲", "乙"]}
    resume = client.post("/login/", {"username": officer.username, "password": PASSWORD} | kept)
    assert resume.status_code == 200
    assert 'action="/me/?part=2"' in resume.text
    assert 'name="note" value="刚写的说明 &lt;b&gt;"' in resume.text
    assert resume.text.count('name="tick"') == 2


def test_what_was_typed_survives_a_wrong_password(client, officer):
    kept = {"kept_path": "/me/", "kept.note": "刚写的说明"}
    page = client.post("/login/", {"username": officer.username, "password": "wrong-password-1"} | kept)
    assert 'name="kept.note" value="刚写的说明"' in page.text
    assert 'name="kept_path" value="/me/"' in page.text


def test_what_was_typed_is_never_sent_elsewhere(client, officer):
    kept = {"kept_path": "https://evil.example/", "kept.note": "刚写的说明"}
    resume = client.post("/login/", {"username": officer.username, "password": PASSWORD} | kept)
    assert 'action="/"' in resume.text
    assert "evil.example" not in resume.text


def test_a_password_is_never_kept(client, officer, log_in):
    log_in(officer)
    end_session(client)
    page = client.post("/password/", {"old_password": PASSWORD, "new_password1": "n" * 12, "new_password2": "n" * 12})
    assert page.status_code == 401
    assert PASSWORD not in page.text
    assert "n" * 12 not in page.text
