"""机构变更申请: every verb by every role, what fits when, races, and the pages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from facilities import existence, requests
from facilities.access import today
from facilities.loading import load_places
from facilities.models import Act, Division, Existence, Facility, FacilityRequest, Membership, Officer, ReportingUnit
from facilities.requests import Refused
from tests.facilities.conftest import FIXTURES

OFFICE, STATION, OTHER = "440402001", "440402001001", "440402001002"
ROLES = [
    ("surveyor", OFFICE),
    ("reviewer", "440402"),
    ("reviewer", "440403"),
    ("city", None),
    ("viewer", None),
    ("admin", None),
]
IDS = ["surveyor", "district", "elsewhere", "city", "viewer", "admin"]
TYPED = {"facility": STATION, "effective": "2026-12-01", "reason": "香民〔2026〕8号", "name": "康宁社区便民服务站"}


def day(offset=0):
    return (today() + timedelta(offset)).isoformat()


@pytest.fixture
def asked(zhuhai, appoint):
    """asked("rename", effective=…) → a request of 香洲区 about a station."""

    def make(kind="rename", **more):
        return requests.ask(appoint("reviewer", "440402"), kind, TYPED | {"effective": day(3)} | more)

    return make


@pytest.fixture
def empty_place(zhuhai):
    street = Division.objects.get(code=OFFICE)
    return Division.objects.create(code="440402001999", name="新村社区居委会", level="community", parent=street)


# ── Who may ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ROLES, ids=IDS)
def test_only_a_districts_reviewer_asks(zhuhai, appoint, role):
    by = appoint(*role)
    if role[0] != "reviewer":
        with pytest.raises(PermissionDenied):
            requests.ask(by, "close", TYPED | {"effective": day()})
    elif role[1] == "440403":
        with pytest.raises(Refused, match="本区范围内"):
            requests.ask(by, "close", TYPED | {"effective": day()})
    else:
        assert requests.ask(by, "close", TYPED | {"effective": day()}).state == "waiting"


@pytest.mark.parametrize("role", ROLES, ids=IDS)
def test_only_the_unit_that_asked_withdraws(asked, appoint, role):
    request, by = asked(), appoint(*role)
    if role == ("reviewer", "440402"):
        assert requests.withdraw(by, request).state == "withdrawn"
        return
    with pytest.raises(PermissionDenied):
        requests.withdraw(by, request)


@pytest.mark.parametrize("role", ROLES, ids=IDS)
@pytest.mark.parametrize("verb", [requests.approve, requests.refuse])
def test_only_the_city_decides(asked, appoint, role, verb):
    request, by = asked(), appoint(*role)
    if role[0] in ("city", "admin"):
        assert verb(by, request, "照办").decided_by == by
        return
    with pytest.raises(PermissionDenied):
        verb(by, request, "照办")
    assert FacilityRequest.objects.get().state == "waiting"
    assert not Existence.objects.exists()


@pytest.mark.parametrize("state", ["approved", "refused", "withdrawn"])
@pytest.mark.parametrize("verb", ["approve", "refuse", "withdraw"])
def test_what_is_decided_is_decided(asked, appoint, state, verb):
    request = asked()
    FacilityRequest.objects.update(state=state)
    by = appoint("reviewer", "440402") if verb == "withdraw" else appoint("city")
    with pytest.raises(Refused, match="没有再改动"):
        getattr(requests, verb)(by, request, *([] if verb == "withdraw" else ["照办"]))
    assert not Existence.objects.exists()


# ── What is approved holds from its day ───────────────────────────────────────


def test_an_approved_name_holds_from_its_day_only(asked, appoint):
    request = requests.approve(appoint("city"), asked(effective=day(3)))
    station = Facility.objects.get(code=STATION)
    assert station.name != TYPED["name"]
    existence.settle_names(today() + timedelta(3))
    assert Facility.objects.get(code=STATION).name == TYPED["name"]
    assert [act.verb for act in Act.objects.all()] == ["更名", "申请更名"]
    assert TYPED["name"] in Act.objects.first().said
    assert request.state == "approved"


def test_an_approved_closing_and_merger(asked, appoint):
    requests.approve(appoint("city"), asked("close", effective=day(-10)))
    assert not existence.is_open(Facility.objects.get(code=STATION), today())
    requests.approve(appoint("city"), asked("merge", facility=OTHER, heir="440402001003", effective=day(10)))
    merged = Facility.objects.get(code=OTHER)
    assert existence.is_open(merged, today() + timedelta(9))
    assert not existence.is_open(merged, today() + timedelta(10))
    assert existence.last_of(merged).heir.code == "440402001003"


def test_an_approved_new_one_has_its_row(asked, appoint, empty_place):
    request = asked("new", division="新村社区居委会", effective=day(5))
    assert request.subject == "village"
    made = requests.approve(appoint("city"), request).facility
    assert (made.code, made.name, made.subject) == ("440402001999", TYPED["name"], "village")
    assert not existence.is_open(made, today())
    assert Act.objects.filter(facility=made, verb="新设").exists()


def test_a_request_that_no_longer_fits_is_not_approved(asked, appoint):
    request = asked("close")
    existence.end(Facility.objects.get(code=STATION), today())
    with pytest.raises(Refused, match=r"不能再变更.*现在不能同意"):
        requests.approve(appoint("city"), request)
    assert FacilityRequest.objects.get().state == "waiting"
    assert requests.refuse(appoint("city"), request, "已撤销").state == "refused"


def test_a_request_for_what_now_reports_elsewhere_is_not_approved(asked, appoint):
    request = asked("close")
    Membership.objects.create(
        division=Division.objects.get(code=OFFICE), unit=ReportingUnit.objects.get(code="Z01"), starts=date(2020, 1, 1)
    )
    with pytest.raises(Refused, match="现在不由香洲区报送"):
        requests.approve(appoint("city"), request)


def test_a_new_one_where_one_stands_meanwhile(asked, appoint, empty_place):
    request = asked("new", division=empty_place.code)
    existence.establish(empty_place, "village", "新村社区服务站", today(), today())
    with pytest.raises(Refused, match="没有撤销，不能再新设"):
        requests.approve(appoint("city"), request)


def test_one_facility_has_one_waiting_request(asked):
    asked()
    with pytest.raises(Refused, match="已有一份申请"):
        asked("close")
    assert FacilityRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("rename", {"name": "站"}, "name"),
        ("rename", {"name": "站" * 61}, "name"),
        ("rename", {"facility": "没有这家"}, "facility"),
        ("rename", {"facility": "440403100"}, "facility"),
        ("close", {"effective": "下个月"}, "effective"),
        ("close", {"effective": "2036-01-01"}, "effective"),
        ("close", {"effective": ""}, "effective"),
        ("close", {"reason": "  "}, "reason"),
        ("close", {"reason": "长" * 301}, "reason"),
        ("merge", {"heir": ""}, "heir"),
        ("merge", {"heir": STATION}, ""),
        ("merge", {"heir": OFFICE}, ""),
        ("new", {"division": "440403100"}, "division"),
        ("new", {"division": "440402"}, ""),
        ("split", {}, ""),
    ],
)
def test_what_is_wrong_is_told_at_its_place(asked, kind, wrong, field):
    with pytest.raises(Refused) as refused:
        asked(kind, **wrong)
    assert list(refused.value.errors) == [field]
    assert not FacilityRequest.objects.exists()


def test_what_cannot_be_printed_is_left_out(asked):
    assert asked(name="康宁\x00社区\x0b服务站", reason="依\x00据").name == "康宁社区服务站"


# ── Races ─────────────────────────────────────────────────────────────────────


def at_once(*acts):
    gate = Barrier(len(acts))

    def run(act):
        gate.wait()
        try:
            return act().state
        except Refused:
            return "too late"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def race(transactional_db):
    load_places(FIXTURES / "divisions")
    unit = ReportingUnit.objects.get(code="440402")
    reviewer = Officer.objects.create(username="reviewer", role="reviewer", unit=unit)
    city = Officer.objects.create(username="city", role="city")
    request = requests.ask(reviewer, "close", TYPED | {"effective": day()})
    held = [FacilityRequest.objects.get(pk=request.pk) for _ in range(2)]
    return lambda: at_once(lambda: requests.approve(city, held[0]), lambda: requests.withdraw(reviewer, held[1]))


def test_approval_against_withdrawal_one_wins(race):
    said = race()
    request = FacilityRequest.objects.get()
    assert sorted(said) in (["approved", "too late"], ["too late", "withdrawn"])
    assert request.state in said
    assert Existence.objects.exists() == (request.state == "approved")
    assert Act.objects.count() == 2


def test_control_without_the_check_both_win(race, monkeypatch):
    monkeypatch.setattr(requests, "is_waiting", lambda request: True)
    assert sorted(race()) == ["approved", "withdrawn"]


# ── Pages ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def visit(client, appoint, settings):
    settings.AUTHENTICATION_BACKENDS = ["facilities.backends.OfficerBackend"]

    def as_(role, place=None):
        client.force_login(appoint(role, place))
        return client

    return as_


def test_a_request_from_the_form_to_the_approval(zhuhai, visit):
    district = visit("reviewer", "440402")
    assert "申请变更" in district.get(f"/facilities/{STATION}/").content.decode()
    assert STATION in district.get(f"/requests/new/?kind=rename&facility={STATION}").content.decode()
    wrong = district.post("/requests/new/", {"kind": "rename", **TYPED, "name": "站"})
    assert wrong.status_code == 422
    assert "香民〔2026〕8号" in wrong.content.decode()
    page = district.post("/requests/new/", {"kind": "rename", **TYPED, "effective": day(-1)}, follow=True)
    assert "撤回申请" in page.content.decode()
    pk = FacilityRequest.objects.get().pk
    assert "待审批" in district.get(f"/facilities/{STATION}/").content.decode()
    city = visit("city")
    assert "<b>1</b> 件" in city.get("/").content.decode()
    assert city.post(f"/requests/{pk}/refuse/", {"answer": " "}).status_code == 422
    assert "已同意" in city.post(f"/requests/{pk}/approve/", follow=True).content.decode()
    again = city.post(f"/requests/{pk}/refuse/", {"answer": "不"})
    assert again.status_code == 422
    assert "没有再改动" in again.content.decode()
    said = city.get(f"/facilities/{STATION}/").content.decode()
    assert "名称沿革" in said
    assert "康宁社区便民服务站" in said
    assert "件</a>" not in city.get("/").content.decode()


@pytest.mark.parametrize("verb", ["withdraw", "approve", "refuse"])
def test_another_districts_request_is_not_there(asked, visit, verb):
    pk = asked().pk
    elsewhere = visit("reviewer", "440403")
    assert elsewhere.get(f"/requests/{pk}/").status_code == 404
    assert elsewhere.post(f"/requests/{pk}/{verb}/").status_code == 404
    assert "康宁" not in elsewhere.get("/requests/").content.decode()


def test_a_closed_one_is_read_and_listed_apart(asked, visit, appoint):
    requests.approve(appoint("city"), asked("close", effective=day(-10)))
    surveyor = visit("surveyor", OFFICE)
    assert "撤销" in surveyor.get(f"/facilities/{STATION}/").content.decode()
    assert surveyor.get(f"/surveys/{STATION}/").status_code == 200
    assert surveyor.get("/facilities/").context["listing"].total == 17
    assert surveyor.get("/facilities/?state=closed").context["listing"].total == 1


def test_the_list_of_requests_asks_a_constant_number_of_queries(zhuhai, visit, appoint, django_assert_max_num_queries):
    city, reviewer = visit("city"), appoint("reviewer", "440402")
    stations = list(Facility.objects.filter(code__startswith=OFFICE, subject="village").values_list("code", flat=True))
    requests.ask(reviewer, "close", TYPED | {"effective": day(), "facility": stations[0]})
    city.get("/requests/")
    with django_assert_max_num_queries(5) as few:
        city.get("/requests/")
    for code in stations[1:12]:
        requests.ask(reviewer, "close", TYPED | {"effective": day(), "facility": code})
    with django_assert_max_num_queries(5) as many:
        city.get("/requests/")
    assert len(few) == len(many)
