"""Submission and acceptance of many surveys in one act: the same as one by one, in as few statements."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import reviewing, workflow
from assessments.beginning import begin_all
from assessments.models import Answer, Finding, Judgement, Snapshot, Survey
from assessments.snapshots import hash_of
from facilities.models import Facility
from tests.assessments.acts import accepted, decide_all, fresh

MANY = 6


@pytest.fixture
def centre(officer):
    return officer("surveyor", facility="440402C")


@pytest.fixture
def towns(survey, surveyor, fill, centre):
    """A filled survey, and those of other offices of its unit that say the same."""
    fill()
    others = Facility.objects.filter(code__startswith="440402", subject="township").exclude(pk=survey.facility_id)
    surveys = begin_all(others.order_by("code")[: MANY - 1], survey.period, centre)
    said = Answer.objects.filter(survey=survey)
    Answer.objects.filter(survey__in=surveys).delete()
    Answer.objects.bulk_create(
        Answer(survey=each, indicator=a.indicator, value=a.value, origin=Answer.CARRIED, by=centre)
        for each in surveys
        for a in said
    )
    return [fresh(survey), *map(fresh, surveys)]


def told(snapshot):
    """Its content without what is its own: who, when and where."""
    own = ("receipt", "facility", "submitted", "accepted")
    content = {key: value for key, value in snapshot.content.items() if key not in own}
    return content | {"answers": {key: each["value"] for key, each in content["answers"].items()}}


def test_many_are_submitted_as_one_is(towns, surveyor, centre):
    one = workflow.submit(towns[0], surveyor)
    several = workflow.submit_all(towns, centre)
    assert [snapshot.survey for snapshot in several] == towns[1:]  # what is submitted already stays
    assert towns[0].snapshots.count() == 1
    for snapshot in Snapshot.objects.filter(pk__in=[each.pk for each in several]):
        assert told(snapshot) == told(one)
        assert snapshot.content["facility"]["code"] in snapshot.receipt
        assert snapshot.content_hash == hash_of(snapshot.content)
        assert findings(snapshot) == findings(one)
        assert (snapshot.survey.state, snapshot.survey.submitted_at) == (Survey.SUBMITTED, snapshot.at)
    assert not Answer.objects.filter(survey__in=towns[1:], origin__in=Answer.UNREAD).exists()


def findings(snapshot):
    rows = Finding.objects.filter(judgement__snapshot=snapshot)
    return sorted(rows.values_list("requirement__key", "outcome", "shortfall"))


def test_what_lacks_an_answer_stays_a_draft(towns, centre):
    Answer.objects.filter(survey=towns[2], indicator="computer_count").delete()
    sent = workflow.submit_all(towns, centre)
    assert {snapshot.survey_id for snapshot in sent} == {each.pk for each in towns} - {towns[2].pk}
    assert fresh(towns[2]).state == Survey.DRAFT


def test_of_a_stranger_nothing_is_submitted(towns, officer):
    with pytest.raises(PermissionDenied):
        workflow.submit_all(towns, officer("surveyor", facility="440402003"))
    assert not Snapshot.objects.exists()


def test_many_are_accepted_as_one_is(towns, centre, own):
    workflow.submit_all(towns, centre)
    one = accepted(towns[0], own)
    for each in towns[1:-1]:
        decide_all(each, own)
    done = reviewing.accept_all(list(map(fresh, towns)), own)
    assert set(done.snapshots) == {each.pk for each in towns[1:-1]}
    assert set(done.refused) == {towns[0].pk, towns[-1].pk}
    assert "刚有人办过" in str(done.refused[towns[0].pk])
    assert "没有认定" in str(done.refused[towns[-1].pk])
    for snapshot in done.snapshots.values():
        without_times = [told(each) | {"determinations": None} for each in (snapshot, one)]
        assert without_times[0] == without_times[1]
        assert fresh(snapshot.survey).accepted_at == snapshot.at
        assert Judgement.objects.filter(snapshot=snapshot, beside=False).count() == 1
        assert snapshot.survey.reviews.filter(verb="accepted", by=own).exists()


def test_what_was_submitted_again_since_it_was_read_stays(towns, centre, own):
    workflow.submit_all(towns[:2], centre)
    read = list(map(fresh, towns[:2]))
    decide_all(towns[0], own)
    decide_all(towns[1], own)
    Survey.objects.filter(pk=towns[1].pk).update(received_at=timezone.now() + timedelta(hours=1))
    done = reviewing.accept_all(read, own, as_read=True)
    assert (set(done.snapshots), set(done.refused)) == ({towns[0].pk}, {towns[1].pk})


def test_what_is_refused_costs_no_more_for_many(towns, centre, officer):
    """Surveys of another's office, and such as are submitted already."""
    workflow.submit_all(towns, centre)
    stranger, sent = officer("reviewer", unit="440403"), list(map(fresh, towns))
    costs = [statements(lambda few=few: reviewing.accept_all(sent[:few], stranger)) for few in (1, MANY)]
    costs += [statements(lambda few=few: workflow.submit_all(sent[:few], centre)) for few in (2, MANY)]
    assert costs[0] == costs[1]
    assert costs[2] == costs[3]


def test_as_many_statements_for_many_as_for_two(towns, centre, own):
    assert statements(lambda: workflow.submit_all(towns[:2], centre)) == statements(
        lambda: workflow.submit_all(towns[2:], centre)
    )
    for each in towns:
        decide_all(each, own)
    two, rest = list(map(fresh, towns[:2])), list(map(fresh, towns[2:]))
    assert statements(lambda: reviewing.accept_all(two, own)) == statements(lambda: reviewing.accept_all(rest, own))


def statements(act):
    """Without the rows written: 500 of them are one statement."""
    with CaptureQueriesContext(connection) as asked:
        act()
    return sum(not each["sql"].startswith("INSERT") for each in asked)
