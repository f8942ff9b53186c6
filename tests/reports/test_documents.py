"""A report says what the snapshot and its edition say, and nothing else."""

import json
from decimal import Decimal

import pytest

from reports.documents import as_json, change_in_words, newest_report, report_of
from standards.loading import edition_of
from standards.models import Standard
from tests.reports.samples import submitted


@pytest.fixture
def report(snapshot):
    return report_of(snapshot)


def finding(report, key):
    return next(each for each in report.findings if each.requirement == key)


def test_it_says_whose_when_and_by_which_edition(report, snapshot):
    assert report.facility.name == "翠香街道人力资源和社会保障服务所"
    assert report.facility.place == ("珠海市", "香洲区", "翠香街道")
    assert report.period.name == "2026年第三季度"
    assert report.submission.receipt == "2026Q3-440402001-01"
    assert report.submission.content_hash == snapshot.content_hash
    assert report.edition.content_hash == Standard.objects.get(key="town_office").content_hash
    assert report.demo
    assert report.name == "翠香街道人力资源和社会保障服务所_达标评估结果_2026Q3"


def test_the_verdict_has_score_grade_ground_and_what_is_lacking(report):
    verdict = report.verdict
    assert (verdict.score, verdict.grade) == (Decimal("91.0"), "基本达标")
    assert "4 项不达标要补齐" in verdict.why
    assert "2 台计算机" in verdict.lacking
    assert verdict.lacking.endswith("即达标")
    assert (verdict.previous.period, verdict.previous.score) == ("2026年第二季度", Decimal("88.4"))
    assert verdict.previous.change == "升 2.6"


def test_without_an_earlier_submission_nothing_is_compared(standards, office, surveyor):
    report = report_of(submitted(office, surveyor, previous=None))
    assert report.verdict.previous is None
    assert {row.change for row in report.rows} == {""}


def test_every_row_and_requirement_of_the_edition_is_there_once(report):
    edition = edition_of(Standard.objects.get(key="town_office"))
    assert [row.key for row in report.rows] == [clause.key for clause in edition.clauses]
    assert [each.requirement for each in report.findings] == list(edition.by_key)
    assert [row.text for row in report.rows] == [clause.text for clause in edition.clauses]


def test_the_tally_adds_up(report):
    assert sum(count.number for count in report.tally) == len(report.findings) == 45
    assert [(count.outcome, count.number) for count in report.tally[:3]] == [
        ("fail", 4),
        ("deviation", 2),
        ("relaxed", 1),
    ]
    assert sum(count.number for row in report.rows for count in row.tally) == 45


def test_a_finding_carries_figures_ground_and_answers(report):
    computers = finding(report, "town.7.computer")
    assert (computers.outcome, computers.word) == ("fail", "不达标")
    assert computers.sentence == "计算机：实有 5 台，应有 7 台，差 2 台"
    assert (computers.actual, computers.norm, computers.shortfall, computers.unit) == (5, 7, 2, "台")
    assert "".join(mark.text for mark in computers.law.text if mark.state == "now") == "7台以上计算机"
    assert any("136,000" in reason for reason in computers.reasons)
    assert [each.key for each in computers.interpretations] == ["A4", "A10", "A11", "A13"]
    assert [(given.label, given.value) for given in computers.answers] == [
        ("常住人口", "136,000 人"),
        ("计算机", "5 台"),
    ]


def test_what_cannot_be_given_is_told_with_its_reason_and_a_note_with_its_answer(standards, office, surveyor):
    told = {"reasons": {"screen_area": "屏幕在维修，铭牌看不清"}, "notes": {"computer_count": "另有2台报废"}}
    report = report_of(submitted(office, surveyor, **told))
    screen = next(given for given in finding(report, "town.7.screen").answers if given.indicator == "screen_area")
    assert (screen.value, screen.reason) == ("无法提供", "屏幕在维修，铭牌看不清")
    computers = next(given for given in finding(report, "town.7.computer").answers if given.note)
    assert (computers.value, computers.note, computers.origin) == ("5 台", "另有2台报废", "本季填写")
    assert finding(report, "town.7.screen").outcome == "missing"
    assert report.verdict.grade == "资料不全"


def test_a_notice_is_told_once_and_not_among_the_reasons(report):
    screen = finding(report, "town.7.screen")
    assert screen.outcome == "pass"
    assert screen.stands_out
    assert len(screen.notices) == 1
    assert not any("户籍" in reason for reason in screen.reasons)


def test_nothing_answered_is_still_a_report(standards, office, surveyor):
    report = report_of(submitted(office, surveyor, values={}, previous=None))
    assert report.verdict.grade in ("资料不全", "未达标")
    assert all("实有 0" not in each.sentence for each in report.findings)
    assert {given.value for each in report.findings for given in each.answers} == {"未填写"}


def test_not_set_up_is_a_report(standards, office, surveyor):
    report = report_of(submitted(office, surveyor, values={"established": False}, previous=None))
    assert (report.verdict.grade, report.verdict.score) == ("未设立", Decimal("0.0"))


def test_json_is_plain_and_holds_every_sentence(report):
    said = json.loads(json.dumps(as_json(report), ensure_ascii=False))
    told = [each["sentence"] for row in said["rows"] for each in row["findings"]]
    assert told == [each.sentence for each in report.findings]
    assert said["verdict"]["score"] == "91.0"
    assert said["submission"]["content_hash"] == report.submission.content_hash
    assert said["period"]["last_day"] == "2026-09-30"
    computers = next(each for row in said["rows"] for each in row["findings"] if each["label"] == "计算机")
    assert (computers["actual"], computers["norm"], computers["shortfall"]) == ("5", "7", "2")
    assert computers["answers"][1]["raw"] == 5


def test_the_newest_submission_is_reported(snapshot):
    survey = snapshot.survey
    assert newest_report(survey).submission.receipt == snapshot.content["receipt"]
    survey.snapshots.all().delete()
    assert newest_report(survey) is None


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [("91.0", "88.4", "升 2.6"), ("75.0", "100.0", "降 25.0"), ("60.0", "60.0", "持平"), (None, "60.0", "")],
)
def test_a_change_has_its_word(now, before, said):
    assert change_in_words(now and Decimal(now), Decimal(before)) == said
    assert change_in_words(Decimal(before), None) == ""
