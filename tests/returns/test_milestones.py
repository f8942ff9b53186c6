"""建设期限: the day of the deadline is on time, what is not known is neither done nor late, and the board's numbers
are a recount."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import DueSurvey, Finding, Judgement, Snapshot, Survey
from facilities.models import Facility, ReportingUnit
from reports.milestones.board import board_of, lines_of, reach_of
from reports.milestones.items import items
from reports.milestones.standing import DONE, LATE, ON_TIME, OPEN, OVERDUE, UNKNOWN, Told, status_of
from standards.models import Requirement, Standard
from tests.returns.quarter import due, make_station

DEADLINE = date(2011, 12, 31)
LATER = date(2026, 10, 12)
FACTS = {"done": "established", "day": "established_on"}


def stands(told, done="", day="", today=LATER):
    return status_of(DEADLINE, done, day, told, today)


# ── One body and one deadline ─────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "status"),
    [("2011-12-30", ON_TIME), ("2011-12-31", ON_TIME), ("2012-01-01", LATE), (None, DONE), ("不是日期", DONE)],
)
def test_the_day_of_the_deadline_is_on_time(day, status):
    assert stands(Told({"established": True, "established_on": day}), **FACTS) == status


@pytest.mark.parametrize(("today", "status"), [(date(2011, 12, 31), OPEN), (date(2012, 1, 1), OVERDUE)])
def test_what_is_not_done_is_overdue_from_the_day_after(today, status):
    assert stands(Told({"established": False}), **FACTS, today=today) == status
    assert stands(Told(outcome="fail"), today=today) == status
    assert stands(Told(outcome="deviation"), today=today) == status


def test_what_nobody_said_is_neither_done_nor_late():
    assert stands(Told(), **FACTS) == UNKNOWN
    assert stands(Told({"established_on": "2011-01-01"}), **FACTS) == UNKNOWN
    assert stands(Told()) == UNKNOWN
    for outcome in ("missing", "pending"):
        assert stands(Told(outcome=outcome)) == UNKNOWN


def test_a_date_that_was_asked_and_left_out_is_not_done():
    """口径: 还没有更名的，不填. Never asked is not known."""
    assert stands(Told(outcome="missing"), day="renamed_on") == OVERDUE
    assert stands(Told(), day="renamed_on") == UNKNOWN
    assert stands(Told({"renamed_on": "2011-12-31"}, outcome="pass"), day="renamed_on") == ON_TIME


def test_without_a_date_done_is_done_on_an_unknown_day():
    assert stands(Told(outcome="pass")) == stands(Told(outcome="relaxed")) == DONE
    assert stands(Told(outcome="missing", grade="未设立")) == OVERDUE
    assert stands(Told(outcome="not_applicable")) is None


@pytest.mark.parametrize(
    ("overdue", "actual", "shortfall", "last_day", "status"),
    [
        (True, "3", "2", LATER, OVERDUE),
        (False, "5", None, LATER, DONE),
        (True, None, None, LATER, UNKNOWN),
        (False, "3", "2", DEADLINE, OVERDUE),
        (False, "5", None, DEADLINE, DONE),
    ],
)
def test_what_is_only_aimed_at_tells_by_its_result(overdue, actual, shortfall, last_day, status):
    main = {"indicator": "qualified_staff", "actual": actual, "norm": "5"} | (
        {"shortfall": shortfall} if shortfall else {}
    )
    result = {"outcome": "info", "overdue": overdue, "measured": [main], "main": 0}
    assert stands(Told(outcome="info", result=result, last_day=last_day)) == status


# ── The items ─────────────────────────────────────────────────────────────────


def test_every_dated_sentence_has_its_row(city):
    """Those of PROCESSES §2, counted in the fixtures' own text."""
    found = items()
    days = Counter(item.deadline.isoformat() for item in found)
    assert set(days) == {"2011-12-31", "2012-06-30", "2012-08-31", "2020-12-31"}
    text = "".join(standard.file.text for standard in Standard.objects.select_related("file"))
    assert sum(days.values()) == text.count("\ndeadline = ")
    assert {item.key: item.day for item in found if item.day} == {
        "zh.2.town_built": "established_on",
        "zh.3.1.4.deadline": "renamed_on",
        "zh.3.1.5.deadline": "staffed_on",
    }


# ── The board ─────────────────────────────────────────────────────────────────


def cells(board, key):
    """column → status → how many."""
    row = next(row for deadline in board.deadlines for row in deadline.rows if row.item.key == key)
    return {cell.unit: {status: number for status, _, number in cell.counts} for cell in row.cells}


def test_the_numbers_are_a_recount_from_the_answers(city, bureau, now):
    """Of the two offices one is accepted with its day, the other has not begun; of the stations two are accepted, one
    is submitted, one is a draft."""
    office = Survey.objects.get(facility__code="440402001").snapshots.first()
    established = office.content["answers"]["established_on"]["value"]
    when = ON_TIME if established <= "2011-12-31" else LATE
    board = board_of(bureau)
    assert cells(board, "zh.2.town_built") == {"440402": {when: 1, UNKNOWN: 1}}
    said = [
        snapshot.content["answers"]["has_station"]["value"]
        for snapshot in Snapshot.objects.filter(survey__facility__subject="village", kind="submitted")
    ]
    assert said == [True] * 3
    assert cells(board, "zh.2.village_built")["440402"] == {DONE: 3, UNKNOWN: 1}
    qualified = cells(board, "town.10.qualified")["440402"]
    result = Judgement.objects.get(snapshot=office).content["results"]["town.10.qualified"]
    assert qualified == {OVERDUE if result["overdue"] else DONE: 1, UNKNOWN: 1}
    assert (board.bodies, board.read) == (DueSurvey.objects.count(), 4)
    assert sum(cells(board, "zh.3.1.4.deadline")["440402"].values()) == 6


def test_the_plan_binds_only_whom_it_judges(city, bureau, now):
    """A judgement by the plan, as adoption makes it, with what of it is not a pass."""
    snapshot = Survey.objects.get(facility__code="440402001").snapshots.first()
    assert cells(board_of(bureau), "zh.3.2.town_area")["440402"] == {UNKNOWN: 2}
    plan = Standard.objects.get(key="zhuhai_2011")
    judged = Judgement.objects.create(
        snapshot=snapshot, survey=snapshot.survey, standard=plan, grade="未达标", content={"results": {}}, beside=True
    )
    short = Requirement.objects.get(standard=plan, key="zh.3.2.town_area")
    Finding.objects.create(judgement=judged, requirement=short, outcome="deviation")
    board = board_of(bureau)
    assert cells(board, "zh.3.2.town_area")["440402"] == {OVERDUE: 1, UNKNOWN: 1}
    assert cells(board, "zh.3.2.town_windows")["440402"] == {DONE: 1, UNKNOWN: 1}
    assert cells(board, "zh.3.1.4.deadline")["440402"] == {OVERDUE: 1, UNKNOWN: 5}
    snapshot.content["answers"] |= {"renamed_on": {"value": "2012-01-01"}, "established": {"value": False}}
    Snapshot.objects.filter(pk=snapshot.pk).update(content=snapshot.content)
    board = board_of(bureau)
    assert cells(board, "zh.3.1.4.deadline")["440402"] == {LATE: 1, UNKNOWN: 5}
    assert cells(board, "zh.2.town_built")["440402"] == {OVERDUE: 1, UNKNOWN: 1}
    judged.delete()
    assert cells(board_of(bureau), "zh.2.town_built")["440402"] == {UNKNOWN: 2}, "not bound, so not overdue"


def test_the_newest_accepted_snapshot_speaks_before_a_later_submission(city, bureau, now):
    survey = Survey.objects.get(facility__code="440402001")
    accepted = survey.snapshots.get(kind="accepted")
    told = accepted.content | {"answers": {"established": {"value": True}, "established_on": {"value": "2011-06-01"}}}
    Snapshot.objects.filter(pk=accepted.pk).update(content=told)
    Snapshot.objects.create(survey=survey, number=9, kind="submitted", content={"answers": {}}, by=bureau)
    assert cells(board_of(bureau), "zh.2.town_built")["440402"] == {ON_TIME: 1, UNKNOWN: 1}


def test_a_number_opens_to_its_bodies_and_the_sentence(city, bureau, browse, now):
    reach = reach_of(bureau, "zh.2.town_built", "440402")
    lines = lines_of(reach, reach.items[0], "")
    assert [(line.body.code, line.status, line.why) for line in lines] == [
        ("440402001", LATE, "核查表填报的事实"), ("440402002", UNKNOWN, "还没有提交过核查表"),
    ]  # fmt: skip
    page = browse(bureau).get("/milestones/facilities/?item=zh.2.town_built&unit=440402&status=late").content.decode()
    for words in ("2011年底前，全面完成全市所有街道（镇）", "/surveys/440402001/2026Q3/result/", "2012年3月1日"):
        assert words in page
    assert "440402002" not in page


def test_queries_do_not_grow_with_bodies(city, bureau, period, now):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            board_of(bureau)
        return len(queries)

    asked()  # editions are parsed once a process
    few = asked()
    office = Facility.objects.get(code="440402002")
    for number in range(10, 18):
        due(make_station(office, number), period)
    for other in Facility.objects.filter(subject="township").exclude(code__startswith="440402")[:6]:
        due(other, period)
    assert asked() == few <= 8


# ── Who ───────────────────────────────────────────────────────────────────────


def test_a_district_sees_its_own_column_only(city, officers, browse, now, period):
    due(Facility.objects.get(code="440403100"), period, ReportingUnit.objects.get(code="440403"))
    assert [unit.code for unit in board_of(officers["viewer"]).units] == ["440402", "440403"]
    own = board_of(officers["reviewer"])
    assert ([unit.code for unit in own.units], own.bodies) == (["440402"], 6)
    stranger = browse(officers["stranger"])
    assert stranger.get("/milestones/").status_code == 200
    for asked in ("?item=zh.2.town_built&unit=440402", "?item=nothing", "?item=zh.2.town_built&status=x", ""):
        assert stranger.get(f"/milestones/facilities/{asked}").status_code == 404
    assert browse(officers["surveyor"]).get("/milestones/").status_code == 404
