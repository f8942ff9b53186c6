"""Django's admin: one family of addresses. An administrator looks through it and writes nothing; to all others it is
not there."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer, Finding, Judgement, Snapshot
from facilities.models import Act, Existence, FacilityRequest, Fact, Officer, OneTimeLink
from portal.admin import window
from tests.access.addresses import admin_names
from tests.access.test_matrix import PRINCIPALS, answered

pytestmark = pytest.mark.django_db
MODELS = list(window._registry)
GONE = ("login", "logout", "password_change", "autocomplete", "facilities_officer_add", "facilities_officer_delete")


def row_of(model):
    """The number of any row; where the twin areas have none, of none."""
    return model._default_manager.values_list("pk", flat=True).first() or 1


def addresses():
    """Every address of the family, a row's for a row that is there."""
    by_name = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in MODELS}
    for name in admin_names():
        page = name.removeprefix("admin:")
        if page.endswith("_change"):
            yield reverse(name, args=[row_of(by_name[page.removesuffix("_change")])])
        elif page == "app_list":
            yield from (reverse(name, args=[label]) for label in ("facilities", "assessments", "standards"))
        else:
            yield reverse(name)


def test_the_family_is_what_reads():
    assert len(MODELS) > 15
    pages = {name.rsplit("_", 1)[-1] for name in admin_names()}
    assert pages == {"admin:index", "list", "admin:jsi18n", "changelist", "change"}


@pytest.mark.parametrize("who", PRINCIPALS)
def test_only_an_administrator_finds_it(world, who):
    refused = {"GET": "login", "POST": "401"} if who in ("anonymous", "disabled") else {"GET": "404", "POST": "404"}
    for url in addresses():
        for method in ("GET", "POST"):
            got = answered(world.send(who, method, url))
            if who != "admin":
                assert got == refused[method], (who, method, url)
            elif method == "GET":
                assert got in ("200", "302"), url  # 302: of a model without a row


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_nothing_is_written_in_it(world, model):
    """Not by a form made up by hand either."""
    before = list(model._default_manager.order_by("pk").values())
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}"
    pk = row_of(model)
    form = {"_save": "1", "action": "delete_selected", "_selected_action": str(pk), "post": "yes", "is_active": "1"}
    form |= {field.name: "9" for field in model._meta.fields}
    for url in (f"{base}/", f"{base}/add/", f"{base}/{pk}/change/", f"{base}/{pk}/delete/", f"{base}/{pk}/history/"):
        assert world.send("admin", "POST", url, form).status_code in (200, 302, 403, 404)
    assert list(model._default_manager.order_by("pk").values()) == before
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("page", GONE)
def test_what_the_portal_does_itself_is_not_there_again(world, page):
    path = page.replace("facilities_officer_", "facilities/officer/")
    assert world.send("admin", "GET", f"/admin/{path}/").status_code == 404


def test_it_tells_no_hash(world):
    officer = Officer.objects.get(role=Officer.ADMIN)
    officer.set_password("a-phrase-that-is-hashed")
    officer.save()
    link = OneTimeLink.objects.create(officer=officer, made_by=officer, token_hash="f" * 64, expires_at=timezone.now())
    for model, pk in ((Officer, officer.pk), (OneTimeLink, link.pk)):
        base = f"/admin/facilities/{model._meta.model_name}/"
        for url in (base, f"{base}{pk}/change/"):
            text = world.send("admin", "GET", url).body.decode()
            assert officer.password not in text
            assert link.token_hash not in text


@pytest.mark.parametrize("asked", ["password__startswith=argon2", "links__token_hash__startswith=f", "role=admin"])
def test_no_question_in_the_address_brings_a_secret_out(world, asked):
    response = world.send("admin", "GET", f"/admin/facilities/officer/?{asked}")
    assert response.status_code == 400


def test_its_pages_hold_no_inline_script_or_style_and_speak_chinese(world):
    for url in addresses():
        response = world.send("admin", "GET", url)
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        text = response.body.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", text), url
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), url


@pytest.mark.parametrize("model", [Answer, Finding, Judgement, Snapshot, Act, Fact, Existence, FacilityRequest])
def test_a_list_asks_as_often_for_many_rows_as_for_few(world, model, django_assert_max_num_queries):
    """A page of up to fifty rows: the session, the officer, the count, the rows."""
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    with django_assert_max_num_queries(12):
        assert world.send("admin", "GET", base).status_code == 200
