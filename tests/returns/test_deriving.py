"""What the surveys of a district and the city are told of the last return and the newest bulletin."""

import pytest
import time_machine

from assessments.derived import derived_of
from assessments.models import Period
from facilities.models import Division, Facility
from reports.models import Bulletin
from reports.returns import workflow

RETURN = ("return_days_late", "submitted_on", "period")
NEXT = Period(year=2026, quarter=4)


@pytest.fixture
def bodies(city):
    return [
        Facility.objects.create(code=f"{code}G", subject=level, name=level, division=Division.objects.get(code=code))
        for code, level in (("440402", "district"), ("4404", "city"))
    ]


def told(body, *keys):
    return {key: each.value for key, each in derived_of([body], NEXT, keys).get(body.pk, {}).items()}


def test_a_return_in_time_and_one_that_was_returned_keep_the_first_day(bodies, sent, officers, now):
    workflow.send_back(sent, officers["city"], "请核对")
    now.move_to("2026-10-20T09:00:00+08:00")
    assert told(bodies[0], *RETURN) == {
        "return_days_late": 0, "submitted_on": "2026-10-12", "period": "2026年第三季度",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("at", "days"),
    [
        ("2026-10-13T23:59:59+08:00", None),  # the due day: nobody knows yet
        ("2026-10-16T10:00:00+08:00", 3),
        ("2027-03-01T10:00:00+08:00", 57),  # up to the quarter's end and no further
    ],
)
def test_what_has_not_come_is_late_up_to_the_end_of_the_quarter(bodies, at, days, period):
    with time_machine.travel(at, tick=False):
        found = told(bodies[0], *RETURN)
    assert found == {"period": "2026年第三季度"} | ({} if days is None else {"return_days_late": days})


def test_what_came_late(bodies, draft, reviewer, now):
    now.move_to("2026-10-17T10:00:00+08:00")  # a Saturday: three working days after the thirteenth
    workflow.submit(draft, reviewer)
    assert told(bodies[0], *RETURN)["return_days_late"] == 3


def test_the_newest_bulletin_that_was_out_by_the_end_of_the_quarter(bodies, period, bureau):
    decided = {"decision": {"decision": "criticise"}, "name": "香洲区", "grounds": []}
    for number, day, candidates in ((1, "2026-11-02", [decided]), (2, "2027-01-04", [])):
        Bulletin.objects.create(
            period=period, state="published", year=int(day[:4]), number=number, begun_by=bureau,
            published_at=f"{day}T00:30:00+08:00", content={"candidates": candidates}, code=f"x{number}",
        )  # fmt: skip
    assert told(bodies[1], "bulletin_no", "bulletin_on", "criticised") == {
        "bulletin_no": "2026年第1号", "bulletin_on": "2026-11-02", "criticised": True,
    }  # fmt: skip
    assert told(bodies[0], "bulletin_no") == {}
