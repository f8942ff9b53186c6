"""增员: what the plan refuses at once, who asks, who decides, and that what happened stays."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from facilities import extra_staff as extra
from facilities import roster
from facilities.models import Act, ExtraRequest, ExtraStep, Facility, Fact, Post
from facilities.requests import Refused

OFFICE, STATION, DISTRICT = "440402001", "440402001001", "440402"
ASKED = {"reason": "业务量大", "bought": "1", "unchanged": "1"}
YES = {"decision": "approved", "number": "香府〔2026〕9号", "day": "2026-05-12"}
NO = {"decision": "refused", "number": "香府〔2026〕9号", "day": "2026-05-12", "text": "本年不增"}
COMES = {"name": "张伟", "kind": "fulltime", "starts": "2026-05-12"}


@pytest.fixture(autouse=True)
def day(zhuhai):
    with time_machine.travel("2026-05-12T02:00:00Z", tick=False):
        yield


@pytest.fixture
def office(appoint):
    return appoint("surveyor", OFFICE)


@pytest.fixture
def reviewer(appoint):
    return appoint("reviewer", DISTRICT)


@pytest.fixture
def station():
    return serving(STATION, 8001)


@pytest.fixture
def asked(office, station):
    return extra.ask(office, station, ASKED)


def serving(code, people):
    facility = Facility.objects.get(code=code)
    Fact.objects.create(
        facility=facility, indicator="served_population", value=people, since=date(2026, 1, 1), source="年鉴"
    )
    return facility


def staffed(facility, count, by, **more):
    Post.objects.bulk_create(
        Post(facility=facility, name=f"张{n}{len(more)}", kind="fulltime", starts=date(2025, 1, 1), by=by, **more)
        for n in range(count)
    )


def state(asked):
    return next(extra.state_of(each) for each in extra.requests_of(asked.facility) if each.pk == asked.pk)


@pytest.mark.parametrize(("people", "words"), [(8000, "8,000 人，没有超过 8000 人"), (1, "没有超过"), (8001, "")])
def test_a_community_needs_more_than_8000(office, people, words):
    facility = serving(STATION, people)
    if not words:
        assert extra.ask(office, facility, ASKED).served == 8001
        return
    with pytest.raises(Refused) as refused:
        extra.ask(office, facility, ASKED)
    assert words in refused.value.errors[""]
    assert not ExtraRequest.objects.exists()


@pytest.mark.parametrize(
    ("people", "there", "may"), [(6000, 1, True), (6001, 1, False), (60001, 10, False), (60001, 11, True)]
)
def test_an_office_needs_its_norm_first_and_extra_people_do_not_count(office, people, there, may):
    facility = serving(OFFICE, people)
    staffed(facility, there, office)
    staffed(facility, 5, office, extra=True)
    staffed(facility, 5, office, ends=date(2026, 1, 1), certificate="")
    if may:
        assert extra.ask(office, facility, ASKED).actual == there
        return
    with pytest.raises(Refused) as refused:
        extra.ask(office, facility, ASKED)
    assert f"应配 {there + 1} 人，名册上现有 {there} 人（不含新增人员），还差 1 人" in refused.value.errors[""]


def test_an_unknown_number_is_not_0(office):
    with pytest.raises(Refused) as refused:
        extra.ask(office, Facility.objects.get(code=STATION), ASKED)
    assert "还没有登记服务对象数" in refused.value.errors[""]


@pytest.mark.parametrize("field", ["reason", "bought", "unchanged"])
def test_reason_money_and_establishment_are_said(office, station, field):
    with pytest.raises(Refused) as refused:
        extra.ask(office, station, ASKED | {field: ""})
    assert list(refused.value.errors) == [field]


def test_from_request_to_filing_each_step_is_a_row(office, reviewer, asked):
    assert state(asked) == extra.WAITING
    extra.decide(reviewer, asked, YES)
    assert state(asked) == extra.APPROVED
    post = extra.appoint(office, asked, COMES).post
    assert (post.extra, post.approval_number, post.approved_on) == (True, "香府〔2026〕9号", date(2026, 5, 12))
    assert state(asked) == extra.APPOINTED
    told = {"filing_number": "备1", "filed_on": "2026-05-12", "approval_number": post.approval_number}
    roster.file(reviewer, post, {"seen": str(post.revision), "approved_on": "2026-05-12", **told})
    assert state(asked) == extra.FILED
    assert [step.verb for step in asked.steps.all()] == ["approved", "appointed"]
    assert {act.verb for act in Act.objects.all()} >= {"申请增员", "增员批准", "增员到岗", "登记备案"}
    assert not any("张伟" in act.said for act in Act.objects.all())


def test_what_was_decided_is_not_decided_again(office, reviewer, asked):
    extra.decide(reviewer, asked, NO)
    assert state(asked) == extra.REFUSED
    with pytest.raises(Refused):
        extra.decide(reviewer, asked, YES)
    with pytest.raises(Refused):
        extra.appoint(office, asked, COMES)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtraStep.objects.create(request=asked, verb="approved", day=date(2026, 5, 12), by=reviewer)
    assert not Post.objects.exists()
    assert extra.ask(office, asked.facility, ASKED).pk != asked.pk


def test_one_waits_at_a_time(office, asked):
    with pytest.raises(Refused) as refused:
        extra.ask(office, asked.facility, ASKED)
    assert "已有一份" in refused.value.errors[""]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (YES | {"decision": ""}, "decision"),
        (YES | {"number": ""}, "number"),
        (YES | {"day": ""}, "day"),
        (YES | {"day": "2026-05-13"}, "day"),
        (YES | {"day": "2026-05-11"}, "day"),
        (NO | {"text": ""}, "text"),
    ],
)
def test_a_decision_has_number_date_and_a_reason_against(reviewer, asked, typed, field):
    with pytest.raises(Refused) as refused:
        extra.decide(reviewer, asked, typed)
    assert list(refused.value.errors) == [field]
    assert state(asked) == extra.WAITING


def test_approval_is_refused_where_the_numbers_have_changed(reviewer, asked):
    Fact.objects.update(value=8000)
    with pytest.raises(Refused) as refused:
        extra.decide(reviewer, asked, YES)
    assert "没有超过 8000 人" in refused.value.errors[""]


def test_nobody_comes_before_the_approval(office, reviewer, asked):
    extra.decide(reviewer, asked, YES)
    with pytest.raises(Refused) as refused:
        extra.appoint(office, asked, COMES | {"starts": "2026-05-11"})
    assert "starts" in refused.value.errors
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("role", "code", "asks", "decides"),
    [
        ("surveyor", STATION, False, False),
        ("surveyor", "440402002", False, False),
        ("reviewer", DISTRICT, False, True),
        ("reviewer", "440403", False, False),
        ("city", None, False, False),
        ("viewer", None, False, False),
    ],
)
def test_the_office_asks_and_its_district_decides(appoint, asked, role, code, asks, decides):
    by = appoint(role, code)
    assert (extra.may_ask(by, asked.facility), extra.may_decide(by, asked.facility)) == (asks, decides)
    with pytest.raises(PermissionDenied):
        extra.ask(by, asked.facility, ASKED)
    if not decides:
        with pytest.raises(PermissionDenied):
            extra.decide(by, asked, YES)


def test_the_page_says_why_keeps_what_was_typed_and_hides_names(client, settings, office, reviewer, appoint, asked):
    settings.AUTHENTICATION_BACKENDS = ["facilities.backends.OfficerBackend"]
    url = f"/facilities/{STATION}/extra/"
    client.force_login(reviewer)
    page = client.post(f"{url}{asked.pk}/decide/", YES | {"day": ""})
    assert (page.status_code, "香府〔2026〕9号" in page.content.decode()) == (422, True)
    assert client.post(f"{url}{asked.pk}/decide/", YES).status_code == 302
    client.force_login(office)
    assert client.post(f"{url}{asked.pk}/appoint/", COMES).status_code == 302
    assert "张伟" in client.get(url).content.decode()
    client.force_login(appoint("viewer"))
    assert "张伟" not in client.get(url).content.decode()
    assert client.post(f"/facilities/{STATION}/extra/{asked.pk + 1}/decide/").status_code == 404
    serving(OFFICE, 98600)
    assert "应配 17 人，名册上现有 0 人" in client.get(f"/facilities/{OFFICE}/extra/").content.decode()


def test_more_requests_ask_no_more_questions(client, settings, office, reviewer, asked):
    settings.AUTHENTICATION_BACKENDS = ["facilities.backends.OfficerBackend"]
    client.force_login(office)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/facilities/{STATION}/extra/").status_code == 200
        return len(queries)

    def go_through(request, name):
        extra.decide(reviewer, request, YES)
        extra.appoint(office, request, COMES | {"name": name})

    go_through(asked, "张伟")
    count()
    few = count()
    for n in range(6):
        go_through(extra.ask(office, asked.facility, ASKED), f"李{n}")
    assert count() == few
