"""The pages of a return: what is shown to whom, bad input, two who write, constant queries."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import DueSurvey
from facilities.models import Division, Facility, ReportingUnit
from reports.models import QuarterlyReturn, ReturnVersion
from reports.returns import workflow
from reports.returns.items import ITEMS
from standards.loading import edition_of
from standards.models import Standard
from tests.returns.conftest import TEXTS, URL
from tests.returns.quarter import accept, due, fill, make_quarter, make_station, station_answers


def text_of(response) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.content.decode()))


def test_the_city_sees_who_has_not_reported(sent, bureau, browse, unit):
    other = ReportingUnit.objects.get(code="440403")
    due(Facility.objects.get(code="440403100"), make_quarter(), other)
    said = text_of(browse(bureau).get("/returns/"))
    assert "应报2个单位，未报1个" in said
    assert "香洲区已报送（第1版）按时" in said
    assert "斗门区未开始未报" in said


def test_a_draft_is_its_units_own(draft, officers, browse):
    own, read = browse(officers["reviewer"]).get(URL), browse(officers["city"]).get(URL)
    assert "草稿，还没有报送" in text_of(own)
    assert "一是计算机不足" in text_of(own)
    assert "一是计算机不足" not in text_of(read)
    assert "还没有报送" in text_of(read)
    for name in ("return.pdf", "return.xlsx", "return.json", "figures/due/"):
        assert browse(officers["city"]).get(URL + name).status_code == 404


def test_a_return_is_begun_with_drafted_texts(period, now, reviewer, browse):
    client = browse(reviewer)
    assert "还没有开始写" in text_of(client.get(URL))
    assert client.post(f"{URL}start/").url == f"{URL}edit/"
    report = QuarterlyReturn.objects.get()
    assert "计算机不足" in report.problems
    assert "3家的核查表还没有审核通过" in report.problems or "完成其余3家" in report.next_steps
    assert "________" in client.get(f"{URL}edit/").content.decode()


def test_what_was_typed_is_kept_where_it_is_refused(draft, reviewer, browse):
    response = browse(reviewer).post(f"{URL}edit/", TEXTS | {"filler": "名" * 31, "revision": draft.revision})
    assert response.status_code == 422
    assert "填报人最多 30 字，现在 31 字" in response.content.decode()
    assert "名" * 31 in response.content.decode()


def test_two_who_write_are_shown_both_texts(draft, officers, browse):
    workflow.write(draft, officers["colleague"], TEXTS | {"problems": "同事写的"}, draft.revision)
    client = browse(officers["reviewer"])
    response = client.post(f"{URL}edit/", TEXTS | {"problems": "我写的", "revision": draft.revision})
    page = response.content.decode()
    assert (response.status_code, "同事写的" in page, "我写的" in page) == (409, True, True)
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    again = client.post(f"{URL}edit/", TEXTS | {"problems": "两人商定的", "revision": revision, "go_on": "1"})
    assert again.url == f"{URL}submit/"
    draft.refresh_from_db()
    assert draft.problems == "两人商定的"


@pytest.mark.parametrize("revision", ["", "abc", "-1", "9" * 40])
def test_a_revision_that_is_none_overwrites_nothing(draft, reviewer, browse, revision):
    assert browse(reviewer).post(f"{URL}edit/", TEXTS | {"revision": revision}).status_code == 409


def test_it_is_checked_sent_sent_back_and_received(draft, officers, browse):
    reviewer, city = browse(officers["reviewer"]), browse(officers["city"])
    assert "已审核通过3家" in text_of(reviewer.get(f"{URL}submit/"))
    assert reviewer.post(f"{URL}submit/").url == URL
    assert city.post(f"{URL}send-back/", {"text": " "}).status_code == 422
    assert city.post(f"{URL}send-back/", {"text": "请补充原因"}).status_code == 302
    assert "市局退回第1版：请补充原因" in text_of(reviewer.get(URL))
    assert reviewer.post(f"{URL}submit/").status_code == 302
    assert city.post(f"{URL}receive/").status_code == 302
    assert city.post(f"{URL}receive/").status_code == 422
    assert reviewer.post(f"{URL}correct/", {"text": ""}).status_code == 422
    assert reviewer.post(f"{URL}correct/", {"text": "漏报一家"}).status_code == 302
    assert "正在更正第2版：漏报一家" in text_of(city.get(URL))
    assert "这是第1版，不是最新的" in text_of(city.get(f"{URL}?version=1"))


def test_a_submission_that_lacks_something_says_what(draft, reviewer, browse):
    workflow.write(draft, reviewer, TEXTS | {"head": ""}, draft.revision)
    response = browse(reviewer).post(f"{URL}submit/")
    assert response.status_code == 422
    assert "单位负责人没有填" in response.content.decode()


def test_a_number_opens_to_its_facilities(sent, reviewer, browse):
    client = browse(reviewer)
    page = client.get(URL).content.decode()
    links = [
        link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*/figures/[^"]*)"[^>]*>([\d,.]+)?', page)[0:0]
    ]
    links = re.findall(r'<a href="([^"]*figures/[^"]*)">([\d,]+)</a>', page)
    assert len(links) > 30
    for link, number in links:
        rows = client.get(link.replace("&amp;", "&")).content.decode()
        count = int(re.search(r"共 <b>(\d+)</b> 家", rows)[1])
        if "part=lacking" in link or "/due/" in link or "/set_up/" in link:
            assert count > 0
        if "/due/" in link:
            assert count == int(number)


@pytest.mark.parametrize(
    "asked",
    ["figures/nothing/", "figures/staff/?part=nothing", "figures/due/?subject=nothing", "figures/due/?group=9",
     "figures/due/?part=met", "?version=9", "?version=x", "?version=99999", "?version=²"],
)  # fmt: skip
def test_what_is_not_there_is_404(sent, reviewer, browse, asked):
    assert browse(reviewer).get(URL + asked).status_code == 404


@pytest.mark.parametrize("address", ["/returns/440402/2026Q5/", "/returns/9/2026Q3/", "/city-report/2026Q9/"])
def test_what_is_no_quarter_or_unit_is_404(sent, bureau, browse, address):
    assert browse(bureau).get(address).status_code == 404


def test_surveyors_see_no_return_and_strangers_none_of_this_unit(sent, officers, browse):
    for who in ("surveyor", "centre"):
        for address in ("/returns/", URL, f"{URL}return.pdf", "/city-report/2026Q3/"):
            assert browse(officers[who]).get(address).status_code == 404
    assert browse(officers["stranger"]).get(URL).status_code == 404


def test_nobody_is_asked_for_a_number_that_no_standard_has(city):
    """What the table of figures names stands in the standards."""
    known = {key: set(edition_of(standard).indicators) for standard in Standard.objects.all() for key in [standard.key]}
    keys = {key for standard in Standard.objects.all() for key in edition_of(standard).by_key}
    for item in ITEMS:
        assert {key for wanted in item.requirements.values() for key in wanted} <= keys, item.key
        facts = {key for told in (item.facts, item.base) for wanted in told.values() for key in wanted}
        assert facts <= set().union(*known.values()), item.key


# ── Queries ───────────────────────────────────────────────────────────────────


def asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_queries_are_the_same_for_few_and_many(draft, officers, browse):
    client = browse(officers["reviewer"])
    addresses = {"/returns/": 12, URL: 24, f"{URL}submit/": 20, f"{URL}figures/due/": 16, f"{URL}return.xlsx": 16}
    few = {address: asked(client, address) for address in addresses}
    office = Facility.objects.get(code="440402002")
    for number in range(10, 40):
        station = make_station(office, number)
        due(station, make_quarter())
        if number < 13:
            accept(fill(station, make_quarter(), station_answers(station)), officers["reviewer"])
    assert {address: asked(client, address) for address in addresses} == few
    assert [address for address, most in addresses.items() if few[address] > most] == [], few


def test_the_citys_queries_are_the_same_for_few_and_many(sent, officers, browse):
    client = browse(officers["city"])
    addresses = {"/returns/": 12, "/city-report/2026Q3/": 16, "/city-report/2026Q3/figures/due/": 14}
    few = {address: asked(client, address) for address in addresses}
    for number in range(8):
        unit = ReportingUnit.objects.create(code=f"Y{number}", name=f"第{number}区", kind="zone")
        place = Division.objects.create(code=f"44049{number}001", name=f"第{number}街道", level="street")
        office = Facility.objects.create(code=place.code, name=place.name, subject="township", division=place)
        due(office, make_quarter(), unit)
        officer = officers["stranger"]
        officer.unit = unit
        officer.save()
        report = workflow.begin(unit, make_quarter(), officer)
        workflow.submit(workflow.write(report, officer, TEXTS, 1), officer)
    assert ReturnVersion.objects.count() == 9
    assert DueSurvey.objects.count() > 8
    assert {address: asked(client, address) for address in addresses} == few
    assert [address for address, most in addresses.items() if few[address] > most] == [], few
