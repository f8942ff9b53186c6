"""补助结算: from roster, facts and payments to amounts; page, Excel and PDF against each other and a plain recount."""

import re
from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.models import SubsidyPaid
from assessments.subsidies.paying import record
from assessments.subsidies.reckoning import accounts_of, figures_of
from assessments.subsidies.spans import span_of
from facilities.models import Division, Facility, Fact, Membership, Post, ReportingUnit
from facilities.requests import Refused
from tests.subsidies.conftest import ELSEWHERE, ONE, TWO

D = Decimal
Q1 = span_of("2026Q1", date(2011, 11, 23), date(2026, 5, 12))
Q2 = span_of("2026Q2", date(2011, 11, 23), date(2026, 5, 12))
YEAR = span_of("2026", date(2011, 11, 23), date(2026, 5, 12))
UNIT, TOWN = "/subsidies/2026Q1/440402/", "/subsidies/2026Q1/440402/440402001/"
QUARTERS = ("2026Q1", "2026Q2")
STATION = f"/facilities/{ONE}/subsidies/2026Q1/"


def of(*codes, span=Q1):
    return figures_of(accounts_of(list(Facility.objects.filter(code__in=codes)), span))


def text(response):
    return response.content.decode()


def pay(officers, code, amount, quarter=Q1, post="", source="财预〔2026〕1号"):
    facility = Facility.objects.get(code=code)
    rows = SubsidyPaid.objects.filter(facility=facility, year=quarter.year, quarter=quarter.quarter)
    seen = rows.order_by("-pk").values_list("pk", flat=True).first() or ""
    typed = {"amount": amount, "source": source, "post": str(post), "seen": str(seen)}
    return record(officers["reviewer"], facility, quarter.quarters[0], typed)


# ── From roster, facts and payments ───────────────────────────────────────────


def test_one_full_time_and_one_part_time_quarter(hire):
    hire(ONE, "张伟")
    hire(ONE, "李敏", "parttime")
    found = of(ONE)
    assert (found.city_due, found.district_min, found.persons) == (D(5400), D(5400), 2)


def test_the_staff_of_an_office_get_none(hire):
    hire("440402001", "张伟")
    assert of("440402001").city_due is None


def test_nobody_on_the_roster_is_not_nothing_due(officers):
    found = of(ONE)
    assert (found.city_due, found.shortfall, found.unlisted) == (None, None, 1)


def test_paid_not_recorded_is_not_0(hire, officers):
    hire(ONE, "张伟")
    assert (of(ONE).paid, of(ONE).shortfall, of(ONE).unrecorded) == (None, None, 1)
    pay(officers, ONE, "0")
    assert (of(ONE).paid, of(ONE).shortfall, of(ONE).unrecorded) == (D(0), D(3000), 0)
    pay(officers, ONE, "2,700.00")
    assert (of(ONE).paid, of(ONE).shortfall) == (D(2700), D(300))
    assert SubsidyPaid.objects.count() == 2  # what was said before stays


def test_one_who_is_paid_more_does_not_make_up_for_another(hire, officers):
    hire(ONE, "张伟")
    hire(TWO, "李敏")
    pay(officers, ONE, "4500")
    pay(officers, TWO, "2700")
    assert of(ONE, TWO).shortfall == D(300)


def test_unfiled_is_held(hire):
    hire(ONE, "张伟", filed_on=None, filing_number="")
    assert (of(ONE).city_due, of(ONE).held, of(ONE).flags) == (D(3000), D(3000), ("unfiled",))


def test_a_public_servant_is_due_nothing_and_pay_is_recovered(hire, officers):
    post = hire(ONE, "张伟", "parttime", is_public_servant=True)
    assert (of(ONE).city_due, of(ONE).recover) == (D(0), D(0))
    pay(officers, ONE, "300", post=post.pk)
    assert (of(ONE).recover, of(ONE).paid, of(ONE).flags) == (D(900), None, ("public_servant_paid",))


@pytest.mark.parametrize(
    ("served", "approved", "due"),
    [
        (9000, date(2025, 7, 1), 6000),
        (8000, date(2025, 7, 1), 3000),
        (8001, None, 3000),
        (None, date(2025, 7, 1), 3000),
    ],
)
def test_extra_staff_count_above_8000_and_approved(hire, served, approved, due):
    hire(ONE, "张伟")
    hire(ONE, "李敏", extra=True, approved_on=approved, approval_number="香府1号" if approved else "")
    if served:
        fact(served, date(2025, 1, 1))
    assert of(ONE).city_due == D(due)


def test_extra_staff_count_from_approval_and_from_the_day_of_the_number(hire):
    hire(ONE, "李敏", extra=True, approved_on=date(2026, 2, 1), approval_number="香府1号")
    fact(8000, date(2025, 1, 1))
    fact(8001, date(2026, 3, 1))
    assert of(ONE).city_due == D(1000)  # March alone


def fact(served, since):
    station = Facility.objects.get(code=ONE)
    Fact.objects.create(facility=station, indicator="served_population", value=served, since=since, source="年鉴")


def test_one_person_in_two_places_is_counted_once_in_the_whole_city(hire):
    hire(ONE, "张伟", "parttime", phone="13800001234")
    hire(ELSEWHERE, "张伟", "parttime", phone="13800001234")
    assert of(ONE).city_due + of(ELSEWHERE).city_due == D(2400)
    assert "duplicate_person" in of(ONE, ELSEWHERE).flags


def test_two_of_one_name_are_two(hire):
    hire(ONE, "张伟", "parttime", phone="13800001234")
    hire(TWO, "张伟", "parttime", phone="13800009999")
    assert of(ONE, TWO).city_due == D(4800)


def test_whoever_moves_within_a_month_is_shared_to_the_cent(hire):
    """Three stations, ten days of April each: three roundings of their own would make 999.99."""
    three = (ONE, TWO, "440402001003")
    for code, first in zip(three, (1, 11, 21), strict=True):
        hire(code, "张伟", starts=date(2026, 4, first), ends=date(2026, 4, first + 9), certificate="粤1")
    assert [of(code, span=Q2).city_due for code in three] == [D("333.33"), D("333.34"), D("333.33")]
    assert of(*three, span=Q2).city_due == D(1000)


def test_a_year_is_its_quarters(hire, officers):
    hire(ONE, "张伟", ends=date(2026, 5, 10))
    pay(officers, ONE, "3000", Q1)
    pay(officers, ONE, "1000", Q2)
    year = of(ONE, span=YEAR)
    assert year.city_due == of(ONE).city_due + of(ONE, span=Q2).city_due == D("4322.58")
    assert (year.paid, year.shortfall) == (D(4000), D("322.58"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "三千"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1e99"}, "amount"),
        ({"source": " "}, "source"),
        ({"post": "999"}, "post"),
        ({"post": "x"}, "post"),
        ({"seen": "7"}, ""),
    ],
)
def test_bad_input_gets_a_sentence_at_its_place(hire, officers, typed, field):
    told = {"amount": "3000", "source": "财预1号", "seen": ""} | typed
    with pytest.raises(Refused) as refused:
        record(officers["reviewer"], Facility.objects.get(code=ONE), Q1.quarters[0], told)
    assert list(refused.value.errors) == [field]
    assert not SubsidyPaid.objects.exists()


# ── Who sees what ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "status", "names"),
    [
        ("reviewer", 200, True),
        ("city", 200, True),
        ("station", 200, True),
        ("office", 200, True),
        ("viewer", 200, False),
        ("admin", 200, False),
        ("neighbour", 404, False),
        ("stranger", 404, False),
    ],
)
def test_amounts_for_readers_and_names_for_whom_the_roster_is(hire, visit, officers, who, status, names):
    servant = hire(ONE, "欧阳敏", "parttime", is_public_servant=True)
    hire(ONE, "张伟")
    pay(officers, ONE, "300", post=servant.pk)
    page = visit(who, STATION)
    assert page.status_code == status
    assert [name in text(page) for name in ("张伟", "欧阳敏")] == [names] * 2
    assert ("3,000.00" in text(page)) is (status == 200)
    if status == 200:
        told = [str(cell.value) for sheet in book(visit(who, f"{STATION}?file=xlsx")) for row in sheet for cell in row]
        assert any("张伟" in value for value in told) is names


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("reviewer", [404, 200, 200]),
        ("city", [200, 200, 200]),
        ("viewer", [200, 200, 200]),
        ("office", [404, 404, 200]),
        ("station", [404, 404, 404]),
        ("stranger", [404, 404, 404]),
    ],
)
def test_each_reads_the_own_area(visit, who, statuses):
    assert [visit(who, url).status_code for url in ("/subsidies/2026Q1/", UNIT, TOWN)] == statuses


@pytest.mark.parametrize(
    ("who", "url"),
    [
        ("reviewer", "/subsidies/2026Q2/440402/"),
        ("city", "/subsidies/2026Q2/"),
        ("viewer", "/subsidies/2026Q2/"),
        ("office", "/subsidies/2026Q2/440402/440402001/"),
        ("station", f"/facilities/{ONE}/subsidies/2026Q2/"),
    ],
)
def test_everyone_is_led_to_the_own(visit, who, url):
    assert visit(who, "/subsidies/").headers["Location"] == url


@pytest.mark.parametrize("span", ["2026Q3", "2011Q3", "2026Q5", "2027", "x", "2010"])
def test_no_such_quarter(visit, span):
    assert visit("city", f"/subsidies/{span}/").status_code == 404


@pytest.mark.parametrize("who", ["station", "office", "city", "viewer"])
def test_only_the_district_records_what_it_paid(hire, visit, who):
    told = {"amount": "1", "source": "x", "seen": ""}
    assert visit(who, f"{STATION}paid/", told).status_code == 403
    assert "登记实发" not in text(visit(who, STATION))
    assert not SubsidyPaid.objects.exists()


def test_what_was_typed_is_kept_where_it_is_refused(hire, visit):
    told = {"amount": "许多", "source": "香财〔2026〕8号", "seen": ""}
    page = visit("reviewer", f"{STATION}paid/", told)
    assert page.status_code == 422
    assert 'value="许多"' in text(page)
    assert 'value="香财〔2026〕8号"' in text(page)
    assert visit("reviewer", f"{STATION}paid/", told | {"amount": "3000"}).status_code == 302
    assert "香财〔2026〕8号" in text(visit("viewer", STATION))


def test_each_amount_opens_to_its_days_and_sentence(hire, visit):
    hire(ONE, "张伟", ends=date(2026, 2, 10))
    page = text(visit("reviewer", STATION))
    assert "1,357.14" in page
    assert "专职 10 天" in page
    assert "市级财政按专职人数给予每人每月工资补助1000元" in page
    assert "待财政确认" in page


# ── Page, Excel, PDF and a recount ────────────────────────────────────────────


@pytest.fixture
def town(hire, officers):
    """People of every sort at three stations, one without roster."""
    hire(ONE, "张伟", starts=date(2026, 1, 16))
    hire(ONE, "李敏", "parttime", filed_on=None, filing_number="")
    hire(TWO, "=陈某", ends=date(2026, 2, 10))
    pay(officers, ONE, "4000")


def recounted(post, year, months):
    """Of a person with one post who counts."""
    rate, total = {"fulltime": 1000, "parttime": 800}[post.kind], D(0)
    for month in months:
        days = monthrange(year, month)[1]
        there = [date(year, month, day) for day in range(1, days + 1)]
        worked = sum(post.starts <= day and (post.ends is None or day <= post.ends) for day in there)
        total += (D(rate) * worked / days).quantize(D("0.01"), ROUND_HALF_UP)
    return total


def book(response):
    return load_workbook(BytesIO(response.content), data_only=True)


def test_page_excel_and_pdf_agree_and_equal_a_recount(town, visit):
    by_station = {
        code: [recounted(p, 2026, (1, 2, 3)) for p in Post.objects.filter(facility__code=code)] for code in (ONE, TWO)
    }
    due = {code: sum(amounts) for code, amounts in by_station.items()}
    whole = sum(due.values())
    short = due[ONE] - 4000
    assert short > 0
    page = text(visit("reviewer", TOWN))
    paper = "".join(
        each.extract_text() for each in PdfReader(BytesIO(visit("reviewer", f"{TOWN}?file=pdf").content)).pages
    )
    rows = {row[1]: row for row in book(visit("reviewer", f"{TOWN}?file=xlsx"))["结算"].iter_rows(values_only=True)}
    total = next(
        row
        for row in book(visit("reviewer", f"{TOWN}?file=xlsx"))["结算"].iter_rows(values_only=True)
        if row[0] == "合计"
    )
    for amount in (due[ONE], due[TWO], whole, short, D(4000), D(2400)):
        assert f"{amount:,.2f}" in page
        assert f"{amount:,.2f}" in paper
    assert [D(str(rows[code][3])) for code in (ONE, TWO)] == [due[ONE], due[TWO]]
    assert [D(str(value)) for value in total[3:8]] == [whole, whole, D(4000), short, D(2400)]
    assert rows["440402001003"][2:9] == (None,) * 7


def test_excel_totals_are_formulas_the_head_stays_and_texts_stay_texts(town, visit):
    content = visit("reviewer", f"{TOWN}?file=xlsx").content
    sheets = load_workbook(BytesIO(content))
    sheet, persons = sheets["结算"], sheets["人员明细"]
    last = sheet.max_row
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "服务站")
    assert sheet.cell(last, 4).value == f"=SUM(D{head + 1}:D{last - 1})"
    assert sheet.cell(last, 4).number_format == "#,##0.00"
    assert sheet.freeze_panes == f"C{head + 1}"
    chen = next(cell for row in persons.iter_rows() for cell in row if cell.value == "=陈某")
    assert (chen.data_type, chen.quotePrefix) == ("s", True)
    assert persons.cell(persons.max_row, 6).value.startswith("=SUM(F")
    summed = sum(
        D(str(cell.value))
        for row in persons.iter_rows(min_col=6, max_col=6)
        for cell in row
        if isinstance(cell.value, (int, float))
    )
    told = load_workbook(BytesIO(content), data_only=True)["人员明细"]
    assert D(str(told.cell(told.max_row, 6).value)) == summed
    assert re.search(
        r"<f>SUM\(D\d+:D\d+\)</f><v>[\d.]+</v>", ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    )


@pytest.mark.parametrize("url", ["/subsidies/2026Q1/", "/subsidies/2026/", UNIT, TOWN, STATION, f"{TOWN}?file=xlsx"])
def test_more_people_ask_no_more_questions(hire, visit, url):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert visit("city", url).status_code == 200
        return len(queries)

    hire(ONE, "甲一", extra=True)
    asked()
    few = asked()
    for number in range(40):
        hire(ONE, f"张{number}", extra=number % 2 == 0)
        hire(TWO, f"李{number}", extra=True)
        hire(ELSEWHERE, f"陈{number}")
    assert asked() == few


def test_a_quarter_is_told_by_the_memberships_of_its_end(hire, visit):
    """A town that reports to another district since: its quarter stays with the old one, without the names."""
    hire(ONE, "张伟")
    hire(ELSEWHERE, "陈明")
    division, unit = Division.objects.get(code="440402001"), ReportingUnit.objects.get(code="440403")
    Membership.objects.create(division=division, unit=unit, starts=date(2026, 4, 1))
    told = {(who, span): everyone(visit(who, f"/subsidies/{span}/{code}/?file=xlsx")) for who, code, span in MOVED}
    assert told["reviewer", "2026Q1"] == {"人员1"}
    assert told["reviewer", "2026Q2"] == set()
    assert told["stranger", "2026Q1"] == {"陈明"}
    assert told["stranger", "2026Q2"] == {"张伟", "陈明"}
    moved = "/subsidies/2026Q1/440403/440402001/"  # the town itself, by the unit that it reports to now
    assert everyone(visit("stranger", f"{moved}?file=xlsx")) == {"张伟"}
    assert f'href="{TOWN}"' not in text(visit("city", UNIT))


MOVED = [(who, code, span) for who, code in (("reviewer", "440402"), ("stranger", "440403")) for span in QUARTERS]


def everyone(answer):
    """The people that a workbook names or numbers."""
    cells = [cell.value for row in book(answer)["人员明细"].iter_rows() for cell in row]
    return {value for value in cells if value in ("张伟", "陈明", "人员1", "人员2")}


def test_another_span_is_chosen_at_the_same_place(visit):
    assert visit("reviewer", f"{TOWN}?span=2025").headers["Location"] == "/subsidies/2025/440402/440402001/"
    assert visit("reviewer", f"{TOWN}?span=nothing").status_code == 404
