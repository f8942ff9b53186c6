"""登记数据: who may, what is understood, nothing lost; and the dictionary of facts agrees."""

import tomllib
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from facilities import registering
from facilities.access import today
from facilities.facts import FACT_KINDS
from facilities.models import Act, Facility, Fact
from facilities.registering import Collides, Given, register, value_of
from tests.facilities.conftest import FIXTURES

OFFICE = "440402001"
URL = f"/facilities/{OFFICE}/facts/"
ROLES = [("reviewer", "440402", True), ("city", None, True), ("admin", None, True), ("viewer", None, False)]
ROLES += [("surveyor", OFFICE, False), ("reviewer", "440403", None)]
TYPED = {"since": "2024-01-01", "source": "2025年统计年鉴", "resident_population": "136000"}


@pytest.fixture
def office(zhuhai):
    return Facility.objects.get(code=OFFICE)


@pytest.fixture
def visit(client, appoint, settings):
    settings.AUTHENTICATION_BACKENDS = ["facilities.backends.OfficerBackend"]

    def as_(role, place=None):
        client.force_login(appoint(role, place))
        return client

    return as_


def given(office, value=136000, key="resident_population", since=date(2024, 1, 1), source="年鉴", corrects=""):
    return Given(office, FACT_KINDS[key], value, since, source, corrects)


def test_the_dictionary_of_facts_says_the_same():
    told = tomllib.loads((FIXTURES / "indicators.toml").read_text(encoding="utf-8"))
    of_places = {key: said for key, said in told.items() if said.get("from") == "place"}
    assert of_places.keys() == FACT_KINDS.keys()
    for key, said in of_places.items():
        kind = FACT_KINDS[key]
        assert (kind.label, kind.type, kind.unit) == (said["label"], said["type"], said.get("unit", ""))
        assert list(kind.norm or []) == said.get("range", [])
        assert list(kind.choices) == [choice["value"] for choice in said.get("choices", [])]


@pytest.mark.parametrize(("role", "place", "may"), ROLES)
def test_who_registers(office, appoint, role, place, may):
    by = appoint(role, place)
    if may:
        assert register(by, [given(office)]) == 1
        assert Act.objects.get().said == "常住人口 2024年1月1日起：136,000人（来源：年鉴）"
        return
    with pytest.raises(PermissionDenied):
        register(by, [given(office)])
    assert not Fact.objects.exists()


@pytest.mark.parametrize(("role", "place", "may"), ROLES)
def test_the_form_is_for_who_registers(office, visit, role, place, may):
    client = visit(role, place)
    assert client.get(URL).status_code == (404 if may is None else 200)
    assert client.post(URL, TYPED).status_code == (302 if may else 404 if may is None else 403)
    assert Fact.objects.exists() == bool(may)


@pytest.mark.parametrize(
    ("key", "words", "value"),
    [
        ("resident_population", "136000", 136000),
        ("resident_population", "１３６，０００ 人", 136000),
        ("resident_population", "136,000", 136000),
        ("resident_population", "0", 0),
        ("town_has_own_budget", "√", True),
        ("town_has_own_budget", "否", False),
        ("unit_type", " 行政村 ", "行政村"),
        ("served_population_basis", "  按参保\x00人数 ", "按参保人数"),
    ],
)
def test_what_is_understood(key, words, value):
    assert value_of(FACT_KINDS[key], words) == value


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("resident_population", "13.6万"),
        ("resident_population", "136000.5"),
        ("resident_population", "-3"),
        ("resident_population", "1" * 40),
        ("resident_population", "=1+1"),
        ("town_has_own_budget", "也许"),
        ("unit_type", "小区"),
        ("served_population_basis", "长" * 121),
    ],
)
def test_what_is_refused(key, words):
    with pytest.raises(ValueError):
        value_of(FACT_KINDS[key], words)


def test_registered_twice_is_once(office, appoint):
    by = appoint("city")
    assert [register(by, [given(office)]), register(by, [given(office)])] == [1, 0]
    assert (Fact.objects.count(), Act.objects.count()) == (1, 1)


def test_a_later_day_is_another_row(office, appoint):
    by = appoint("city")
    register(by, [given(office)])
    register(by, [given(office, 140000, since=date(2024, 7, 1))])
    assert list(Fact.objects.order_by("since").values_list("value", flat=True)) == [136000, 140000]


def test_a_correction_names_what_it_corrects_and_loses_nothing(office, appoint):
    by = appoint("city")
    register(by, [given(office)])
    with pytest.raises(Collides):
        register(by, [given(office, 163000)])
    version = registering.version_of(Fact.objects.get())
    register(by, [given(office, 163000, source="公报", corrects=version)])
    assert Fact.objects.get().value == 163000
    said = Act.objects.first().said
    assert "原为136,000人（来源：年鉴）" in said
    assert "更正为163,000（来源：公报）" in said
    with pytest.raises(Collides):  # seen before the other corrected it
        register(by, [given(office, 150000, corrects=version)])


def test_one_that_collides_keeps_all_out(office, appoint):
    by = appoint("city")
    register(by, [given(office)])
    with pytest.raises(Collides):
        register(by, [given(office, 9000, "served_population"), given(office, 1)])
    assert Fact.objects.count() == 1


# ── The form ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"since": (today() + timedelta(2)).isoformat()}, "不能晚于今天"),
        ({"since": "1066-10-14"}, "太早"),
        ({"since": "去年"}, "要填日期"),
        ({"source": ""}, "请写数据来源"),
        ({"resident_population": "13万"}, "要填数字"),
        ({"resident_population": ""}, "请至少填一项"),
        ({"resident_population": "12"}, "请核对"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(office, visit, wrong, sentence):
    page = visit("city").post(URL, TYPED | {"served_population_basis": ""} | wrong)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert (TYPED | wrong)["source"] in page.content.decode()
    assert not Fact.objects.exists()


def test_what_is_not_plausible_is_asked_once(office, visit):
    client = visit("city")
    page = client.post(URL, TYPED | {"resident_population": "12"})
    assert "核对过，没有错" in page.content.decode()
    assert client.post(URL, TYPED | {"resident_population": "12", "sure": "1"}).status_code == 302
    assert Fact.objects.get().value == 12


def test_the_form_asks_before_it_corrects(office, visit):
    client = visit("city")
    client.post(URL, TYPED)
    page = client.post(URL, TYPED | {"resident_population": "163000"})
    assert page.status_code == 409
    assert "已登记为 136,000人" in page.content.decode()
    (field,) = [each for each in page.context["fields"] if each.there]
    agreed = TYPED | {"resident_population": "163000", "resident_population__corrects": field.corrects}
    assert client.post(URL, agreed).status_code == 409  # not ticked
    assert client.post(URL, agreed | {"correct": "1"}).status_code == 302
    assert Fact.objects.get().value == 163000


def test_the_page_asks_a_constant_number_of_queries(office, visit, appoint, django_assert_max_num_queries):
    client, by = visit("city"), appoint("city")
    register(by, [given(office)])
    client.get(URL)
    with django_assert_max_num_queries(5) as few:
        client.get(URL)
    for month in range(1, 11):
        register(by, [given(office, 136000 + month, since=date(2023, month, 1))])
    with django_assert_max_num_queries(5) as many:
        client.get(URL)
    assert len(few) == len(many)
