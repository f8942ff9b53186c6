"""整改 in a return: counted within the quarter, told as of the day, frozen with what is sent, added up for the city."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from assessments import rectifying
from assessments.models import Rectification, RectificationAct, Survey
from reports.models import ReturnVersion
from reports.returns import workflow
from reports.returns.city import city_statement
from reports.returns.content import content_of
from reports.returns.found import statement_of
from reports.returns.narrative import sections_of
from reports.returns.workbook import workbook_of

pytestmark = pytest.mark.django_db
WITHIN, AFTER = "2026-09-30T23:59:59+08:00", "2026-10-01T00:00:00+08:00"


@pytest.fixture
def mended(draft, reviewer, now):
    """Three items, found in the quarter, after it and before it; the last is closed in it."""
    survey = Survey.objects.filter(state="accepted", facility__subject="township").first()
    found = rectifying.source_of(survey).results
    items = rectifying.open_all(survey, reviewer, list(found)[:3], "服务所", "5")
    opened = dict(zip(items, (WITHIN, AFTER, "2026-06-30T10:00:00+08:00"), strict=True))
    for item, at in opened.items():
        item.acts.update(at=at)
    RectificationAct.objects.create(rectification=items[2], verb="closed", by=reviewer, at=WITHIN)
    Rectification.objects.filter(pk=items[2].pk).update(state="closed")
    Rectification.objects.filter(pk=items[1].pk).update(due="2026-10-09", earlier=items[2])
    return items


def test_each_is_counted_in_its_quarter_and_told_as_of_the_day(mended, unit, period):
    told = content_of(unit, period)["mending"]
    numbers = {key: told[key] for key in ("opened", "closed", "going", "overdue", "again", "day")}
    assert numbers == {"opened": 1, "closed": 1, "going": 2, "overdue": 1, "again": 1, "day": "2026-10-12"}
    late = {item["requirement"]: item["late"] for item in told["items"] if item["overdue"]}
    assert list(late.values()) == [2]  # Saturday the 10th is worked, and Monday the 12th


def test_text_and_sheet_say_it_and_a_sent_return_goes_on_saying_it(mended, draft, reviewer):
    version = workflow.submit(draft, reviewer)
    Rectification.objects.update(state="closed")
    statement = statement_of(ReturnVersion.objects.get(pk=version.pk))
    [section] = [each for each in sections_of(statement) if each.heading.endswith("整改情况")]
    [said] = section.paragraphs
    assert said.startswith("本季度提出整改1条，销号1条。截至2026年10月12日，未销号2条，其中逾期1条（")
    assert said.endswith("；整改过又再次出现的1条。")
    sheet = load_workbook(BytesIO(workbook_of(statement)))["整改"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows() if row[0].value == mended[0].facility.code]
    assert [(row[7], row[8], row[9]) for row in rows].count(("待整改", 2, "是")) == 1
    assert len(rows) == 2


def test_the_city_adds_up_and_what_never_told_of_it_says_nothing(mended, draft, reviewer, period):
    version = workflow.submit(draft, reviewer)
    city = city_statement(period)
    assert (city.mending.opened, city.mending.going, len(city.mending.items)) == (1, 2, 2)
    assert {item.group for item in city.mending.items} == {"440402"}
    old = {key: value for key, value in version.content.items() if key != "mending"}
    ReturnVersion.objects.filter(pk=version.pk).update(content=old)
    assert city_statement(period).mending is None
    assert statement_of(ReturnVersion.objects.get(pk=version.pk)).mending is None
