"""The summaries equal a recount from raw judgements, whatever was done, in whatever order, by however many at once."""

from io import StringIO
from random import Random
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments import beginning, summaries, workflow
from assessments.deadlines import due_of
from assessments.models import DueSurvey, Period, Progress, Summary, Survey
from assessments.summaries import keeping
from facilities.models import Facility
from tests.assessments.counted import (
    chance_judgement,
    keep,
    move,
    open_with,
    recounted_progress,
    recounted_sums,
    stored_progress,
    stored_sums,
)
from tests.assessments.test_races import at_once

OFFICES = ("440402001", "440402002", "440402003", "440403100", "440403103", "440402007")


@pytest.fixture
def quarter(city):
    return Period.objects.create(year=2026, quarter=4)


@pytest.fixture
def offices(city):
    return list(Facility.objects.filter(code__in=OFFICES).select_related("division"))


@pytest.fixture
def surveys(quarter, offices, surveyor, now):
    open_with(quarter, offices)
    return [Survey.objects.create(facility=f, period=quarter, created_by=surveyor) for f in offices]


def holds(quarter):
    assert stored_progress() == recounted_progress(due_of(quarter).moment)
    assert stored_sums() == recounted_sums()
    assert list(summaries.differences(quarter)) == []


AFTER = {
    "draft": ["submitted"],
    "submitted": ["returned", "accepted", "draft"],
    "returned": ["submitted"],
    "accepted": ["returned"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(8))
def test_after_any_sequence_of_acts_the_rows_equal_a_recount(seed, quarter, surveys, surveyor, now):
    chance = Random(seed)
    for step in range(30):
        if step == 15:
            now.move_to("2027-01-20T10:00:00+08:00")  # after the due day
        survey = chance.choice(surveys)
        survey.refresh_from_db()
        to = chance.choice(AFTER[survey.state])
        if to == "draft":
            survey.submitted_at = None
        move(survey, to, surveyor, chance)
    holds(quarter)
    before = stored_sums(), stored_progress()
    for survey in surveys:
        summaries.refresh(survey)
    assert (stored_sums(), stored_progress()) == before
    summaries.begin(quarter)
    assert (stored_sums(), stored_progress()) == before
    summaries.rebuild(quarter)
    assert (stored_sums(), stored_progress()) == before


@pytest.mark.django_db
def test_the_verbs_count(surveyor, survey, fill):
    """The quarter was opened, with all who must report, when its first survey was begun."""
    offices = Progress.objects.filter(kind="city", subject="township")
    assert offices.get().begun == 1
    fill()
    workflow.submit(survey, surveyor)
    city = offices.get()
    assert (city.due, city.submitted, city.on_time, city.accepted) == (
        Facility.objects.filter(subject="township").count(),
        1,
        1,
        0,
    )
    assert not Summary.objects.exists()


@pytest.mark.django_db
def test_stations_begun_together_are_counted(quarter, office, surveyor, now):
    stations = list(Facility.objects.filter(code__startswith=office.code, subject="village"))
    open_with(quarter, [office, *stations])
    beginning.begin_all(stations, quarter, surveyor)
    rows = Progress.objects.filter(subject="village")
    assert {row.kind: (row.due, row.begun) for row in rows} == dict.fromkeys(
        ("city", "unit", "town"), (len(stations),) * 2
    )


@pytest.mark.django_db
def test_what_is_not_due_is_not_counted(quarter, offices, surveyor, now):
    open_with(quarter, offices[:1])
    stranger = Survey.objects.create(facility=offices[1], period=quarter, created_by=surveyor)
    move(stranger, "accepted", surveyor, Random(1))
    assert Progress.objects.get(kind="city").accepted == 0
    assert not Summary.objects.exists()


@pytest.mark.django_db
def test_a_thing_that_two_requirements_name_is_lacking_once(quarter, surveys, surveyor):
    content = chance_judgement(Random(3))
    for key, norm, actual in (("town.3.ratio", 8, 4), ("town.3.minimum", 5, 4)):
        measured = {"operator": "at_least", "norm": str(norm), "actual": str(actual), "shortfall": str(norm - actual)}
        content["results"][key] = {"requirement": key, "outcome": "fail", "measured": [measured], "main": 0}
    survey = surveys[0]
    survey.state = "accepted"
    survey.save()
    keep(survey, "accepted", surveyor, content)
    summaries.refresh(survey)
    staff = Summary.objects.get(kind="city", item="staff")
    assert (staff.gap, staff.lacking, staff.required, staff.actual, staff.unit_word) == (4, 1, 8, 4, "人")
    ratio = Summary.objects.get(kind="city", requirement="town.3.ratio")
    assert (ratio.gap, ratio.lacking) == (4, 1)


@pytest.mark.django_db
def test_a_town_between_two_units_stands_under_each(quarter, offices, surveyor, now):
    open_with(quarter, offices[:2])
    other = DueSurvey.objects.get(facility=offices[1])
    DueSurvey.objects.filter(pk=other.pk).update(
        town=offices[0].code, unit=DueSurvey.objects.get(facility=offices[0]).unit_id
    )
    foreign = DueSurvey.objects.exclude(pk=other.pk).get()
    foreign.unit = type(foreign.unit).objects.get(code="440403")
    foreign.save()
    summaries.begin(quarter)
    towns = Progress.objects.filter(kind="town").order_by("parent")
    assert [(t.area, t.parent, t.due) for t in towns] == [
        (offices[0].code, "440402", 1),
        (offices[0].code, "440403", 1),
    ]


# ── The command ───────────────────────────────────────────────────────────────


def run(*asked):
    out = StringIO()
    call_command("rebuild_summaries", *asked, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_check_names_what_differs_and_rebuild_mends_it(quarter, surveys, surveyor):
    chance = Random(5)
    for survey in surveys:
        move(survey, "accepted", surveyor, chance)
    assert "一致" in run("--check")
    Summary.objects.filter(kind="unit", area="440402", item="staff").update(gap=99)
    Progress.objects.filter(kind="city").update(accepted=1)
    with pytest.raises(CommandError) as error:
        run("--check", "--period", "2026Q4")
    assert error.value.returncode == 1
    assert "重算了 6 家" in run("--period", "2026Q4")
    assert "不一致" not in run("--check")
    holds(quarter)


@pytest.mark.django_db
def test_an_unknown_quarter_is_refused_kindly(city):
    with pytest.raises(CommandError, match="2026"):
        run("--period", "2026Q9")


# ── Cost and races ────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_refresh_asks_a_constant_number_of_questions(quarter, surveys, surveyor):
    def asked(survey):
        survey.state = "accepted"
        survey.save()
        keep(survey, "accepted", surveyor, chance_judgement(Random(survey.pk)))
        with CaptureQueriesContext(connection) as queries:
            summaries.refresh(survey)
        return len([q for q in queries if not q["sql"].startswith(("INSERT", "BEGIN", "SAVEPOINT", "RELEASE"))])

    few = asked(surveys[0])
    assert [asked(survey) for survey in surveys[1:]] == [few] * 5
    assert few <= 12


@pytest.mark.django_db(transaction=True)
def test_many_acceptances_at_once_lose_nothing(quarter, surveys, surveyor):
    def accept(survey, seed):
        def act():
            with transaction.atomic():
                locked = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
                move(locked, "accepted", surveyor, Random(seed))

        return act

    for turn in range(3):
        at_once(*(accept(survey, turn) for survey in surveys))
        holds(quarter)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_an_acceptance_is_lost(quarter, surveys, surveyor, monkeypatch):
    """On PostgreSQL, where two write at once; SQLite has one writer by nature."""
    gate, write = Barrier(2, timeout=20), Progress.objects.bulk_create

    def written_after_both_have_read(rows, **how):
        if connection.vendor == "postgresql":
            gate.wait()
        return write(rows, **how)

    monkeypatch.setattr(keeping, "held", lambda period: Period.objects.get(pk=period))
    monkeypatch.setattr(Progress.objects, "bulk_create", written_after_both_have_read)

    def submit(survey):
        def act():
            with transaction.atomic():
                move(survey, "submitted", surveyor, Random(1))

        return act

    at_once(submit(surveys[0]), submit(surveys[1]))
    counted = Progress.objects.get(kind="city").submitted
    assert counted == (1 if connection.vendor == "postgresql" else 2)
