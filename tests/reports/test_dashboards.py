"""看板: figures equal a recount, nobody sees another's, every number opens its list, files say what the page says."""

import csv
import re
from datetime import timedelta
from html import unescape
from io import BytesIO, StringIO
from random import Random

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from assessments.models import DueSurvey, Judgement, Period, Progress, Rectification, Summary, Survey
from facilities.access import today
from facilities.loading import load_places
from facilities.models import Division, Facility, Officer, ReportingUnit
from reports.dashboards.figures import Rate
from reports.dashboards.files import safe
from reports.dashboards.league import ranks_of
from standards.loading import load_standards
from standards.models import Requirement
from tests.assessments.counted import move, open_with

pytestmark = pytest.mark.django_db
XIANGZHOU, DOUMEN, CUIXIANG = "440402", "440403", "440402001"
NOW = "2027-01-20T10:00:00+08:00"


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as moving:
        yield moving


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The city and its quarters, made once a module, in a transaction that is rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW, tick=False):
            _make()
        yield
        transaction.set_rollback(True)


def _make():
    """Two quarters of every office of the city; in the newer one some wait, and one district has nothing accepted."""
    load_standards(settings.BASE_DIR / "fixtures")
    load_places(settings.BASE_DIR / "fixtures" / "divisions")
    surveyor = _officer("surveyor", facility=Facility.objects.get(code=CUIXIANG))
    offices = list(Facility.objects.filter(subject="township").order_by("code"))
    chance = Random(11)
    for quarter in (3, 4):
        period = Period.objects.create(year=2026, quarter=quarter)
        open_with(period, offices)
        for office in offices:
            survey = Survey.objects.create(facility=office, period=period, created_by=surveyor)
            waits = quarter == 4 and (office.code.startswith("440404") or chance.random() < 0.2)
            move(survey, "submitted" if waits else "accepted", surveyor, chance)


def _officer(role, **place):
    return Officer.objects.create(username=f"{role}{Officer.objects.count()}", last_name="某", role=role, **place)


@pytest.fixture
def officer(made, clock):
    return _officer


@pytest.fixture
def quarters(made, clock):
    """The older and the newer."""
    return list(Period.objects.order_by("year", "quarter"))


def browse(officer):
    client = Client()
    client.force_login(officer, backend="facilities.backends.OfficerBackend")
    return client


@pytest.fixture
def bureau(officer, quarters):
    return browse(officer("city"))


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def grades(period, **where):
    counted = DueSurvey.objects.filter(period=period, **where).exclude(counted=None)
    return [due.counted.grade for due in counted.select_related("counted")]


# ── Figures ───────────────────────────────────────────────────────────────────


def test_the_headlines_equal_a_recount(bureau, quarters):
    board = bureau.get("/dashboard/?period=2026Q4").context["board"]
    found = grades(quarters[1])
    good = sum(grade in ("达标", "基本达标") for grade in found)
    assert board.headlines[0].note == f"{good} / {len(found)} 家"
    assert board.headlines[2].figure == str(found.count("未达标"))
    assert board.headlines[3].note == f"{len(found)} / {DueSurvey.objects.filter(period=quarters[1]).count()} 家"
    assert len(board.headlines) <= 5


def test_every_cell_of_the_matrix_equals_a_recount_and_the_list_behind_it(bureau, quarters):
    board = bureau.get("/dashboard/?period=2026Q4&subject=township").context["board"]
    heat = board.matter.heat
    for row in heat.rows:
        for cell, (each, _) in zip(row.cells, board.below.shown, strict=True):
            judged = Judgement.objects.filter(counted_due(each.code, quarters[1]))
            outcomes = [judgement.content["clauses"][row.clause.key][0] for judgement in judged]
            reached = sum(outcome in ("pass", "relaxed") for outcome in outcomes)
            applying = sum(outcome not in ("not_applicable", "info") for outcome in outcomes)
            assert (cell.rate.part, cell.rate.whole) == (reached, applying)
    row, (each, _) = heat.rows[0], board.below.shown[0]
    listed = bureau.get(row.cells[0].url).context["behind"]
    assert listed.total == row.cells[0].rate.rest
    assert all(line.due.unit.code == each.code for line in listed.lines)
    assert f"/standards/town_office/2016-01-01/{row.clause.number}/" in page(bureau, row.cells[0].url)


def counted_due(unit, period):
    from django.db.models import Q

    return Q(pk__in=DueSurvey.objects.filter(period=period, unit__code=unit).values("counted"))


def test_rows_and_columns_stand_worst_first(bureau):
    board = bureau.get("/dashboard/?period=2026Q3&subject=township").context["board"]
    shares = [row.total.rate.share for row in board.matter.heat.rows]
    assert shares == sorted(shares)
    columns = [each.total.rate.share for each, _ in board.below.shown if each.rank]
    assert columns == sorted(columns)
    by_number = bureau.get("/dashboard/?period=2026Q3&order=code").context["board"].matter.heat.rows
    assert [row.clause.number for row in by_number] == [str(n) for n in range(1, 11)]


def test_what_is_not_accepted_is_absent_and_not_zero(bureau, quarters):
    board = bureau.get("/dashboard/?period=2026Q4").context["board"]
    waiting = [line for line in board.below.league if line.standing.rank is None]
    assert waiting
    assert all((line.rate.text, line.rank, line.mean) == ("—", "—", "—") for line in waiting)
    assert all(line.standing.count.coverage.ratio.startswith("0 / ") for line in waiting)


def test_gaps_are_sums_of_the_largest_of_each_facility(bureau, quarters):
    board = bureau.get("/dashboard/?period=2026Q4&gaps=all").context["board"]
    staff = next(line for line in board.matter.gaps if line.gap.key == ("item", "staff"))
    lacking = 0
    for due in DueSurvey.objects.filter(period=quarters[1]).exclude(counted=None).select_related("counted"):
        results = due.counted.content["results"]
        short = [
            float(results[key]["measured"][0].get("shortfall", 0))
            for key in ("town.3.ratio", "town.3.minimum")
            if results[key]["outcome"] in ("fail", "deviation")
        ]
        lacking += max(short, default=0)
    assert float(staff.gap.total.gap) == lacking
    assert staff.gap.unit == "人"
    assert sum(cell.gap for cell in staff.cells) == staff.gap.total.gap


@pytest.mark.parametrize(
    "show", ["due", "todo", "draft", "submitted", "returned", "accepted", "on_time", "late", "missing"]
)
def test_every_number_of_the_progress_is_the_length_of_its_list(bureau, show):
    board = bureau.get("/dashboard/?period=2026Q4").context["board"]
    url = next((each.url for each in board.waiting if f"show={show}" in each.url), "")
    number = next((each.number for each in board.waiting if each.url == url), board.own.count.accepted)
    listed = bureau.get(url or f"/dashboard/facilities/?period=2026Q4&show={show}").context["behind"]
    assert listed.total == (board.own.count.on_time if show == "on_time" else number)


def test_headlines_and_gaps_open_lists_of_their_length(bureau):
    board = bureau.get("/dashboard/?period=2026Q4&gaps=all").context["board"]
    good, _, below, accepted, timely = (bureau.get(each.url).context["behind"].total for each in board.headlines)
    own = board.own
    assert (good, below, accepted, timely) == (
        own.total.reached, own.grades["未达标"], own.count.accepted, own.count.on_time,
    )  # fmt: skip


def test_the_trend_has_a_hole_where_nothing_was_accepted(bureau):
    trends = bureau.get("/dashboard/?period=2026Q4").context["board"].trends
    assert any(rate.share is None for trend in trends.drawn for rate in trend.rates)
    assert all(trend.said.count("%") + trend.said.count("—") == 2 for trend in trends.drawn)


# ── Ranks ─────────────────────────────────────────────────────────────────────


def test_the_same_rate_is_the_same_rank():
    shares = [3 / 3, 2 / 4, 1 / 2, 0 / 9]
    assert ranks_of(shares) == [(1, False), (2, True), (2, True), (4, False)]


def test_no_rounding_makes_all_or_none():
    assert [Rate(9999, 10000).text, Rate(1, 10000).text, Rate(10, 10).text, Rate(0, 10).text] == [
        "99.9%", "0.1%", "100.0%", "0.0%",
    ]  # fmt: skip
    assert (Rate().text, Rate(3, 7).short, Rate(7, 9).step) == ("—", "3/7", 3)


def test_a_district_sees_its_rank_and_none_of_the_others(officer, quarters):
    client = browse(officer("reviewer", unit=ReportingUnit.objects.get(code=XIANGZHOU)))
    assert client.get("/dashboard/").url == f"/dashboard/{XIANGZHOU}/"
    text = page(client, f"/dashboard/{XIANGZHOU}/?period=2026Q3")
    assert "同级" in text
    for other in ReportingUnit.objects.exclude(code=XIANGZHOU):
        assert other.name not in text
        assert client.get(f"/dashboard/{other.code}/").status_code == 404
    assert client.get("/dashboard/facilities/").status_code == 404
    assert client.get(f"/dashboard/{XIANGZHOU}/440403100/").status_code == 404


def test_an_office_sees_its_own_town_alone(officer, quarters):
    client = browse(officer("surveyor", facility=Facility.objects.get(code=CUIXIANG)))
    own = f"/dashboard/{XIANGZHOU}/{CUIXIANG}/"
    assert client.get("/dashboard/").url == own
    assert "翠香街道" in page(client, own)
    listed = client.get(f"{own}facilities/?period=2026Q3").context["behind"]
    assert [line.due.facility.code for line in listed.lines] == [CUIXIANG]
    for foreign in (
        f"/dashboard/{XIANGZHOU}/",
        f"/dashboard/{XIANGZHOU}/440402002/",
        f"/dashboard/{DOUMEN}/{CUIXIANG}/",
    ):
        assert client.get(foreign).status_code == 404


def test_a_station_has_no_dashboard(officer, quarters):
    client = browse(officer("surveyor", facility=Facility.objects.filter(subject="village").first()))
    assert client.get("/dashboard/").status_code == 404
    assert "看板" not in page(client, "/")


# ── Filters and files ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "query",
    [
        "period=nonsense", "subject=x&order=y", "page=0", "page=99999999999", "page=²", "gaps=?", "show=x",
        "grade=x", "clause=town.99", "clause=town.7&reach=x", "requirement=x", "item=x", "period=2026Q3&item=staff%00",
    ],
)  # fmt: skip
def test_a_strange_address_is_a_plain_page(bureau, query):
    page(bureau, f"/dashboard/?{query}")
    if "%00" not in query:
        page(bureau, f"/dashboard/facilities/?{query}")


def test_csv_says_what_the_page_says(bureau):
    board = bureau.get("/dashboard/?period=2026Q4&subject=township").context["board"]
    body = bureau.get("/dashboard/?period=2026Q4&subject=township&format=csv&table=league").content
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\xef\xbb\xbf") == 1
    assert b"\n" not in body.replace(b"\r\n", b"")
    rows = list(csv.reader(StringIO(body.decode("utf-8-sig"))))
    names = [line.place.name for line in board.below.league]
    told = [row for row in rows if len(row) > 8 and row[1] in names]
    assert [(row[0], row[1], row[3], row[4]) for row in told] == [
        (line.rank, line.place.name, str(line.rate.part), str(line.rate.whole)) for line in board.below.league
    ]


def test_the_workbook_says_what_the_page_says(bureau):
    board = bureau.get("/dashboard/?period=2026Q4").context["board"]
    book = load_workbook(BytesIO(bureau.get("/dashboard/?period=2026Q4&format=xlsx").content))
    assert {"主要数字", "补齐还差", "各单位名次", "八个季度达标率"} <= set(book.sheetnames)
    rows = {row[1]: row for row in book["各单位名次"].iter_rows(values_only=True)}
    for line in board.below.league:
        assert rows[line.place.name][3:5] == (line.rate.part, line.rate.whole)
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


def test_the_list_is_exported_whole(bureau, quarters):
    body = bureau.get("/dashboard/facilities/?period=2026Q4&show=due&format=csv").content.decode("utf-8-sig")
    assert (
        len([row for row in csv.reader(StringIO(body)) if len(row) > 5])
        == 1 + DueSurvey.objects.filter(period=quarters[1]).count()
    )


def test_a_text_never_becomes_a_formula():
    dangerous = ["=1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "－1"]
    assert all(safe(text)[0] == "'" for text in dangerous)
    assert (safe(-5), safe("440402001001"), safe("一"), safe(None)) == ("-5", "\t440402001001", "一", "")


# ── 整改 ──────────────────────────────────────────────────────────────────────


def test_what_is_mended_is_counted_by_state_and_area_and_opens_its_list(officer, quarters):
    first = mending("440402001", "closed", -9)
    again = mending("440402001", "open", -1, first)
    mending("440402002", "doing", 5)
    mending("440403100", "evidenced", -3)
    for url, counts in {
        "/dashboard/": {"未销号": 3, "逾期": 2, "待整改": 1, "整改中": 1, "已提交佐证": 1, "已核实": 0, "已销号": 1},
        f"/dashboard/{XIANGZHOU}/": {"未销号": 2, "逾期": 1, "已销号": 1, "已提交佐证": 0},
        f"/dashboard/{XIANGZHOU}/{CUIXIANG}/": {"未销号": 1, "逾期": 1, "整改中": 0},
    }.items():
        client = browse(officer("city"))
        panel = page(client, url).split('id="mending"')[1].split("</section>")[0]
        told = re.findall(r'<a href="([^"]+)"><b>(\d+)</b><span>([^<]+)</span>', panel)
        assert counts.items() <= {word: int(number) for _, number, word in told}.items()
        for address, number, _ in told:
            assert f"整改 {number} 条" in page(client, unescape(address))
    assert again.earlier == first


def mending(code, state, days, earlier=None):
    """An item of an office, due so many days from today."""
    survey = Survey.objects.filter(facility__code=code, snapshots__isnull=False).first()
    snapshot = survey.snapshots.first()
    return Rectification.objects.create(
        facility=survey.facility,
        unit=ReportingUnit.objects.get(code=code[:6]),
        requirement=Requirement.objects.get(key="town.7.computer"),
        snapshot=snapshot,
        found={"result": {"outcome": "fail"}, "said": "", "gap": ""},
        responsible="服务所",
        due=today() + timedelta(days=days),
        state=state,
        earlier=earlier,
    )


# ── Cost ──────────────────────────────────────────────────────────────────────


def test_a_page_asks_as_many_questions_at_any_size(officer, quarters):
    who = officer("city")

    def asked(url):
        client = browse(who)
        page(client, url)
        with CaptureQueriesContext(connection) as queries:
            page(client, url)
        return len(queries)

    urls = [
        "/dashboard/?period=2026Q4",
        f"/dashboard/{XIANGZHOU}/?period=2026Q4",
        f"/dashboard/{XIANGZHOU}/{CUIXIANG}/",
    ]
    urls += ["/dashboard/facilities/?period=2026Q4&clause=town.7", "/dashboard/facilities/?period=2026Q4&item=staff"]
    few = [asked(url) for url in urls]
    _grow(quarters)
    assert [asked(url) for url in urls] == few
    assert few[0] <= 14
    assert max(few) <= 18


def _grow(quarters):
    """A hundred more units, each with its summaries."""
    ReportingUnit.objects.bulk_create(
        ReportingUnit(code=f"9{n:05}", name=f"第{n}区", kind="district") for n in range(100)
    )
    Division.objects.bulk_create(
        Division(code=f"440402{n}", name=f"{n}镇", level="town", parent=Division.objects.get(code=XIANGZHOU))
        for n in range(500, 540)
    )
    for model in (Summary, Progress):
        rows = []
        for row in model.objects.filter(period__in=quarters, kind="unit", area=XIANGZHOU):
            for n in range(100):
                row.pk, row.area = None, f"9{n:05}"
                rows.append(model(**{f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}))
        model.objects.bulk_create(rows, batch_size=500)


def test_a_page_of_many_units_stays_short(officer, quarters):
    client = browse(officer("city"))
    _grow(quarters)
    board = client.get("/dashboard/?period=2026Q4").context["board"]
    assert (len(board.below.shown), board.below.pages) == (24, 5)
    second = client.get("/dashboard/?period=2026Q4&page=2").context["board"]
    assert not {each.code for each, _ in board.below.shown} & {each.code for each, _ in second.below.shown}
    text = unescape(page(client, "/dashboard/?period=2026Q4&page=2"))
    assert re.search(r"上一页.*下一页", text)
    assert len(text) < 300_000
