"""Real parallel requests, on PostgreSQL truly at once (SQLite lets one write at a time). The race has a control: with
the check off, the harm is done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from assessments import answering, beginning, workflow
from assessments.models import Answer, Change, Period, Snapshot, Survey
from facilities.models import Facility
from tests.assessments.conftest import URL, answer_url

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Runs each act in a thread of its own, started together; gives their answers."""
    gate = Barrier(len(acts))

    def run(act):
        gate.wait()
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def send(officer, key, value, revision, operation=None):
    client = Client()
    client.force_login(officer, backend="facilities.backends.OfficerBackend")
    data = {key: value, f"{key}__revision": revision, "operation": str(operation or uuid4())}
    return lambda: client.post(answer_url(key), data)


@pytest.fixture
def pair(officer):
    return officer("surveyor"), officer("surveyor")


def answered(survey):
    return Answer.objects.get(survey=survey, indicator="computer_count")


def test_two_edits_at_once_never_overwrite_silently(survey, pair):
    for revision in range(8):
        acts = [send(who, "computer_count", str(10 * revision + n), revision) for n, who in enumerate(pair)]
        statuses = sorted(response.status_code for response in at_once(*acts))
        assert statuses == [200, 409]
    assert answered(survey).revision == 8
    assert Change.objects.filter(survey=survey, indicator="computer_count").count() == 8


def test_control_without_the_check_an_edit_is_lost(survey, pair, monkeypatch):
    monkeypatch.setattr(answering, "is_stale", lambda answer, base: False)
    acts = [send(who, "computer_count", value, 0) for who, value in zip(pair, ("5", "7"), strict=True)]
    assert [response.status_code for response in at_once(*acts)] == [200, 200]
    assert Change.objects.filter(survey=survey, indicator="computer_count").count() == 2
    assert answered(survey).value in (5, 7)  # one officer's value is gone, and nobody was told


def test_one_act_sent_many_times_at_once_is_done_once(survey, surveyor):
    operation = uuid4()
    acts = [send(surveyor, "computer_count", "7", 0, operation) for _ in range(5)]
    assert {response.status_code for response in at_once(*acts)} == {200}
    assert Change.objects.filter(survey=survey, indicator="computer_count").count() == 1


def test_submit_twice_at_once_is_one_snapshot(survey, surveyor, fill):
    fill()

    def press():
        client = Client()
        client.force_login(surveyor, backend="facilities.backends.OfficerBackend")
        return lambda: client.post(f"{URL}submit/")

    responses = at_once(press(), press(), press())
    assert {response.url for response in responses} == {f"{URL}receipt/"}
    assert Snapshot.objects.filter(survey=survey).count() == 1


def test_an_edit_against_a_submission_is_in_the_snapshot_or_refused(survey, surveyor, fill):
    fill()
    revision = answered(survey).revision

    def submit():
        return workflow.submit(Survey.objects.select_related("facility", "period").get(pk=survey.pk), surveyor)

    edit, snapshot = at_once(send(surveyor, "computer_count", "8", revision), submit)
    kept = snapshot.content["answers"]["computer_count"]["value"]
    assert (edit.status_code, kept) in {(200, 8), (423, 5)}
    assert answered(survey).value == kept


def test_two_first_openings_at_once_make_one_survey(office, officer, now):
    def begin(who):
        client = Client()
        client.force_login(who, backend="facilities.backends.OfficerBackend")
        return lambda: client.post(f"{URL}start/")

    responses = at_once(begin(officer("surveyor")), begin(officer("surveyor")))
    assert {response.url for response in responses} == {URL}
    assert Survey.objects.filter(facility=office).count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer by nature")
def test_two_offices_do_not_wait_for_each_other(survey, surveyor, officer, now):
    """One office's save holds its own survey, not the quarter that all share."""
    neighbour = Facility.objects.get(code="440402002")
    theirs = beginning.start(neighbour, Period(year=2026, quarter=4), officer("surveyor", facility="440402002"))
    with transaction.atomic():
        answering.save(survey, surveyor, [])
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(at_once, lambda: answering.save(theirs, theirs.created_by, []))
            assert other.result(timeout=20)
