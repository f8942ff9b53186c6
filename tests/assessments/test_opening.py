"""What is frozen when a quarter opens: its due day, who must report and to whom, the internal days."""

from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.deadlines import deadline_of, due_of
from assessments.models import DueSurvey, Period, Survey, Timetable, UnitDue, WorkDay
from assessments.opening import open_quarter, open_stored
from assessments.timeliness import classes_of, rosters_of
from facilities.access import SHANGHAI
from facilities.models import Division, Existence, Facility, Membership, ReportingUnit
from tests.assessments.test_races import at_once

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)


@pytest.fixture
def calendar(db):
    call_command("load_calendar", stdout=StringIO())


def exists(facility, *intervals):
    for starts, ends in intervals:
        Existence.objects.create(facility=facility, name=facility.name, starts=starts, ends=ends)


def due_in(period):
    return {row.facility.code: row for row in period.due_surveys.select_related("facility", "unit")}


def test_opening_freezes_the_due_day_whatever_the_calendar_says_later(city, calendar):
    """And where it was provisional, it is provisional no more once its year is announced."""
    later = open_quarter(2026, 4)
    assert deadline_of(later, LAST).due.provisional
    WorkDay.objects.create(day=date(2027, 1, 1), works=False, source="2027年通知")
    assert not deadline_of(later, LAST).due.provisional
    period = open_quarter(2026, 3)
    assert (period.due_day, period.due_provisional) == (date(2026, 10, 13), False)
    WorkDay.objects.create(day=date(2026, 10, 8), works=False, source="台风停工通知")
    assert due_of(Period.objects.get(pk=period.pk)).day == date(2026, 10, 13)
    assert due_of(Period(year=2026, quarter=3)).day == date(2026, 10, 14)  # a quarter that has not opened follows


def test_every_facility_with_a_standard_is_due_to_the_unit_of_the_nearest_membership(city, calendar):
    due = due_in(open_quarter(2026, 4))
    assert len(due) == Facility.objects.filter(subject__in=["county", "township", "village"]).count() > 300
    assert due["440402001"].unit.code == "440402"
    assert due["440402001001"].town == due["440402001"].town == "440402001"
    assert due["440402C"].town == ""
    assert due["440402100"].unit.code == "Z01"  # 唐家湾镇 lies in 香洲区 and reports to 高新区


def test_of_several_intervals_one_that_holds_on_the_first_day_is_enough_and_counts_once(city, office):
    exists(office, (None, date(2020, 1, 1)), (date(2024, 1, 1), FIRST), (date(2026, 11, 1), None))
    period = open_quarter(2026, 4)
    assert period.due_surveys.filter(facility=office).count() == 1


@pytest.mark.parametrize(
    ("interval", "is_due"),
    [
        ((None, FIRST), True),
        ((None, FIRST - timedelta(days=1)), False),
        ((FIRST, None), True),
        ((FIRST + timedelta(days=1), None), False),
    ],
)
def test_the_first_day_decides_to_the_day(city, office, interval, is_due):
    exists(office, interval)
    assert open_quarter(2026, 4).due_surveys.filter(facility=office).exists() is is_due


def test_what_closes_opens_or_moves_after_the_opening_alters_nothing(city, office):
    period = open_quarter(2026, 4)
    before = set(DueSurvey.objects.values_list("facility", "unit"))
    exists(office, (None, date(2026, 10, 20)))
    town = Division.objects.create(
        code="440402500", name="新镇", level="town", parent=Division.objects.get(code="440402")
    )
    Facility.objects.create(code=town.code, name="新镇服务所", subject="township", division=town)
    Membership.objects.create(
        division=office.division, unit=ReportingUnit.objects.get(code="Z01"), starts=date(2026, 10, 20)
    )
    open_quarter(2026, 4)
    assert set(period.due_surveys.values_list("facility", "unit")) == before


def test_what_closed_since_stays_among_the_surveyors_tasks(city, office, officer, browse, now):
    open_quarter(2026, 4)
    exists(office, (None, date(2026, 10, 20)))
    client, url = browse(officer("surveyor")), f"/surveys/{office.code}/2026Q4/"
    assert url in client.get("/").text
    assert client.post(f"{url}start/").url == url


def test_membership_on_the_first_day_decides_the_unit(city, office):
    zone = ReportingUnit.objects.get(code="Z01")
    Membership.objects.create(division=office.division, unit=zone, starts=FIRST)
    assert due_in(open_quarter(2026, 3))[office.code].unit.code == "440402"
    assert due_in(open_quarter(2026, 4))[office.code].unit == zone


def test_a_facility_that_reports_to_nobody_is_due_without_a_unit(city, office):
    Membership.objects.all().delete()
    period = open_quarter(2026, 4)
    assert due_in(period)[office.code].unit is None
    assert not period.unit_dues.exists()


def test_each_unit_gets_its_internal_days_as_the_timetable_stands_now(city, calendar):
    own = Timetable.objects.create(unit=ReportingUnit.objects.get(code="440403"), station_days=1, office_days=4)
    period = open_quarter(2026, 3)
    assert period.unit_dues.count() == ReportingUnit.objects.count()
    days = {due.unit.code: (due.station_day, due.office_day) for due in period.unit_dues.select_related("unit")}
    assert days["440402"] == (date(2026, 10, 9), date(2026, 10, 10))
    assert days["440403"] == (date(2026, 10, 8), date(2026, 10, 12))
    Timetable.objects.filter(pk=own.pk).update(station_days=5, office_days=5)
    open_quarter(2026, 3)
    assert UnitDue.objects.get(period=period, unit=own.unit).station_day == date(2026, 10, 8)


def test_opening_again_is_one_query(city):
    open_quarter(2026, 4)
    with CaptureQueriesContext(connection) as queries:
        open_quarter(2026, 4)
    assert len(queries) == 1


def test_opening_the_whole_city_takes_a_handful_of_queries(city):
    with CaptureQueriesContext(connection) as queries:
        open_quarter(2026, 3)
    assert len(queries) <= 26
    assert DueSurvey.objects.count() > 300


@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_freeze_once(city):
    periods = at_once(*[lambda: open_quarter(2026, 4)] * 4)
    assert len({period.pk for period in periods}) == 1
    assert len({period.opened_at for period in periods}) == 1
    assert UnitDue.objects.count() == ReportingUnit.objects.count()


def test_quarters_that_were_stored_before_are_opened_by_set_up(city):
    old = Period.objects.create(year=2026, quarter=2)
    assert open_stored() == [old]
    assert open_stored() == []
    old.refresh_from_db()
    assert old.due_surveys.exists()


def test_the_command_opens_a_quarter_and_says_so(city, calendar, now):
    out = StringIO()
    call_command("open_quarter", stdout=out)
    assert "2026年第四季度：截止 2027-01-08（暂定），应报" in out.getvalue()
    for key, said in {"2027Q1": "还没有开始", "2026Q5": "不是季度"}.items():
        with pytest.raises(CommandError, match=said):
            call_command("open_quarter", key)


# ── Rates ─────────────────────────────────────────────────────────────────────

DAYS = st.dates(date(2026, 9, 28), date(2026, 10, 5))
INTERVALS = st.lists(st.tuples(DAYS, st.integers(0, 5)), max_size=3, unique_by=lambda each: each[0])
STATES = st.sampled_from(["", "draft", "submitted", "returned", "accepted"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(st.tuples(INTERVALS, INTERVALS, STATES), min_size=1, max_size=6))
def test_every_rate_lies_between_0_and_100_percent(city, surveyor, lives):
    """Facilities that come and go before and after the opening, surveys of some, due or not."""
    for model in (Survey, DueSurvey, UnitDue, Period, Existence):
        model.objects.all().delete()
    offices = list(Facility.objects.filter(subject="township")[: len(lives)])
    for office, (before, _, _) in zip(offices, lives, strict=True):
        exists(office, *[(day, day + timedelta(days=length)) for day, length in before])
    period = open_quarter(2026, 4)
    for office, (_, after, state) in zip(offices, lives, strict=True):
        known = set(office.existences.values_list("starts", flat=True))
        exists(office, *[(day, day + timedelta(days=n)) for day, n in after if day not in known])
        if state:
            sent = None if state == "draft" else datetime.combine(period.due_day, time(10), SHANGHAI)
            Survey.objects.create(facility=office, period=period, state=state, created_by=surveyor, submitted_at=sent)
    for unit in [None, *ReportingUnit.objects.all()]:
        of = {"unit": unit} if unit else {}
        due, counts = period.due_surveys.filter(**of).count(), classes_of(period, unit)
        assert sum(counts.values()) == due
        assert all(0 <= count <= due for count in counts.values())
    roster = rosters_of([period])[period.pk]
    assert 0 <= roster["sent"] <= roster["begun"] <= roster["due"]
