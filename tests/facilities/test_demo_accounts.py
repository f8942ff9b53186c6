from datetime import date

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import authenticate, get_user
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import RequestFactory

from facilities.backends import OfficerBackend
from facilities.demo import load_demo
from facilities.models import Facility, Fact, Officer

FILE = django_settings.BASE_DIR / "fixtures" / "demo.toml"
PASSWORD = "Demo-2026-portal"


@pytest.fixture
def demo(zhuhai, settings):
    settings.DEMO = True
    return load_demo(FILE)


@pytest.mark.parametrize(
    ("username", "role", "place"),
    [
        ("admin", "admin", "珠海市"),
        ("city", "city", "珠海市"),
        ("xiangzhou", "reviewer", "香洲区"),
        ("doumen", "reviewer", "斗门区"),
        ("cuixiang", "surveyor", "翠香街道"),
        ("viewer", "viewer", "珠海市"),
    ],
)
def test_the_demo_accounts(demo, username, role, place):
    officer = Officer.objects.get(username=username)
    assert (officer.role, officer.place, officer.is_demo) == (role, place, True)
    assert officer.check_password(PASSWORD)
    assert officer.display_name != username
    assert not officer.is_superuser


def population(indicator, subject="township"):
    facts = Fact.objects.filter(indicator=indicator, facility__subject=subject)
    return set(facts.values_list("value", flat=True))


def test_invented_populations_are_marked_and_reach_every_band(demo):
    assert Fact.objects.filter(facility__subject="township").count() == 25 * 5
    assert not Fact.objects.exclude(is_demo=True, source="演示数据（虚构）", since=date(2025, 1, 1)).exists()
    residents = population("resident_population")
    assert {90000, 89999, 60000, 59999} <= residents
    assert min(residents) < 60000 < 89999 < max(residents)
    assert {50000, 60000, 60001} <= population("served_population")
    assert population("town_has_own_budget") == {True, False}
    assert all(isinstance(basis, str) and basis for basis in population("served_population_basis"))


def test_every_kind_of_village_occurs_and_both_sides_of_the_edge(demo):
    residents = population("resident_population", "village")
    assert {1499, 1500} <= residents
    assert min(residents) < 1499
    assert {800, 801, 1600} <= population("served_population", "village")
    assert population("unit_type", "village") == {"城镇社区", "农村社区", "行政村"}
    assert population("village_has_conditions", "village") == {True, False}
    assert all(station.facts.count() in (4, 5) for station in Facility.objects.filter(subject="village"))


def test_every_office_and_centre_has_somebody_who_fills_it(demo):
    due = Facility.objects.filter(subject__in=["county", "township"])
    assert not due.exclude(officers__role="surveyor").exists()


def test_every_office_has_its_facts(demo):
    assert all(office.facts.count() == 5 for office in Facility.objects.filter(subject="township"))


def test_a_second_load_writes_nothing_and_hashes_nothing(demo, monkeypatch):
    monkeypatch.setattr("facilities.demo.make_password", lambda _: pytest.fail("hashed again"))
    again = load_demo(FILE)
    assert (again.accounts, again.facts, again.held) == (0, 0, ())


def test_a_changed_invention_is_mended_and_a_real_fact_kept(demo):
    Fact.objects.filter(facility__code="440402001", indicator="resident_population").update(value=1)
    Fact.objects.filter(facility__code="440402002", indicator="resident_population").update(value=2, is_demo=False)
    assert load_demo(FILE).facts == 1
    facts = Fact.objects.filter(indicator="resident_population")
    assert facts.get(facility__code="440402001").value == 136000
    assert facts.get(facility__code="440402002").value == 2


def test_no_invention_supersedes_an_older_real_fact(zhuhai, settings):
    settings.DEMO = True
    office = Facility.objects.get(code="440402001")
    office.facts.create(indicator="resident_population", value=7, since=date(2020, 11, 1), source="普查")
    load_demo(FILE)
    assert office.facts.get(indicator="resident_population").value == 7


def test_a_real_officer_keeps_name_and_password(zhuhai, settings, capsys):
    settings.DEMO = True
    Officer.objects.create_user("city", password="their-own-phrase", role="city")
    call_command("load_demo_accounts")
    assert Officer.objects.get(username="city").check_password("their-own-phrase")
    assert "账号 city 已由正式用户使用" in capsys.readouterr().err


def test_refused_outside_demo_mode(zhuhai, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="未开启演示模式"):
        call_command("load_demo_accounts")
    assert not Officer.objects.exists()
    assert not Fact.objects.exists()


@pytest.fixture
def backends(settings):
    settings.AUTHENTICATION_BACKENDS = ["facilities.backends.OfficerBackend"]


def test_demo_accounts_log_in_only_in_demo_mode(demo, settings, backends):
    assert authenticate(username="cuixiang", password=PASSWORD) is not None
    settings.DEMO = False
    assert authenticate(username="cuixiang", password=PASSWORD) is None


def test_a_session_of_a_demo_account_dies_with_demo_mode(demo, settings, backends, client):
    client.force_login(Officer.objects.get(username="cuixiang"))
    request = RequestFactory().get("/")
    request.session = client.session
    assert get_user(request).is_authenticated
    settings.DEMO = False
    assert not get_user(request).is_authenticated


def test_the_officer_comes_with_their_place(demo, django_assert_num_queries):
    officer = Officer.objects.get(username="cuixiang")
    with django_assert_num_queries(1):
        assert OfficerBackend().get_user(officer.pk).place == "翠香街道"
