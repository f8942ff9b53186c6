import re
from datetime import date

import pytest
from django.conf import settings as django_settings

from facilities.demo import load_demo
from facilities.facts import in_words
from facilities.models import Facility

LIST = "/facilities/"
OFFICE = "/facilities/440402001/"
STREET = 1 + 17  # 翠香街道: its office and its stations


@pytest.fixture
def page(client, appoint, settings):
    """page(url, role, place) → the response to that officer."""
    settings.AUTHENTICATION_BACKENDS = ["facilities.backends.OfficerBackend"]

    def get(url, role, place=None):
        client.force_login(appoint(role, place))
        return client.get(url)

    return get


def names(response):
    return [row.facility.name for row in response.context["listing"].rows]


def text(response):
    return re.sub(r"<[^>]*>", "", response.content.decode())


# ── Who sees what ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        ("surveyor", "440402001", 200),
        ("reviewer", "440402", 200),
        ("city", None, 200),
        ("viewer", None, 200),
        ("admin", None, 200),
        ("surveyor", "440402002", 404),
        ("surveyor", "440402001001", 404),
        ("reviewer", "440403", 404),
        ("reviewer", "Z01", 404),
    ],
)
def test_a_facility_shows_to_its_own_and_not_to_strangers(zhuhai, page, role, place, status):
    assert page(OFFICE, role, place).status_code == status


@pytest.mark.parametrize(
    ("role", "place", "total"),
    [("surveyor", "440402001", STREET), ("reviewer", "Z02", 10), ("city", None, 364), ("viewer", None, 364)],
)
def test_the_list_holds_what_the_officer_may_see(zhuhai, page, role, place, total):
    response = page(LIST, role, place)
    assert response.context["listing"].total == total
    assert f"共 {total} 家" in text(response)


def test_writing_is_not_for_these_pages(zhuhai, page, client):
    page(LIST, "admin")
    assert client.post(LIST).status_code == 405
    assert client.post(OFFICE).status_code == 405


# ── The list ──────────────────────────────────────────────────────────────────


def test_the_filters_of_the_address(zhuhai, page):
    assert page(LIST + "?subject=county", "city").context["listing"].total == 3
    assert page(LIST + "?unit=Z02", "city").context["listing"].total == 10
    assert page(LIST + "?unit=Z02&subject=township", "city").context["listing"].total == 3
    assert page(LIST + "?under=440402001", "city").context["listing"].total == STREET
    assert names(page(LIST + "?q=紫荆", "city")) == ["紫荆社区人力资源和社会保障服务站"]
    assert page(LIST + "?q=翠香街道", "city").context["listing"].total == STREET


@pytest.mark.parametrize("asked", ["subject=moon", "unit=Z99", "under=999", "under=x'", "page=999", "page=x", "q=%00"])
def test_an_address_that_means_nothing_is_read_as_far_as_it_means_something(zhuhai, page, asked):
    response = page(f"{LIST}?{asked}", "city")
    assert response.status_code == 200
    assert response.context["listing"].total == 364


def test_a_district_cannot_look_into_another(zhuhai, page):
    listing = page(LIST + "?under=440403&unit=440403", "reviewer", "440402").context["listing"]
    assert listing.filters.under is None
    assert listing.filters.unit is None
    assert all(row.facility.code.startswith("440402") for row in listing.rows)


def test_the_list_is_turned_page_by_page(zhuhai, page):
    first = page(LIST + "?subject=village", "city")
    assert len(first.context["listing"].rows) == 50
    assert "第 1 页，共 7 页" in text(first)
    assert "?subject=village&amp;page=2" in first.content.decode()
    assert len(page(LIST + "?subject=village&page=7", "city").context["listing"].rows) == 36


def test_each_row_names_its_unit(zhuhai, page):
    units = {
        row.facility.code: row.unit.name for row in page(LIST + "?subject=township", "city").context["listing"].rows
    }
    assert units["440402001"] == "香洲区"
    assert units["440402100"] == "高新区"


def test_nothing_found_says_what_to_do(zhuhai, page):
    assert "没有找到符合条件的机构" in text(page(LIST + "?q=没有这里", "city"))


def test_nobody_without_a_place_is_left_without_a_word(db, page):
    assert "您的账号名下没有机构" in text(page(LIST, "city"))


def test_what_is_typed_is_escaped(zhuhai, page):
    body = page(LIST + '?q="><script>', "city").content.decode()
    assert '"><script>' not in body


# ── One facility ──────────────────────────────────────────────────────────────


@pytest.fixture
def demo(zhuhai, settings):
    settings.DEMO = True
    load_demo(django_settings.BASE_DIR / "fixtures" / "demo.toml")


def test_a_facility_shows_its_place_unit_and_facts(demo, page):
    said = text(page(OFFICE, "city"))
    for words in (
        "翠香街道人力资源和社会保障服务所",
        "珠海市 / 香洲区 / 翠香街道",
        "440402001",
        "常住人口",
        "136,000人",
    ):
        assert words in said
    assert "2025年1月1日" in said
    assert said.count("演示数据（虚构）") == 5
    assert "resident_population" not in said


def test_the_fact_in_force_is_shown_and_neither_the_older_nor_the_coming(zhuhai, page):
    office = Facility.objects.get(code="440402001")
    for since, value in ((date(2020, 1, 1), 1111), (date(2022, 1, 1), 2222), (date(2999, 1, 1), 3333)):
        office.facts.create(indicator="resident_population", value=value, since=since, source="登记")
    said = text(page(OFFICE, "city"))
    assert "2,222人" in said
    assert "1,111" not in said
    assert "3,333" not in said


def test_an_unlabelled_fact_shows_no_key(zhuhai, page):
    Facility.objects.get(code="440402001").facts.create(
        indicator="odd_key", value=["甲", "乙"], since=date(2020, 1, 1), source="登记"
    )
    said = text(page(OFFICE, "city"))
    assert "其他登记数据" in said
    assert "甲、乙" in said
    assert "odd_key" not in said


def test_a_facility_without_facts_says_so(zhuhai, page):
    assert "还没有登记人口等数据" in text(page(OFFICE, "city"))


@pytest.mark.parametrize(
    ("value", "said"),
    [(True, "是"), (False, "否"), (136000, "136,000"), ("186.00", "186.00"), (["甲", "乙"], "甲、乙")],
)
def test_values_in_words(value, said):
    assert in_words(value) == said


# ── Cost ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "place", "url", "most"),
    [
        ("city", None, LIST + "?unit=440402&under=440402&q=社区", 13),
        ("reviewer", "440402", LIST, 11),
        ("surveyor", "440402001", LIST, 8),
        ("reviewer", "440402", OFFICE, 11),
    ],
)
def test_queries_do_not_grow_with_the_country(
    crowd, page, client, django_assert_max_num_queries, role, place, url, most
):
    page(url, role, place)
    with django_assert_max_num_queries(most) as few:
        client.get(url)
    crowd()
    with django_assert_max_num_queries(most) as many:
        client.get(url)
    assert len(many) == len(few)
