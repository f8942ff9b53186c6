"""区、市 are surveyed with the same forms: the district's centre fills, the city accepts, no sum counts them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from assessments import beginning, reviewing, workflow
from assessments.derived import derived_of
from assessments.models import Answer, DueSurvey, Period, Progress, Summary, Survey
from assessments.periods import opened_period
from assessments.queue import decided_by
from assessments.standings import standing_of
from facilities.access import may_survey, visible_to
from facilities.governed import lacking_governed
from facilities.models import Facility, Post
from tests.assessments.acts import accepted, fresh
from tests.assessments.adopted import adopt, say_all

QUARTER = Period(year=2026, quarter=4)


@pytest.fixture
def plan(city):
    adopt()


@pytest.fixture
def centre(plan, officer):
    return officer("surveyor", facility="440402C")


def body(code="440402G"):
    return Facility.objects.select_related("division").get(code=code)


def test_the_centre_fills_the_districts_and_the_city_its_own(plan, centre, officer):
    office, city = officer("surveyor"), officer("city")
    assert may_survey(centre, body())
    assert not may_survey(centre, body("440403G"))
    assert not may_survey(centre, body("4404G"))
    assert not may_survey(office, body())
    assert may_survey(city, body("4404G"))
    assert not may_survey(city, body())
    assert not may_survey(officer("viewer"), body("4404G"))
    assert visible_to(centre).filter(code="440402G").exists()
    assert visible_to(officer("reviewer")).filter(code="440402G").exists()
    assert not visible_to(officer("reviewer", unit="440403")).filter(code="440402G").exists()
    assert not visible_to(office).filter(subject="district").exists()


def test_begun_filled_submitted_and_accepted_by_the_city(now, centre, officer, browse):
    survey = beginning.start(body(), QUARTER, centre)
    client, url = browse(centre), "/surveys/440402G/2026Q4/"
    assert "工作目标" in client.get(url).content.decode()
    assert client.get(f"{url}clauses/二/").status_code == 200
    standing = say_all(survey, centre)
    assert [standard.key for standard in standing.standards] == ["zhuhai_2011"]
    assert "district" in next(standing.edition.requirements).subjects
    assert client.post(f"{url}submit/").status_code == 302
    city = officer("city")
    assert list(decided_by(city)) == [survey]
    assert not decided_by(officer("reviewer")).exists()
    with pytest.raises(PermissionDenied, match="市局"):
        accepted(survey, officer("reviewer"))
    accepted(survey, city)
    assert fresh(survey).state == "accepted"
    assert standing_of(fresh(survey)).derived == {}  # what is accepted stays as it was
    page = browse(city).get(f"{url}result/").content.decode()
    assert "珠海方案" in page
    assert "工作目标" in page


def test_the_citys_own_is_accepted_by_another_of_the_city(now, plan, officer):
    one, other = officer("city"), officer("city")
    survey = beginning.start(body("4404G"), QUARTER, one)
    say_all(survey, one)
    workflow.submit(survey, one)
    with pytest.raises(PermissionDenied, match="另一位"):
        reviewing.open_review(fresh(survey), one)
    accepted(survey, other)


def test_a_zone_is_surveyed_by_its_reviewer_and_accepted_by_the_city(now, plan, officer, browse):
    """三（一）4 各区（含横琴新区、经济功能区，下同）: its 管委会 stands in the first of its towns, answers for all."""
    zone, harbour = body("440402105G"), officer("reviewer", unit="Z02")
    assert zone.name == "万山区管理委员会"
    assert lacking_governed("440402106", ["district"]) == [], "another town of the zone has the same one"
    for who in (officer("reviewer"), officer("reviewer", unit="Z01"), officer("surveyor", facility="440402105"),
                officer("surveyor", facility="440402C"), officer("city")):  # fmt: skip
        assert not may_survey(who, zone)
    assert not may_survey(harbour, body())
    assert browse(harbour).post("/surveys/440402105G/2026Q4/start/").status_code == 302
    survey = say_all(Survey.objects.get(facility=zone), harbour).survey
    workflow.submit(survey, harbour)
    with pytest.raises(PermissionDenied):
        accepted(survey, harbour)
    accepted(survey, officer("city"))
    assert fresh(survey).state == "accepted"
    for code, served in (("440402106", "甲"), ("440402104", "乙")):  # of its towns; of another zone's
        by, kind = harbour, "fulltime"
        Post.objects.create(facility=body(code), name=served, by=by, kind=kind, starts=date(2020, 1, 1))
    known = derived_of([zone, body()], opened_period(2026, 4), ("staff_count",))
    assert {pk: each["staff_count"].value for pk, each in known.items()} == {zone.pk: 1}


def test_no_sum_of_bodies_counts_them(now, centre, officer):
    survey = beginning.start(body(), QUARTER, centre)
    say_all(survey, centre)
    workflow.submit(survey, centre)
    accepted(survey, officer("city"))
    assert not DueSurvey.objects.filter(subject__in=("district", "city")).exists()
    assert not Progress.objects.filter(subject__in=("district", "city")).exists()
    assert not Summary.objects.exists()


# ── What is derived ───────────────────────────────────────────────────────────


@pytest.fixture
def posts(plan, surveyor):
    office, station = Facility.objects.get(code="440402001"), Facility.objects.get(code="440402001001")

    def post(facility, name, **more):
        return Post.objects.create(facility=facility, name=name, by=surveyor, **({"starts": date(2020, 1, 1)} | more))

    post(office, "甲", kind="fulltime", certificate="一", filed_on=date(2020, 2, 1), filing_number="备1")
    post(office, "乙", kind="fulltime", trained_on=date(2026, 3, 1))
    post(office, "丙", kind="parttime", ends=date(2026, 9, 30))
    post(station, "丁", kind="parttime", trained_on=date(2025, 3, 1))


KEYS = ("staff_count", "fulltime_count", "parttime_count", "appointed_count", "filed_count", "certified_staff",
        "trained_this_year")  # fmt: skip


def test_the_roster_is_counted(posts, now, django_assert_max_num_queries):
    period = opened_period(2026, 4)
    of = {each.code: each for each in Facility.objects.filter(code__in=("440402001", "440402G", "440402002"))}
    with django_assert_max_num_queries(5):  # four of them the district's own
        known = derived_of(list(of.values()), period, KEYS)
    counts = {code: [known.get(of[code].pk, {}).get(key) for key in KEYS] for code in of}
    assert [each.value for each in counts["440402001"]] == [2, 2, 0, 2, 1, 1, 1]
    assert [each.value for each in counts["440402G"]] == [2, 2, 1, 3, 1, 1, 1]
    assert counts["440402002"] == [None] * len(KEYS)  # no roster is not nobody


def _number(survey):
    return standing_of(survey).questionnaire.page_of["certified_staff"].clause.number


def test_a_survey_begins_with_it_and_shows_what_was_typed_otherwise(posts, now, surveyor, browse):
    office = Facility.objects.select_related("division").get(code="440402001")
    survey = beginning.start(office, QUARTER, surveyor)
    held = Answer.objects.get(survey=survey, indicator="certified_staff")
    assert (held.value, held.origin) == (1, Answer.FACT)
    assert Answer.objects.get(survey=survey, indicator="staff_count").value == 2
    client, page = browse(surveyor), f"/surveys/440402001/2026Q4/clauses/{_number(survey)}/"
    said = client.get(page).content.decode()
    assert "人员名册（2026年12月31日在岗）：1 人" in said
    assert "与系统里的不同" not in said
    say_all(survey, surveyor, certified_staff=2)
    assert "与系统里的不同。人员名册（2026年12月31日在岗）：1 人，这里填的是 2 人" in client.get(page).content.decode()


def test_the_rollup_is_of_a_quarter_that_is_accepted_whole(plan, now, officer):
    period = opened_period(2026, 3)
    assert derived_of([body()], QUARTER, ("town_bodies_due",)) == {}
    due = DueSurvey.objects.filter(period=period, unit__code="440402")
    Progress.objects.filter(period=period, kind="unit", area="440402").delete()
    Progress.objects.create(
        period=period, kind="unit", area="440402", parent="4404", subject="township", due=due.count(),
        accepted=due.count(),
    )  # fmt: skip
    Summary.objects.create(
        period=period, kind="unit", area="440402", parent="4404", subject="township", standard="x", reached=7, judged=9
    )
    known = derived_of([body()], QUARTER, ("town_bodies_due", "town_bodies_established", "standardised_rate"))
    found = known[body().pk]
    assert found["town_bodies_due"].value == due.filter(subject="township").count() > 0
    assert found["town_bodies_established"].value == 0
    share = (Decimal(700) / due.count()).quantize(Decimal("0.01"), "ROUND_DOWN")
    assert found["standardised_rate"].value == str(share)
    assert found["standardised_rate"].source == f"2026年第三季度已通过的核查表，7 / {due.count()} 家"


def test_the_quarter_before_is_told(plan, now, office, surveyor):
    survey = beginning.start(office, QUARTER, surveyor)
    assert "online_items_before" not in standing_of(survey).derived
