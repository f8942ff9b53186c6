"""Every verb in every state by every role; versions that never change; two who write at once."""

from datetime import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from assessments.models import Survey
from assessments.snapshots import hash_of
from facilities.models import Facility
from reports.models import QuarterlyReturn, ReturnAct, ReturnVersion
from reports.returns import workflow
from reports.returns.listing import listed_of
from tests.returns.conftest import TEXTS
from tests.returns.quarter import note

STATES = list(QuarterlyReturn.STATES)
VERBS = {
    "write": lambda report, officer: workflow.write(report, officer, TEXTS, report.revision),
    "submit": workflow.submit,
    "receive": workflow.receive,
    "send_back": lambda report, officer: workflow.send_back(report, officer, "数字与上季度差得多"),
    "correct": lambda report, officer: workflow.correct(report, officer, "漏报一家"),
}
#: verb → the states in which it does something, and the state that follows
MOVES = {
    "write": {"draft": "draft", "returned": "returned"},
    "submit": {"draft": "submitted", "returned": "submitted", "submitted": "submitted"},
    "receive": {"submitted": "accepted"},
    "send_back": {"submitted": "returned"},
    "correct": {"accepted": "draft"},
}
WHO = {"write": "reviewer", "submit": "reviewer", "correct": "reviewer", "receive": "city", "send_back": "city"}
ROLES = ["reviewer", "stranger", "city", "viewer", "admin", "surveyor", "centre"]


def bring(report, state, officers):
    """A return in that state, by the verbs alone."""
    reviewer, bureau = officers["reviewer"], officers["city"]
    if state != "draft":
        workflow.submit(report, reviewer)
    if state == "returned":
        workflow.send_back(report, bureau, "请补充原因")
    if state == "accepted":
        workflow.receive(report, bureau)
    report.refresh_from_db()
    return report


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", STATES)
def test_every_verb_in_every_state_by_every_role(draft, officers, state, verb):
    report = bring(draft, state, officers)
    before = (ReturnVersion.objects.count(), ReturnAct.objects.count())
    for role in ROLES:
        if role != WHO[verb]:
            with pytest.raises(PermissionDenied):
                VERBS[verb](report, officers[role])
    report.refresh_from_db()
    assert (report.state, ReturnVersion.objects.count(), ReturnAct.objects.count()) == (state, *before)
    if state in MOVES[verb]:
        VERBS[verb](report, officers[WHO[verb]])
    else:
        with pytest.raises(workflow.CannotReport):
            VERBS[verb](report, officers[WHO[verb]])
    report.refresh_from_db()
    assert report.state == MOVES[verb].get(state, state)


def test_a_switched_off_reviewer_writes_nothing(draft, reviewer):
    reviewer.is_active = False
    with pytest.raises(PermissionDenied):
        workflow.submit(draft, reviewer)


def test_the_first_submission_decides_and_the_returns_are_counted(draft, reviewer, bureau, now):
    first = workflow.submit(draft, reviewer)
    workflow.send_back(draft, bureau, "请补充原因")
    draft.refresh_from_db()
    assert listed_of(draft).timeliness == "void"  # on time, and sent back
    now.move_to("2026-10-20T10:00:00+08:00")
    second = workflow.submit(draft, reviewer)
    draft.refresh_from_db()
    listed = listed_of(draft)
    assert (draft.submitted_at, draft.received_at) == (first.at, second.at)
    assert (listed.timeliness, listed.late, listed.returns, listed.version) == ("on_time", 0, 1, 2)


def test_late_is_counted_in_working_days(draft, reviewer, now):
    now.move_to("2026-10-13T23:59:59.999999+08:00")
    assert listed_of(draft).late == 0
    now.move_to("2026-10-14T00:00:00+08:00")
    assert listed_of(draft).late == 1
    now.move_to("2026-10-19T10:00:00+08:00")  # 14, 15, 16, and the 19th
    workflow.submit(draft, reviewer)
    draft.refresh_from_db()
    listed = listed_of(draft)
    assert (listed.timeliness, listed.late) == ("late", 4)


def test_a_return_that_rests_on_nothing_is_void(draft, reviewer):
    Survey.objects.filter(state=Survey.ACCEPTED).update(state=Survey.SUBMITTED)
    workflow.submit(draft, reviewer)
    draft.refresh_from_db()
    assert listed_of(draft).timeliness == "void"


def test_nothing_is_sent_before_the_quarter_has_ended(draft, reviewer, now):
    now.move_to("2026-09-30T23:59:59+08:00")
    with pytest.raises(workflow.CannotReport, match="还没有结束"):
        workflow.submit(draft, reviewer)


def test_what_is_missing_is_named(draft, reviewer):
    workflow.write(draft, reviewer, TEXTS | {"head": " ", "next_steps": "责任人：________。", "problems": ""}, 2)
    with pytest.raises(workflow.CannotReport) as refused:
        workflow.submit(draft, reviewer)
    assert [name for name, _ in refused.value.errors] == ["problems", "head", "next_steps"]


def test_a_version_is_what_it_was(sent, draft, officers):
    """Accepted facts, names and texts change; the version and its hash do not, and the correction is a second one."""
    before = sent.content
    assert hash_of(before) == sent.content_hash
    workflow.receive(draft, officers["city"])
    workflow.correct(draft, officers["reviewer"], "漏报一家")
    draft.refresh_from_db()
    workflow.write(draft, officers["reviewer"], TEXTS | {"problems": "改过的话"}, draft.revision)
    Facility.objects.filter(code="440402001").update(name="改了名的所")
    note(Facility.objects.get(code="440402001"), resident_population=1)
    workflow.submit(draft, officers["reviewer"])
    old, new = ReturnVersion.objects.order_by("number")
    assert (old.content, old.content_hash) == (before, sent.content_hash)
    assert (new.number, new.content["texts"]["problems"]) == (2, "改过的话")
    assert old.code != new.code
    assert [act.verb for act in draft.acts.order_by("pk")] == ["submitted", "accepted", "correcting", "submitted"]


def test_what_somebody_else_saved_is_not_overwritten(draft, officers):
    workflow.write(draft, officers["colleague"], TEXTS | {"problems": "同事写的"}, draft.revision)
    with pytest.raises(workflow.Stale) as stale:
        workflow.write(draft, officers["reviewer"], TEXTS | {"problems": "我写的"}, draft.revision)
    assert stale.value.report.problems == "同事写的"


def test_a_name_is_one_line_and_of_its_length(draft, reviewer):
    with pytest.raises(workflow.CannotReport, match="填报人最多 30 字"):
        workflow.write(draft, reviewer, TEXTS | {"filler": "名" * 31}, draft.revision)
    workflow.write(draft, reviewer, TEXTS | {"filler": "陈\r\n 嘉敏\0"}, draft.revision)
    draft.refresh_from_db()
    assert draft.filler == "陈 嘉敏"


def test_begun_twice_is_one(draft, unit, period, reviewer):
    assert workflow.begin(unit, period, reviewer).pk == draft.pk


def test_the_clock_of_a_demo_can_be_told(draft, reviewer):
    with time_machine.travel("2026-11-30T10:00:00+08:00", tick=False):
        at = datetime.fromisoformat("2026-10-13T23:59:59+08:00")
        workflow.submit(draft, reviewer, at)
    draft.refresh_from_db()
    assert draft.submitted_at == at
