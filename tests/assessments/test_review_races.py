"""Two acts on one survey at once, as real parallel requests: one is done, the other is told. On PostgreSQL truly at
once; SQLite lets one write at a time. The race has a control: with the lock off, both are done."""

from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from assessments import reviewing, workflow
from assessments.models import Review, Snapshot, Survey
from tests.assessments.acts import decide_all, fresh, returned
from tests.assessments.conftest import URL
from tests.assessments.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
REVIEW = f"{URL}review/"
RETURN = {"row": ["town.7"], "reason": "wrong", "text": "请核对台数"}


def press(officer, url, data=None):
    client = Client(raise_request_exception=False)
    client.force_login(officer, backend="facilities.backends.OfficerBackend")
    return lambda: client.post(url, data or {}).status_code


@pytest.fixture
def pair(own, officer):
    return own, officer("reviewer")


def test_two_reviewers_at_once_one_decides_and_the_other_is_told(staged, pair):
    survey = staged("opened")
    decide_all(survey, pair[0])
    accept, send = press(pair[0], f"{REVIEW}accept/"), press(pair[1], f"{REVIEW}return/", RETURN)
    assert sorted(at_once(accept, send)) == [302, 409]
    decided = Review.objects.filter(survey=survey, verb__in=Review.DECIDING)
    assert decided.count() == 1
    assert fresh(survey).state == decided.get().verb
    finals = Snapshot.objects.filter(survey=survey, kind=Snapshot.ACCEPTED).count()
    assert finals == (1 if decided.get().verb == "accepted" else 0)


def test_one_reviewer_who_presses_often_accepts_once(staged, own):
    survey = staged("opened")
    decide_all(survey, own)
    assert sorted(at_once(*[press(own, f"{REVIEW}accept/") for _ in range(4)])) == [302, 409, 409, 409]
    assert Snapshot.objects.filter(survey=survey, kind=Snapshot.ACCEPTED).count() == 1


def test_a_withdrawal_against_an_opening(staged, surveyor, own):
    for _ in range(3):
        survey = staged("submitted") if not Survey.objects.filter(state="submitted") else Survey.objects.get()
        at_once(press(surveyor, f"{URL}withdraw/"), press(own, f"{REVIEW}open/"))
        verbs = set(Review.objects.filter(snapshot=survey.snapshots.latest("number")).values_list("verb", flat=True))
        assert len(verbs) == 1  # withdrawn or opened, never both
        assert fresh(survey).state == ("draft" if verbs == {"withdrawn"} else "submitted")
        if verbs == {"opened"}:
            return
        workflow.submit(fresh(survey), surveyor)


def test_a_second_press_on_submit_against_a_return(staged, surveyor, own):
    """The return stands: what was sent twice is not sent again after it."""
    survey = staged("opened")
    again, send = press(surveyor, f"{URL}submit/", {"seen": "0"}), press(own, f"{REVIEW}return/", RETURN)
    assert at_once(again, send) == [302, 302]
    assert fresh(survey).state == "returned"
    assert survey.snapshots.count() == 1


def test_a_resubmission_against_an_acceptance(staged, surveyor, own):
    survey = staged("opened")
    returned(survey, own)
    again, accept = press(surveyor, f"{URL}submit/", {"seen": "1"}), press(own, f"{REVIEW}accept/")
    done = at_once(again, accept)
    assert done[0] == 302
    assert done[1] in (409, 422)  # not submitted yet; or submitted, and its area is not determined
    assert fresh(survey).state == "submitted"
    assert survey.snapshots.count() == 2


def test_control_without_the_lock_the_second_is_not_told(staged, pair, monkeypatch):
    """Both read the survey before either has written. Nobody learns that another was quicker: the database's word that
    a submission is decided once is all that stops the second, with a fault."""
    survey = staged("opened")
    decide_all(survey, pair[0])
    gate = Barrier(2)
    unlocked = Survey.objects.select_related("facility__division", "period")

    def read(surveys):
        seen = list(unlocked.filter(pk__in=[survey.pk for survey in surveys]))
        gate.wait(timeout=30)
        return seen

    seen = fresh(survey)
    parallel = connection.vendor == "postgresql"  # SQLite has one writer by nature
    monkeypatch.setattr(reviewing, "held", read if parallel else lambda _: [seen])
    accept, send = press(pair[0], f"{REVIEW}accept/"), press(pair[1], f"{REVIEW}return/", RETURN)
    statuses = at_once(accept, send) if parallel else [accept(), (setattr(seen, "state", "submitted"), send())[1]]
    assert sorted(statuses) == [302, 500]
    assert Review.objects.filter(survey=survey, verb__in=Review.DECIDING).count() == 1
