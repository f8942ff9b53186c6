"""存续: names and intervals hold from their day on, to the day."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from facilities import existence
from facilities.access import today
from facilities.existence import Unfit, is_open, settle_names, state_in_words
from facilities.models import Division, Existence, Facility

D = date(2026, 10, 1)
TODAY = date(2026, 11, 28)
NAME = "翠香街道人力资源和社会保障服务所"
NEW_NAME = "翠香街道人社服务中心"


@pytest.fixture
def office(zhuhai):
    return Facility.objects.get(code="440402001")


@pytest.fixture
def neighbour(zhuhai):
    return Facility.objects.get(code="440402002")


def test_one_without_intervals_was_open_throughout(office):
    assert is_open(office, date(1990, 1, 1))
    assert is_open(office, date(2990, 1, 1))


def test_one_closed_from_a_day_on_was_open_the_day_before(office):
    existence.end(office, D)
    assert is_open(office, D - timedelta(1))
    assert not is_open(office, D)
    assert existence.intervals_of(office)[0].ends == D - timedelta(1)


def test_a_name_of_the_past_is_in_its_place_at_once(office):
    existence.rename(office, NEW_NAME, D, TODAY)
    assert Facility.objects.get(pk=office.pk).name == NEW_NAME
    assert [(each.name, each.starts, each.ends) for each in existence.intervals_of(office)] == [
        (NAME, None, D - timedelta(1)),
        (NEW_NAME, D, None),
    ]


def test_a_name_of_a_later_day_waits_for_it(office):
    coming = TODAY + timedelta(10)
    existence.rename(office, NEW_NAME, coming, TODAY)
    assert Facility.objects.get(pk=office.pk).name == NAME
    assert settle_names(coming - timedelta(1)) == 0
    assert settle_names(coming) == 1
    assert Facility.objects.get(pk=office.pk).name == NEW_NAME
    assert settle_names(coming + timedelta(1)) == 0


def test_settling_asks_once_where_nothing_begins(office, django_assert_num_queries):
    existence.rename(office, NEW_NAME, D, TODAY)
    with django_assert_num_queries(1):
        settle_names(TODAY)


def test_the_first_request_of_a_day_puts_its_names_in_place(office, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "portal.middleware.NamesOfTheDay"]
    existence.rename(office, NEW_NAME, today() + timedelta(1), today())
    client = Client()
    client.get("/help/")
    assert Facility.objects.get(pk=office.pk).name == NAME
    with time_machine.travel(f"{today() + timedelta(1)}T01:00:00+08:00"):
        client.get("/help/")
    assert Facility.objects.get(pk=office.pk).name == NEW_NAME


def test_a_merger_names_the_heir_and_a_closed_one_keeps_its_name(office, neighbour):
    existence.end(office, D, neighbour)
    (interval,) = existence.intervals_of(office)
    assert interval.heir == neighbour
    assert state_in_words([interval], TODAY) == f"2026年10月1日起并入{neighbour.name}"
    assert Facility.objects.get(pk=office.pk).name == NAME


def test_one_that_was_closed_can_be_set_up_again_after_that(office):
    existence.end(office, D)
    with pytest.raises(Unfit, match="要晚于"):
        existence.establish(office.division, "township", NEW_NAME, D - timedelta(1), TODAY)
    again = existence.establish(office.division, "township", NEW_NAME, D + timedelta(30), TODAY)
    assert again == office
    assert not is_open(office, D + timedelta(29))
    assert is_open(office, D + timedelta(30))
    assert Facility.objects.get(pk=office.pk).name == NEW_NAME


def test_a_new_one_is_open_from_its_day_on(zhuhai):
    town = Division.objects.get(code="440402001")
    place = Division.objects.create(code="440402001999", name="新村社区", level="community", parent=town)
    made = existence.establish(place, "village", "新村社区服务站", TODAY + timedelta(5), TODAY)
    assert made.code == "440402001999"
    assert not is_open(made, TODAY)
    assert is_open(made, TODAY + timedelta(5))
    assert state_in_words(existence.intervals_of(made), TODAY) == "2026年12月3日起设立"


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda f, _: existence.rename(f, NAME, D, TODAY), "一样"),
        (lambda f, _: existence.establish(f.division, "township", NEW_NAME, D, TODAY), "没有撤销"),
        (lambda f, _: existence.end(f, D, f), "另一家"),
        (lambda f, _: existence.end(f, D, Facility.objects.get(code="440402001001")), "同类"),
    ],
)
def test_what_does_not_fit_says_why(office, neighbour, act, why):
    with pytest.raises(Unfit, match=why):
        act(office, neighbour)
    assert not Existence.objects.exists()


def test_nothing_is_changed_before_what_was_decided(office, neighbour):
    existence.rename(office, NEW_NAME, D, TODAY)
    with pytest.raises(Unfit, match="要晚于"):
        existence.end(office, D)
    existence.end(office, D + timedelta(5))
    with pytest.raises(Unfit, match="不能再变更"):
        existence.rename(office, NAME, D + timedelta(9), TODAY)


def test_an_heir_outlives_the_merger(office, neighbour):
    existence.end(office, D + timedelta(30), neighbour)
    with pytest.raises(Unfit, match="并入这家机构"):
        existence.end(neighbour, D + timedelta(10))
    existence.end(neighbour, D + timedelta(60))
    with pytest.raises(Unfit, match="请换一家"):
        existence.end(Facility.objects.get(code="440402003"), D, neighbour)
