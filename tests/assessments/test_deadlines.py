"""PROCESSES §6, all rows; the calendar's data against the dates named there."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.deadlines import calendar_between, deadline_of, due_of
from assessments.models import Period, WorkDay
from facilities.access import SHANGHAI

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calendar():
    call_command("load_calendar", stdout=StringIO())


def due(key):
    return due_of(Period(year=int(key[:4]), quarter=int(key[-1])))


@pytest.mark.parametrize(
    ("quarter", "day"),
    [
        ("2011Q4", date(2012, 1, 10)),
        ("2024Q4", date(2025, 1, 8)),
        ("2025Q1", date(2025, 4, 8)),
        ("2025Q2", date(2025, 7, 7)),
        ("2025Q3", date(2025, 10, 14)),
        ("2025Q4", date(2026, 1, 8)),
        ("2026Q1", date(2026, 4, 8)),
        ("2026Q2", date(2026, 7, 7)),
        ("2026Q3", date(2026, 10, 13)),
    ],
)
def test_due_on_the_fifth_working_day(quarter, day):
    assert due(quarter).day == day
    assert not due(quarter).provisional


def test_a_year_not_announced_is_provisional():
    assert due("2026Q4").day == date(2027, 1, 8)
    assert due("2026Q4").provisional


def test_on_time_until_midnight_in_shanghai():
    midnight = datetime(2025, 10, 15, tzinfo=SHANGHAI)
    assert due("2025Q3").on_time(midnight - timedelta(microseconds=1))
    assert not due("2025Q3").on_time(midnight)


@pytest.mark.parametrize(
    ("quarter", "at", "late"),
    [
        ("2025Q3", datetime(2025, 10, 14, 23, 59, 59, tzinfo=SHANGHAI), 0),
        ("2025Q3", datetime(2025, 10, 15, tzinfo=SHANGHAI), 1),
        ("2025Q3", datetime(2025, 10, 18, 9, tzinfo=SHANGHAI), 3),
        ("2026Q3", datetime(2026, 10, 11, 9, tzinfo=SHANGHAI), 0),
    ],
)
def test_days_late_are_working_days(quarter, at, late):
    calendar = calendar_between(at.date(), at.date())
    assert due(quarter).days_late(at, calendar) == late


def test_make_up_weekends_work_and_holidays_do_not():
    calendar = calendar_between(date(2026, 1, 1), date(2026, 12, 31))
    working_weekends = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert all(calendar.works(date.fromisoformat(day)) for day in working_weekends)
    assert not any(calendar.works(date(2026, 10, day)) for day in range(1, 8))


def test_an_operators_row_counts():
    WorkDay.objects.create(day=date(2026, 10, 8), works=False, source="台风停工通知")
    assert due("2026Q3").day == date(2026, 10, 14)


def test_loading_twice_keeps_an_operators_change():
    WorkDay.objects.filter(day=date(2026, 10, 10)).update(works=False, source="更正")
    call_command("load_calendar", stdout=StringIO())
    assert WorkDay.objects.get(day=date(2026, 10, 10)).source == "更正"


def test_what_a_home_page_says_of_the_deadline():
    deadline = deadline_of(Period(year=2026, quarter=3), date(2026, 10, 9))
    assert deadline.left == 4
    assert [day.day.day for day in deadline.days if day.works] == [8, 9, 10, 12, 13]
    assert deadline.days[-1].is_due
    assert deadline_of(Period(year=2026, quarter=3), date(2026, 10, 15)).late == 2


def test_the_command_prints_the_date():
    out = StringIO()
    call_command("due_date", "2025Q3", stdout=out)
    assert out.getvalue() == "2025-10-14\n"


def test_the_command_says_that_a_date_is_provisional():
    out, err = StringIO(), StringIO()
    call_command("due_date", "2026Q4", stdout=out, stderr=err)
    assert out.getvalue() == "2027-01-08\n"
    assert "暂定" in err.getvalue()


def test_the_command_refuses_what_is_no_quarter():
    with pytest.raises(CommandError, match="不是季度"):
        call_command("due_date", "2025Q5")
