"""An officer is made, comes in by a link and later by a slip, and is out at the next press once switched off."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from facilities.models import Facility, Officer
from facilities.officers import checked, create_many
from facilities.views import entries
from tests.browser.conftest import AT_A_DESK, SIZES, Open
from tests.browser.filling import CODE, press
from tests.browser.inspecting import faults, faults_at_both

pytestmark = pytest.mark.browser
NAME, FIRST, SECOND = "zijing2", "tea-and-ferry-88", "ferry-and-tea-99"


def push(page: Page, words: str) -> None:
    press(page.get_by_role("button", name=words, exact=True))


def set_password(page: Page, button: str, *fields: tuple[str, str]) -> None:
    for label, words in fields:
        page.get_by_label(label, exact=True).fill(words)
    push(page, button)


def log_in(page: Page, password: str) -> None:
    page.goto("/login/")
    set_password(page, "登录", ("用户名", NAME), ("密码", password))


Look = Callable[[Page, str], None]


@AT_A_DESK
def test_the_way_of_an_officer(open_page: Open, portal: str, size: tuple[int, int]) -> None:
    reviewer, newcomer, found = open_page("xiangzhou", size, "/officers/"), open_page("", size), []

    def look(page: Page, heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        found.extend(faults_at_both(page))

    link = made(reviewer, look)
    found += let_in(newcomer, link, look)
    reset(reviewer, newcomer, look)

    press(reviewer.get_by_role("link", name="交好了，看这个账号"))
    expect(reviewer.locator(".changes tbody tr")).to_have_count(2)
    push(reviewer, "停用账号")
    expect(reviewer.locator(".notice--done")).to_contain_text("已停用")
    look(reviewer, "王小明")
    newcomer.reload()
    look(newcomer, "登录")
    assert found == []


def made(reviewer: Page, look: Look) -> str:
    """The new account's link, to be used once."""
    press(reviewer.get_by_role("link", name="新建账号"))
    push(reviewer, "新建账号")
    expect(reviewer.locator("#errors")).to_be_focused()
    look(reviewer, "新建账号")
    reviewer.get_by_label("用户名").fill(NAME)
    reviewer.get_by_label("姓名").fill("王小明")
    reviewer.get_by_label("机构（填报员）").fill(CODE)
    push(reviewer, "新建账号")
    look(reviewer, "账号已建好")
    push(reviewer, "复制链接")
    expect(reviewer.locator("#copied")).to_contain_text(re.compile("已复制|已选中"))
    return reviewer.get_by_label("一次性链接").input_value()


def let_in(newcomer: Page, link: str, look: Look) -> list[str]:
    """Once, by the link; the faults of the page that refuses a short password."""
    newcomer.goto(link)
    look(newcomer, "设自己的密码")
    set_password(newcomer, "设好密码", ("新密码", "1"), ("新密码（再输一遍）", "2"))
    expect(newcomer.locator("#errors")).to_be_focused()
    found = faults_at_both(newcomer)
    set_password(newcomer, "设好密码", ("新密码", FIRST), ("新密码（再输一遍）", FIRST))
    look(newcomer, "登录")
    newcomer.goto(link)
    look(newcomer, "链接已失效")
    log_in(newcomer, FIRST)
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("我的任务")
    return found


def reset(reviewer: Page, newcomer: Page, look: Look) -> None:
    """By a printed slip, which is good for the first log-in."""
    press(reviewer.get_by_role("link", name="交好了，看这个账号"))
    press(reviewer.get_by_label(re.compile("初始密码单")))
    push(reviewer, "重置密码")
    look(reviewer, "密码已重置")
    slip = reviewer.locator(".slip__secret").inner_text()
    log_in(newcomer, slip)
    look(newcomer, "修改密码")
    set_password(newcomer, "修改密码", ("现在的密码", slip), ("新密码", SECOND), ("新密码（再输一遍）", SECOND))
    look(newcomer, "我的账号")


@SIZES
def test_slips_of_many_fit_the_sheet(open_page: Open, portal: str, size: tuple[int, int]) -> None:
    """The page is the answer to an import; here it is put at an address of its own."""
    admin, office = Officer.objects.get(username="admin"), Facility.objects.get(code=CODE)
    made = create_many(
        admin, [checked(admin, f"many{n:02d}", "王小明", "surveyor", "", office.code) for n in range(20)]
    )
    request = RequestFactory().get("/", HTTP_HOST="localhost")
    request.user, request.session, request._messages = admin, {}, []  # type: ignore[assignment, attr-defined]
    page = open_page("admin", size)
    page.route("**/slips/", lambda route: route.fulfill(body=entries.slips(request, made).content.decode()))
    page.goto("/slips/")
    expect(page.locator(".slip")).to_have_count(20)
    assert [fault for fault in faults(page) if "“many" not in fault] == []
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 1000})  # the printed width of A4
    places = page.locator(".slip").evaluate_all("all => all.map(each => each.getBoundingClientRect().toJSON())")
    assert len({place["x"] for place in places}) == 2
    assert all(place["height"] < 250 for place in places)  # four rows a sheet


def test_the_window_upon_the_data_breaks_no_policy(open_page: Open, portal: str) -> None:
    """``open_page`` asks for an empty console."""
    page = open_page("admin")
    pk = Officer.objects.get(username="cuixiang").pk
    for address in ("/admin/", "/admin/facilities/officer/", f"/admin/facilities/officer/{pk}/change/"):
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        assert page.locator("input:not([type=hidden]):visible, textarea, select").count() <= 2  # the search
