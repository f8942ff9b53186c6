"""One answer saves itself: idempotent, based on a revision, every change kept."""

from uuid import uuid4

import pytest

from assessments.models import Change, Survey
from tests.assessments.conftest import stored

pytestmark = pytest.mark.django_db


def test_an_answer_is_saved_with_its_change(say, survey, surveyor):
    assert say("computer_count", "7").status_code == 200
    answer = stored(survey, "computer_count")
    assert (answer.value, answer.revision, answer.by) == (7, 1, surveyor)
    change = Change.objects.get(survey=survey, indicator="computer_count")
    assert (change.value, change.revision, change.by) == (7, 1, surveyor)


def test_the_finding_comes_back_live(say):
    say("resident_population", "136000")
    assert "差 2 台" in say("computer_count", "5").content.decode()
    assert "outcome--pass" in say("computer_count", "7", revision=1).content.decode()


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("computer_count", "７", 7),
        ("computer_count", " 7 台 ", 7),
        ("resident_population", "１３６，０００", 136000),
        ("building_area", "１８６．５", "186.50"),
        ("established", "true", True),
        ("established_on", "2012年3月1日", "2012-03-01"),
        ("line_type", "专线", "专线"),
    ],
)
def test_what_officials_type_is_understood(say, survey, key, typed, value):
    assert say(key, typed).status_code == 200
    assert stored(survey, key).value == value


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("computer_count", "五台"),
        ("computer_count", "-1"),
        ("computer_count", "2.5"),
        ("computer_count", "1e3"),
        ("computer_count", "NaN"),
        ("computer_count", "9" * 40),
        ("building_area", "186.555"),
        ("established", "也许"),
        ("established_on", "2027-01-01"),
        ("established_on", "2012-13-01"),
        ("line_type", "光纤"),
        ("services_provided", "fishing"),
        ("area_basis", "长" * 3000),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(say, survey, key, typed):
    response = say(key, typed)
    assert response.status_code == 422
    assert any("一" <= character <= "龥" for character in response.content.decode())
    assert stored(survey, key) is None


def test_a_checklist_with_nothing_ticked_needs_to_be_said(say, survey):
    say("functional_areas", None)
    assert stored(survey, "functional_areas") is None
    say("functional_areas", None, functional_areas__none="1")
    assert stored(survey, "functional_areas").value == []


def test_none_of_these_together_with_one_is_refused(say):
    assert say("functional_areas", "service_hall", functional_areas__none="1").status_code == 422


def test_an_item_that_the_survey_does_not_offer_is_refused(say):
    assert say("services_provided", "archives").status_code == 422


def test_cannot_be_given_with_a_reason(say, survey):
    say("building_area", None, building_area__reason="房产证在区局")
    answer = stored(survey, "building_area")
    assert (answer.value, answer.reason) == (None, "房产证在区局")


def test_sent_twice_it_is_done_once(say, survey):
    operation = uuid4()
    first = say("computer_count", "7", operation=operation)
    again = say("computer_count", "7", operation=operation)
    assert first.status_code == again.status_code == 200
    assert survey.changes.filter(indicator="computer_count").count() == 1
    assert stored(survey, "computer_count").revision == 1


def test_sent_again_after_anothers_edit_it_is_a_conflict(say, survey, officer, browse):
    operation = uuid4()
    say("computer_count", "7", operation=operation)
    say("computer_count", "9", revision=1, client=browse(officer("surveyor")))
    response = say("computer_count", "7", operation=operation)
    assert response.status_code == 409
    assert 'id="rev-computer_count"' not in response.content.decode()  # the page keeps its old revision: no overwriting
    assert stored(survey, "computer_count").value == 9


def test_one_operation_with_two_contents_is_refused(say, survey):
    operation = uuid4()
    say("computer_count", "7", operation=operation)
    assert say("computer_count", "8", operation=operation).status_code == 422
    assert stored(survey, "computer_count").value == 7


def test_a_stale_edit_is_a_conflict_with_both_values(say, survey, officer, browse):
    say("computer_count", "7")
    other = officer("surveyor")
    response = say("computer_count", "5", revision=0, client=browse(other))
    page = response.content.decode()
    assert response.status_code == 409
    assert "5 台" in page
    assert "7 台" in page
    assert "用我的" in page
    assert stored(survey, "computer_count").value == 7


def test_the_same_value_from_two_is_no_conflict(say, survey, officer, browse):
    say("computer_count", "7")
    assert say("computer_count", "7", revision=0, client=browse(officer("surveyor"))).status_code == 200


def test_a_change_is_never_altered_only_added(say, survey):
    for revision, value in enumerate(["5", "6", "7"]):
        say("computer_count", value, revision=revision)
    rows = survey.changes.filter(indicator="computer_count").order_by("revision")
    assert [(row.revision, row.value) for row in rows] == [(1, 5), (2, 6), (3, 7)]


def test_without_an_operation_it_is_refused(client_of_surveyor, survey):
    response = client_of_surveyor.post("/surveys/440402001/2026Q4/answers/computer_count/", {"computer_count": "7"})
    assert response.status_code == 422
    assert "刷新" in response.content.decode()


def test_an_unknown_indicator_is_not_there(say):
    assert say("score", "100").status_code == 404


def test_a_submitted_survey_is_locked(say, submitted):
    response = say("computer_count", "9", revision=1)
    assert response.status_code == 423
    assert "已提交" in response.content.decode()


def test_a_closed_quarter_is_locked(say, survey, now):
    survey.period.closed_at = "2026-10-09T09:00:00+08:00"
    survey.period.save()
    response = say("computer_count", "9")
    assert response.status_code == 423
    assert "已关闭" in response.content.decode()


def test_a_late_survey_stays_writable(say, survey, now, browse, surveyor):
    now.move_to("2027-03-01T10:00:00+08:00")
    assert say("computer_count", "9", client=browse(surveyor)).status_code == 200


def test_readers_do_not_write(say, officer, browse, survey):
    for reader in (officer("reviewer"), officer("city"), officer("viewer"), officer("admin")):
        assert say("computer_count", "9", client=browse(reader)).status_code == 403
    assert stored(survey, "computer_count") is None


def test_strangers_do_not_learn_that_it_exists(say, officer, browse):
    for stranger in (officer("surveyor", facility="440402002"), officer("reviewer", unit="440403")):
        assert say("computer_count", "9", client=browse(stranger)).status_code == 404


def test_nothing_but_the_answer_is_bound(say, survey):
    say("computer_count", "7", state="submitted", is_demo="0", score="100", created_by="1", number="99")
    kept = Survey.objects.get(pk=survey.pk)
    assert (kept.state, kept.created_by) == ("draft", survey.created_by)


def test_a_missing_csrf_token_is_refused_in_chinese(browse, surveyor, survey):
    strict = browse(surveyor, enforce_csrf_checks=True)
    response = strict.post("/surveys/440402001/2026Q4/answers/computer_count/", {"computer_count": "7"})
    assert response.status_code == 403
    assert "刷新" in response.content.decode()


def test_ten_megabytes_of_text_are_refused_kindly(browse, surveyor, survey):
    client = browse(surveyor)
    for url in ("answers/area_basis/", "clauses/2/"):
        response = client.post(f"/surveys/440402001/2026Q4/{url}", {"area_basis": "长" * 3_500_000})
        assert response.status_code in (400, 413)
        assert any("一" <= character <= "龥" for character in response.content.decode())


@pytest.mark.parametrize("revision", ["²", "9" * 5000, "-1", "x", ""])
def test_a_strange_revision_is_none(say, survey, revision):
    assert say("computer_count", "7", revision=revision).status_code == 200


def test_control_characters_are_dropped(say, survey):
    say("building_area", None, building_area__reason="房产证\x00在\n区局")
    assert stored(survey, "building_area").reason == "房产证在 区局"
