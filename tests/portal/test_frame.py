"""The frame of every page: who is in, where one can go, whose portal it is, and that demo data say so."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

from facilities.models import Membership, Officer, ReportingUnit
from tests.portal.conftest import PASSWORD

EVERYONE = ["首页", "审核", "看板", "季报", "机构", "规范", "帮助"]


@pytest.fixture
def officers(officer, surveyor):
    unit = ReportingUnit.objects.create(code="9999", name="试验区", kind="district")
    Membership.objects.create(division=surveyor.facility.division, unit=unit, starts="2010-01-01")
    make = Officer.objects.create_user
    return {
        "surveyor": surveyor,
        "city": officer,
        "reviewer": make("shen", password=PASSWORD, role="reviewer", unit=unit),
        "viewer": make("yue", password=PASSWORD, role="viewer"),
        "admin": make("guan", password=PASSWORD, role="admin"),
    }


def navigation(text, name):
    nav = re.search(rf'<nav class="{name}".*?</nav>', text, re.DOTALL)
    return re.findall(r"<a [^>]*>([^<]+)</a>", nav[0])


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("surveyor", ["我的任务", "看板", "机构", "规范", "帮助"]),
        ("reviewer", ["首页", "审核", "看板", "季报", "机构", "规范", "账号", "帮助"]),
        ("city", EVERYONE),
        ("viewer", EVERYONE),
        ("admin", ["首页", "审核", "看板", "季报", "机构", "规范", "账号", "季度", "帮助"]),
    ],
)
def test_everyone_sees_where_their_role_can_go(client, officers, role, words):
    client.force_login(officers[role])
    text = client.get("/help/").text
    assert navigation(text, "frame__nav") == words
    assert navigation(text, "tabbar") == [*words[:4], "我"]
    assert all(f">{word}</a></li>" in client.get("/me/").text for word in words)
    for address in re.findall(r'<nav class="frame__nav".*?</nav>', text, re.DOTALL)[0].split('href="')[1:]:
        assert client.get(address.split('"')[0], follow=True).status_code == 200


def test_the_present_place_is_marked(client, officer):
    client.force_login(officer)
    assert '<a href="/help/" aria-current="page">帮助</a>' in client.get("/help/").text


def test_the_frame_says_who_is_in_and_how_to_leave(client, surveyor):
    client.force_login(surveyor)
    text = client.get("/help/").text
    assert "<b>陈一</b>　试验街道　填报员" in text
    assert 'href="/password/"' in text
    assert 'action="/logout/" method="post"' in text
    assert "我的账号" in text  # the phone's way to the same


def test_the_account_page_serves_the_phone(client, surveyor):
    client.force_login(surveyor)
    text = client.get("/me/").text
    for words in ("陈一", "chen", "填报员", "试验街道", "修改密码", "退出登录"):
        assert words in text


def test_demo_data_say_so_on_every_page_and_only_then(client, officer, settings):
    client.force_login(officer)
    for place in ("/help/", "/me/", "/nowhere/"):
        assert "演示数据" in client.get(place).text
    for place in ("/rectifications/", "/spot-checks/", "/reviews/"):
        assert client.get(place).text.count('<span class="demo">演示数据</span>') == 1  # the frame's own
    settings.DEMO = False
    for place in ("/help/", "/me/", "/nowhere/"):
        assert "演示数据" not in client.get(place).text


def test_the_foot_names_the_unit_and_its_filings(client, db, settings):
    settings.HOST_UNIT, settings.SUPPORT = "某市人社局", "某中心"
    settings.FILINGS = ["某ICP备00000000号"]
    text = client.get("/help/").text
    for words in ("某市人社局", "某中心", "某ICP备00000000号"):
        assert words in text


def test_the_title_follows_the_pattern(client, db):
    assert "<title>登录 - 人社基层平台达标评估系统</title>" in client.get("/login/").text


def test_the_help_explains_all_eight_outcomes(client, db):
    text = client.get("/help/").text
    for word in ("达标", "酌减达标", "偏离", "待认定", "缺数据", "不达标", "不适用", "仅记录"):
        assert f"</svg>{word}</span>" in text
    symbols = set(re.findall(r'<symbol id="([\w-]+)"', text))
    assert set(re.findall(r'<use href="#([\w-]+)"', text)) <= symbols


def test_the_first_page_is_light(client, db):
    text = client.get("/login/").text
    weight = len(gzip.compress(text.encode()))
    for address in re.findall(r'(?:href|src)="/static/([^"]+)"', text):
        with open(finders.find(address), "rb") as file:
            weight += len(gzip.compress(file.read()))
    assert weight < 60_000
