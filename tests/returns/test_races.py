"""Two at once, on connections of their own: one version, one decision, nobody overwritten; and the control."""

import pytest
from django.db import IntegrityError

from reports.models import QuarterlyReturn, ReturnAct, ReturnVersion
from reports.returns import workflow
from tests.assessments.test_races import at_once
from tests.returns.conftest import TEXTS, make
from tests.returns.test_workflow import VERBS


@pytest.fixture
def made(transactional_db):
    make()


def fresh(report):
    return QuarterlyReturn.objects.select_related("unit", "period").get(pk=report.pk)


@pytest.mark.django_db(transaction=True)
def test_two_who_submit_at_once_make_one_version(draft, officers):
    acts = [lambda who=who: workflow.submit(fresh(draft), officers[who]).pk for who in ("reviewer", "colleague")]
    assert len(set(at_once(*acts))) == 1
    assert ReturnVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_received_and_sent_back_at_once_one_decides(sent, draft, officers):
    def tried(verb):
        def act():
            try:
                verb(fresh(draft), officers["city"])
                return "done"
            except workflow.CannotReport:
                return "refused"

        return act

    assert sorted(at_once(tried(workflow.receive), tried(VERBS["send_back"]))) == ["done", "refused"]
    assert ReturnAct.objects.filter(verb__in=["accepted", "returned"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_one_is_told(draft, officers):
    def write(who):
        def act():
            try:
                workflow.write(fresh(draft), officers[who], TEXTS | {"problems": who}, draft.revision)
                return "saved"
            except workflow.Stale:
                return "told"

        return act

    assert sorted(at_once(write("reviewer"), write("colleague"))) == ["saved", "told"]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_check_only_the_database_stops_the_second(sent, draft, officers, monkeypatch):
    monkeypatch.setattr(workflow, "_require", lambda report, state: None)

    def tried(verb):
        def act():
            try:
                verb(fresh(draft), officers["city"])
                return "done"
            except IntegrityError:
                return "stopped"

        return act

    assert sorted(at_once(tried(workflow.receive), tried(VERBS["send_back"]))) == ["done", "stopped"]
