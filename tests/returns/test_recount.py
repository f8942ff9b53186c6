"""Every figure on page, PDF and Excel equals a recount from the raw answers, written here anew."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from math import ceil

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.models import Answer, Survey
from facilities.models import Facility, Officer, ReportingUnit
from reports.models import ReturnVersion
from reports.returns import workflow
from reports.returns.found import statement_of
from reports.returns.paper import paper_of
from reports.returns.tables import BODIES, WORKS
from reports.returns.workbook import workbook_of
from tests.assessments.town import make_stations, note_places, town_answers
from tests.returns.conftest import NOW, TEXTS, URL, make_officers, once_a_module
from tests.returns.quarter import FILLED, PLACE, accept, due, fill, load_city, make_quarter, note, office_answers

NAMES = {
    "township": r"[一-龥]+(街道|乡|镇)人力资源和社会保障服务所",
    "village": r"[一-龥]+(社区|村)人力资源和社会保障服务站",
}
DOCUMENTED = {
    "township": {
        "employment", "human_resources", "social_security", "labour_relations", "mediation_arbitration",
        "labour_inspection", "archives",
    },
    "village": {"employment", "human_resources", "social_security", "labour_relations_coord"},
}  # fmt: skip


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with once_a_module(django_db_blocker, make_version):
        yield


@pytest.fixture
def version(city):
    return ReturnVersion.objects.get()


def make_version():
    """Two offices and fourteen stations of every kind, all but the last accepted."""
    load_city()
    make_officers()
    unit, reviewer = ReportingUnit.objects.get(code="440402"), Officer.objects.get(username="reviewer")
    period = make_quarter()
    offices = list(Facility.objects.filter(code__in=["440402001", "440402002"]).order_by("code"))
    stations = make_stations(offices[0], 7) + make_stations(offices[1], 7, first=7)
    note_places(stations)
    told = town_answers(stations)
    with time_machine.travel(FILLED, tick=False):
        for facility in (*offices, *stations):
            due(facility, period)
        note(offices[0], **PLACE)
        note(offices[1], **PLACE | {"resident_population": 95000, "served_population": 98000})
        accept(fill(offices[0], period, office_answers(computer_count=4, staff_count=5, training_count=0)), reviewer)
        other = {"resident_population": 95000, "served_population": 98000, "screen_area": "9.50", "fax_count": 0}
        accept(fill(offices[1], period, office_answers(building_area="199.99", line_to_city=False, **other)), reviewer)
        for station in stations[:-1]:
            accept(fill(station, period, told[station.code]), reviewer)
    with time_machine.travel(NOW, tick=False):
        report = workflow.begin(unit, period, reviewer)
        workflow.write(report, reviewer, TEXTS, report.revision)
        workflow.submit(report, reviewer)


# ── The recount ───────────────────────────────────────────────────────────────


def answers_of(survey: Survey) -> dict:
    return {a.indicator: a.value for a in Answer.objects.filter(survey=survey) if a.value is not None}


def has_station(subject: str, a: dict) -> bool:
    return subject == "township" or a.get("has_station") is True


def asked(subject: str, a: dict) -> bool:
    """Offices, stations, and 行政村 without one are asked for people, room and devices."""
    return has_station(subject, a) or a.get("unit_type") == "行政村"


def norm_of_staff(subject: str, a: dict) -> int:
    per, least = (10000, 5) if subject == "township" else (800, 1)
    return max(least, ceil(a["served_population"] / per))


def norm_of_devices(subject: str, a: dict) -> dict[str, Decimal]:
    names = ["social_card_reader_count", "id_card_reader_count", "barcode_scanner_count", "printer_count",
             "filing_cabinet_count"]  # fmt: skip
    wanted = {name: Decimal(1) for name in names}
    if subject == "village":
        return wanted | {"computer_count": Decimal(1)}
    people = a["resident_population"]
    screen, computers = (10, 7) if people >= 90000 else (4, 5) if people >= 60000 else (2, 3)
    wanted |= {"fax_count": Decimal(1), "fingerprint_count": Decimal(1), "screen_area": Decimal(screen)}
    wanted |= {"computer_count": Decimal(computers)}
    return wanted | ({"touch_screen_count": Decimal(1)} if people >= 60000 else {})


def counted(subject: str, a: dict) -> dict[str, Decimal | int]:
    """One accepted facility's part in every column."""
    asked_ = asked(subject, a)
    staffed_by = "staff_count" if has_station(subject, a) else "coordinator_count"
    found: dict[str, Decimal | int] = {}
    must_exist = (
        subject == "township"
        or a.get("unit_type") != "行政村"
        or a["resident_population"] >= 1500
        or a.get("village_has_conditions") is True
    )
    found["set_up.of"], found["set_up.number"] = must_exist, must_exist and has_station(subject, a)
    if has_station(subject, a):
        name = a["institution_name"] if subject == "township" else a["signboard_name"]
        found["named.number"] = bool(re.fullmatch(NAMES[subject], name))
    if asked_ and staffed_by in a:
        norm = norm_of_staff(subject, a)
        short = max(0, norm - a[staffed_by])
        found |= {"staff.of": norm, "staff.number": a[staffed_by], "staff.short": short, "staffed.number": not short}
    area_key, norm_area = ("building_area", 200) if subject == "township" else ("workplace_area", 50)
    if asked_ and area_key in a:
        area = Decimal(a[area_key])
        connected = online(subject, a)
        relaxed = norm_area > area >= norm_area * Decimal("0.9") and connected
        found |= {"area.of": norm_area, "area.number": area, "relaxed.number": relaxed}
        found["area.short"] = Decimal(0) if relaxed else max(Decimal(0), norm_area - area)
    if asked_ and "computer_count" in a:
        wanted = norm_of_devices(subject, a)
        held = {name: Decimal(a[name]) for name in wanted}
        found |= {"equipped.of": 1, "equipped.number": all(held[name] >= norm for name, norm in wanted.items())}
        found["computer.short"] = max(Decimal(0), wanted["computer_count"] - held["computer_count"])
    return found | works(subject, a)


def online(subject: str, a: dict) -> bool:
    """Row 9 as a whole: connected as it asks, and the software in use."""
    return connected_as_asked(subject, a) and bool(a.get("software_installed")) and bool(a.get("software_in_use"))


def connected_as_asked(subject: str, a: dict) -> bool:
    if subject == "township":
        return a["line_type"] == "专线" and a["line_to_county"] and a["line_to_city"]
    return a.get("line_type") in ("VPN", "专线") and bool(a.get("vpn_to_city"))


def works(subject: str, a: dict) -> dict[str, Decimal | int]:
    found: dict[str, Decimal | int] = {}
    if has_station(subject, a):
        found |= {"network.of": 1, "network.number": connected_as_asked(subject, a)}
        found |= {"software.of": 1, "software.number": a["software_installed"] and a["software_in_use"]}
        if subject == "township":
            paid = a["in_county_budget"] and a["in_town_budget"]
            money = a["county_budget_amount"], a["town_budget_amount"]
        else:
            money = a["county_funding"], a["town_funding"]
            paid = all(Decimal(each) > 0 for each in money)
        found |= {
            "budget.number": paid,
            "county_money.number": Decimal(money[0]),
            "town_money.number": Decimal(money[1]),
        }
        if a["qualified_staff"] <= a["staff_count"]:
            found |= {"qualified.of": a["staff_count"], "qualified.number": a["qualified_staff"]}
    if asked(subject, a) and "ledger_services" in a:
        wanted = DOCUMENTED[subject]
        found["ledger.number"] = set(a["ledger_services"]) >= wanted and "ledger_medium" in a
        rules = ("rules_services", "procedure_services", "standard_services")
        found["rules.number"] = all(set(a[key]) >= wanted for key in rules)
        groups = {"office_staff", "station_staff", "labour_clerk"}
        trained = a["training_count"] >= 1 and (subject == "village" or set(a["training_groups"]) >= groups)
        found |= {"training.number": trained, "trained.number": a["training_trained"]}
    return found


def recount(codes: str = "") -> dict[str, Decimal]:
    total: dict[str, Decimal] = {}
    for survey in Survey.objects.filter(state=Survey.ACCEPTED, facility__code__startswith=codes):
        for key, value in counted(survey.facility.subject, answers_of(survey)).items():
            total[key] = total.get(key, Decimal(0)) + Decimal(value)
    return total


# ── Held against what was written ─────────────────────────────────────────────

COUNTED = [column for column in (*BODIES, *WORKS) if "." in column.key and not column.rate]


def test_the_version_is_the_recount(version):
    total = statement_of(version).total
    expected = recount()
    assert {column.key: column.value(total) for column in COUNTED} == {c.key: expected[c.key] for c in COUNTED}


def test_every_town_is_its_own_recount(version):
    for group in statement_of(version).groups:
        expected = recount(group.code)
        told = {column.key: column.value(group.block) for column in COUNTED}
        assert told == {column.key: expected[column.key] for column in COUNTED}


def rates(expected: dict[str, Decimal]) -> dict[str, Decimal]:
    """Total over total, one decimal, half up."""
    found = {}
    for key in ("network", "software", "qualified"):
        share = expected[f"{key}.number"] / expected[f"{key}.of"] * 1000
        found[f"{key}.rate"] = Decimal(int(share + Decimal("0.5"))) / 10
    return found


def expected_row(columns) -> dict[str, Decimal]:
    states = {"due": 16, "accepted": 15, "waiting": 0, "missing": 1}
    grades = [line["grade"] for line in statement_grades()]
    compliant = sum(grade in ("达标", "基本达标") for grade in grades)
    whole = recount() | states | {"compliant": compliant}
    whole |= rates(whole) | {"compliant.rate": Decimal(int(Decimal(compliant) / 16 * 1000 + Decimal("0.5"))) / 10}
    return {column.key: Decimal(whole[column.key]) for column in columns}


def statement_grades():
    """As the surveys were judged, from their rows and not from the return."""
    surveys = Survey.objects.filter(state=Survey.ACCEPTED)
    return [{"grade": survey.judgements.order_by("-snapshot__number").first().grade} for survey in surveys]


@pytest.mark.parametrize(("sheet", "columns"), [("汇总（一）", BODIES), ("汇总（二）", WORKS)])
def test_the_workbook_is_the_recount_in_value_and_in_formula(version, sheet, columns):
    body = workbook_of(statement_of(version))
    cached, formulas = (load_workbook(BytesIO(body), data_only=values)[sheet] for values in (True, False))
    expected = expected_row(columns)
    assert cached["A6"].value == "合计"
    for place, column in enumerate(columns, 3):
        value, formula = cached.cell(6, place).value, formulas.cell(6, place).value
        assert str(formula).startswith("=IF(" if column.rate else "=SUM("), column.key
        if column.rate:
            assert round(Decimal(str(value)) * 100, 1) == expected[column.key], column.key
        else:
            assert Decimal(str(value)) == expected[column.key], column.key
            first, last = re.fullmatch(r"=SUM\([A-Z]+(\d+):[A-Z]+(\d+)\)", formula).groups()
            rows = [cached.cell(row, place).value for row in range(int(first), int(last) + 1)]
            numbers = [Decimal(str(each)) for each in rows if not isinstance(each, str)]
            assert sum(numbers) == expected[column.key], column.key


def written(value: Decimal, places: int) -> str:
    return f"{value:,.{places}f}"


@pytest.mark.parametrize("columns", [BODIES, WORKS], ids=["bodies", "works"])
def test_page_and_paper_are_the_recount(version, reviewer, columns):
    expected = expected_row(columns)
    row = [written(expected[column.key], column.places) for column in columns]
    client = Client()
    client.force_login(reviewer, backend="facilities.backends.OfficerBackend")
    page = client.get(URL).content.decode()
    totals = re.findall(r'<tr class="ledger__sum">(.*?)</tr>', page, re.DOTALL)
    said = [re.findall(r"<td>(?:<a [^>]*>)?([^<]*)(?:</a>)?</td>", total) for total in totals]
    assert row in said
    paper = PdfReader(BytesIO(paper_of(statement_of(version))))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in paper.pages))
    assert "合计" + "".join(row) in text


def test_every_number_lies_in_what_it_is_counted_from(version):
    statement = statement_of(version)
    for block in (statement.total, *statement.subjects.values(), *(group.block for group in statement.groups)):
        assert block.accepted + block.waiting + block.missing == block.due
        assert block.compliant <= block.accepted
        for figure in block.figures.values():
            assert figure.rate is None or not figure.of or figure.lacking <= figure.known
        for key in ("set_up", "named", "network", "software", "ledger", "qualified"):
            figure = block.figure(key)
            assert Decimal(0) <= figure.number <= figure.of


def test_the_facilities_behind_a_number_are_as_many(version):
    told = version.content["subjects"]
    for block in told.values():
        for figure in block["figures"].values():
            codes = figure["codes"]
            assert len(codes["known"]) == figure["known"]
            assert len(codes["unknown"]) == figure["unknown"]
            assert len(codes["lacking"]) == figure["lacking"]
