"""The demonstration's rosters: marked, always alike, every case of the plan in them."""

from datetime import date

import pytest
from django.conf import settings as project

from assessments.demo.rosters import SURNAMES, fill_rosters
from assessments.models import SubsidyPaid
from assessments.subsidies.policy import FLAGS
from assessments.subsidies.reckoning import accounts_of, figures_of
from assessments.subsidies.spans import span_of
from facilities.demo import load_demo
from facilities.models import Facility, Post

DAY = date(2026, 5, 12)


@pytest.fixture
def demo(zhuhai, settings):
    settings.DEMO = True
    load_demo(project.BASE_DIR / "fixtures" / "demo.toml")
    assert list(fill_rosters(DAY))


def told():
    fields = ("facility__code", "name", "kind", "starts", "ends", "extra", "is_public_servant", "filing_number")
    paid = SubsidyPaid.objects.order_by("pk").values_list("facility__code", "year", "quarter", "post__name", "amount")
    return list(Post.objects.order_by("pk").values_list(*fields)), list(paid)


def test_all_are_marked_and_a_second_time_nothing_changes(demo):
    before = told()
    assert not Post.objects.filter(is_demo=False).exists()
    assert not SubsidyPaid.objects.filter(is_demo=False).exists()
    assert all(post.name[0] in SURNAMES for post in Post.objects.all())
    assert list(fill_rosters(DAY)) == ["名册：新登记 0 人", "区级实发：新登记 0 笔"]
    assert told() == before


def test_every_case_of_the_plan_occurs(demo):
    span = span_of("2026Q1", date(2011, 11, 23), DAY)
    found = figures_of(accounts_of(list(Facility.objects.filter(subject="village")), span))
    assert set(found.flags) >= set(FLAGS) - {"served_unknown", "duplicate_person", "extra_below_threshold"}
    assert found.unlisted
    assert found.unrecorded
    assert found.shortfall
    assert found.held
    assert found.recover


def test_a_station_with_a_roster_of_its_own_keeps_it(zhuhai, hire, settings):
    settings.DEMO = True
    load_demo(project.BASE_DIR / "fixtures" / "demo.toml")
    hire("440402001001", "张真")
    list(fill_rosters(DAY))
    assert [post.name for post in Post.objects.filter(facility__code="440402001001")] == ["张真"]
