from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404

from facilities.access import facility_or_404, may_survey, prefixes, reporting_to, unit_of, units_of, visible_to
from facilities.models import Division, Facility, Membership, Officer, ReportingUnit


def codes(officer, day=None):
    return set(visible_to(officer, day).values_list("code", flat=True))


def under(*prefixes):
    return {code for code in Facility.objects.values_list("code", flat=True) if code.startswith(prefixes)}


def test_an_office_sees_itself_and_its_stations(zhuhai, appoint):
    seen = codes(appoint("surveyor", "440402001"))
    assert seen == under("440402001")
    assert len(seen) == 1 + Division.objects.filter(parent__code="440402001").count()


def test_a_station_sees_itself(zhuhai, appoint):
    assert codes(appoint("surveyor", "440402001001")) == {"440402001001"}


def test_a_centre_keeps_what_reports_to_its_district_and_not_the_zones_within(zhuhai, appoint):
    centre = appoint("surveyor", "440402C")
    assert codes(centre) == codes(appoint("reviewer", "440402"))
    kept = {"440402C": True, "440402001": True, "440402001001": True, "440402100": False, "440403C": False}
    assert {code: may_survey(centre, Facility.objects.get(code=code)) for code in kept} == kept


def test_a_district_sees_what_reports_to_it_and_not_the_zones_within(zhuhai, appoint):
    zones = under("440402100", "440402104", "440402105", "440402106", "440402107")
    assert codes(appoint("reviewer", "440402")) == under("440402") - zones


def test_a_zone_sees_its_towns(zhuhai, appoint):
    assert codes(appoint("reviewer", "Z02")) == under("440402105", "440402106", "440402107")


def test_every_facility_reports_to_one_unit(zhuhai):
    seen = [
        code for unit in ReportingUnit.objects.all() for code in reporting_to(unit.pk).values_list("code", flat=True)
    ]
    assert sorted(seen) == sorted(Facility.objects.values_list("code", flat=True))


@pytest.mark.parametrize("role", ["city", "viewer", "admin"])
def test_the_city_sees_all(zhuhai, appoint, role):
    assert len(codes(appoint(role))) == 364


@pytest.mark.parametrize(("role", "code"), [("city", None), ("reviewer", "440402"), ("surveyor", "440402001")])
def test_a_disabled_officer_sees_nothing(zhuhai, appoint, role, code):
    officer = appoint(role, code, is_active=False)
    assert codes(officer) == set()
    assert not may_survey(officer, Facility.objects.get(code="440402001"))


def test_an_anonymous_visitor_sees_nothing(zhuhai):
    assert codes(AnonymousUser()) == set()
    assert not may_survey(AnonymousUser(), Facility.objects.get(code="440402001"))


def test_a_unit_without_members_sees_nothing(zhuhai, appoint):
    ReportingUnit.objects.create(code="Z09", name="某区", kind="zone")
    assert codes(appoint("reviewer", "Z09")) == set()


# ── Dates ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def moved(zhuhai):
    """唐家湾镇 goes back to 香洲区 on 2026-04-01, and one of its communities to 横琴."""
    Membership.objects.filter(division__code="440402100").update(ends=date(2026, 3, 31))
    station = Division.objects.filter(parent__code="440402100").first()
    Membership.objects.create(division=station, unit=ReportingUnit.objects.get(code="Z03"), starts=date(2026, 4, 1))
    return station.code


def test_reach_follows_the_day_of_a_move(moved, appoint):
    zone, district, other = appoint("reviewer", "Z01"), appoint("reviewer", "440402"), appoint("reviewer", "Z03")
    before, after = date(2026, 3, 31), date(2026, 4, 1)
    town = under("440402100")
    assert codes(zone, before) == town
    assert codes(zone, after) == set()
    assert codes(district, before) & town == set()
    assert codes(district, after) & town == town - {moved}
    assert moved not in codes(other, before)
    assert moved in codes(other, after)


def test_the_unit_of_a_facility_on_a_day(moved):
    office = Facility.objects.get(code="440402100")
    station = Facility.objects.get(code=moved)
    assert unit_of(office, date(2026, 3, 31)).code == "Z01"
    assert unit_of(office, date(2026, 4, 1)).code == "440402"
    assert unit_of(station, date(2026, 4, 1)).code == "Z03"
    assert unit_of(station, date(2010, 12, 31)) is None


def test_the_nearest_membership_decides_even_in_turns(zhuhai, appoint):
    """District → zone → one community back to the district."""
    station = Division.objects.filter(parent__code="440402100").first()
    Membership.objects.create(division=station, unit=ReportingUnit.objects.get(code="440402"), starts=date(2011, 1, 1))
    assert station.code in codes(appoint("reviewer", "440402"))
    assert codes(appoint("reviewer", "Z01")) == under("440402100") - {station.code}


def test_the_gate_and_the_unit_of_each_facility_agree(moved, appoint):
    day = date(2026, 5, 1)
    unit_at = units_of(Facility.objects.all(), day)
    for unit in ReportingUnit.objects.all():
        said = {code for code, other in unit_at.items() if other == unit}
        assert set(reporting_to(unit.pk, day).values_list("code", flat=True)) == said


def test_the_day_is_shanghais(moved, appoint):
    zone = appoint("reviewer", "Z01")
    with time_machine.travel("2026-03-31T15:59:59Z", tick=False):
        assert codes(zone) != set()
    with time_machine.travel("2026-03-31T16:00:00Z", tick=False):
        assert codes(zone) == set()


# ── Acts ──────────────────────────────────────────────────────────────────────


def test_only_surveyors_survey_and_only_what_they_see(zhuhai, appoint):
    facilities = list(Facility.objects.all())
    for place in ("440402001", "440402001001", "440402C"):
        surveyor = appoint("surveyor", place)
        assert {f.code for f in facilities if may_survey(surveyor, f)} == codes(surveyor)
    for role, place in (("reviewer", "440402"), ("city", None), ("viewer", None), ("admin", None)):
        assert not any(may_survey(appoint(role, place), facility) for facility in facilities[:3])


def test_a_stranger_gets_404(zhuhai, appoint):
    assert facility_or_404(appoint("surveyor", "440402001"), "440402001").division.name == "翠香街道"
    with pytest.raises(Http404):
        facility_or_404(appoint("surveyor", "440402002"), "440402001")
    with pytest.raises(Http404):
        facility_or_404(appoint("city"), "999")


def test_prefixes_of_a_code():
    assert prefixes("440402001001") == ["44", "4404", "440402", "440402001", "440402001001"]
    assert prefixes("440402C") == ["44", "4404", "440402"]


# ── Cost ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "code", "queries"), [("surveyor", "440402001", 1), ("reviewer", "440402", 3), ("city", None, 1)]
)
def test_the_gate_asks_no_more_of_a_larger_country(crowd, appoint, django_assert_num_queries, role, code, queries):
    pk = appoint(role, code).pk
    for _ in range(2):
        officer = Officer.objects.select_related("facility", "unit").get(pk=pk)
        with django_assert_num_queries(queries):
            list(visible_to(officer).values_list("code", flat=True))
        crowd() if _ == 0 else None


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plan")
def test_the_gate_is_served_by_the_index(zhuhai, appoint):
    for officer in (appoint("surveyor", "440402001"), appoint("reviewer", "Z01")):
        plan = visible_to(officer).filter(code="440402100").explain() + visible_to(officer).order_by().explain()
        assert "SCAN facilities_facility" not in plan
