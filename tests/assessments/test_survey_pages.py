"""Task list, row pages without scripts, prefilling, history: as a surveyor and as a reader."""

from uuid import uuid4

import pytest

from assessments import beginning, reviewing
from assessments.models import Answer, Period, Survey
from assessments.standings import standing_of
from assessments.tasks import earlier_results
from facilities.models import Fact
from standards.models import Standard
from tests.assessments.conftest import URL, stored, survey_of

pytestmark = pytest.mark.django_db


def page_of(client, number, **changed):
    """A row page as the browser would post it back without scripts: every revision, and what was changed."""
    response = client.get(f"{URL}clauses/{number}/")
    data = {"operation": str(response.context["operation"])}
    for shown in response.context["page"].shown:
        data[f"{shown.key}__revision"] = shown.base
        if shown.picked - {None}:
            data[shown.key] = sorted(shown.picked) if shown.question.choices else shown.text
    return data | changed


def post(client, number, data):
    return client.post(f"{URL}clauses/{number}/", data)


def test_opening_asks_first_and_writes_nothing_on_get(office, client_of_surveyor, now):
    response = client_of_surveyor.get(URL)
    assert "开始填" in response.content.decode()
    assert not Survey.objects.exists()


def test_starting_twice_is_one_survey(office, client_of_surveyor, now):
    for _ in range(2):
        assert client_of_surveyor.post(f"{URL}start/").url == URL
    assert Survey.objects.count() == 1


def test_only_the_current_quarter_can_be_begun(office, client_of_surveyor, now):
    assert client_of_surveyor.post("/surveys/440402001/2026Q3/start/").url == "/"
    assert not Survey.objects.exists()


def test_a_reader_cannot_begin(office, officer, browse, now):
    assert browse(officer("reviewer")).post(f"{URL}start/").status_code == 403


def test_dated_facts_prefill(office, surveyor, now):
    for value, since in ((100, "2025-01-01"), (136000, "2026-12-31"), (200000, "2027-01-01")):
        Fact.objects.create(facility=office, indicator="resident_population", value=value, since=since, source="年报")
    survey = beginning.start(office, Period(year=2026, quarter=4), surveyor)
    answer = stored(survey, "resident_population")
    assert (answer.value, answer.origin) == (136000, Answer.FACT)


def test_the_last_survey_prefills_and_is_remembered(submitted, office, officer, now):
    now.move_to("2027-02-01T09:00:00+08:00")
    survey = beginning.start(office, Period(year=2027, quarter=1), officer("surveyor"))
    answer = stored(survey, "computer_count")
    assert (answer.value, answer.previous, answer.origin) == (5, 5, Answer.CARRIED)
    assert survey.changes.filter(indicator="computer_count", origin="carried").count() == 1


def test_going_on_confirms_what_was_carried(submitted, office, officer, browse, now):
    now.move_to("2027-02-01T09:00:00+08:00")
    surveyor = officer("surveyor")
    survey = beginning.start(office, Period(year=2027, quarter=1), surveyor)
    client = browse(surveyor)
    url = "/surveys/440402001/2027Q1/clauses/1/"
    assert "沿用上季" in client.get(url).content.decode()
    seen = {"operation": str(uuid4()), "go": "next", "established": "true", "established__revision": "1"}
    assert client.post(url, seen).url.endswith("/clauses/2/")
    assert stored(survey, "established").origin == Answer.CONFIRMED
    assert stored(survey, "institution_name").origin == Answer.CARRIED  # it did not stand on the page that came
    assert survey.changes.filter(indicator="established").count() == 2


def test_a_row_saves_without_scripts(client_of_surveyor, survey):
    data = page_of(client_of_surveyor, 7, computer_count="７", printer_count="2", go="stay")
    assert post(client_of_surveyor, 7, data).url == f"{URL}clauses/7/"
    assert stored(survey, "computer_count").value == 7
    assert stored(survey, "printer_count").value == 2


def test_what_was_not_filled_stays_unanswered(client_of_surveyor, survey):
    post(client_of_surveyor, 7, page_of(client_of_surveyor, 7, go="stay"))
    assert stored(survey, "computer_count") is None
    assert stored(survey, "other_equipment") is None


def test_the_same_page_sent_twice_is_done_once(client_of_surveyor, survey):
    data = page_of(client_of_surveyor, 7, computer_count="7", go="stay")
    post(client_of_surveyor, 7, data)
    assert post(client_of_surveyor, 7, data).status_code == 302
    assert survey.changes.filter(indicator="computer_count").count() == 1


def test_wrong_input_is_kept_and_the_rest_saved(client_of_surveyor, survey):
    data = page_of(client_of_surveyor, 7, computer_count="五台", printer_count="2", go="next")
    response = post(client_of_surveyor, 7, data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>错误：" in page
    assert 'value="五台"' in page
    assert 'href="#q-computer_count"' in page
    assert page.count("计算机要填整数") == 2 or page.count("要填整数，例如") >= 2
    assert stored(survey, "printer_count").value == 2


def test_a_stale_page_conflicts_only_where_both_changed(client_of_surveyor, survey, officer, browse, say):
    data = page_of(client_of_surveyor, 7, computer_count="5", go="stay")
    other = browse(officer("surveyor"))
    say("computer_count", "7", client=other)
    say("printer_count", "3", client=other)
    response = post(client_of_surveyor, 7, data)
    assert response.status_code == 409
    assert [shown.key for shown in response.context["page"].conflicts] == ["computer_count"]
    assert (stored(survey, "computer_count").value, stored(survey, "printer_count").value) == (7, 3)


@pytest.mark.parametrize(("verdict", "value"), [("mine", 5), ("theirs", 7)])
def test_a_conflict_is_settled_by_a_choice(client_of_surveyor, survey, officer, browse, say, verdict, value):
    data = page_of(client_of_surveyor, 7, computer_count="5")
    say("computer_count", "7", client=browse(officer("surveyor")))
    post(client_of_surveyor, 7, data | {"go": "stay"})
    assert post(client_of_surveyor, 7, data | {"take": f"{verdict}:computer_count:1"}).status_code == 302
    assert stored(survey, "computer_count").value == value


def test_a_choice_made_too_late_conflicts_again(client_of_surveyor, survey, officer, browse, say):
    data = page_of(client_of_surveyor, 7, computer_count="5")
    other = browse(officer("surveyor"))
    say("computer_count", "7", client=other)
    say("computer_count", "8", revision=1, client=other)
    assert post(client_of_surveyor, 7, data | {"take": "mine:computer_count:1"}).status_code == 409
    assert stored(survey, "computer_count").value == 8


def test_the_list_shows_what_is_finished(client_of_surveyor, fill, survey):
    fill(filing_cabinet_count=None, training_count=None)
    response = client_of_surveyor.get(URL)
    page = response.content.decode()
    assert "档案柜未填" in page
    standing = response.context["standing"]
    assert [stands.status for stands in standing.pages].count("done") == 8


def test_the_running_score_counts_finished_rows_only(survey, fill):
    fill(filing_cabinet_count=None)
    standing = standing_of(survey)
    done = [stands for stands in standing.pages if stands.is_complete]
    assert len(done) == 9
    assert standing.running_score == round(sum(stands.result.score for stands in done) / 9, 1)


def test_a_row_that_waits_for_another_is_not_finished(survey, fill):
    fill(software_in_use=None)
    by_number = {stands.page.clause.number: stands for stands in standing_of(survey).pages}
    assert by_number["2"].result.outcome == "missing"
    assert not by_number["2"].is_complete


def test_readers_see_the_rows_and_cannot_write(client_of_surveyor, fill, officer, browse):
    fill()
    for reader in (officer("reviewer"), officer("city"), officer("viewer"), officer("admin")):
        client = browse(reader)
        page = client.get(f"{URL}clauses/7/").content.decode()
        assert '<fieldset class="page-fields" disabled>' in page
        assert "下一项" in page
        assert client.post(f"{URL}clauses/7/", {"operation": str(uuid4())}).status_code == 403


def test_history_names_who_and_what(client_of_surveyor, say):
    say("computer_count", "5")
    say("computer_count", "7", revision=1)
    page = client_of_surveyor.get(f"{URL}changes/").content.decode()
    assert page.index("7 台") < page.index("5 台")
    assert "第 2 次" in page


def test_a_jump_asks_for_a_note_and_does_not_block(submitted, office, officer, browse, now, say):
    now.move_to("2027-02-01T09:00:00+08:00")
    surveyor = officer("surveyor")
    survey = beginning.start(office, Period(year=2027, quarter=1), surveyor)
    client = browse(surveyor)
    data = {"printer_count": "6", "printer_count__revision": "1", "operation": str(uuid4())}
    response = client.post("/surveys/440402001/2027Q1/answers/printer_count/", data)
    assert "比上季（3 台）多 100%" in response.content.decode()
    assert stored(survey, "printer_count").value == 6


def test_an_implausible_number_asks_for_a_note(say):
    assert "写一句说明" in say("computer_count", "900").content.decode()


def test_an_unknown_row_or_quarter_is_not_there(client_of_surveyor, survey):
    assert client_of_surveyor.get(f"{URL}clauses/11/").status_code == 404
    assert client_of_surveyor.get("/surveys/440402001/2026Q9/").status_code == 404
    assert client_of_surveyor.get("/surveys/440402001/1999Q1/").status_code == 404


def test_text_is_shown_not_run(client_of_surveyor, survey, say):
    say("area_basis", "<script>alert(1)</script>")
    for url in ("clauses/2/", "check/", "changes/", ""):
        assert "<script>alert" not in client_of_surveyor.get(URL + url).content.decode()


def test_mending_from_the_check_page_goes_back_there(client_of_surveyor, survey):
    page = client_of_surveyor.get(f"{URL}clauses/3/?from=check").content.decode()
    assert "回检查页" in page
    data = page_of(client_of_surveyor, 3, go="next")
    assert post(client_of_surveyor, 3, data | {"from": "check"}).url == f"{URL}check/"


def test_a_whole_column_and_a_whole_row_are_ticked_without_scripts(client_of_surveyor, survey):
    post(client_of_surveyor, 8, page_of(client_of_surveyor, 8, all="column:rules_services"))
    assert len(stored(survey, "rules_services").value) == 7
    data = page_of(client_of_surveyor, 8, all="row:archives", ledger_services__none="1")
    post(client_of_surveyor, 8, data)
    assert stored(survey, "ledger_services").value == ["archives"]
    page = client_of_surveyor.get(f"{URL}clauses/8/").content.decode()
    assert page.count('<td class="is-lack"') == 3 * 6  # three columns hold one of seven, one holds all


def test_an_invented_row_is_not_ticked(client_of_surveyor, survey):
    post(client_of_surveyor, 8, page_of(client_of_surveyor, 8, all="row:fishing"))
    assert stored(survey, "ledger_services") is None


@pytest.mark.parametrize("take", ["mine:computer_count:²", "mine", "theirs::", "mine:nothing:1", ":" * 50])
def test_a_strange_choice_is_no_fault(client_of_surveyor, survey, take):
    data = page_of(client_of_surveyor, 7, computer_count="5", computer_count__revision="²")
    assert post(client_of_surveyor, 7, data | {"take": take}).status_code == 302


@pytest.mark.parametrize("number", ["²", "0", "-1", "x", "9" * 5000])
def test_a_strange_page_number_shows_a_page(officer, browse, survey, number):
    assert browse(officer("city")).get("/", {"page": number}).status_code == 200


def test_what_was_submitted_stays_with_its_edition(submitted, survey, client_of_surveyor):
    newer = Standard.objects.get(key="town_office")
    newer.pk, newer.effective = None, "2026-11-01"
    newer.save()
    assert client_of_surveyor.get(URL).context["standing"].standard.pk != newer.pk


def test_what_was_typed_into_a_closed_quarter_stays_to_be_copied(client_of_surveyor, survey, now):
    data = page_of(client_of_surveyor, 7, other_equipment="新购高拍仪 2 台", go="next")
    survey.period.closed_at = "2026-10-09T09:00:00+08:00"
    survey.period.save()
    response = post(client_of_surveyor, 7, data)
    page = response.content.decode()
    assert response.status_code == 423
    assert "已关闭" in page
    assert "新购高拍仪 2 台" in page
    assert stored(survey, "other_equipment") is None


def test_home_and_beginning_know_a_closed_quarter(survey, client_of_surveyor, officer, browse, now):
    survey.period.closed_at = "2026-10-09T09:00:00+08:00"
    survey.period.save()
    assert "已关闭" in client_of_surveyor.get("/").content.decode()
    neighbour = browse(officer("surveyor", facility="440402002"))
    page = neighbour.get("/surveys/440402002/2026Q4/").content.decode()
    assert "已关闭" in page
    assert "<h3>2026年第四季度还没有开始填</h3>" not in page


def test_an_answer_without_its_revision_is_refused_not_dropped(client_of_surveyor, survey):
    response = post(client_of_surveyor, 7, {"computer_count": "7", "operation": str(uuid4())})
    assert response.status_code == 422
    assert "刷新" in response.content.decode()


def test_two_windows_of_one_officer_are_called_so(client_of_surveyor, survey, say):
    data = page_of(client_of_surveyor, 7, computer_count="5", go="stay")
    say("computer_count", "7")
    assert "您在另一个窗口改过" in post(client_of_surveyor, 7, data).content.decode()


def test_an_overdue_draft_does_not_count_as_another_office(survey, officer, browse, now):
    now.move_to("2027-02-01T09:00:00+08:00")
    page = browse(officer("surveyor")).get("/").content.decode()
    assert "共 18 家" in page  # the office and its stations
    assert "已逾期" in page


def test_an_accepted_survey_stands_once_among_earlier_results(submitted, survey, officer, surveyor):
    reviewer = officer("reviewer")
    for key in reviewing.undecided(standing_of(survey_of())):
        reviewing.determine(survey_of(), reviewer, key, "accepted", "属实")
    reviewing.accept(survey_of(), reviewer)
    assert [judged.snapshot.kind for judged in earlier_results(surveyor)] == ["accepted"]
