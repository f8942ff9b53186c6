"""适用: a street is judged by 附表2 and by the plan from one questionnaire; the first alone is counted."""

import re
from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import reviewing, workflow
from assessments.adopting import UnreadableAdoptions, in_force_on, load_adoptions
from assessments.models import Adoption, Finding, Judgement, Rectification, Summary
from assessments.scoring import asked_by
from assessments.standings import standing_of
from facilities.models import Division, Facility
from tests.assessments.acts import accepted, fresh
from tests.assessments.adopted import adopt, say_all
from tests.assessments.conftest import ANSWERS, URL

DAY = date(2026, 12, 31)
SUBJECTS = ("township", "village", "district", "city")
PLAN = "zhuhai_2011"


@pytest.fixture
def plan(city):
    adopt()


def judging(code, day=DAY):
    return [standard.key for standard in in_force_on(day).of(Facility.objects.get(code=code))]


def test_the_file_says_who_is_judged_by_what_from_when(plan):
    assert judging("440402001") == ["town_office", PLAN]
    assert judging("440402001001") == ["village_station", PLAN]
    assert judging("440402C") == ["county_center"]
    assert judging("440402G") == judging("4404G") == [PLAN]
    assert judging("440402001", date(2026, 6, 30)) == ["town_office"]
    assert judging("440402G", date(2026, 6, 30)) == []


def test_loaded_again_nothing_is_written(plan):
    assert adopt() == (0, 0)
    assert Adoption.objects.count() == len(SUBJECTS)
    assert set(Facility.objects.filter(subject__in=("district", "city")).values_list("code", flat=True)) == {
        "440402G", "440403G", "440404G", "4404G", "440402100G", "440402104G", "440402105G",
    }  # fmt: skip


@pytest.mark.parametrize("subject", SUBJECTS)
def test_nothing_is_asked_twice_and_everything_once(plan, subject):
    standards = in_force_on(DAY).anywhere(subject)
    asked = asked_by(standards, subject)
    times = Counter(question.key for page in asked.every for question in page.questions)
    assert set(times.values()) == {1}
    read = {key for clause in asked.edition.clauses for key in clause.indicators}
    assert set(times) == read
    numbers = [page.clause.number for page in asked.every]
    assert len(numbers) == len(set(numbers))
    shown = Counter(r.key for page in asked.every for question in page.questions for r in question.requirements)
    shown += Counter(r.key for page in asked.every for r in page.others)
    assert set(shown.values()) == {1}
    assert set(shown) == {r.key for r in asked.edition.requirements}


def test_the_first_editions_pages_stay_as_they_were(plan):
    both = in_force_on(DAY).anywhere("township")
    alone, together = asked_by(both[:1], "township"), asked_by(both, "township")
    assert [page.keys for page in together.pages[: len(alone.pages)]] == [page.keys for page in alone.pages]
    assert all(page.questions for page in together.pages[len(alone.pages) :])


@pytest.fixture
def both(plan, survey, surveyor):
    """A street with 60,000 people served, 6 staff, 200 ㎡: right by 附表2, short by the plan (X1, X2)."""
    said = {
        "served_population": 60000, "staff_count": 6, "building_area": "200.00", "office_service_area": "200.00",
    }  # fmt: skip
    return say_all(survey, surveyor, **(ANSWERS | said))


def test_one_survey_is_judged_by_both(both):
    own, other = both.judgements
    assert own.results["town.3.ratio"].outcome == "pass"
    assert own.results["town.2.area"].outcome == "pass"
    ratio, area = other.results["zh.3.1.5.town_ratio"], other.results["zh.3.2.town_area"]
    assert (ratio.outcome, ratio.main.norm, ratio.main.shortfall) == ("fail", 10, 4)
    assert (area.outcome, area.main.norm, area.main.shortfall) == ("deviation", 300, 100)
    assert (both.judgement.score, both.judgement.grade) == (own.score, own.grade)
    assert both.running_score == own.score


def test_a_submission_keeps_both_and_counts_the_first(both, survey, surveyor, own):
    snapshot = workflow.submit(survey, surveyor)
    assert [part["standard"] for part in snapshot.content["judgements"]] == ["town_office", PLAN]
    kept = {each.standard.key: each for each in snapshot.judgements.select_related("standard")}
    assert {key: each.beside for key, each in kept.items()} == {"town_office": False, PLAN: True}
    assert Finding.objects.filter(judgement=kept[PLAN], requirement__key="zh.3.1.5.town_ratio").exists()
    final = accepted(survey, own)
    assert [part["standard"] for part in final.content["judgements"]] == ["town_office", PLAN]
    assert set(Summary.objects.values_list("standard", flat=True)) == {"town_office@2016-01-01"}
    due = survey.period.due_surveys.get(facility=survey.facility)
    assert due.counted.standard.key == "town_office"


def test_the_page_of_the_plan_shows_its_words_and_what_is_asked_elsewhere(both, client_of_surveyor):
    page = client_of_surveyor.get(f"{URL}clauses/三（一）5/").content.decode()
    assert "原文　珠海方案 第三（一）5项" in page
    assert "街道（镇）服务机构按照每6000名服务对象配备1名工作人员" in page
    assert "别处已填，这里也用到" in page
    assert 'name="served_population"' not in page
    assert 'name="extra_staff"' in page
    tasks = client_of_surveyor.get(URL).content.decode()
    assert "三（一）5" in tasks
    assert "另按珠海方案：" in tasks


def test_the_last_page_of_the_first_leads_to_the_plan(both, client_of_surveyor):
    last = client_of_surveyor.get(f"{URL}clauses/10/").content.decode()
    assert "做好更名工作" in last or "明确机构职能" in last


def test_the_result_shows_each_by_itself(both, survey, surveyor, client_of_surveyor):
    workflow.submit(survey, surveyor)
    result = "/surveys/440402001/2026Q4/result/"
    first = client_of_surveyor.get(result).content.decode()
    assert f"{result}?standard={PLAN}" in first
    other = client_of_surveyor.get(f"{result}?standard={PLAN}").content.decode()
    assert "工作人员（在岗）：实有 6 人，应有 10 人，差 4 人" in other.replace('<span class="gap">', "").replace(
        "</span>", ""
    )
    assert client_of_surveyor.get(f"{result}?standard=county_center").status_code == 404
    told = client_of_surveyor.get("/surveys/440402001/2026Q4/report.json").json()
    assert told["edition"]["key"] == "town_office"
    assert [each["edition"]["key"] for each in told["beside"]] == [PLAN]
    named = {f["requirement"]: f for row in told["beside"][0]["rows"] for f in row["findings"]}
    assert named["zh.3.1.5.town_ratio"]["shortfall"] == "4"


def test_the_plans_pending_is_decided_before_it_is_accepted(plan, surveyor, survey, own):
    """区镇合一的机构名称 that matches nothing is a person's to decide (Z9)."""
    said = ANSWERS | {"area_kind": "经济功能区", "merged_with_town": True, "institution_name": "富山工业园服务所"}
    say_all(survey, surveyor, **said)
    workflow.submit(survey, surveyor)
    waiting = reviewing.undecided(standing_of(fresh(survey)))
    assert "zh.3.1.4.name_zone_merged" in waiting
    for key in waiting:
        reviewing.determine(fresh(survey), own, key, "accepted", "批复文件如此")
    accepted(survey, own)
    judged = Judgement.objects.get(survey=survey, beside=True, snapshot__kind="accepted")
    assert judged.content["results"]["zh.3.1.4.name_zone_merged"]["outcome"] == "pass"


def test_what_the_plan_finds_can_be_mended_too(both, survey, surveyor, own, browse):
    workflow.submit(survey, surveyor)
    page = f"{URL}rectify/"
    first, second = (browse(own).get(page + query).content.decode() for query in ("", f"?standard={PLAN}"))
    assert 'value="zh.' not in first
    assert 'value="town.' not in second
    key = re.search(r'name="row" value="(zh[^"]+)"', second)[1]
    sent = {"row": key, "responsible": "服务所", "days": "5"}
    assert browse(own).post(page, sent).status_code == 422  # not among those of the first
    made = browse(own).post(f"{page}?standard={PLAN}", sent)
    item = Rectification.objects.get()
    assert (item.requirement.key, item.requirement.standard.key) == (key, PLAN)
    assert browse(surveyor).get(made["Location"]).status_code == 200


def test_a_survey_sent_before_the_adoption_stays_as_it_was(submitted, survey, surveyor, own):
    before = submitted.content_hash, dict(submitted.content)
    adopt()
    assert [standard.key for standard in standing_of(fresh(survey)).standards] == ["town_office"]
    final = accepted(survey, own)
    assert [part["standard"] for part in final.content["judgements"]] == ["town_office"]
    submitted.refresh_from_db()
    assert (submitted.content_hash, submitted.content) == before
    assert "previous_beside" not in submitted.content


def count(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("page", "most"), [("", 14), ("clauses/三（一）5/", 15), ("check/", 15), ("comparison/", 14)])
def test_a_second_edition_asks_a_constant_number_of_queries(both, client_of_surveyor, page, most):
    few = count(client_of_surveyor, URL + page)
    Adoption.objects.bulk_create(
        Adoption(standard=PLAN, division=division, subject="village", starts=date(2026, 1, 1), source="试")
        for division in Division.objects.filter(level="community")[:200]
    )
    assert count(client_of_surveyor, URL + page) == few <= most


ENTRY = {"standard": "'zhuhai_2011'", "area": "'4404'", "subjects": "['city']", "starts": "2026-01-01", "source": "'x'"}


def entry(**changed):
    return "[[adoption]]\n" + "\n".join(f"{key} = {value}" for key, value in (ENTRY | changed).items())


FLAWS = [
    ("adoption = 1", "应当只有 [[adoption]]"),
    ("[[adoption]]\nstandard = 'x'", "缺“area”"),
    (entry(subjects="['town']"), "没有“town”这一类"),
    (entry(subjects="['county']"), "不涉及 county"),
    (entry(standard="'x'"), "没有载入“x”这份规范"),
    (entry(area="'99'"), "没有代码为“99”的区划"),
    (entry(area="'珠海'"), "应为区划代码"),
    (entry(ends="2025-12-31"), "“ends”早于“starts”"),
    (entry(why="1"), "不认识“why”"),
    ("[[", "不是合格的 TOML"),
]


@pytest.mark.parametrize(("text", "said"), FLAWS)
def test_a_flawed_file_is_refused_in_words(city, tmp_path, text, said):
    file = tmp_path / "adoptions.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableAdoptions, match=re.escape(said)):
        load_adoptions(file)
    assert not Adoption.objects.exists()
