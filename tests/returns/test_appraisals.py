"""考核: figures equal a recount, adjustments stand beside the score, and what is published stays."""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.models import DueSurvey, Period, Rectification, RectificationAct, Snapshot, Survey, UnitDue
from assessments.snapshots import hash_of
from facilities.models import Facility, Officer, ReportingUnit
from reports.appraisals import gathering, workflow
from reports.appraisals.paper import file_of
from reports.appraisals.showing import Shown
from reports.demo import appraise_city
from reports.models import Appraisal, AppraisalAdjustment, IssuedFile, QuarterlyReturn, ReturnAct, ReturnVersion
from reports.returns import workflow as returning
from reports.returns.figures import Block, block_json
from reports.returns.workflow import CannotReport
from standards.models import Requirement
from tests.returns.conftest import TEXTS, make, once_a_module

AFTER = "2026-10-20T09:00:00+08:00"  # the third quarter's due day has passed
DUES = {1: "2026-04-08", 2: "2026-07-07", 3: "2026-10-13"}
URL = "/appraisals/2026/"


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with once_a_module(django_db_blocker, make_year):
        yield


def make_year():
    """香洲区: the third quarter by the officers' verbs, on time; the first late, the second not accepted. 斗门区: two
    quarters accepted, the third not reported. 金湾区 reported nothing."""
    make()
    reviewer, city = (Officer.objects.get(username=name) for name in ("reviewer", "city"))
    period = Period.objects.get()
    with time_machine.travel("2026-10-12T10:00:00+08:00", tick=False):
        unit = ReportingUnit.objects.get(code="440402")
        report = returning.begin(unit, period, reviewer)
        report = returning.write(report, reviewer, TEXTS, report.revision)
        returning.submit(report, reviewer)
        returning.receive(report, city)
    for code in ("440403", "440404"):
        owe(code, 3)
    for quarter, code, due, compliant, sent, accepted in (
        (1, "440402", 6, 3, "2026-04-09T00:00:00+08:00", True),
        (2, "440402", 6, 6, "2026-07-07T23:59:59+08:00", False),
        (1, "440403", 8, 7, "2026-04-08T23:59:59+08:00", True),
        (2, "440403", 9, 7, "2026-07-01T10:00:00+08:00", True),
    ):
        owe(code, quarter)
        report_by_hand(code, quarter, due, compliant, sent, accepted, city)
    mend("440402", [("2026-05-06", "2026-05-06T23:59:59+08:00"), ("2026-05-07", "2026-05-08T00:00:00+08:00")])
    mend("440402", [("2026-08-03", None), ("2026-10-20", None), ("2027-01-05", None), ("2025-12-31", None)], skip=2)


def owe(code, quarter):
    period, _ = Period.objects.get_or_create(year=2026, quarter=quarter)
    unit = ReportingUnit.objects.get(code=code)
    day = period.last_day
    UnitDue.objects.get_or_create(period=period, unit=unit, defaults={"station_day": day, "office_day": day})
    offices = Facility.objects.filter(subject="township", code__startswith=code)[:3]
    for number, office in enumerate(offices):
        told = {"unit": unit, "subject": "township", "timeliness": ("on_time", "late", "")[number]}
        DueSurvey.objects.get_or_create(period=period, facility=office, defaults=told)


def report_by_hand(code, quarter, due, compliant, sent, accepted, city):
    period, unit = Period.objects.get(year=2026, quarter=quarter), ReportingUnit.objects.get(code=code)
    block = Block(
        due=due, states={"accepted": due}, grades={"达标": compliant - 1, "基本达标": 1, "未达标": due - compliant}
    )
    at = datetime.fromisoformat(sent)
    state = "accepted" if accepted else "submitted"
    report = QuarterlyReturn.objects.create(unit=unit, period=period, state=state, submitted_at=at, received_at=at)
    told = {"total": block_json(block), "demo": False, "facilities": []}
    version = ReturnVersion.objects.create(
        report=report, number=1, content=told, content_hash=hash_of(told), code=f"{quarter}{code}", at=at, by=city
    )
    if accepted:
        ReturnAct.objects.create(report=report, version=version, verb=ReturnAct.ACCEPTED, at=at, by=city)


def mend(code, items, skip=0):
    """Of a requirement each: due day, and when it was closed."""
    snapshot = Snapshot.objects.filter(survey__facility__subject="township").first()
    asked = Requirement.objects.filter(standard=snapshot.judgements.get().standard).order_by("pk")[skip:]
    told = {"facility": snapshot.survey.facility, "unit": ReportingUnit.objects.get(code=code), "found": {}}
    for requirement, (due, closed) in zip(asked, items, strict=False):
        item = Rectification.objects.create(
            **told,
            requirement=requirement,
            snapshot=snapshot,
            responsible="所",
            due=due,
            state="closed" if closed else "open",
        )
        if closed:
            RectificationAct.objects.create(
                rectification=item,
                verb="closed",
                at=datetime.fromisoformat(closed),
                by=Officer.objects.get(username="city"),
            )


@pytest.fixture(autouse=True)
def now(made, db):
    with time_machine.travel(AFTER, tick=False) as clock:
        yield clock


@pytest.fixture
def appraisal(bureau):
    return workflow.begin(2026, bureau)


@pytest.fixture
def published(appraisal, bureau):
    workflow.adjust(2026, bureau, "440403", "-1.5", "台账造假被通报")
    return workflow.publish(2026, bureau, seen())


def content():
    return workflow.draft_content(Appraisal.objects.get(state="draft"))


def seen():
    return workflow.mark_of(content())


def rows():
    return {row.code: row for row in Shown(content()).rows}


# ── Figures ───────────────────────────────────────────────────────────────────


def recount(code):
    """number and denominator of each indicator, from the raw rows, written here anew."""
    unit = ReportingUnit.objects.get(code=code)
    versions = [
        version
        for version in ReturnVersion.objects.filter(report__unit=unit, report__period__year=2026)
        if version.acts.filter(verb="accepted").exists()
    ]
    good, due = 0, 0
    for version in versions:
        lines = version.content["facilities"]
        if lines:  # of the real one each facility
            good += sum(line["grade"] in ("达标", "基本达标") for line in lines)
            due += len(lines)
        else:
            grades = version.content["total"]["grades"]
            good += grades["达标"] + grades["基本达标"]
            due += sum(grades.values())
    on_time, owed = 0, 0
    for quarter, day in DUES.items():
        end = datetime.fromisoformat(f"{day}T00:00:00+08:00") + timedelta(days=1)
        for each in DueSurvey.objects.filter(unit=unit, period__quarter=quarter):
            survey = Survey.objects.filter(facility=each.facility, period=each.period).first()
            sent = survey.submitted_at if survey else None
            on_time += (
                (sent is not None and sent < end) if quarter == 3 and code == "440402" else each.timeliness == "on_time"
            )
            owed += 1
        if UnitDue.objects.filter(unit=unit, period__quarter=quarter).exists():
            report = QuarterlyReturn.objects.filter(unit=unit, period__quarter=quarter).first()
            on_time += report is not None and report.submitted_at < end
            owed += 1
    items = Rectification.objects.filter(unit=unit, due__gte=date(2026, 1, 1), due__lte=date(2026, 10, 19))
    closed = sum(
        any(
            act.at < datetime.fromisoformat(f"{item.due}T00:00:00+08:00") + timedelta(days=1) for act in item.acts.all()
        )
        for item in items
    )
    return [(good, due), (on_time, owed), (0, 0), (closed, len(items))]


@pytest.mark.parametrize("code", ["440402", "440403", "440404"])
def test_its_figures_and_score_are_a_recount(appraisal, code):
    told, row = recount(code), rows()[code]
    assert [(figure.count.number, figure.count.of) for figure in row.figures] == told
    known = [(weight, Fraction(*pair)) for weight, pair in zip((40, 20, 20, 20), told, strict=True) if pair[1]]
    exact = 100 * sum(weight * share for weight, share in known) / sum(weight for weight, _ in known)
    expected = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert row.score == expected


def test_the_counts_are_those_that_were_meant(appraisal):
    """By hand, so that the recount cannot err with it: 斗门区 14 of 17; of rectifications 1 of 3 (the one that is due
    today, next year's and last year's are not in)."""
    found = rows()
    assert (found["440403"].figures[0].count.number, found["440403"].figures[0].count.of) == (14, 17)
    assert (found["440402"].figures[3].count.number, found["440402"].figures[3].count.of) == (1, 3)
    assert found["440404"].figures[0].count.of == 0
    assert (found["440404"].figures[1].count.number, found["440404"].figures[1].count.of) == (1, 4)


def test_unreported_quarters_are_shown_and_add_to_neither_side(appraisal):
    parts = rows()["440403"].figures[0].parts
    assert [(part.quarter, part.number, part.of, part.said) for part in parts] == [
        ("2026Q1", 7, 8, "已接收，第1版"), ("2026Q2", 7, 9, "已接收，第1版"), ("2026Q3", None, None, "未报"),
    ]  # fmt: skip
    assert Shown(content()).unreported == ["香洲区第二季度", "斗门区第三季度", "金湾区第三季度"]
    assert rows()["440402"].figures[0].parts[1].said == "已报送"


def test_what_has_no_denominator_is_a_dash_and_its_weight_is_shared_out_and_said(appraisal):
    row = rows()["440404"]
    assert row.cells == ("3", "25.00", "25.00", "—", "—", "25.0", "—", "—")
    assert [figure.weight_text for figure in row.figures] == [
        "不评分（原 40）", "100.00（原 20）", "不评分（原 20）", "不评分（原 20）",
    ]  # fmt: skip
    assert row.remark == "达标率、抽查相符率、按期整改率不评分，权重分给其余指标"
    assert str(row.score) == "25.00"


def test_the_city_is_total_over_total(appraisal):
    each, shown = rows().values(), Shown(content())
    for place, figure in enumerate(shown.total):
        sums = [sum(getattr(row.figures[place].count, name) for row in each) for name in ("number", "of")]
        assert [figure.count.number, figure.count.of] == sums


def test_spot_checks_count_what_agreed(appraisal, monkeypatch):
    """As the spot checks tell it: quarter → unit → (differing, compared)."""
    unit = ReportingUnit.objects.get(code="440403").pk
    told = {period.pk: {unit: (3, 20)} for period in Period.objects.filter(year=2026, quarter__lt=3)}
    monkeypatch.setattr(gathering, "difference_rates_by_quarter", lambda periods: told)
    row = rows()["440403"]
    assert (row.figures[2].count.number, row.figures[2].count.of, row.figures[2].rate) == (34, 40, "85.0")
    assert "抽查相符率" not in row.remark
    assert [part.quarter for part in row.figures[2].parts] == ["2026Q1", "2026Q2"]


def test_a_quarter_is_in_once_its_due_day_has_passed(bureau, appraisal, now):
    assert [each["counted"] for each in content()["quarters"]] == [True, True, True, False]
    now.move_to("2026-10-13T23:59:59+08:00")
    assert [each["counted"] for each in content()["quarters"]] == [True, True, False, False]
    now.move_to("2026-10-14T00:00:00+08:00")
    assert content()["quarters"][2]["counted"]
    assert Shown(content()).title.endswith("考核结果（截至第三季度）"), "the year is not over"
    now.move_to("2027-01-20T10:00:00+08:00")  # and its last quarter was never opened
    assert Shown(content()).title.endswith("考核结果")
    now.move_to("2026-10-14T00:00:00+08:00")
    for year, says in ((2025, "没有可以考核的数字"), (2027, "请选 2011 到 2026"), (0, "请选")):
        with pytest.raises(CannotReport, match=says):
            workflow.begin(year, bureau)


def test_queries_do_not_grow_with_units(appraisal):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            content()
        return len(queries)

    few = asked()
    for unit in ReportingUnit.objects.exclude(code__in=["440402", "440403", "440404"]):
        owe(unit.code, 3)
        owe(unit.code, 1)
    assert len(rows()) > 5
    assert asked() == few <= 14


# ── Adjustments ───────────────────────────────────────────────────────────────


def test_an_adjustment_stands_beside_the_score(appraisal, bureau):
    before = rows()["440403"]
    workflow.adjust(2026, bureau, "440403", "＋2", "承办全市现场会")
    workflow.adjust(2026, bureau, "440403", "-0.5", "材料迟交")
    row = rows()["440403"]
    assert (row.score, row.adjusted, row.final) == (before.score, Decimal("1.50"), before.score + Decimal("1.50"))
    assert row.adjusted_text == "+1.50"
    assert [each["reason"] for each in row.adjustments] == ["承办全市现场会", "材料迟交"]


def test_it_is_taken_back_by_another_row(appraisal, bureau):
    row = workflow.adjust(2026, bureau, "440403", "2", "承办现场会")
    workflow.take_back(2026, bureau, row.pk, "记错单位")
    workflow.take_back(2026, bureau, row.pk, "再点一次")
    assert AppraisalAdjustment.objects.count() == 2, "taken back twice it is one"
    assert rows()["440403"].adjustments == ()
    row.refresh_from_db()
    assert (row.points, row.reason, row.taken_back.reason) == (Decimal(2), "承办现场会", "记错单位")
    with pytest.raises(IntegrityError), transaction.atomic():
        AppraisalAdjustment.objects.create(
            year=2026, unit=row.unit, points=-2, reason="又", takes_back=row, by=bureau
        )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "points", "reason", "says"),
    [
        ("440403", "5.01", "理由", "不超过 5 分"),
        ("440403", "0", "理由", "请写调整的分数"),
        ("440403", "1.234", "理由", "最多两位小数"),
        ("440403", "一分", "理由", "请写调整的分数"),
        ("440403", "9" * 40, "理由", "请写调整的分数"),
        ("440403", "1", " ", "请写明理由"),
        ("440403", "1", "长" * 301, "最多 300 字，现在 301 字"),
        ("440499", "1", "理由", "不在本年度的考核里"),
    ],
)
def test_an_adjustment_that_cannot_be_says_why(appraisal, bureau, code, points, reason, says):
    with pytest.raises(CannotReport, match=says):
        workflow.adjust(2026, bureau, code, points, reason)
    assert not AppraisalAdjustment.objects.exists()


def test_what_was_typed_is_kept_where_it_is_refused(appraisal, bureau, browse):
    answer = browse(bureau).post(f"{URL}units/440403/adjust/", {"points": "7.25", "reason": "带头推广"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="7.25"' in page
    assert "带头推广" in page
    assert 'id="points-error"' in page


def test_taking_back_without_a_reason_is_refused_at_its_place(appraisal, bureau, browse):
    row = workflow.adjust(2026, bureau, "440403", "2", "承办现场会")
    answer = browse(bureau).post(f"{URL}units/440403/take-back/", {"adjustment": row.pk, "back": " "})
    assert answer.status_code == 422
    assert '<p class="field__error">请写明理由。</p>' in answer.content.decode()
    taken = browse(bureau).post(f"{URL}units/440403/take-back/", {"adjustment": row.pk, "back": "记错单位"})
    assert taken.status_code == 302
    assert "已撤回" in browse(bureau).get(f"{URL}units/440403/").content.decode()


# ── Publication ───────────────────────────────────────────────────────────────


def test_numbers_run_within_the_year_and_a_later_one_replaces(published, bureau, browse):
    assert published.numbered == "2026年度第1号"
    workflow.begin(2026, bureau)
    second = workflow.publish(2026, bureau, seen())
    assert (second.numbered, second.content["replaces"]) == ("2026年度第2号", 1)
    page = browse(bureau).get(f"/verify/{published.code}/").content.decode()
    for words in ("有这份考核", "2026年度第1号", "已由2026年度第2号代替", published.content_hash, "珠海市人力资源"):
        assert words in page
    assert f"{Decimal('-1.5'):+.2f}" in str(Shown(second.content).row_of("440403").scores), "adjustments are the year's"


def test_it_is_published_as_it_was_seen_or_not(appraisal, bureau):
    mark = seen()
    workflow.adjust(2026, bureau, "440403", "1", "另一个人")
    with pytest.raises(CannotReport, match="有了变化，还没有发布"):
        workflow.publish(2026, bureau, mark)
    assert workflow.publish(2026, bureau, seen()).number == 1


def test_what_is_published_never_changes(published, bureau, browse):
    client = browse(bureau)
    names = ("appraisal.pdf", "appraisal.xlsx", "", "units/440403/")
    first = [client.get(f"{URL}{name}").content for name in names]
    returning.correct(
        QuarterlyReturn.objects.get(unit__code="440402", period__quarter=3),
        Officer.objects.get(username="reviewer"),
        "漏报",
    )
    ReportingUnit.objects.filter(code="440403").update(name="改了名的区")
    DueSurvey.objects.update(timeliness="late")
    Rectification.objects.filter(state="open").update(due="2026-02-02")
    for verb in (
        lambda: workflow.adjust(2026, bureau, "440403", "1", "理由"),
        lambda: workflow.take_back(2026, bureau, AppraisalAdjustment.objects.get().pk, "理由"),
    ):
        with pytest.raises(CannotReport, match="已发布的不能再改"):
            verb()
    again = workflow.publish(2026, bureau, published.content["seen"])
    assert again == published, "pressed twice it is one"
    tidy = [re.sub(rb'csrfmiddlewaretoken" value="\w+', b"", page) for page in first]
    assert [re.sub(rb'csrfmiddlewaretoken" value="\w+', b"", client.get(f"{URL}{n}").content) for n in names] == tidy
    published.refresh_from_db()
    assert published.content_hash == hash_of(published.content)
    assert IssuedFile.objects.filter(appraisal=published).count() == 2


def test_page_paper_and_workbook_agree(published, bureau, browse):
    shown = Shown(published.content)
    text = re.sub(
        r"\s", "", "".join(page.extract_text() for page in PdfReader(BytesIO(file_of(published, "pdf"))).pages)
    )
    page = re.sub(r"\s", "", browse(bureau).get(URL).content.decode())
    book = load_workbook(BytesIO(file_of(published, "xlsx")))
    sheet = {line[0]: line for line in book["考核结果"].iter_rows(values_only=True) if line[0]}
    assert [line for line in sheet if "稿" in str(line)] == []
    for row in shown.rows:
        assert re.sub(r"\s", "", "".join((row.name, *row.cells))) in text
        assert "".join(f"<td>{cell}</td>" for cell in row.cells) in page
        name, *cells = sheet[row.name]
        assert len(cells) == len(row.cells) + 1
        for said, cell in zip(row.cells, cells, strict=False):
            assert same(said, cell), (name, said, cell)
    for words in (
        published.content_hash,
        "2026年度第1号",
        "斗门区：计算得分",
        "调整-1.50分，台账造假被通报",
        "不评分，权重分给其余指标",
    ):
        assert words in text, words
    parts = [line for line in book["依据"].iter_rows(values_only=True) if line[0] == "斗门区" and line[1] == "达标率"]
    assert [line[2:6] for line in parts] == [
        ("合计", None, 14, 17), ("2026年第一季度", "季报", 7, 8), ("2026年第二季度", "季报", 7, 9),
        ("2026年第三季度", "季报", "未报", "未报"),
    ]  # fmt: skip
    assert book["人工调整"].cell(book["人工调整"].max_row, 2).value == -1.5


def same(said, cell):
    """A cell of the table and of the workbook; rates there are fractions of 1."""
    if isinstance(cell, str):
        return said == cell
    number = Decimal(str(cell))
    return Decimal(said) in (number, number * 100)


def test_a_draft_is_marked_as_one_and_not_kept(appraisal):
    assert "稿，未发布" in PdfReader(BytesIO(file_of(appraisal, "pdf"))).pages[0].extract_text()
    assert not IssuedFile.objects.exists()


def test_the_demonstration_publishes_one_and_leaves_it(officers):
    Officer.objects.filter(username="city").update(is_demo=True)
    assert list(appraise_city(date(2026, 11, 22))) == list(appraise_city(date(2026, 11, 22)))
    row = Shown(Appraisal.objects.get().content).row_of("440402")
    assert (row.adjusted_text, "演示数据" in row.adjustments[0]["reason"]) == ("+1.00", True)


def test_nothing_is_published_without_an_accepted_return(appraisal, bureau):
    ReturnAct.objects.all().delete()
    with pytest.raises(CannotReport, match="还没有一份季报被接收"):
        workflow.publish(2026, bureau, seen())


# ── Who ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["reviewer", "viewer", "admin", "surveyor"])
def test_the_city_alone_appraises(appraisal, officers, role):
    for verb in (
        lambda who: workflow.begin(2026, who),
        lambda who: workflow.adjust(2026, who, "440403", "1", "理由"),
        lambda who: workflow.take_back(2026, who, 1, "理由"),
        lambda who: workflow.publish(2026, who, seen()),
    ):
        with pytest.raises(PermissionDenied):
            verb(officers[role])


def test_districts_read_what_is_published_with_their_own_row_first(appraisal, bureau, officers, browse):
    stranger = browse(officers["stranger"])  # of 斗门区
    assert stranger.get(URL).status_code == 404
    assert "编制中" not in stranger.get("/appraisals/").content.decode()
    workflow.publish(2026, bureau, seen())
    page = stranger.get(URL).content.decode()
    names = re.findall(r'units/(\w+)/\?number=1">', page)
    assert (names[0], sorted(names)) == ("440403", ["440402", "440403", "440404"])
    own, other = (stranger.get(f"{URL}units/{code}/?number=1").content.decode() for code in ("440403", "440402"))
    assert "/returns/440403/2026Q1/?version=1" in own
    assert "/returns/440402/" not in other
    assert browse(officers["surveyor"]).get(URL).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/appraisals/1999/",
        "/appraisals/99999999999999999999/",
        f"{URL}?number=9",
        f"{URL}?number=x",
        f"{URL}units/none/",
    ],
)
def test_what_is_not_there_is_404(appraisal, bureau, browse, address):
    assert browse(bureau).get(address).status_code == 404


def test_begun_twice_is_one(appraisal, bureau, browse):
    assert browse(bureau).post("/appraisals/start/", {"year": "2026"}).status_code == 302
    assert Appraisal.objects.count() == 1
    refused = browse(bureau).post("/appraisals/start/", {"year": "20２6"})
    assert refused.status_code == 422
