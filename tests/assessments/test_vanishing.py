"""Questions that do not matter vanish from the page, with a line that says why, and come back; what was said stays."""

import pytest

from assessments import workflow
from assessments.models import Judgement, Survey
from assessments.standings import standing_of
from tests.assessments.conftest import URL, stored
from tests.assessments.test_survey_pages import page_of, post

pytestmark = pytest.mark.django_db
BUDGET = "不适用：街道（乡镇）没有独立预算（"


def shows(client, number, key):
    page = client.get(f"{URL}clauses/{number}/").content.decode()
    return f'name="{key}"' in page, page


def test_a_question_that_does_not_apply_vanishes_with_its_reason(client_of_surveyor, fill):
    fill(town_has_own_budget=False)
    shown, page = shows(client_of_surveyor, 4, "in_town_budget")
    assert not shown
    assert page.count(BUDGET) == 1
    assert "已填的留着，不参加判定：" in page


def test_a_row_of_a_table_vanishes(client_of_surveyor, fill):
    fill(resident_population=50000)
    shown, page = shows(client_of_surveyor, 7, "touch_screen_count")
    assert not shown
    assert '<td colspan="5">' in page
    assert 'name="printer_count"' in page


def test_what_vanished_is_kept_and_not_confirmed(client_of_surveyor, fill, survey, say):
    fill(town_has_own_budget=False)
    before = stored(survey, "in_town_budget")
    post(client_of_surveyor, 4, page_of(client_of_surveyor, 4, go="next"))
    assert stored(survey, "in_town_budget").revision == before.revision
    assert "in_town_budget" not in standing_of(survey).relevant


def test_saving_an_answer_brings_what_vanishes_and_what_comes_back(say, fill, survey):
    fill()
    gone = say("town_has_own_budget", "false", revision=1, vanished="").content.decode()
    assert 'id="q-in_town_budget" data-question="in_town_budget" data-vanished' in gone
    assert 'name="in_town_budget"' not in gone
    back = say("town_has_own_budget", "true", revision=2, vanished="in_town_budget town_budget_amount").content.decode()
    assert 'name="in_town_budget"' in back
    assert "data-vanished" not in back
    assert "q-in_county_budget" not in back  # it neither came nor went


def test_a_browser_that_says_nothing_gets_no_questions(say, fill):
    fill()
    assert "q-in_town_budget" not in say("town_has_own_budget", "false", revision=1).content.decode()


def test_without_scripts_the_page_stays_where_questions_appeared(client_of_surveyor, fill, survey):
    fill(town_has_own_budget=False, in_town_budget=None)
    data = page_of(client_of_surveyor, 4, town_has_own_budget="true", go="next")
    response = post(client_of_surveyor, 4, data)
    assert response.url == f"{URL}clauses/4/"
    page = client_of_surveyor.get(response.url).content.decode()
    assert "多出 1 项要填" in page
    assert 'name="in_town_budget"' in page


def test_a_wrong_value_stays_in_sight(client_of_surveyor, fill):
    fill()
    data = page_of(client_of_surveyor, 4, town_has_own_budget="false", town_budget_amount="四十二", go="next")
    response = post(client_of_surveyor, 4, data)
    assert response.status_code == 422
    assert 'value="四十二"' in response.content.decode()


@pytest.fixture
def not_set_up(fill):
    fill(established=False)


def test_what_is_not_set_up_needs_nothing_more(client_of_surveyor, not_set_up, survey):
    page = client_of_surveyor.get(URL).content.decode()
    assert page.count("未设立，不必填") == 9
    assert "该填的都填了，可以提交。" in page
    own = client_of_surveyor.get(f"{URL}clauses/1/").content.decode()
    assert "服务所未设立，以下各项不必再填" in own
    assert 'name="institution_name"' not in own
    other = client_of_surveyor.get(f"{URL}clauses/7/").content.decode()
    assert "未设立，不必填" in other
    assert 'name="computer_count"' not in other
    assert "下一项" in other
    assert post(client_of_surveyor, 7, {"go": "next"}).url == f"{URL}clauses/8/"


def test_what_is_not_set_up_is_submitted_at_once(say, survey, surveyor, now, office):
    say("established", "false")
    workflow.submit(survey, surveyor)
    judged = Judgement.objects.get()
    assert (judged.grade, judged.score) == ("未设立", 0)
    survey.refresh_from_db()
    assert survey.state == Survey.SUBMITTED


def test_the_check_page_leaves_out_what_vanished(client_of_surveyor, fill):
    fill(town_has_own_budget=False)
    page = client_of_surveyor.get(f"{URL}check/").content.decode()
    assert BUDGET in page
    assert [shown.key for p in client_of_surveyor.get(f"{URL}check/").context["pages"] for shown in p.vanished] == [
        "in_town_budget",
        "town_budget_amount",
    ]
