"""批量填写: a line of the grid says and keeps what the form would."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import beginning, workflow
from assessments.adopting import in_force_on
from assessments.answering import Edit, Given, save
from assessments.models import Answer, Change, Period, Survey
from assessments.scoring import glance, stand
from assessments.standings import standing_of
from tests.assessments.town import make_stations, note_places, town_answers

GRID = "/grids/440402001/2026Q4/"
PERIOD = Period(year=2026, quarter=4)
SCRIPT = {"headers": {"x-requested-with": "fetch"}}


@pytest.fixture
def stations(office, now):
    office.children = make_stations(office, 7)
    note_places(office.children)
    return office.children


@pytest.fixture
def filler(browse, surveyor):
    return browse(surveyor)


def send(client, station, number, fields, **more):
    posted = {"operation": str(uuid4())}
    for key, value in fields.items():
        held = Answer.objects.filter(survey__facility=station, indicator=key).first()
        posted[f"{key}__revision"] = str(held.revision if held else 0)
        if value == []:
            posted[f"{key}__none"] = "1"
        else:
            posted[key] = (
                value if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)
            )
    return client.post(f"{GRID}{number}/lines/{station.code}/", posted | more, **SCRIPT)


def fill_by_grid(client, stations, answers):
    """Row by row, as the grid is walked: of each line what is asked there now."""
    for page in standing_of(_survey(stations[0])).questionnaire.pages:
        for station in stations:
            asked = standing_of(_survey(station)).relevant
            told = {key: answers[station.code][key] for key in page.keys if key in answers[station.code]}
            for key in [key for key in told if key in asked]:  # each may bring others up
                assert send(client, station, page.clause.number, {key: told.pop(key)}).status_code == 200
            if told:
                assert send(client, station, page.clause.number, told).status_code == 200
        client.post(f"{GRID}{page.clause.number}/confirm/")


def _survey(station):
    return Survey.objects.select_related("facility__division", "period").get(facility=station)


def fill_by_form(officer, stations, answers):
    for station in stations:
        survey = beginning.start(station, PERIOD, officer)
        questions = standing_of(survey).questionnaire.questions
        held = dict(survey.answers.values_list("indicator", "revision"))
        save(
            survey,
            officer,
            [Edit(questions[k], Given(v), held.get(k, 0), uuid4()) for k, v in answers[station.code].items()],
        )


def test_a_glance_finds_what_judging_everything_finds(stations):
    for left_out, (code, told) in enumerate(town_answers(stations).items()):
        station = next(each for each in stations if each.code == code)
        kept = [key for n, key in enumerate(told) if n % 4 != left_out % 4]
        answers = {key: Answer(indicator=key, value=told[key]) for key in kept} | {
            "printer_count": Answer(indicator="printer_count", reason="在修")
        }
        asked = Survey(facility=station, period=PERIOD), in_force_on(PERIOD.last_day).of(station), answers
        seen, whole = glance(*asked), stand(*asked)
        for page in whole.questionnaire.pages:
            assert seen.needed_among(page.keys) == whole.needed & set(page.keys), page.clause.number
        assert dict(seen.judgement.results) == {key: whole.judgement.results[key] for key in seen.edition.by_key}
        assert {key: clause.outcome for key, clause in seen.judgement.clauses.items()} == {
            key: whole.judgement.clauses[key].outcome for key in seen.edition.clause_by_key
        }


def results(stations):
    return {station.code: standing_of(_survey(station)).judgement.as_json() for station in stations}


def test_a_town_filled_by_grid_alone_is_judged_as_by_the_form(stations, filler, surveyor):
    answers = town_answers(stations)
    assert filler.post(f"{GRID}1/begin/").status_code == 302
    fill_by_grid(filler, stations, answers)
    by_grid = results(stations)
    for station in stations:
        assert workflow.submit(_survey(station), surveyor).judgements.count() == 1
    for survey in Survey.objects.all():
        survey.judgements.all().delete()
        survey.snapshots.all().delete()
        survey.delete()
    fill_by_form(surveyor, stations, answers)
    assert by_grid == results(stations)
    assert len({judged["grade"] for judged in by_grid.values()}) >= 2


def test_a_cell_is_kept_like_a_single_answer(stations, filler):
    station = stations[0]
    answer = send(filler, station, "7", {"computer_count": 3})
    assert answer.status_code == 200
    kept = Change.objects.get(survey__facility=station, indicator="computer_count")
    assert (kept.value, kept.revision, kept.origin) == (3, 1, "entered")
    assert f'id="line-{station.code}"' in answer.content.decode()


def test_the_same_act_sent_twice_is_done_once(stations, filler):
    fields = {"operation": str(uuid4()), "computer_count": "3", "computer_count__revision": "0"}
    for _ in range(2):
        assert filler.post(f"{GRID}7/lines/{stations[0].code}/", fields, **SCRIPT).status_code == 200
    assert Change.objects.filter(indicator="computer_count").count() == 1


def test_what_a_colleague_changed_is_a_conflict_with_both_values(stations, filler):
    station = stations[0]
    send(filler, station, "7", {"computer_count": 3})
    send(filler, station, "7", {"computer_count": 4})
    stale = {"operation": str(uuid4()), "computer_count": "9", "computer_count__revision": "1"}
    answer = filler.post(f"{GRID}7/lines/{station.code}/", stale, **SCRIPT)
    assert answer.status_code == 409
    assert 'data-mine="9 台"' in answer.content.decode()
    assert 'data-theirs="4 台"' in answer.content.decode()
    taken = filler.post(f"{GRID}7/lines/{station.code}/", stale | {"take": "mine:computer_count:2"}, **SCRIPT)
    assert taken.status_code == 200
    assert Answer.objects.get(indicator="computer_count").value == 9


def test_a_bad_value_is_said_and_what_was_typed_stays(stations, filler):
    answer = send(filler, stations[0], "7", {"computer_count": "三台", "printer_count": 2})
    assert answer.status_code == 422
    assert 'value="三台"' in answer.content.decode()
    assert set(
        Answer.objects.filter(survey__facility=stations[0], origin="entered").values_list("indicator", flat=True)
    ) == {"printer_count"}


def test_what_is_submitted_or_closed_is_locked(stations, filler, surveyor):
    send(filler, stations[6], "1", {"has_station": False})
    workflow.submit(_survey(stations[6]), surveyor)
    answer = send(filler, stations[6], "1", {"has_station": True})
    assert answer.status_code == 423
    assert "已提交" in answer.content.decode()


def test_without_scripts_a_line_is_saved_by_its_own_button(stations, filler):
    fields = {"operation": str(uuid4()), "computer_count": "3", "computer_count__revision": "0"}
    url = f"{GRID}7/lines/{stations[0].code}/"
    assert filler.post(url, fields).url == f"{GRID}7/"
    wrong = filler.post(url, fields | {"operation": str(uuid4()), "printer_count": "x", "printer_count__revision": "0"})
    assert wrong.status_code == 422
    assert "错误：" in wrong.content.decode()


def test_irrelevant_cells_say_why_and_come_back(stations, filler):
    page = filler.get(f"{GRID}1/").content.decode()
    assert "不适用" in page
    answer = send(filler, stations[4], "1", {"has_station": False}).content.decode()
    assert 'name="coordinator_count"' in answer
    assert 'name="signboard_name"' not in answer


def test_who_may(stations, browse, officer):
    assert browse(officer("reviewer")).get(f"{GRID}7/").status_code == 200
    assert "由填报员填写" in browse(officer("city")).get(f"{GRID}7/").content.decode()
    assert browse(officer("city")).post(f"{GRID}7/begin/").status_code == 403
    assert send(browse(officer("viewer")), stations[0], "7", {"computer_count": 1}).status_code == 403
    assert browse(officer("surveyor", facility="440402002")).get(f"{GRID}7/").status_code == 404
    assert browse(officer("surveyor", facility="440402C")).get("/grids/440402C/2026Q4/7/").status_code == 200


def test_begun_at_once_with_what_is_known(stations, filler):
    filler.post(f"{GRID}1/begin/")
    assert Survey.objects.filter(facility__in=stations).count() == 7
    assert Answer.objects.filter(survey__facility=stations[0], origin="fact").count() >= 3
    filler.post(f"{GRID}1/confirm/")
    assert Answer.objects.filter(survey__facility=stations[0], indicator="unit_type", origin="confirmed").exists()


@pytest.mark.parametrize("number", ["1", "7", "8"])
def test_queries_do_not_grow_with_the_stations(office, now, filler, number):
    few = make_stations(office, 5)
    filler.post(f"{GRID}1/begin/")
    count = _queries(filler, f"{GRID}{number}/")
    more = make_stations(office, 35, first=100)
    filler.post(f"{GRID}1/begin/")
    assert Survey.objects.filter(facility__in=[*few, *more]).count() == 40
    assert _queries(filler, f"{GRID}{number}/") == count <= 15


def _queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_a_line_is_saved_with_few_queries(stations, filler):
    send(filler, stations[0], "7", {"computer_count": 3})
    with CaptureQueriesContext(connection) as queries:
        send(filler, stations[0], "7", {"computer_count": 4, "printer_count": 2})
    assert len(queries) <= 21, len(queries)
