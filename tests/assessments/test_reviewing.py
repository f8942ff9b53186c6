"""Who may do what to a survey in which state, and what comes of it."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments import beginning, reviewing, workflow
from assessments.answering import Edit, Given, save
from assessments.deadlines import due_of
from assessments.locking import Locked, locked_in_words, opening_of
from assessments.models import Answer, Judgement, Period, Review, Snapshot
from assessments.reviewers import may_review
from assessments.reviewing import CannotReview, Overtaken
from assessments.snapshots import hash_of
from assessments.standings import standing_of
from assessments.timeliness import ON_TIME, timeliness
from facilities.models import Facility, Officer
from tests.assessments.acts import accepted, decide_all, fresh, returned
from tests.assessments.conftest import URL

pytestmark = pytest.mark.django_db
ROWS = ["town.7", "town.3"]


# ── The table ─────────────────────────────────────────────────────────────────

VERBS = {
    "submit": lambda survey, who: workflow.submit(survey, who),
    "withdraw": reviewing.withdraw,
    "open": reviewing.open_review,
    "comment": lambda survey, who: reviewing.comment(survey, who, "town.7", "请看照片"),
    "determine": lambda survey, who: reviewing.determine(survey, who, "town.2.area", "accepted", "同意"),
    "send_back": lambda survey, who: reviewing.send_back(survey, who, ROWS, "wrong", "请核对"),
    "accept": reviewing.accept,
    "reopen": lambda survey, who: reviewing.reopen(survey, who, ROWS, "漏看了"),
}
STATES = ("draft", "submitted", "opened", "returned", "accepted")
SURVEYOR_OF = {"submit", "withdraw"}
CITY_OF = {"reopen"}
#: verb → what whose act it is gets in each state: the state after it, or why not
DONE = {
    #             draft        submitted    opened       returned     accepted
    "submit": ("submitted", "submitted", "submitted", "submitted", "accepted"),  # twice is once
    "withdraw": ("overtaken", "draft", "overtaken", "overtaken", "overtaken"),
    "open": ("overtaken", "submitted", "submitted", "overtaken", "overtaken"),
    "comment": ("overtaken", "submitted", "submitted", "overtaken", "overtaken"),
    "determine": ("overtaken", "submitted", "submitted", "overtaken", "overtaken"),
    "send_back": ("overtaken", "returned", "returned", "overtaken", "overtaken"),
    "accept": ("overtaken", "lacking", "lacking", "overtaken", "overtaken"),  # until the area is determined
    "reopen": ("overtaken", "overtaken", "overtaken", "overtaken", "returned"),
}
ROLES = ("surveyor", "other surveyor", "own", "other", "who surveyed", "city", "viewer", "admin", "disabled")


def role_of(verb, role):
    """Whose act it is."""
    if verb in SURVEYOR_OF:
        return role == "surveyor"
    return role == ("city" if verb in CITY_OF else "own")


def cast(role, officer, own, surveyor):
    match role:
        case "surveyor":
            return surveyor
        case "other surveyor":
            return officer("surveyor", facility="440403100")
        case "own":
            return own
        case "other":
            return officer("reviewer", unit="440403")
        case "who surveyed":  # moved to the district's office since
            Officer.objects.filter(pk=surveyor.pk).update(role="reviewer", facility=None, unit=own.unit)
            return Officer.objects.get(pk=surveyor.pk)
        case "disabled":
            return officer("reviewer", is_active=False)
    return officer(role)


def outcome(verb, survey, who):
    try:
        with transaction.atomic():
            VERBS[verb](survey, who)
    except PermissionDenied:
        return "forbidden"
    except Overtaken:
        return "overtaken"
    except CannotReview:
        return "lacking"
    return fresh(survey).state


@pytest.mark.parametrize("state", STATES)
def test_every_verb_in_every_state_by_every_role(state, staged, officer, own, surveyor):
    survey = staged(state)
    for verb in VERBS:
        for role in ROLES:
            with transaction.atomic():
                who = cast(role, officer, own, surveyor)
                got = outcome(verb, survey, who)
                transaction.set_rollback(True)
            wanted = DONE[verb][STATES.index(state)] if role_of(verb, role) else "forbidden"
            assert got == wanted, (state, verb, role)


def test_a_county_centre_is_reviewed_by_the_city(officer, own, now):
    centre = Facility.objects.select_related("division").get(code="440402C")
    who = officer("surveyor", facility="440402C")
    survey = beginning.start(centre, Period(year=2026, quarter=4), who)
    assert not may_review(own, centre)
    assert may_review(officer("city"), centre)
    with pytest.raises(PermissionDenied, match="市局"):
        reviewing.open_review(survey, own)


# ── What a return opens ───────────────────────────────────────────────────────


def edit(survey, key, value):
    held = Answer.objects.get(survey=survey, indicator=key)
    return Edit(standing_of(survey).questionnaire.questions[key], Given(value), held.revision, uuid4())


def test_a_return_opens_only_its_rows(staged, surveyor, own):
    survey = staged("returned")
    save(survey, surveyor, [edit(survey, "computer_count", 7)])
    with pytest.raises(Locked, match=r"这一项没有退回.*reviewer.*退回.*请联系"):
        save(survey, surveyor, [edit(survey, "staff_count", 12)])
    assert Answer.objects.get(survey=survey, indicator="staff_count").value != 12


def test_what_mending_makes_needful_is_open_too(staged, surveyor, own):
    """A row that is shut but asked for anew must not keep the survey from being sent."""
    survey = staged("returned")
    Answer.objects.filter(survey=survey, indicator="staff_count").update(value=None)
    assert "staff_count" in standing_of(survey).needed
    save(survey, surveyor, [edit(survey, "staff_count", 12)])
    assert workflow.submit(survey, surveyor).number == 2


def test_a_returned_survey_is_sent_again_and_stays_on_time(staged, surveyor, own, now):
    survey = staged("returned")
    first = survey.submitted_at
    now.move_to("2027-02-20T10:00:00+08:00")  # long after the quarter's due day
    workflow.submit(survey, surveyor)
    survey = fresh(survey)
    assert (survey.state, survey.submitted_at) == ("submitted", first)
    assert survey.received_at > first
    assert timeliness(due_of(survey.period), survey.submitted_at, sound=True) == ON_TIME


def test_a_second_press_does_not_send_what_was_returned_meanwhile(staged, surveyor, own):
    survey = staged("submitted")
    returned(survey, own)
    assert workflow.submit(fresh(survey), surveyor, seen=0).number == 1
    assert fresh(survey).state == "returned"


def test_a_lock_says_why_who_since_when_and_who_can_open_it(staged, surveyor, own, officer):
    survey = staged("submitted")
    said = locked_in_words(survey)
    assert all(
        words in said for words in ("已提交，不能再改", "10月9日 10:00", surveyor.last_name, "撤回", "香洲区审核员")
    )
    reviewing.open_review(survey, own)
    assert f"{own.last_name}已在审核" in locked_in_words(survey)
    accepted(survey, own)
    said = locked_in_words(fresh(survey))
    assert all(words in said for words in ("审核通过", "10月9日 10:00", own.last_name, "市局重新打开"))


def test_a_closed_quarter_says_who_closed_it(survey, officer):
    admin = officer("admin")
    workflow.close(survey.period, admin)
    said = locked_in_words(fresh(survey))
    assert all(words in said for words in ("已关闭，不能再填", admin.last_name, "系统管理员重新开放"))


def test_what_is_withdrawn_was_never_submitted(staged, surveyor, now):
    survey = staged("submitted")
    reviewing.withdraw(survey, surveyor)
    assert (fresh(survey).state, fresh(survey).submitted_at) == ("draft", None)
    now.move_to("2026-10-12T10:00:00+08:00")
    again = workflow.submit(fresh(survey), surveyor)
    assert fresh(survey).submitted_at == again.at
    assert again.number == 2


def test_a_withdrawn_resubmission_is_shut_again_but_for_its_rows(staged, surveyor, own):
    survey = staged("returned")
    workflow.submit(survey, surveyor)
    reviewing.withdraw(fresh(survey), surveyor)
    survey = fresh(survey)
    assert survey.state == "returned"
    assert opening_of(survey).review.rows == ["town.7"]
    assert survey.submitted_at == survey.snapshots.get(number=1).at


# ── Determinations ────────────────────────────────────────────────────────────


def test_a_determination_is_judged_with_at_once(staged, own):
    survey = staged("submitted")
    before = Judgement.objects.get(survey=survey)
    assert reviewing.undecided(standing_of(survey)) == ["town.2.area"]
    reviewing.determine(survey, own, "town.2.area", "refused", "没有佐证")
    after = Judgement.objects.get(survey=survey)
    assert after.content["results"]["town.2.area"]["outcome"] == "deviation"
    assert after.score < before.score
    assert after.findings.get(requirement__key="town.2.area").outcome == "deviation"


def test_a_changed_answer_needs_a_new_determination(staged, own, surveyor):
    survey = staged("submitted")
    decide_all(survey, own)
    returned(survey, own, ["town.2"])
    survey = fresh(survey)
    save(survey, surveyor, [edit(survey, "building_area", "190.00")])
    workflow.submit(survey, surveyor)
    assert reviewing.undecided(standing_of(fresh(survey))) == ["town.2.area"]


def test_what_is_not_open_to_decision_is_not_decided(staged, own):
    survey = staged("submitted")
    for key, decision, reason in (
        ("town.7.computer", "accepted", "同意"),  # a fail
        ("town.2.area", "maybe", "同意"),
        ("town.2.area", "accepted", " "),
        ("town.2.area", "accepted", "长" * 301),
        ("nothing", "accepted", "同意"),
    ):
        with pytest.raises(CannotReview):
            reviewing.determine(survey, own, key, decision, reason)


# ── Frozen ────────────────────────────────────────────────────────────────────


def test_an_accepted_survey_holds_its_determinations_and_never_changes(staged, own, officer):
    survey = staged("accepted")
    final = survey.snapshots.latest("number")
    assert (final.kind, survey.accepted_at) == (Snapshot.ACCEPTED, final.at)
    assert final.content["determinations"]["town.2.area"]["decision"] == "accepted"
    judged = final.content["judgements"][0]["judgement"]
    assert judged == Judgement.objects.get(snapshot=final).content
    assert hash_of(final.content) == final.content_hash
    for verb in ("determine", "send_back", "accept", "withdraw", "comment"):
        for who in (own, survey.created_by):
            assert outcome(verb, survey, who) in ("overtaken", "forbidden")
    with pytest.raises(Locked):
        save(survey, survey.created_by, [edit(survey, "computer_count", 9)])


def test_reopening_makes_a_new_version_and_keeps_the_old(staged, own, officer, surveyor, browse):
    survey = staged("accepted")
    old = survey.snapshots.latest("number")
    kept = (old.content, old.content_hash, Judgement.objects.get(snapshot=old).content)
    reviewing.reopen(survey, officer("city"), ["town.7"], "台数有出入")
    survey = fresh(survey)
    assert (survey.state, survey.accepted_at) == ("returned", None)
    save(survey, surveyor, [edit(survey, "computer_count", 7)])
    workflow.submit(survey, surveyor)
    accepted(survey, own)
    old = Snapshot.objects.get(pk=old.pk)
    assert (old.content, old.content_hash, Judgement.objects.get(snapshot=old).content) == kept
    assert [s.kind for s in survey.snapshots.order_by("number")] == ["submitted", "accepted", "submitted", "accepted"]
    client = browse(own)
    assert "5 台" in client.get(f"{URL}result/?version=2").content.decode()
    assert client.get(f"{URL}report.json?version=2").json()["submission"]["content_hash"] == kept[1]
    assert client.get(f"{URL}report.json").json()["submission"]["version"] == 4
    assert client.get(f"{URL}result/?version=9").status_code == 404


def test_a_return_needs_rows_a_reason_words_and_a_day(staged, own):
    survey = staged("submitted")
    for rows, reason, text in (
        ([], "wrong", "请改"),
        (["town.7"], "", "请改"),
        (["town.7"], "wrong", ""),
        (["x"], "wrong", "请改"),
    ):
        with pytest.raises(CannotReview):
            reviewing.send_back(survey, own, rows, reason, text)
    review = returned(survey, own)
    assert review.due == reviewing.proposed_due()
    assert not Review.objects.filter(snapshot=review.snapshot, verb="accepted").exists()


def test_a_return_of_a_closed_quarter_is_refused_kindly(staged, own, officer):
    survey = staged("submitted")
    workflow.close(survey.period, officer("admin"))
    with pytest.raises(CannotReview, match="已关闭"):
        returned(survey, own)
