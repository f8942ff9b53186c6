"""The pages that show the text: as printed, marked, explained; nothing raw; for every officer and nobody else."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from facilities.models import Officer
from standards.loading import edition_of, load_standards
from standards.models import Standard

TOWN = ("town_office", date(2016, 1, 1))
PLAN = ("zhuhai_2011", date(2011, 11, 23))


@pytest.fixture
def town(db):
    load_standards(Path(settings.BASE_DIR) / "fixtures")
    return edition_of(Standard.objects.get(key=TOWN[0], effective=TOWN[1]))


@pytest.fixture
def reader(client, db):
    officer = Officer.objects.create_user("viewer", password="a-phrase-for-tests-7", role=Officer.VIEWER)
    client.force_login(officer)
    return client


def pages(town):
    yield reverse("standards:standards")
    yield reverse("standards:interpretations")
    yield reverse("standards:standard", args=TOWN)
    for clause in town.clauses:
        yield reverse("standards:clause", args=(*TOWN, clause.number))
        for requirement in clause.requirements:
            yield reverse("standards:requirement", args=(*TOWN, requirement.key))


def words(response):
    """What a person reads: the main part without tags and white space."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.S)[0]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main)).replace("&quot;", '"')


def test_every_page_asks_for_log_in(client, town):
    for url in (reverse("standards:standards"), reverse("standards:clause", args=(*TOWN, "7"))):
        assertRedirects(client.get(url), f"{reverse('login')}?next={url}", fetch_redirect_response=False)


def test_the_list_names_every_standard(reader, town):
    response = reader.get(reverse("standards:standards"))
    assertContains(response, "乡镇（街道）人力资源社会保障所建设规范")
    assertContains(response, "2016年1月1日")


def test_an_empty_list_says_whom_to_ask(reader):
    assertContains(reader.get(reverse("standards:standards")), "请联系系统管理员")
    assertContains(reader.get(reverse("standards:interpretations")), "请联系系统管理员")


def test_the_table_is_as_printed(reader, town):
    shown = words(reader.get(reverse("standards:standard", args=TOWN)))
    for clause in town.clauses:
        assert f"{clause.number}{clause.title}{clause.text.strip()}" in shown
        assert clause.remark in shown


def test_a_plan_in_running_words_is_shown_whole_and_without_a_column_of_remarks(reader, town):
    plan = edition_of(Standard.objects.get(key=PLAN[0]))
    response = reader.get(reverse("standards:standard", args=PLAN))
    for clause in plan.clauses:
        text = re.sub(r"\s+", "", clause.text)
        assert f"{clause.number}{clause.title}{text}" in words(response)
    assertNotContains(response, "备注")
    assertContains(response, "自 2011年11月23日 起，对指定适用的单位适用")


def test_every_row_and_requirement_of_the_plan_has_its_page(reader, town):
    plan = edition_of(Standard.objects.get(key=PLAN[0]))
    for clause in plan.clauses:
        response = reader.get(reverse("standards:clause", args=(*PLAN, clause.number)))
        assertContains(response, "<mark data-requirements=")
        for requirement in clause.requirements:
            page = reader.get(reverse("standards:requirement", args=(*PLAN, requirement.key)))
            assertContains(page, 'class="now"')


def test_editions_that_judge_by_themselves_stand_before_those_that_must_be_adopted(reader, town):
    shown = words(reader.get(reverse("standards:standards")))
    assert shown.index("附表1") < shown.index("附表3") < shown.index("珠海方案")


def test_a_row_keeps_its_words_under_the_marks(reader, town):
    for clause in town.clauses:
        response = reader.get(reverse("standards:clause", args=(*TOWN, clause.number)))
        assert clause.text.strip() in words(response)
        assertContains(response, "<mark data-requirements=")


def test_a_row_lists_its_requirements_with_their_rules(reader, town):
    response = reader.get(reverse("standards:clause", args=(*TOWN, "7")))
    assertContains(
        response, "常住人口 90,000 人以上：计算机不少于 7 台；60,000 人以上：不少于 5 台；其余：不少于 3 台。"
    )
    assertContains(response, "硬性要求")


def test_a_requirement_marks_its_quote_and_says_how_it_is_read(reader, town):
    response = reader.get(reverse("standards:requirement", args=(*TOWN, "town.2.area")))
    assertContains(response, 'class="now"', count=2)
    assertContains(response, "可酌减达标（须审核人认定）")
    assertContains(response, town.indicators["building_area"].meaning)
    assertContains(response, town.interpretations["A6"].ground)
    assertContains(response, f"{reverse('standards:interpretations')}#A6")


def test_a_requirement_names_the_evidence_it_asks(reader, town):
    url = reverse("standards:requirement", args=(*TOWN, "town.6.archive_room"))
    assertContains(reader.get(url), "档案室照片")


def test_each_reading_has_an_anchor_and_its_uses(reader, town):
    response = reader.get(reverse("standards:interpretations"))
    for key in town.interpretations:
        assertContains(response, f'id="{key}"', count=1)
    assertContains(response, reverse("standards:requirement", args=(*TOWN, "town.7.computer")))
    text = words(response)
    assert text.index("A4“") < text.index("A10“")


@pytest.mark.parametrize("path", ["town_office/2015-01-01/", "nothing/2016-01-01/", "town_office/2016-13-41/"])
def test_an_unknown_edition_is_not_found(reader, town, path):
    assert reader.get(f"/standards/{path}").status_code == 404


def test_an_unknown_row_or_requirement_is_not_found(reader, town):
    assert reader.get(reverse("standards:clause", args=(*TOWN, "99"))).status_code == 404
    assert reader.get(reverse("standards:requirement", args=(*TOWN, "town.99.x"))).status_code == 404


def test_no_page_shows_a_raw_key_or_an_inline_style(reader, town):
    keys = [*town.indicators, *town.by_key, *town.clause_by_key, "mandatory", "aspirational", "at_least"]
    raw = re.compile("|".join(re.escape(key) for key in sorted(keys, key=len, reverse=True)))
    for url in pages(town):
        response = reader.get(url)
        assert response.status_code == 200
        assert not raw.search(words(response)), (url, raw.search(words(response)))
        assertNotContains(response, "style=")
        assertNotContains(response, "None")


def test_queries_do_not_grow(reader, town, django_assert_max_num_queries):
    for url in pages(town):
        with django_assert_max_num_queries(4):
            reader.get(url)


def test_queries_do_not_grow_with_the_number_of_standards(reader, town, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    reader.get(reverse("standards:standards"))
    with CaptureQueriesContext(connection) as before:
        reader.get(reverse("standards:standards"))
    known = Standard.objects.get(key="town_office")
    for year in range(2017, 2022):
        Standard.objects.create(
            key=known.key,
            effective=date(year, 1, 1),
            title=known.title,
            source=known.source,
            subjects=known.subjects,
            content_hash=known.content_hash,
            loaded_hash=known.loaded_hash,
        )
    for name in ("standards", "interpretations"):
        with django_assert_num_queries(len(before)):
            reader.get(reverse(f"standards:{name}"))
