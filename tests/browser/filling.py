"""What 翠香街道's office says in these tests, and hands that fill it in: by the fields, as an official does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from assessments.answering import Edit, Given, save
from assessments.models import Survey
from assessments.standings import standing_of
from facilities.models import Officer

CODE = "440402001"
SUBMIT = re.compile("^提交|，提交$")  # 提交2026年第四季度核查表, or 以上沿用的数据属实，提交
FACILITY = "翠香街道人力资源和社会保障服务所"
PLACE = {
    "resident_population": 136000,
    "registered_population": 88200,
    "served_population": 98600,
    "served_population_basis": "区人社局核定：辖区16周岁以上常住人口",
    "town_has_own_budget": True,
}


def invented() -> dict[str, Any]:
    """The answers of the demonstration, key → value."""
    file = settings.BASE_DIR / "fixtures" / "demo_surveys.toml"
    return PLACE | dict(tomllib.loads(file.read_text(encoding="utf-8"))["submitted"]) | {"equip_luxury_note": "没有"}


def answer_all(survey: Survey, officer: Officer, **changed: Any) -> None:
    """Straight into the database; None takes an answer away."""
    asked = standing_of(survey).questionnaire.questions
    held = dict(survey.answers.values_list("indicator", "revision"))
    values = {key: value for key, value in (invented() | changed).items() if value is not None or key in held}
    edits = [Edit(asked[key], Given(value), held.get(key, 0), uuid4()) for key, value in values.items()]
    save(survey, officer, edits)


def clause(survey: Survey, number: int | str = 7) -> str:
    """The address of one row."""
    return f"/surveys/{survey.facility.code}/{survey.period.key}/clauses/{number}/"


def state(page: Page) -> Locator:
    """The line that says whether everything is saved."""
    return page.locator("[data-saved]:visible")


def expect_saved(page: Page) -> None:
    expect(state(page)).to_contain_text("已保存")


def press(target: Locator) -> None:
    """A finger or the mouse, whichever this browser has."""
    touch = target.evaluate("() => navigator.maxTouchPoints > 0")
    target.tap() if touch else target.click()


def fill_page(page: Page, answers: dict[str, Any], only: Sequence[str] = ()) -> list[str]:
    """Fills each question that stands on the page, or only some. Gives their keys."""
    asked = page.locator("[data-question]").all() if not only else []
    keys = list(only) or [str(question.get_attribute("data-question")) for question in asked]
    for key in keys:
        fill_question(page, key, answers[key])
    return keys


def fill_question(page: Page, key: str, value: Any) -> None:
    if isinstance(value, list):
        return tick(page, key, value)
    written = page.locator(f"[name={key}]:is(textarea, input:not([type=radio]))")
    if written.count():
        written.fill(str(value))
        return written.blur()
    value = str(value).lower() if isinstance(value, bool) else value
    return choose(page.locator(f"[name={key}][value='{value}']"))


def tick(page: Page, key: str, values: list[str]) -> None:
    """全选 where everything is there, else one by one."""
    boxes = page.locator(f"input[name={key}]")
    everything = page.locator(f"button[value='column:{key}']:visible")
    if everything.count() and boxes.count() == len(values):
        return press(everything)
    for value in values:
        choose(page.locator(f"input[name={key}][value='{value}']"))
    return None


def choose(box: Locator) -> None:
    """The whole label is the target. A finger that missed, because an answer just came in above, presses again."""
    for _ in range(3):
        if not box.is_checked():
            press(box.locator("xpath=ancestor::label"))
        with suppress(AssertionError):
            return expect(box).to_be_checked(timeout=5_000)
    return expect(box).to_be_checked()
