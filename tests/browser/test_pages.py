"""Every page, for everybody who has one, on a phone and on a desk."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Period, Survey
from assessments.periods import quarter_before
from standards.models import Standard
from tests.browser.conftest import SIZES, Open
from tests.browser.filling import CODE
from tests.browser.inspecting import faults

pytestmark = pytest.mark.browser


def keys(period: Period) -> tuple[str, str]:
    """This quarter and the one before."""
    year, quarter = quarter_before(period.year, period.quarter)
    return period.key, f"{year}Q{quarter}"


def of_survey(period: str, *names: str) -> list[str]:
    return [reverse(f"assessments:{name}", args=[CODE, period]) for name in names]


def rows(period: str, *numbers: int) -> list[str]:
    return [reverse("assessments:clause", args=[CODE, period, number]) for number in numbers]


def of_standards() -> list[str]:
    edition = f"/standards/{Standard.objects.get(key='town_office').key}/2016-01-01/"
    return [
        "/standards/",
        edition,
        f"{edition}2/",
        f"{edition}7/",
        f"{edition}requirements/town.2.area/",
        "/interpretations/",
        "/standards/adoptions/",
    ]


def results(period: str) -> list[str]:
    result = reverse("reports:result", args=[CODE, period])
    return [result, f"{result}?outcome=fail", f"{result}?outcome=deviation"]


def addresses(period: Period) -> dict[str, list[str]]:
    now, last = keys(period)
    return {
        "": ["/login/", "/login/?expired=1&next=/me/", "/help/"],
        "cuixiang": ["/", *of_survey(now, "survey", "check", "changes"), "/help/", "/me/", "/password/", "/nowhere/"],
        "cuixiang rows": rows(now, *range(1, 11)),
        "cuixiang done": [
            *of_survey(last, "survey", "receipt", "changes", "comparison"),
            *rows(last, 7),
            *results(last),
        ],
        "cuixiang text": of_standards(),
        "xiangzhou": ["/", *of_survey(now, "survey"), *rows(now, 7, 8), *results(last)[:1], "/periods/", "/officers/"],
        "city": [
            "/",
            "/dashboard/",
            "/dashboard/440402/",
            "/reviews/",
            "/spot-checks/",
            "/returns/",
            "/milestones/",
            "/comparisons/",
            "/comparisons/440402/?subject=village",
            "/jobs/",
            "/me/",
            "/facilities/",
            "/facilities/?q=街道",
            f"/facilities/{CODE}/",
            "/facilities/?q=无此单位",
        ],
        "doumen": ["/", *of_survey(now, "survey"), f"/surveys/440403103/{now}/", "/facilities/440403103/"],
        "admin": ["/", "/periods/", "/officers/", "/officers/new/", "/officers/?q=无此人", "/standards/adoptions/new/"],
        "admin days": ["/calendar/", "/calendar/?year=2028", "/timetables/", "/inbox/"],
        "xiangzhou days": ["/spot-checks/", "/calendar/", "/timetables/440402/", "/reminders/", "/inbox/"],
        "cuixiang many": [*grids(CODE, now, 1, 7), f"/grids/{CODE}/{now}/", "/workbooks/"],
        "xiangzhouzx": ["/", *grids("440402C", now, 1), f"/grids/440402C/{now}/", "/workbooks/"],
        "zijing": ["/", *[f"/surveys/440402001001/{now}/{each}" for each in ("", "unchanged/")], "/workbooks/"],
        "viewer": ["/", *grids(CODE, now, 7), *of_survey(now, "survey", "unchanged", "evidence"), "/workbooks/"],
    }


def grids(head: str, period: str, *numbers: int) -> list[str]:
    return [reverse("assessments:grid", args=[head, period, number]) for number in numbers]


CUIXIANG = ["cuixiang", "cuixiang rows", "cuixiang done", "cuixiang text", "cuixiang many"]
WHO = [
    "",
    *CUIXIANG,
    "xiangzhou",
    "xiangzhou days",
    "xiangzhouzx",
    "zijing",
    "viewer",
    "city",
    "doumen",
    "admin",
    "admin days",
]


@SIZES
@pytest.mark.parametrize("who", WHO, ids=[who or "anybody" for who in WHO])
def test_pages(open_page: Open, demo: str, period: Period, who: str, size: tuple[int, int]) -> None:
    assert Survey.objects.count() == 2
    page, found = open_page(who.split(" ")[0], size), []
    for address in addresses(period)[who]:
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        found += faults(page)
    assert found == []
