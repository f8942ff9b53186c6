"""规范对照 over an area: each number is a recount from the answers, opens to its facilities, stays within reach."""

import re
import shutil
import tomllib
from collections import Counter
from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from assessments.models import Draw, Judgement, Snapshot, SpotCheck, Survey
from facilities.models import Facility, ReportingUnit
from standards.engine import judge
from standards.loading import edition_of, load_standards
from standards.models import Standard
from standards.values import parse_value
from tests.returns.quarter import accept, fill, make_station, station_answers

OWN = {"township": "town_office", "village": "village_station"}
PLAN = "zhuhai_2011"
URL = "/comparisons/?period=2026Q3&subject="
ORDER = ("fail", "missing", "pending", "deviation", "relaxed", "pass")
GOOD = ("pass", "relaxed")


# ── A recount that shares no code with the page ───────────────────────────────


def outcomes(survey, key, period):
    """Of the newest snapshot: as it was judged, else its answers judged whole."""
    snapshot = survey.snapshots.order_by("-number").first()
    kept = Judgement.objects.filter(snapshot=snapshot, standard__key=key).first()
    if kept:
        return {name: each["outcome"] for name, each in kept.content["results"].items()}
    edition = edition_of(Standard.objects.get(key=key))
    facts = {
        name: parse_value(edition.indicators[name], answer["value"])
        for name, answer in snapshot.content["answers"].items()
        if answer["value"] is not None and name in edition.indicators
    }
    judged = judge(edition, facts, period.last_day, survey.facility.subject)
    return {name: each.outcome for name, each in judged.results.items()}


def kind(left, right):
    worst = [next((outcome for outcome in ORDER if outcome in side), None) for side in (left, right)]
    if None in worst:
        return "alone"
    if {"missing", "pending"} & set(worst):
        return "open"
    return {(1, 1): "both", (1, 0): "left", (0, 1): "right", (0, 0): "neither"}[tuple(each in GOOD for each in worst)]


def recount(subject, period):
    """row → kind → the codes of the facilities."""
    rows = tomllib.loads((settings.BASE_DIR / "fixtures" / "differences.toml").read_text(encoding="utf-8"))
    found = {}
    for survey in Survey.objects.filter(facility__subject=subject, state__in=("submitted", "accepted"), period=period):
        said = {key: outcomes(survey, key, period) for key in (OWN[subject], PLAN)}
        for row in rows["difference"]:
            if OWN[subject] in row:
                sides = [[said[key][name] for name in row[key]] for key in (OWN[subject], PLAN)]
                found.setdefault(row["key"], {}).setdefault(kind(*sides), set()).add(survey.facility.code)
    return found


def shown(page):
    """row → kind → the number on the page; what is 0 has no link."""
    links = re.findall(r"row=([^&]+)&amp;kind=(\w+)\">(\d+)</a>", page)
    found = {}
    for row, kind_, number in links:
        found.setdefault(row, {})[kind_] = int(number)
    return found


def numbers(found):
    return {row: {kind_: len(codes) for kind_, codes in kinds.items()} for row, kinds in found.items()}


@pytest.fixture
def client(browse, bureau, now):
    return browse(bureau)


@pytest.mark.parametrize(("subject", "sent"), [("township", 1), ("village", 3)])
def test_the_numbers_are_a_recount_from_the_answers(client, period, subject, sent):
    page = client.get(URL + subject).content.decode()
    expected = recount(subject, period)
    assert len(expected) == page.count('<tr id="X')
    assert shown(page) == numbers(expected)
    assert {sum(kinds.values()) for kinds in shown(page).values()} == {sent}
    assert f"{sent} 家提交时没有按珠海方案评定" in page


def test_every_number_opens_to_its_facilities(client, period):
    for row, kinds in recount("village", period).items():
        for kind_, codes in kinds.items():
            page = client.get(f"{URL}village&row={row}&kind={kind_}").content.decode()
            assert (
                set(re.findall(r"/surveys/(\w+)/2026Q3/comparison/\?of=village_station.2016-01-01&amp;with", page))
                == codes
            )
    unsent = client.get(f"{URL}township&kind=unsent").content.decode()
    assert "440402002" in unsent
    assert "440402001" not in unsent
    for none in ("row=X99&kind=both", "row=X3&kind=worse", "row=X3&kind=unsent"):
        assert client.get(f"{URL}village&{none}").status_code == 404


def test_the_link_leads_to_the_same_two_editions(client):
    one = client.get(f"/surveys/440402001/2026Q3/comparison/?of={PLAN}.2011-11-23&with=town_office.2016-01-01")
    told = one.content.decode()
    assert told.index("<h3>珠海方案</h3>") < told.index("<h3>附表2</h3>")
    assert "得分和等级以附表2为准" in told


def test_what_was_judged_then_counts_before_what_would_be_judged_now(client, period):
    """The plan's own judgement as it is kept beside the first, with a person's decision in it."""
    survey = Survey.objects.get(facility__code="440402001")
    snapshot, plan = survey.snapshots.order_by("-number").first(), Standard.objects.get(key=PLAN)
    results = {key: {"outcome": outcome} for key, outcome in outcomes(survey, PLAN, period).items()}
    before = shown(client.get(f"{URL}township").content.decode())["X1"]
    results["zh.3.2.town_area"]["outcome"] = "pass" if "neither" in before or "left" in before else "fail"
    kept = {"snapshot": snapshot, "survey": survey, "standard": plan, "beside": True}
    Judgement.objects.create(**kept, content={"results": results})
    page = client.get(f"{URL}township").content.decode()
    assert shown(page)["X1"] != before
    assert shown(page) == numbers(recount("township", period))
    assert "提交时没有按" not in page


def test_what_was_returned_is_not_compared(client):
    Survey.objects.filter(facility__code="440402001").update(state="returned")
    page = client.get(f"{URL}township").content.decode()
    assert shown(page) == {}
    assert "440402001" in client.get(f"{URL}township&kind=unsent").content.decode()


def test_two_editions_in_time_are_counted_too(client, tmp_path):
    """The office has 180 ㎡; a later edition asks for 150."""
    shutil.copytree(settings.BASE_DIR / "fixtures", tmp_path / "fixtures")
    folder = tmp_path / "fixtures" / "standards"
    text = (folder / "town_office.2016-01-01.toml").read_text(encoding="utf-8")
    newer = text.replace("effective = 2016-01-01", "effective = 2027-01-01").replace(
        'indicator = "building_area", at_least = 200', 'indicator = "building_area", at_least = 150'
    )
    (folder / "town_office.2027-01-01.toml").write_text(newer, encoding="utf-8")
    load_standards(tmp_path / "fixtures")
    snapshot = Snapshot.objects.filter(survey__facility__code="440402001").order_by("-number").first()
    kept = Judgement.objects.get(snapshot=snapshot, standard__key="town_office")
    was = kept.content["results"]["town.2.area"]["outcome"]
    page = client.get(f"{URL}township&left=town_office.2016-01-01&right=town_office.2027-01-01").content.decode()
    assert shown(page) == {"town.2.area": {kind([was], ["pass"]): 1}}
    assert "只达到附表2（2027-01-01版）" in page


def test_the_same_edition_twice_is_told_beside_the_field(client):
    page = client.get(f"{URL}township&left={PLAN}.2011-11-23&right={PLAN}.2011-11-23")
    assert page.status_code == 200
    assert 'aria-describedby="e_right"' in page.content.decode()
    for strange in ("left=x&right=%00", "period=1&page=-3", "kind=both", "subject=county&left=y"):
        assert client.get(f"{URL}township&{strange}").status_code in (200, 404)


def test_more_than_one_page_compares_is_told_with_the_narrower_areas(client, monkeypatch):
    monkeypatch.setattr("reports.comparisons.counting.MOST", 2)
    page = client.get(f"{URL}village").content.decode()
    assert "已提交 3 家，太多了" in page
    assert "/comparisons/440402/?" in page
    assert "太多了" not in client.get(f"{URL}township").content.decode()


def test_the_workbook_says_what_the_page_says(client, period):
    page = shown(client.get(f"{URL}village").content.decode())
    sheet = load_workbook(BytesIO(client.get(f"{URL}village&format=xlsx").content)).worksheets[0]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(n for n, line in enumerate(lines) if line[0] == "事项")
    kinds = ("both", "left", "right", "neither", "open", "alone")
    told = [{kind_: n for kind_, n in zip(kinds, line[2:], strict=True) if n} for line in lines[head + 1 :]]
    assert Counter(map(str, told)) == Counter(str({k: r[k] for k in kinds if k in r}) for r in page.values())


# ── Who ───────────────────────────────────────────────────────────────────────


def test_everyone_sees_the_own_area_only(officers, browse, now):
    for name, place in {"reviewer": "440402/", "surveyor": "440402/440402001/"}.items():
        answer = browse(officers[name]).get("/comparisons/?subject=village")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/comparisons/{place}?subject=village")
    stranger = browse(officers["stranger"])
    for place in ("440402/", "440402/440402001/", "440403/440402001/"):
        assert stranger.get(f"/comparisons/{place}").status_code == 404
    assert browse(officers["surveyor"]).get("/comparisons/440402/").status_code == 404
    own = stranger.get("/comparisons/440403/?period=2026Q3&subject=village").content.decode()
    assert shown(own) == {}
    assert "已提交 <b>0</b> 家" in own


def test_who_inspects_does_not_learn_what_was_reported(client, period, bureau):
    snapshot = Snapshot.objects.get(survey__facility__code="440402001", kind="submitted")
    draw = Draw.objects.create(period=period, seed="1", share=5, minimum=1, frame=[], frame_hash="x", by=bureau)
    place = {"facility": snapshot.survey.facility, "unit": ReportingUnit.objects.get(code="440402")}
    SpotCheck.objects.create(draw=draw, subject="township", snapshot=snapshot, inspector=bureau, **place)
    page = client.get(f"{URL}township").content.decode()
    assert shown(page) == {}
    assert "您正在抽查、还没有办结的机构不在内" in page
    assert "440402001" not in client.get(f"{URL}township&kind=unsent").content.decode()


def test_queries_do_not_grow_with_facilities(client, period, reviewer):
    def asked(url):
        client.get(url)  # editions are parsed once a process
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    urls = [URL + more for more in ("village", "village&row=X3&kind=both", "village&kind=unsent&format=xlsx")]
    urls.append("/comparisons/440402/?period=2026Q3&subject=village")
    few = [asked(url) for url in urls]
    office = Facility.objects.get(code="440402002")
    for number in range(10, 16):
        station = make_station(office, number)
        accept(fill(station, period, station_answers(station)), reviewer)
    assert [asked(url) for url in urls] == few
    assert max(few) <= 18
