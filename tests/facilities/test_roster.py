"""人员名册: who sees and keeps it, what is refused, what is recorded, and what stays masked."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities import roster
from facilities.access import today
from facilities.models import Act, Facility, Officer, Post
from facilities.post_words import FILING, POST, read_into
from facilities.requests import Refused

OFFICE, STATION, DISTRICT = "440402001", "440402001001", "440402"
URL = f"/facilities/{STATION}/roster/"
PHONE = "13812341234"
TYPED = {"name": "张伟", "kind": "parttime", "starts": "2025-03-01", "phone": PHONE, "certificate": "协理员证粤0001"}


@pytest.fixture
def station(zhuhai):
    return Facility.objects.get(code=STATION)


@pytest.fixture
def surveyor(station, appoint):
    return appoint("surveyor", STATION)


@pytest.fixture
def reviewer(station, appoint):
    return appoint("reviewer", DISTRICT)


@pytest.fixture
def post(station, surveyor):
    return roster.add(surveyor, station, TYPED)


@pytest.fixture
def visit(client, settings):
    settings.AUTHENTICATION_BACKENDS = ["facilities.backends.OfficerBackend"]

    def as_(officer):
        client.force_login(officer)
        return client

    return as_


def of(name, post, code=STATION):
    return reverse(f"facilities:{name}", args=[code, post.pk])


def body(response):
    return response.content.decode()


def again(post):
    return Post.objects.get(pk=post.pk)


# ── Who sees it ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        ("surveyor", STATION, 200),
        ("surveyor", OFFICE, 200),
        ("reviewer", DISTRICT, 200),
        ("city", None, 200),
        ("viewer", None, 403),
        ("admin", None, 403),
        ("surveyor", "440402001002", 404),
        ("surveyor", "440402002", 404),
        ("reviewer", "440403", 404),
    ],
)
def test_names_are_for_its_surveyors_its_reviewer_and_the_city(post, appoint, visit, role, place, status):
    client = visit(appoint(role, place))
    for url in (URL, of("post", post)):
        response = client.get(url)
        assert response.status_code == status
        assert ("张伟" in body(response)) is (status == 200)
    assert client.post(of("post_phone", post)).status_code == status


def test_the_gate_gives_a_viewer_and_an_administrator_nobody(post, appoint, reviewer):
    assert [roster.posts_visible_to(appoint(role)).count() for role in ("viewer", "admin", "city")] == [0, 0, 1]
    Officer.objects.filter(pk=reviewer.pk).update(is_active=False)
    assert not roster.posts_visible_to(Officer.objects.get(pk=reviewer.pk)).exists()


def test_a_post_is_found_at_its_own_facility_only(post, reviewer, visit):
    assert visit(reviewer).get(of("post", post, OFFICE)).status_code == 404


@pytest.mark.parametrize(("role", "link"), [("surveyor", True), ("city", True), ("viewer", False), ("admin", False)])
def test_the_facility_leads_there_whoever_may_go(station, appoint, visit, role, link):
    page = visit(appoint(role, STATION if role == "surveyor" else None)).get(f"/facilities/{STATION}/")
    assert (URL in body(page)) is link


@pytest.mark.parametrize(("role", "place"), [("city", None), ("viewer", None), ("admin", None), ("reviewer", "440403")])
def test_others_do_not_write(post, station, appoint, role, place):
    by = appoint(role, place)
    seen = {"seen": "1"}
    for act in (
        lambda: roster.add(by, station, TYPED | {"name": "李娜"}),
        lambda: roster.change(by, post, TYPED | seen),
        lambda: roster.end(by, post, seen | {"ends": "2025-05-01"}),
        lambda: roster.file(by, post, seen | {"filing_number": "1", "filed_on": "2025-04-01"}),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert (Post.objects.count(), Act.objects.count()) == (1, 1)


def test_filing_is_the_reviewers(post, surveyor, reviewer):
    typed = {"seen": "1", "filing_number": "备 2025-7", "filed_on": "2025-03-20"}
    with pytest.raises(PermissionDenied):
        roster.file(surveyor, post, typed)
    roster.file(reviewer, post, typed)
    assert (again(post).filing_number, again(post).filed_on) == ("备 2025-7", date(2025, 3, 20))


# ── Phones ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("phone", "shown"),
    [(PHONE, "138****1234"), ("0756-2120000", "075****0000"), ("21200000", "****"), ("", "")],
)
def test_a_phone_is_masked(phone, shown):
    assert Post(phone=phone).masked_phone == shown


def test_a_phone_stands_on_no_page_until_it_is_asked_for_and_that_is_recorded(post, reviewer, visit):
    client = visit(reviewer)
    for url in (URL, of("post", post)):
        assert PHONE not in body(client.get(url))
        assert "138****1234" in body(client.get(url))
    assert not Act.objects.filter(verb="查看电话").exists()
    assert PHONE in body(client.post(of("post_phone", post)))
    act = Act.objects.get(verb="查看电话")
    assert (act.by, act.facility.code, act.said) == (reviewer, STATION, f"名册编号 {post.pk}：看了全号")


def test_a_refused_form_does_not_show_the_kept_phone(post, surveyor, visit):
    page = visit(surveyor).post(of("post", post), TYPED | {"seen": "1", "phone": "", "starts": "x"})
    assert page.status_code == 422
    assert PHONE not in body(page)


def test_a_phone_stays_where_none_is_typed_and_goes_where_it_is_dropped(post, surveyor):
    roster.change(surveyor, post, TYPED | {"seen": "1", "phone": "", "name": "张小伟"})
    assert again(post).phone == PHONE
    roster.change(surveyor, post, TYPED | {"seen": "2", "phone": "", "phone_drop": "1"})
    assert again(post).phone == ""


def test_no_record_says_a_name_a_phone_or_a_certificate(post, surveyor, reviewer):
    typed = {"name": "李娜", "phone": "13900000000", "certificate": "新证", "kind": "fulltime"}
    roster.change(surveyor, post, TYPED | typed | {"seen": "1"})
    roster.end(reviewer, again(post), {"seen": "2", "ends": "2025-06-30"})
    said = "".join(Act.objects.values_list("said", flat=True))
    for personal in ("张伟", "李娜", PHONE, "13900000000", "粤0001", "新证"):
        assert personal not in said
    assert "改了姓名；专职或兼职由兼职改为专职；改了证书；改了电话" in said
    assert "离任日期由空改为2025年6月30日" in said


# ── What is written ───────────────────────────────────────────────────────────


def test_a_post_is_added_changed_and_ended(station, surveyor, visit):
    client = visit(surveyor)
    assert client.post(f"{URL}new/", TYPED).headers["Location"] == URL
    post = Post.objects.get()
    assert (post.name, post.kind, post.starts, post.phone) == ("张伟", "parttime", date(2025, 3, 1), PHONE)
    client.post(of("post", post), TYPED | {"seen": "1", "is_public_servant": "1", "trained_on": "2025年5月6日"})
    assert (again(post).is_public_servant, again(post).trained_on) == (True, date(2025, 5, 6))
    client.post(of("post_end", post), {"seen": "2", "ends": "2025-06-30"})
    page = client.get(URL)
    assert [row.pk for row, _ in page.context["left"]] == [post.pk]
    assert page.context["there"] == []
    client.post(of("post_end", post), {"seen": "3", "ends": ""})
    assert again(post).ends is None
    assert [act.verb for act in Act.objects.order_by("pk")] == ["登记岗位", "更正岗位", "登记离任", "登记离任"]


def test_what_is_the_same_is_not_written_again(post, surveyor):
    roster.change(surveyor, post, TYPED | {"seen": "1"})
    assert (again(post).revision, Act.objects.count()) == (1, 1)


def test_who_leaves_on_a_day_is_there_until_its_end():
    post = Post(starts=date(2025, 1, 1), ends=date(2025, 6, 30))
    assert [post.has_left(date(2025, 6, 30)), post.has_left(date(2025, 7, 1))] == [False, True]


def test_a_post_that_was_changed_since_is_not_overwritten_unseen(post, surveyor, reviewer, visit):
    roster.change(reviewer, post, TYPED | {"seen": "1", "kind": "fulltime"})
    page = visit(surveyor).post(of("post", post), TYPED | {"seen": "1", "certificate": "另一本证"})
    assert page.status_code == 409
    assert "刚才有人改过这一条" in body(page)
    assert 'value="另一本证"' in body(page)
    assert (again(post).kind, again(post).certificate) == ("fulltime", TYPED["certificate"])
    assert page.context["typed"]["seen"] == "2"


@pytest.mark.parametrize("seen", ["", "x", "0", "99"])
def test_a_form_that_saw_nothing_changes_nothing(post, surveyor, seen):
    with pytest.raises(roster.Stale):
        roster.end(surveyor, post, {"seen": seen, "ends": "2025-06-30"})


# ── What is refused ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "请填姓名"),
        ("name", "张", "请填姓名"),
        ("name", "张" * 31, "请填姓名"),
        ("name", "\x00\x01", "请填姓名"),
        ("kind", "", "请选专职或兼职"),
        ("kind", "half", "请选专职或兼职"),
        ("starts", "", "到岗日期要填日期"),
        ("starts", "2025-02-30", "到岗日期不是真实的日期"),
        ("starts", "1899-01-01", "到岗日期太早了"),
        ("starts", "2999-01-01", "到岗日期不能晚于"),
        ("trained_on", "2999-01-01", "培训日期不能晚于"),
        ("phone", "12345", "电话请填手机号或座机号"),
        ("phone", "1381234123x", "电话请填手机号或座机号"),
        ("certificate", "证" * 61, "证书不超过 60 个字"),
    ],
)
def test_a_wrong_field_is_told_and_what_was_typed_stays(station, surveyor, visit, field, typed, sentence):
    page = visit(surveyor).post(f"{URL}new/", TYPED | {"certificate": "留着的证", "extra": "1", field: typed})
    assert page.status_code == 422
    assert page.context["wrong"].keys() == {field}
    assert page.context["wrong"][field].startswith(sentence)
    assert f'href="#{field}"' in body(page)
    assert field == "certificate" or 'value="留着的证"' in body(page)
    assert page.context["typed"]["extra"] == "1"
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"filing_number": "1"}, "filing_number", "备案编号和备案日期要一起填"),
        ({"filed_on": "2025-03-05"}, "filing_number", "备案编号和备案日期要一起填"),
        ({"filing_number": "1", "filed_on": "2025-02-28"}, "filing_number", "备案日期不能早于到岗日期 2025年3月1日"),
        ({"filing_number": "1", "filed_on": "2999-01-01"}, "filing_number", "备案日期不能晚于"),
        ({"approval_number": "1", "approved_on": "2025-02-01"}, "approval_number", "不是新增人员，不填批准文号"),
    ],
)
def test_a_filing_that_does_not_fit_is_told(post, reviewer, visit, typed, field, sentence):
    page = visit(reviewer).post(of("post_filing", post), {"seen": "1"} | typed)
    assert page.status_code == 422
    assert page.context["wrong"][field].startswith(sentence)
    assert again(post).filed_on is None


def test_an_approval_is_of_extra_staff_and_holds_the_tick(station, surveyor, reviewer):
    post = roster.add(surveyor, station, TYPED | {"extra": "1"})
    roster.file(reviewer, post, {"seen": "1", "approval_number": "香府〔2025〕3号", "approved_on": "2025-02-01"})
    assert (again(post).approval_number, again(post).approved_on) == ("香府〔2025〕3号", date(2025, 2, 1))
    with pytest.raises(Refused) as refused:
        roster.change(surveyor, again(post), TYPED | {"seen": "2"})
    assert refused.value.errors.keys() == {"extra"}
    roster.file(reviewer, again(post), {"seen": "2"})
    roster.change(surveyor, again(post), TYPED | {"seen": "3"})
    assert not again(post).extra


def test_an_end_lies_not_before_the_start_nor_the_start_after_the_end(post, surveyor):
    with pytest.raises(Refused, match="离任日期不能早于到岗日期 2025年3月1日"):
        roster.end(surveyor, post, {"seen": "1", "ends": "2025-02-28"})
    roster.end(surveyor, post, {"seen": "1", "ends": "2025-03-01"})
    with pytest.raises(Refused, match="到岗日期不能晚于离任日期 2025年3月1日"):
        roster.change(surveyor, again(post), TYPED | {"seen": "2", "starts": "2025-03-02"})


def test_one_name_is_not_there_twice_at_a_time(post, station, surveyor, visit):
    page = visit(surveyor).post(f"{URL}new/", TYPED | {"starts": "2025-05-01"})
    assert page.context["wrong"]["name"].startswith("张伟自2025年3月1日至今已在册。换岗请先登记离任")
    roster.end(surveyor, post, {"seen": "1", "ends": "2025-04-30"})
    later = roster.add(surveyor, station, TYPED | {"starts": "2025-05-01", "kind": "fulltime"})
    with pytest.raises(Refused, match="张伟自2025年5月1日至今已在册"):
        roster.end(surveyor, again(post), {"seen": "2", "ends": "2025-05-01"})
    assert Post.objects.filter(pk__in=[post.pk, later.pk]).count() == 2


def test_the_same_name_elsewhere_is_somebody_else(post, appoint):
    other = Facility.objects.get(code=OFFICE)
    assert roster.add(appoint("surveyor", OFFICE), other, TYPED).pk != post.pk


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends": date(2025, 2, 28)},
        {"filing_number": "1"},
        {"filed_on": date(2025, 3, 1)},
        {"approval_number": "1", "approved_on": date(2025, 3, 1)},
    ],
)
def test_the_database_holds_what_must_hold(post, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(**wrong)


def test_every_field_of_a_form_is_read_once():
    assert not POST.keys() & FILING.keys()
    with pytest.raises(Refused) as refused:
        read_into(Post(), POST, {})
    assert refused.value.errors.keys() == {"name", "kind", "starts"}


# ── 备案 ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("starts", "ends", "filed", "days"),
    [
        (0, None, None, 0),
        (30, None, None, 30),
        (31, None, None, 31),
        (31, 11, None, 20),
        (31, None, 1, None),
        (-5, None, None, None),
    ],
)
def test_unfiled_days_run_from_the_start_to_the_end_or_today(starts, ends, filed, days):
    day = date(2026, 3, 31)
    back = [None if each is None else day - timedelta(days=each) for each in (starts, ends, filed)]
    assert Post(starts=back[0], ends=back[1], filed_on=back[2]).unfiled_days(day) == days


def test_the_reminder_is_for_more_than_its_days(station, surveyor, visit, settings):
    for name, days in (("在三十天", 30), ("过三十天", 31)):
        roster.add(surveyor, station, TYPED | {"name": name, "starts": str(today() - timedelta(days=days))})
    page = visit(surveyor).get(URL)
    assert (page.context["unfiled"], page.context["late"]) == (2, 1)
    assert "未备案 31 天，超过 30 天" in body(page)
    assert "未备案 30 天，超过" not in body(page)
    settings.FILING_REMINDER_DAYS = 31
    assert visit(surveyor).get(URL).context["late"] == 0


def test_filing_concerns_stations_only_and_approval_any_extra_staff(zhuhai, appoint, visit):
    by, office = appoint("reviewer", DISTRICT), Facility.objects.get(code=OFFICE)
    plain = roster.add(by, office, TYPED)
    extra = roster.add(by, office, TYPED | {"name": "李娜", "extra": "1"})
    pages = [f"/facilities/{OFFICE}/roster/", of("post", plain, OFFICE), of("post", extra, OFFICE)]
    said = [body(visit(by).get(page)) for page in pages]
    assert ["备案" in page for page in said] == [False] * 3
    assert ["批准文号" in page for page in said] == [False, False, True]


# ── The pages ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("role", "place"), [("surveyor", STATION), ("reviewer", DISTRICT), ("city", None)])
def test_a_longer_roster_asks_no_more(station, surveyor, appoint, visit, role, place):
    client = visit(appoint(role, place))
    counts = []
    for more in (1, 30):
        Post.objects.bulk_create(
            Post(facility=station, name=f"第{more}批{n}", kind="fulltime", starts=date(2025, 1, 1), by=surveyor)
            for n in range(more)
        )
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(URL).context["there"]) >= more
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_what_is_typed_is_escaped(station, surveyor, visit):
    roster.add(surveyor, station, TYPED | {"name": "<b>张伟</b>"})
    assert "<b>张伟" not in body(visit(surveyor).get(URL))


def test_an_empty_roster_says_what_to_do(station, surveyor, visit):
    assert "登记在岗的工作人员和协理员" in body(visit(surveyor).get(URL))


@pytest.mark.parametrize(("role", "forms"), [("surveyor", 3), ("reviewer", 4), ("city", 1)])
def test_each_finds_the_forms_that_are_theirs(post, appoint, visit, role, forms):
    place = {"surveyor": STATION, "reviewer": DISTRICT, "city": None}[role]
    page = body(visit(appoint(role, place)).get(of("post", post)))
    assert page.count(f'action="{URL}') == forms
