"""整改: who may do what to an item in which state, what passes, what comes again; two at once."""

from datetime import date
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from assessments import rectifying, workflow
from assessments.mended import mended_of
from assessments.models import Rectification, RectificationAct, Snapshot
from assessments.refusals import Overtaken, Refused
from tests.assessments.acts import accepted, fresh
from tests.assessments.test_races import at_once
from tests.assessments.test_reviewing import cast

KEY = "town.7.computer"
pytestmark = pytest.mark.django_db


@pytest.fixture
def found(staged, fill, survey, surveyor, own):
    """An accepted survey with too few computers."""
    fill(computer_count=1)
    workflow.submit(survey, surveyor)
    accepted(survey, own)
    return fresh(survey)


def opened(survey, who, keys=(KEY,)):
    return rectifying.open_all(survey, who, list(keys), "翠香街道服务所", "10", "请补齐")


@pytest.fixture
def item(found, own):
    return opened(found, own)[0]


@pytest.fixture
def brought(item, own, surveyor):
    """brought("verified"): the item in a state, as its verbs bring it there."""
    steps = (
        ("doing", lambda: rectifying.take(item, surveyor)),
        ("evidenced", lambda: rectifying.give_evidence(item, surveyor, {"computer_count": 30}, "已购置，见发票")),
        ("verified", lambda: rectifying.verify(item, own)),
        ("closed", lambda: rectifying.close(item, own)),
    )

    def bring(state):
        for reached, step in steps if state != "open" else ():
            step()
            if reached == state:
                break
        return now(item)

    return bring


def now(item):
    return Rectification.objects.select_related("facility__division", "requirement__standard", "snapshot").get(
        pk=item.pk
    )


# ── The table ─────────────────────────────────────────────────────────────────

VERBS = {
    "take": rectifying.take,
    "give": lambda item, who: rectifying.give_evidence(item, who, {"computer_count": 30}, "已购置"),
    "send_back": lambda item, who: rectifying.send_back(item, who, "照片不清"),
    "verify": rectifying.verify,
    "close": rectifying.close,
}
STATES = ("open", "doing", "evidenced", "verified", "closed")
SURVEYOR_OF = {"take", "give"}
DONE = {
    #             open         doing        evidenced    verified     closed
    "take": ("doing", "overtaken", "overtaken", "overtaken", "overtaken"),
    "give": ("overtaken", "evidenced", "overtaken", "overtaken", "overtaken"),
    "send_back": ("overtaken", "overtaken", "doing", "overtaken", "overtaken"),
    "verify": ("overtaken", "overtaken", "verified", "overtaken", "overtaken"),
    "close": ("overtaken", "overtaken", "overtaken", "closed", "overtaken"),
}
ROLES = ("surveyor", "other surveyor", "own", "other", "city", "viewer", "admin", "disabled")


def outcome(verb, item, who):
    try:
        with transaction.atomic():
            VERBS[verb](item, who)
    except PermissionDenied:
        return "forbidden"
    except Overtaken:
        return "overtaken"
    return now(item).state


@pytest.mark.parametrize("state", STATES)
def test_every_verb_in_every_state_by_every_role(state, brought, officer, own, surveyor):
    item = brought(state)
    for verb in VERBS:
        for role in ROLES:
            with transaction.atomic():
                got = outcome(verb, item, cast(role, officer, own, surveyor))
                transaction.set_rollback(True)
            whose = role == ("surveyor" if verb in SURVEYOR_OF else "own")
            assert got == (DONE[verb][STATES.index(state)] if whose else "forbidden"), (state, verb, role)


def test_who_mended_does_not_verify(brought, officer, own, surveyor):
    moved = cast("who surveyed", officer, own, surveyor) if brought("evidenced") else None
    with pytest.raises(PermissionDenied, match="另一位审核员"):
        rectifying.verify(Rectification.objects.get(), moved)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "own"])
def test_only_the_office_above_opens(role, found, officer, own, surveyor):
    with pytest.raises(PermissionDenied):
        opened(found, cast(role, officer, own, surveyor))


# ── What is opened ────────────────────────────────────────────────────────────


def test_an_item_keeps_what_was_found_and_its_day(item):
    main = mended_of(item).item.found["result"]["measured"][0]
    assert (item.found["result"]["outcome"], main["actual"]) == ("fail", "1")
    assert item.found["said"]
    assert item.found["gap"]
    assert item.due == date(2026, 10, 23)  # ten working days after Friday 10-09
    assert item.unit.code == "440402"


def test_what_passes_cannot_be_opened(found, own):
    passed = next(
        key
        for key, result in found.snapshots.first().judgements.get().content["results"].items()
        if result["outcome"] == "pass"
    )
    with pytest.raises(Refused, match="不需要整改"):
        opened(found, own, [KEY, passed])
    assert not Rectification.objects.exists()


@pytest.mark.parametrize("days", ["0", "61", "", "十", "-1", "1e3", "²"])
def test_a_due_day_is_a_number_of_working_days(days, found, own):
    with pytest.raises(Refused, match="1 到 60"):
        rectifying.open_all(found, own, [KEY], "服务所", days)


def test_the_same_is_not_opened_twice(item, found, own):
    with pytest.raises(Overtaken, match="已经在整改"):
        opened(found, own)
    item.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save(force_insert=True)


def test_found_again_after_closure_is_linked_to_the_earlier(brought, found, own):
    closed = brought("closed")
    assert opened(found, own)[0].earlier == closed


def test_a_returned_survey_opens_nothing(staged, own):
    with pytest.raises(Overtaken, match="已退回"):
        opened(staged("returned"), own)


# ── What passes ───────────────────────────────────────────────────────────────


def test_too_little_is_not_verified_and_the_sentence_says_what_is_short(item, own, surveyor):
    rectifying.take(item, surveyor)
    rectifying.give_evidence(item, surveyor, {"computer_count": 2}, "买了一台")
    with pytest.raises(Refused, match=r"还是“不达标”.*2 台"):
        rectifying.verify(now(item), own)
    assert now(item).state == "evidenced"


def test_closed_is_judged_again(brought, own):
    item = brought("verified")
    Rectification.objects.update(facts={"computer_count": 2})
    with pytest.raises(Refused, match="不能核实或销号"):
        rectifying.close(item, own)


def test_the_snapshot_never_changes(found, own, surveyor, brought):
    before = list(Snapshot.objects.order_by("pk").values("content", "content_hash"))
    item = brought("closed")
    assert mended_of(item).passes
    assert list(Snapshot.objects.order_by("pk").values("content", "content_hash")) == before
    assert fresh(found).state == "accepted"
    assert [act.verb for act in item.acts.all()] == ["opened", "taken", "evidence", "verified", "closed"]


def test_a_fact_of_another_requirement_is_refused(item, surveyor):
    rectifying.take(item, surveyor)
    with pytest.raises(Refused, match="无关"):
        rectifying.give_evidence(item, surveyor, {"signboard_hung": True}, "已挂牌")


def test_sent_back_keeps_the_facts_and_the_reason(brought, own):
    item = brought("evidenced")
    rectifying.send_back(item, own, "照片不清")
    assert (now(item).state, now(item).facts) == ("doing", {"computer_count": 30})
    assert item.acts.last().text == "照片不清"


# ── Two at once ───────────────────────────────────────────────────────────────


def tell(verb, item, who):
    def act():
        try:
            verb(item, who)
        except Overtaken:
            return "told"
        return "done"

    return act


def back(item, who):
    rectifying.send_back(item, who, "照片不清")


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_one_decides_and_the_other_is_told(brought, own, officer):
    item = brought("evidenced")
    assert sorted(at_once(tell(rectifying.verify, item, own), tell(back, item, officer("reviewer")))) == [
        "done",
        "told",
    ]
    assert item.acts.filter(verb__in=("verified", "returned")).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_decide(brought, own, officer, monkeypatch):
    item, gate = brought("evidenced"), Barrier(2)
    parallel = connection.vendor == "postgresql"  # SQLite has one writer by nature

    def read(asked):
        seen = now(asked)
        gate.wait(timeout=30)
        return seen

    def stale(_):
        item.state = "evidenced"
        return item

    monkeypatch.setattr(rectifying, "held", read if parallel else stale)
    acts = tell(rectifying.verify, item, own), tell(back, item, officer("reviewer"))
    assert (at_once(*acts) if parallel else [act() for act in acts]) == ["done", "done"]
    assert RectificationAct.objects.filter(verb__in=("verified", "returned")).count() == 2
