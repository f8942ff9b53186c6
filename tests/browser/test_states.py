"""Every state that a page can come into: empty, wrong, in conflict, without a line, ended, locked, done."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from assessments import workflow
from assessments.models import Survey
from facilities.models import Facility, Officer
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.filling import SUBMIT, answer_all, clause, fill_question, press, state
from tests.browser.inspecting import faults

pytestmark = pytest.mark.browser
Scene = Callable[[Page, Survey], None]


def title(page: Page, words: str) -> None:
    expect(page).to_have_title(re.compile(words))


def go_on(page: Page) -> None:
    press(page.get_by_role("button", name=re.compile("^(下一项|去检查)")))


def submit(page: Page, survey: Survey) -> None:
    page.goto(clause(survey).replace("clauses/7", "check"))
    press(page.get_by_role("button", name=SUBMIT))


def wrong_counts(page: Page, survey: Survey) -> None:
    page.goto(clause(survey))
    fill_question(page, "computer_count", "五台")
    fill_question(page, "screen_area", "1.2.3")
    go_on(page)
    title(page, "^错误：")


def wrong_checklists(page: Page, survey: Survey) -> None:
    """Scripts do not let both be ticked; a browser without them does."""
    page.goto(clause(survey, 8))
    for name in ("ledger_services", "ledger_services__none"):
        page.evaluate("(name) => { document.querySelector(`[name=${name}]`).checked = true; }", name)
    go_on(page)
    title(page, "^错误：")


def wrong_text(page: Page, survey: Survey) -> None:
    page.goto(clause(survey, 1))
    fill_question(page, "established_on", "明天")
    fill_question(page, "institution_name", "名" * 5000)
    go_on(page)
    title(page, "^错误：")


def theirs(survey: Survey, **changed: int) -> None:
    """A colleague saves in between."""
    other, _ = Officer.objects.get_or_create(
        username="second", defaults={"last_name": "李晓雯", "role": Officer.SURVEYOR, "facility": survey.facility}
    )
    answer_all(survey, other, **changed)


def conflict_while_typing(page: Page, survey: Survey) -> None:
    page.goto(clause(survey))
    theirs(survey)
    fill_question(page, "computer_count", 9)
    expect(page.locator(".conflict")).to_have_count(1)


def conflict_on_going_on(page: Page, survey: Survey) -> None:
    page.goto(clause(survey))
    page.route("**/answers/**", lambda route: route.abort())
    theirs(survey)
    fill_question(page, "computer_count", 9)
    expect(state(page)).to_contain_text("离线")
    go_on(page)
    expect(page.locator("#conflicts")).to_be_focused()


def no_line(page: Page, survey: Survey) -> None:
    page.goto(clause(survey))
    page.context.set_offline(True)
    fill_question(page, "computer_count", 5)
    expect(state(page)).to_contain_text("离线")


def odd_values(page: Page, survey: Survey) -> None:
    """A warning at a count, at a single number; and a short row that was answered."""
    page.goto(clause(survey))
    for key, value in {"computer_count": 5000, "printer_count": 0, "screen_area": "2000"}.items():
        fill_question(page, key, value)
    expect(page.locator(".warn__said")).to_have_count(2)


def not_given(page: Page, survey: Survey) -> None:
    page.goto(clause(survey, 2))
    press(page.locator("#cannot-building_area summary"))
    page.locator("#reason-building_area").fill("房产证在区局")
    page.locator("#reason-building_area").blur()
    expect(state(page)).to_contain_text("已保存")


def session_ended_while_typing(page: Page, survey: Survey) -> None:
    page.goto(clause(survey))
    Session.objects.all().delete()
    fill_question(page, "computer_count", 5)
    expect(page.locator("#expired")).to_be_visible()


def session_ended_before_sending(page: Page, survey: Survey) -> None:
    page.goto(clause(survey))
    Session.objects.all().delete()
    page.get_by_role("button", name="保存").last.click()
    title(page, "^登录")
    expect(page.locator(".notice:visible").first).to_contain_text("替您留着")


def kept_through_the_log_in(page: Page, survey: Survey) -> None:
    session_ended_before_sending(page, survey)
    log_in(page, "Demo-2026-portal")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已重新登录")


def log_in(page: Page, password: str) -> None:
    page.get_by_label("用户名").fill("cuixiang")
    page.get_by_label("密码", exact=True).fill(password)
    press(page.get_by_role("button", name="登录"))


def wrong_password(page: Page, survey: Survey) -> None:
    page.context.clear_cookies()
    page.goto("/login/")
    log_in(page, "wrong-password")
    expect(page.locator("#errors")).to_be_visible()


def locked_out(page: Page, survey: Survey) -> None:
    page.context.clear_cookies()
    page.goto("/login/")
    for _ in range(4):
        with page.expect_response(lambda response: response.request.method == "POST"):
            log_in(page, "wrong-password")
        expect(page.locator("#errors")).to_be_visible()
    log_in(page, "wrong-password")
    title(page, "登录已锁定")


def new_password_refused(page: Page, survey: Survey) -> None:
    page.goto("/password/")
    page.get_by_label("现在的密码").fill("x")
    page.get_by_label("新密码", exact=True).fill("12345")
    page.get_by_label("新密码（再输一遍）").fill("123456")
    press(page.get_by_role("button", name="修改密码"))
    expect(page.locator("#errors")).to_be_visible()


def submitted_too_early(page: Page, survey: Survey) -> None:
    submit(page, survey)
    title(page, "^错误：")


def ready(page: Page, survey: Survey) -> None:
    theirs(survey)
    page.goto(clause(survey).replace("clauses/7", "check"))


def done(page: Page, survey: Survey) -> None:
    theirs(survey)
    submit(page, survey)
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")


def closed(page: Page, survey: Survey) -> None:
    workflow.close(survey.period, Officer.objects.get(username="admin"))
    page.goto(clause(survey))
    expect(page.locator(".notice--bad:visible").first).to_contain_text("已关闭")


def just_begun(page: Page, survey: Survey) -> None:
    page.goto(clause(survey).replace("clauses/7/", ""))


def no_changes_yet(page: Page, survey: Survey) -> None:
    survey.changes.all().delete()
    page.goto(clause(survey).replace("clauses/7", "changes"))


def not_begun(page: Page, survey: Survey) -> None:
    elsewhere = Facility.objects.get(code="440402002")
    Officer.objects.filter(username="cuixiang").update(facility=elsewhere)
    page.goto(clause(survey).replace("clauses/7/", "").replace("440402001", elsewhere.code))
    expect(page.get_by_role("button", name="开始填")).to_be_visible()


def not_allowed(page: Page, survey: Survey) -> None:
    page.goto("/periods/")
    expect(page.locator("h1")).to_contain_text("没有权限")


def forged(page: Page, survey: Survey) -> None:
    page.goto(clause(survey))
    page.context.clear_cookies(name="csrftoken")
    page.evaluate("document.querySelector('#page [name=csrfmiddlewaretoken]').value = 'x'")
    page.get_by_role("button", name="保存").last.click()
    expect(page.locator("h1")).to_contain_text("页面已过期")


SCENES: list[Scene] = [
    wrong_counts,
    wrong_checklists,
    wrong_text,
    conflict_while_typing,
    conflict_on_going_on,
    no_line,
    odd_values,
    not_given,
    session_ended_while_typing,
    session_ended_before_sending,
    kept_through_the_log_in,
    wrong_password,
    locked_out,
    new_password_refused,
    submitted_too_early,
    ready,
    done,
    closed,
    just_begun,
    no_changes_yet,
    not_begun,
    not_allowed,
    forged,
]


@pytest.mark.parametrize("scene", SCENES, ids=[scene.__name__ for scene in SCENES])
def test_states(open_page: Open, survey: Survey, scene: Scene) -> None:
    page, found = open_page("cuixiang", DESK), []
    scene(page, survey)
    for width, height in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        found += faults(page)
    assert found == []
