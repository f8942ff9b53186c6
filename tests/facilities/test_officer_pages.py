"""The pages of officers: the list and its filters, forms that say what is wrong where, a way in that is told once."""

import logging
import re

import pytest

from facilities.models import Act, Facility, Officer
from facilities.officers import LINK, checked, create, create_many
from facilities.views import entries

LIST, NEW = "/officers/", "/officers/new/"
OWN, OTHER = "440402001", "440403100"
TYPED = {"username": "wangxm", "name": "王小明", "role": "surveyor", "facility": OWN, "way": "link"}

pytestmark = pytest.mark.usefixtures("zhuhai")


@pytest.fixture
def admin(appoint):
    return appoint("admin")


@pytest.fixture
def reviewer(appoint):
    return appoint("reviewer", "440402")


@pytest.fixture
def browser(client, admin):
    client.force_login(admin, backend="facilities.backends.OfficerBackend")
    return client


def as_officer(client, officer):
    client.force_login(officer, backend="facilities.backends.OfficerBackend")
    return client


def secret_in(response):
    found = re.search(r"/set-password/([\w-]+)/|slip__secret\">([\w-]+)<", response.text)
    return found[1] or found[2]


def names(response):
    return [officer.username for officer in response.context["page"]]


# ── The list ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["surveyor", "city", "viewer"])
def test_who_manages_nobody_is_told_so(client, appoint, role):
    as_officer(client, appoint(role, OWN if role == "surveyor" else None))
    for url in (LIST, NEW):
        response = client.get(url)
        assert response.status_code == 403
        assert "账号由系统管理员和区审核员管理" in response.text


def test_a_reviewer_sees_the_surveyors_of_the_own_unit(client, appoint, reviewer):
    own, other = appoint("surveyor", OWN), appoint("surveyor", OTHER)
    as_officer(client, reviewer)
    assert names(client.get(LIST)) == [own.username]
    assert client.get(f"{LIST}{own.pk}/").status_code == 200
    for whom in (other, reviewer, appoint("admin")):
        assert client.get(f"{LIST}{whom.pk}/").status_code == 404
        assert client.post(f"{LIST}{whom.pk}/switch/", {"to": "off"}).status_code == 404
        assert client.post(f"{LIST}{whom.pk}/reset/").status_code == 404
    assert not Act.objects.exists()


def test_the_filters_stand_in_the_address(browser, admin, reviewer, appoint):
    off = appoint("surveyor", OTHER, is_active=False)
    assert names(browser.get(f"{LIST}?role=reviewer")) == [reviewer.username]
    assert names(browser.get(f"{LIST}?state=off")) == [off.username]
    assert names(browser.get(f"{LIST}?state=on&role=surveyor")) == []
    assert names(browser.get(f"{LIST}?q=莲洲")) == [off.username]
    assert names(browser.get(f"{LIST}?q=香洲")) == [reviewer.username]
    assert names(browser.get(f"{LIST}?q={admin.username.upper()}")) == [admin.username]
    response = browser.get(f"{LIST}?q=莲洲&state=off&role=surveyor")
    assert 'value="莲洲"' in response.text
    assert '<option value="off" selected>' in response.text
    assert '<option value="surveyor" selected>' in response.text


@pytest.mark.parametrize("asked", ["role=root", "state=x", "page=99", "page=x", "q=%00"])
def test_what_the_address_does_not_mean_is_passed_over(browser, admin, asked):
    assert names(browser.get(f"{LIST}?{asked}")) == [admin.username]


def test_nothing_found_says_what_to_do(browser):
    assert "没有找到符合条件的账号" in browser.get(f"{LIST}?q=没有这人").text


def test_pages_keep_the_filters(browser):
    office = Facility.objects.get(code=OWN)
    many = [Officer(username=f"many{n:03d}", role="surveyor", facility=office) for n in range(120)]
    Officer.objects.bulk_create(many)
    text = browser.get(f"{LIST}?role=surveyor&q=many&page=2").text
    assert 'href="?role=surveyor&amp;q=many&amp;page=3"' in text
    assert "第 2 页，共 3 页" in text


def test_the_list_asks_as_often_for_many_as_for_few(browser, appoint, django_assert_num_queries):
    for more in (3, 60):
        for _ in range(more):
            appoint("surveyor", OWN)
        appoint("reviewer", "440403")
        with django_assert_num_queries(4):  # the session, the officer, how many, who
            assert browser.get(LIST).status_code == 200


def test_a_page_of_one_asks_as_often_for_many_acts(browser, admin, appoint, django_assert_num_queries):
    whom = appoint("surveyor", OWN)
    for more in (2, 60):
        Act.objects.bulk_create(Act(by=appoint("admin"), officer=whom, verb="调动", said="x") for _ in range(more))
        with django_assert_num_queries(6):
            assert browser.get(f"{LIST}{whom.pk}/").status_code == 200


# ── The forms ─────────────────────────────────────────────────────────────────


def test_an_officer_is_made_and_the_link_is_told_once(browser):
    response = browser.post(NEW, TYPED)
    assert response.status_code == 200
    assert "只显示这一次" in response.text
    assert "72 小时" in response.text
    assert "no-store" in response.headers["Cache-Control"]
    made = Officer.objects.get(username="wangxm")
    secret = secret_in(response)
    for url in (LIST, f"{LIST}{made.pk}/", "/", "/me/", "/admin/facilities/onetimelink/"):
        assert secret not in browser.get(url).text
    assert "新建账号" in browser.get(f"{LIST}{made.pk}/").text


def test_a_slip_says_all_that_one_needs(browser):
    text = browser.post(NEW, TYPED | {"way": "slip"}).text
    for words in ("王小明", "wangxm", "填报员", "翠香街道", "http://testserver/login/", "只显示这一次", "前用它登录"):
        assert words in text
    assert re.search(r"slip__secret\">[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}<", text)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"username": "王"}, "username"),
        ({"name": ""}, "name"),
        ({"role": "root"}, "role"),
        ({"facility": "x"}, "facility"),
        ({"role": "reviewer", "unit": ""}, "unit"),
    ],
)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(browser, changed, field):
    response = browser.post(NEW, TYPED | {"name": '"><script>王'} | changed)
    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert f'id="{field}-error"' in response.text
    assert "<title>错误：" in response.text
    assert "<script>王" not in response.text
    if field != "name":
        assert "&quot;&gt;&lt;script&gt;王" in response.text
    assert not Officer.objects.filter(username="wangxm").exists()


def test_a_form_without_fields_is_refused_with_a_sentence(browser):
    assert browser.post(NEW).status_code == 422


def test_a_transfer_is_saved_and_shown(browser, appoint):
    whom = appoint("surveyor", OWN)
    page = browser.get(f"{LIST}{whom.pk}/")
    form = {"name": "李四", "role": "surveyor", "facility": OTHER, "seen": page.context["seen"]}
    assert browser.post(f"{LIST}{whom.pk}/", form).status_code == 302
    text = browser.get(f"{LIST}{whom.pk}/").text
    assert "李四" in text
    assert "改为“李四，填报员，莲洲镇" in text


def test_who_was_changed_meanwhile_is_a_conflict_that_keeps_what_was_typed(browser, appoint):
    whom = appoint("surveyor", OWN)
    response = browser.post(f"{LIST}{whom.pk}/", {"name": "李四", "role": "surveyor", "facility": OWN, "seen": "旧的"})
    assert response.status_code == 409
    assert "刚被别人改过" in response.text
    assert 'value="李四"' in response.text
    again = {"name": "李四", "role": "surveyor", "facility": OWN, "seen": response.context["seen"]}
    assert browser.post(f"{LIST}{whom.pk}/", again).status_code == 302


def test_off_and_on_and_off(browser, appoint):
    whom = appoint("surveyor", OWN)
    for to, word in (("off", "停用"), ("on", "启用"), ("off", "停用")):
        text = browser.post(f"{LIST}{whom.pk}/switch/", {"to": to}, follow=True).text
        assert f"账号已{word}" in text
    assert "重置密码" not in re.sub(r"办理记录.*", "", text, flags=re.DOTALL)
    text = browser.post(f"{LIST}{whom.pk}/reset/", {"way": "link"}, follow=True).text
    assert "请先启用" in text


def test_ones_own_account_is_for_another_to_change(browser, admin):
    text = browser.get(f"{LIST}{admin.pk}/").text
    assert "这是您自己的账号" in text
    assert "停用账号" not in text
    for url, form in (("switch/", {"to": "off"}), ("reset/", {}), ("", TYPED | {"role": "viewer"})):
        assert browser.post(f"{LIST}{admin.pk}/{url}", form).status_code == 403
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)


@pytest.mark.parametrize("way", ["link", "slip"])
def test_no_secret_stands_in_the_log(browser, appoint, caplog, way):
    from portal.logs import LineFormatter

    with caplog.at_level(logging.DEBUG):
        secret = secret_in(browser.post(f"{LIST}{appoint('surveyor', OWN).pk}/reset/", {"way": way}))
        browser.post(f"/set-password/{secret}/", {"new_password1": "1", "new_password2": "2"})
        browser.put(f"/set-password/{secret}/")
        browser.get(f"/set-password/{secret}/nowhere/")
        browser.post("/login/", {"username": "nobody", "password": secret})
    lines = [LineFormatter().format(record) for record in caplog.records if record.name != "django.db.backends"]
    assert any("/set-password/…" in line for line in lines)
    assert not [line for line in lines if secret in line]


# ── Slips of many ─────────────────────────────────────────────────────────────


def test_slips_of_many_are_one_each(admin, rf):
    made = create_many(admin, [checked(admin, f"many{n}", f"第{n}位", "surveyor", "", OWN) for n in range(9)])
    request = rf.get("/")
    request.user, request.session = admin, {}
    request._messages = []
    text = entries.slips(request, made).content.decode()
    assert text.count('class="slip"') == 9
    assert all(text.count(entry.secret) == 1 for entry in made)
    assert "只显示这一次" in text


def test_slips_ask_nothing_for_each(admin, rf, django_assert_num_queries):
    made = [create(admin, checked(admin, f"one{n}", "某", "surveyor", "", OWN), "slip") for n in range(5)]
    request = rf.get("/")
    request.user, request.session, request._messages = admin, {}, []
    with django_assert_num_queries(0):
        entries.slips(request, made)
    assert LINK == "link"
