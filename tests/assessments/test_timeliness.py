"""Four classes, four facts, and what a device claims."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from assessments import workflow
from assessments.capturing import claimed
from assessments.deadlines import Due
from assessments.models import Answer, Change, Period, Survey
from assessments.timeliness import (
    LATE,
    MISSING,
    ON_TIME,
    VOID,
    classes_of,
    is_empty,
    of_return,
    of_survey,
    timeliness,
)
from facilities.access import SHANGHAI
from tests.assessments.conftest import URL

pytestmark = pytest.mark.django_db
DUE = Due(date(2026, 10, 13), False)
MIDNIGHT = datetime(2026, 10, 14, tzinfo=SHANGHAI)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "sound", "expected"),
    [
        (None, True, MISSING),
        (None, False, MISSING),
        (MIDNIGHT - TICK, True, ON_TIME),
        (MIDNIGHT - TICK, False, VOID),
        (MIDNIGHT, True, LATE),
        (MIDNIGHT, False, LATE),
        (datetime.fromisoformat("2026-10-13T15:59:59.999999+00:00"), True, ON_TIME),
        (datetime.fromisoformat("2026-10-13T16:00:00+00:00"), True, LATE),
    ],
)
def test_the_first_submission_decides_to_the_microsecond(at, sound, expected):
    assert timeliness(DUE, at, sound) == expected


@pytest.mark.parametrize(
    ("state", "figures", "expected"), [("submitted", 3, ON_TIME), ("returned", 3, VOID), ("accepted", 0, VOID)]
)
def test_a_return_is_void_where_it_was_returned_or_rests_on_nothing(state, figures, expected):
    assert of_return(DUE, MIDNIGHT - TICK, state, figures) == expected


def test_a_survey_that_was_returned_stays_on_time_and_is_told_apart_until_it_is_sent_again(submitted, survey):
    survey.refresh_from_db()
    assert of_survey(survey) == ON_TIME
    survey.state = Survey.RETURNED
    assert of_survey(survey) == VOID
    survey.state = Survey.SUBMITTED
    assert of_survey(survey) == ON_TIME


def test_the_servers_clock_decides_in_the_last_microsecond(survey, surveyor, fill, now, browse):
    call_command("load_calendar", stdout=StringIO())
    fill()
    Period.objects.filter(pk=survey.period_id).update(due_day=date(2026, 10, 13))
    now.move_to(MIDNIGHT - TICK)
    browse(surveyor).post(f"{URL}submit/", {"captured_at": "2026-10-20T00:00:00Z"})  # a clock that runs ahead
    survey.refresh_from_db()
    assert survey.submitted_at == MIDNIGHT - TICK
    assert of_survey(Survey.objects.get(pk=survey.pk)) == ON_TIME
    now.move_to("2026-11-20T09:00:00+08:00")
    assert "2026年10月13日，已按时提交" in browse(surveyor).get(URL).content.decode()


def test_what_is_submitted_at_midnight_is_late_whatever_the_device_claims(survey, surveyor, fill, now, browse):
    fill()
    Period.objects.filter(pk=survey.period_id).update(due_day=date(2026, 10, 13))
    now.move_to(MIDNIGHT)
    browse(surveyor).post(f"{URL}submit/", {"captured_at": "2026-10-13T10:00:00+08:00"})
    sent = Survey.objects.get(pk=survey.pk)
    assert sent.captured_at == datetime(2026, 10, 13, 10, tzinfo=SHANGHAI)
    assert of_survey(sent) == LATE
    assert "2026年10月13日，已逾期提交" in browse(surveyor).get(URL).content.decode()


def test_resubmission_alters_neither_the_first_time_nor_the_class(submitted, survey, surveyor, now):
    first = Survey.objects.get(pk=survey.pk).submitted_at
    Survey.objects.filter(pk=survey.pk).update(state=Survey.RETURNED)
    now.move_to("2027-02-01T09:00:00+08:00")
    workflow.submit(survey, surveyor)
    again = Survey.objects.get(pk=survey.pk)
    assert (again.submitted_at, of_survey(again)) == (first, ON_TIME)
    assert again.received_at > first


# ── Empty ─────────────────────────────────────────────────────────────────────


def test_nothing_said_and_only_what_cannot_be_given_are_empty(survey, surveyor):
    survey.answers.all().delete()
    assert is_empty(survey)
    Answer.objects.create(survey=survey, indicator="computer_count", value=None, reason="正在盘点", by=surveyor)
    assert is_empty(survey)
    Answer.objects.create(survey=survey, indicator="printer_count", value=0, by=surveyor)
    assert not is_empty(survey)


def test_what_the_register_put_in_is_no_answer(survey, surveyor):
    survey.answers.all().delete()
    known = {"survey": survey, "indicator": "resident_population", "value": 136000, "by": surveyor}
    Answer.objects.create(**known, origin=Answer.CONFIRMED)
    Change.objects.create(**known, origin=Answer.FACT, operation="00000000-0000-0000-0000-000000000001", revision=90)
    assert is_empty(survey)


def test_the_classes_together_are_those_that_are_due(submitted, survey, surveyor, office, now):
    period = survey.period
    due = period.due_surveys.count()
    assert classes_of(period) == {ON_TIME: 1, LATE: 0, MISSING: due - 1, VOID: 0}
    Survey.objects.filter(pk=survey.pk).update(state=Survey.RETURNED)
    assert classes_of(period)[VOID] == 1
    period.due_surveys.filter(facility=office).delete()  # a survey of one that is not due counts nowhere
    assert classes_of(period) == {ON_TIME: 0, LATE: 0, MISSING: due - 1, VOID: 0}


# ── What a device claims ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("2026-10-09T01:30:00.000Z", True),
        ("2026-10-01T00:00:00+08:00", True),
        ("2026-09-30T23:59:59+08:00", False),  # before the quarter
        ("2026-10-09T10:00:00.000001+08:00", False),  # a microsecond ahead of the server
        ("2026-10-09T09:00:00", False),  # no zone
        ("0001-01-01T00:00:00+14:00", False),
        ("2026-13-45T99:00:00Z", False),
        ("昨天", False),
        ("", False),
    ],
)
def test_a_claim_that_cannot_be_is_dropped(text, holds, now):
    assert (claimed(text, Period(year=2026, quarter=4)) is not None) is holds


def test_a_nonsense_claim_falls_back_to_the_last_answer(survey, surveyor, fill, now, browse):
    fill()
    saved = datetime.fromisoformat("2026-10-09T10:00:00+08:00")
    now.move_to("2026-10-09T18:00:00+08:00")
    browse(surveyor).post(f"{URL}submit/", {"captured_at": "2031-01-01T00:00:00Z"})
    sent = Survey.objects.get(pk=survey.pk)
    assert (sent.captured_at, sent.received_at) == (saved, datetime.fromisoformat("2026-10-09T18:00:00+08:00"))
