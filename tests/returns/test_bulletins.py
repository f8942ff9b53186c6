"""通报: figures equal a recount, candidates by parameters, decisions by a person, and what is published stays."""

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from assessments.models import DueSurvey, Rectification, Snapshot, Survey, UnitDue
from assessments.snapshots import hash_of
from facilities.models import Facility, ReportingUnit
from reports.bulletins import content, workflow
from reports.bulletins.policy import policy
from reports.bulletins.showing import Shown
from reports.models import Bulletin, CriticismDecision, IssuedFile
from reports.returns import workflow as returning
from reports.returns.figures import Block
from reports.returns.workflow import CannotReport
from standards.models import Requirement
from tests.returns.quarter import make_quarter
from tests.returns.test_recount import recount

TEXTS = {
    "issuer": "市就业工作联席会议办公室",
    "to": "各区",
    "praise": "",
    "problems": "一是人少。",
    "demands": "年底前补齐。",
}
CRITICISE, SPARE = CriticismDecision.CRITICISE, CriticismDecision.SPARE


@pytest.fixture
def received(sent, draft, bureau):
    """香洲区's return, on time and accepted; no other unit must report."""
    returning.receive(draft, bureau)


@pytest.fixture
def bulletin(received, period, bureau):
    begun = workflow.begin(period, bureau)
    return workflow.write(begun, bureau, TEXTS, begun.revision)


@pytest.fixture
def owing(period):
    """斗门区 must report as well and has not."""
    unit = ReportingUnit.objects.get(code="440403")
    UnitDue.objects.create(period=period, unit=unit, station_day=period.last_day, office_day=period.last_day)
    return unit


@pytest.fixture
def published(bulletin, bureau):
    decide_all(bulletin, bureau)
    return workflow.publish(bulletin, bureau)


def decide_all(bulletin, bureau, decision=SPARE):
    for each in workflow.draft_content(bulletin)["candidates"]:
        workflow.decide(bulletin, bureau, each["code"], decision, "正在补办")


def set_line(monkeypatch, below):
    changed = replace(policy(), below=Decimal(below))
    monkeypatch.setattr(workflow, "policy", lambda: changed)


def candidates(bulletin):
    return {each["code"]: each for each in workflow.draft_content(bulletin)["candidates"]}


# ── Figures ───────────────────────────────────────────────────────────────────


def test_its_figures_are_a_recount_from_raw_answers(bulletin):
    told = recount()
    accepted = Survey.objects.filter(state=Survey.ACCEPTED)
    grades = [survey.judgements.order_by("-snapshot__number").first().grade for survey in accepted]
    compliant, due = sum(grade in ("达标", "基本达标") for grade in grades), DueSurvey.objects.count()
    rate = f"{Decimal(int(Decimal(compliant) / due * 1000 + Decimal('0.5'))) / 10:.1f}"
    short = str(told["staff.short"]), f"{told['area.short']:.2f}"
    unset = str(told["set_up.of"] - told["set_up.number"])
    numbers = (str(due), str(accepted.count()), str(compliant), rate)
    total, row = Shown(workflow.draft_content(bulletin)).rows
    assert total.cells == ("已接收1份", "—", *numbers, "—", unset, *short)
    assert (row.name, row.cells) == ("香洲区", ("已接收", "按时", *numbers, "1", unset, *short))


def test_units_without_an_accepted_return_have_no_figures(bulletin, owing):
    """未报 is no 0, and adds to no total."""
    total, first, missing = Shown(workflow.draft_content(bulletin)).rows
    assert (total.cells[2:6], total.cells[7:]) == (first.cells[2:6], first.cells[7:])
    assert (missing.name, set(missing.cells[2:])) == ("斗门区", {"未报"})


def test_equal_rates_share_a_place():
    def block(compliant, due):
        return Block(due=due, states={"accepted": due}, grades={"达标": compliant})

    blocks = {1: block(1, 3), 2: block(2, 3), 3: block(4, 6), 4: block(0, 5), 5: block(0, 0)}
    assert content._places(blocks) == {2: (1, True), 3: (1, True), 1: (3, False), 4: (4, False)}


def test_queries_do_not_grow_with_units(bulletin, owing, period):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            workflow.draft_content(bulletin)
        return len(queries)

    few = asked()
    for unit in ReportingUnit.objects.exclude(code__in=["440402", "440403"]):
        UnitDue.objects.create(period=period, unit=unit, station_day=period.last_day, office_day=period.last_day)
    assert asked() == few <= 12


# ── Candidates and decisions ──────────────────────────────────────────────────


@pytest.mark.parametrize(("below", "is_candidate"), [("0", False), ("100", True)])
def test_progress_below_the_parameter_makes_a_candidate(bulletin, monkeypatch, below, is_candidate):
    set_line(monkeypatch, below)
    assert ("440402" in candidates(bulletin)) is is_candidate


def test_exactly_on_the_line_is_not_below_it(bulletin, monkeypatch):
    total = workflow.draft_content(bulletin)["total"]
    compliant = sum(total["grades"].get(grade, 0) for grade in ("达标", "基本达标"))
    line = Decimal(compliant) * 100 / total["due"]
    assert line == line.quantize(Decimal("0.0001")) or compliant == 0, "the sample gives a rate that can be written"
    set_line(monkeypatch, line)
    assert "440402" not in candidates(bulletin)
    set_line(monkeypatch, line + Decimal("0.0001"))
    assert "440402" in candidates(bulletin)


def test_who_has_not_reported_is_a_candidate_only_once_it_is_late(bulletin, owing, now):
    assert "440403" not in candidates(bulletin)
    now.move_to("2026-10-13T23:59:59+08:00")
    assert "440403" not in candidates(bulletin)
    now.move_to("2026-10-14T00:00:00+08:00")
    grounds = candidates(bulletin)["440403"]["grounds"]
    assert [ground["sentence"] for ground in grounds] == [
        "2026年第三季度季报应在2026年10月13日24:00前报送，截止以后仍未报送。"
    ]


def test_a_late_return_is_told_with_its_working_days(draft, reviewer, bureau, period, now):
    now.move_to("2026-10-18T09:00:00+08:00")  # a Sunday; late by 14, 15, 16
    returning.submit(draft, reviewer)
    returning.receive(draft, bureau)
    grounds = candidates(workflow.begin(period, bureau))["440402"]["grounds"]
    assert grounds[0]["sentence"].endswith("2026年10月18日首次报送，逾期3个工作日。")


def test_overdue_rectifications_are_told_with_number_and_the_longest(bulletin, monkeypatch, now):
    set_line(monkeypatch, "0")
    snapshot = Snapshot.objects.filter(survey__facility__subject="township").first()
    asked = Requirement.objects.filter(standard=snapshot.judgements.get().standard).order_by("pk")[:3]
    for requirement, day in zip(asked, ("2026-10-09", "2026-10-08", "2026-10-12"), strict=True):
        Rectification.objects.create(
            facility=snapshot.survey.facility,
            unit=ReportingUnit.objects.get(code="440402"),
            requirement=requirement,
            snapshot=snapshot,
            found={},
            responsible="服务所",
            due=day,
        )
    grounds = candidates(bulletin)["440402"]["grounds"]
    assert [ground["key"] for ground in grounds] == ["overdue_rectification"]
    assert grounds[0]["sentence"] == (
        f"有2条整改逾期没有销号，最久的是{snapshot.survey.facility}“{asked[1]}”，应在2026年10月8日前整改好。"
    )
    Rectification.objects.update(state="closed")
    assert "440402" not in candidates(bulletin)


def test_nobody_is_criticised_but_by_a_decision(bulletin, bureau, owing, now):
    now.move_to("2026-10-20T09:00:00+08:00")
    assert Shown(workflow.draft_content(bulletin)).criticised == []
    workflow.decide(bulletin, bureau, "440403", CRITICISE, "多次催报未报")
    shown = Shown(workflow.draft_content(bulletin))
    assert [each["name"] for each in shown.criticised] == ["斗门区"]
    assert any("斗门区：" in line and line.endswith("予以通报批评。") for s in shown.sections for line in s.paragraphs)
    workflow.decide(bulletin, bureau, "440403", SPARE, "受台风影响")
    assert Shown(workflow.draft_content(bulletin)).criticised == []
    assert CriticismDecision.objects.count() == 2, "the first stays on record"


def test_a_decision_falls_with_its_grounds(bulletin, bureau, monkeypatch):
    set_line(monkeypatch, "99")
    workflow.decide(bulletin, bureau, "440402", SPARE, "刚起步")
    assert candidates(bulletin)["440402"]["decision"]["word"] == "不批评"
    set_line(monkeypatch, "98")
    assert candidates(bulletin)["440402"]["decision"] is None


@pytest.mark.parametrize(
    ("code", "decision", "reason", "says"),
    [
        ("440403", SPARE, "理由", "不在候选名单里"),
        ("440402", "x", "理由", "请选"),
        ("440402", SPARE, "  ", "请写明理由"),
        ("440402", SPARE, "长" * 301, "最多 300 字，现在 301 字"),
    ],
)
def test_a_decision_that_cannot_be_taken_says_why(bulletin, bureau, monkeypatch, code, decision, reason, says):
    set_line(monkeypatch, "100")
    with pytest.raises(CannotReport, match=says):
        workflow.decide(bulletin, bureau, code, decision, reason)
    assert not CriticismDecision.objects.exists()


# ── Publication ───────────────────────────────────────────────────────────────


def test_it_is_not_published_before_everything_is_decided_and_written(bulletin, bureau, monkeypatch):
    set_line(monkeypatch, "100")
    workflow.write(bulletin, bureau, TEXTS | {"demands": "联系人：________。", "to": ""}, bulletin.revision)
    with pytest.raises(CannotReport) as refused:
        workflow.publish(bulletin, bureau)
    assert [sentence for _, sentence in refused.value.errors] == [
        "主送没有填。",
        "下一步要求里还有没填的“________”，请写上或删去。",
        "香洲区是否通报批评还没有决定。",
    ]


def test_nothing_is_published_without_an_accepted_return(draft, period, bureau):
    begun = workflow.begin(period, bureau)
    workflow.write(begun, bureau, TEXTS, begun.revision)
    with pytest.raises(CannotReport, match="还没有一份季报被接收"):
        workflow.publish(begun, bureau)


def test_numbers_run_within_the_year(published, period, bureau, now):
    def another(at):
        now.move_to(at)
        begun = workflow.begin(period, bureau)
        workflow.write(begun, bureau, TEXTS, begun.revision)
        decide_all(begun, bureau)
        return workflow.publish(begun, bureau).numbered

    assert published.numbered == "2026年第1号"
    assert another("2026-12-31T23:59:59+08:00") == "2026年第2号"
    assert another("2027-01-01T00:00:00+08:00") == "2027年第1号"


def test_what_is_published_never_changes(published, draft, bureau, reviewer, browse):
    url = f"/bulletins/{published.pk}/"
    first, page = (browse(bureau).get(f"{url}{name}").content for name in ("bulletin.pdf", ""))
    returning.correct(draft, reviewer, "漏报一家")
    Facility.objects.filter(code="440402001").update(name="改了名的所")
    ReportingUnit.objects.filter(code="440402").update(name="改了名的区")
    for verb in (
        lambda: workflow.write(published, bureau, TEXTS | {"to": "别人"}, published.revision),
        lambda: workflow.decide(published, bureau, "440402", SPARE, "理由"),
    ):
        with pytest.raises(CannotReport, match="已经发布"):
            verb()
    assert workflow.publish(published, bureau).numbered == published.numbered, "pressed twice it is one"
    assert browse(bureau).get(f"{url}bulletin.pdf").content == first
    words = [
        re.sub(r'csrfmiddlewaretoken" value="\w+|改了名的区', "", each.decode())
        for each in (page, browse(bureau).get(url).content)
    ]
    assert words[0] == words[1]
    published.refresh_from_db()
    assert published.content_hash == hash_of(published.content)
    assert IssuedFile.objects.filter(bulletin=published).count() == 1


def test_the_paper_reads_like_an_official_document(published):
    from reports.bulletins.paper import pdf_of

    pages = PdfReader(BytesIO(pdf_of(published))).pages
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    for words in (
        "关于2026年第三季度基层人力资源社会保障公共服务平台建设情况的通报",
        "各区：",
        "对完成进度较慢的，予以通报批评”的规定",
        "一、总体情况应报季报1个单位，已接收1份。",
        "市就业工作联席会议办公室2026年10月12日",
        published.content_hash,
        "2026年第1号",
    ):
        assert words in text, words
    assert "稿，未发布" not in text
    rows = [row for row in Shown(published.content).rows if row.code]
    assert all(re.sub(r"\s", "", "".join((row.name, *row.cells))) in text for row in rows)


def test_a_draft_is_marked_as_one(bulletin):
    from reports.bulletins.paper import pdf_of

    assert "稿，未发布" in PdfReader(BytesIO(pdf_of(bulletin))).pages[0].extract_text()
    assert not IssuedFile.objects.filter(bulletin=bulletin).exists()


def test_its_code_says_what_it_stands_for(published, browse, officers):
    page = browse(officers["surveyor"]).get(f"/verify/{published.code}/").content.decode()
    for words in ("有这份通报", "2026年第1号", "2026年第三季度", published.content_hash):
        assert words in page


# ── Who ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["reviewer", "stranger", "viewer", "admin", "surveyor"])
def test_the_city_alone_issues(bulletin, officers, period, role):
    for verb in (
        lambda who: workflow.begin(period, who),
        lambda who: workflow.write(bulletin, who, TEXTS, bulletin.revision),
        lambda who: workflow.decide(bulletin, who, "440402", SPARE, "理由"),
        lambda who: workflow.publish(bulletin, who),
    ):
        with pytest.raises(PermissionDenied):
            verb(officers[role])


@pytest.mark.parametrize(
    ("role", "draft_page", "published_page"),
    [("reviewer", 404, 200), ("viewer", 200, 200), ("admin", 200, 200), ("surveyor", 404, 404)],
)
def test_drafts_are_the_citys_and_surveyors_read_none(
    bulletin, bureau, officers, browse, role, draft_page, published_page
):
    client, url = browse(officers[role]), f"/bulletins/{bulletin.pk}/"
    assert client.get(url).status_code == draft_page
    decide_all(bulletin, bureau)
    workflow.publish(bulletin, bureau)
    assert client.get(url).status_code == published_page


def test_nothing_is_begun_before_the_quarter_has_ended(period, bureau, now, browse):
    later = make_quarter("2026Q4")
    with pytest.raises(CannotReport, match="还没有结束"):
        workflow.begin(later, bureau)
    assert browse(bureau).post("/bulletins/start/", {"period": "nonsense"}).status_code == 404


def test_begun_twice_is_one(bulletin, period, bureau):
    assert workflow.begin(period, bureau) == bulletin
    assert Bulletin.objects.count() == 1


def test_two_who_write_are_shown_both_texts(bulletin, bureau, browse):
    client, url = browse(bureau), f"/bulletins/{bulletin.pk}/edit/"
    seen = {**TEXTS, "revision": bulletin.revision}
    assert client.post(url, seen | {"demands": "甲的要求"}).status_code == 302
    answer = client.post(url, seen | {"demands": "乙的要求"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "乙的要求" in page
    assert "甲的要求" in page
    assert Bulletin.objects.get().demands == "甲的要求"


def test_what_was_typed_is_kept_where_it_is_refused(bulletin, bureau, browse, monkeypatch):
    set_line(monkeypatch, "100")
    client, url = browse(bureau), f"/bulletins/{bulletin.pk}/"
    too_long = client.post(f"{url}edit/", {**TEXTS, "issuer": "某" * 61, "revision": bulletin.revision})
    assert (too_long.status_code, "某" * 61 in too_long.content.decode()) == (422, True)
    refused = client.post(f"{url}decide/", {"unit": "440402", "reason": "写了理由没选决定"})
    assert (refused.status_code, "写了理由没选决定" in refused.content.decode()) == (422, True)


def test_the_policy_quotes_the_plan():
    source = (settings.BASE_DIR / "tests" / "sources" / "zhuhai_2011.txt").read_text(encoding="utf-8")
    assert policy().quote in re.sub(r"\s", "", source)


def test_the_clock_that_counts_is_shanghai(bulletin, bureau):
    with time_machine.travel("2026-12-31T16:30:00+00:00", tick=False):  # 00:30 of the new year
        decide_all(bulletin, bureau)
        assert workflow.publish(bulletin, bureau).year == 2027
