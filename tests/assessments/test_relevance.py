"""Which questions matter: conditions, alternatives, decision tables, foundations. On a small edition of its own."""

from datetime import date

import pytest

from assessments.relevance import Relevance
from standards.engine import judge
from standards.files import toml_of
from standards.rules import parse_dictionary, parse_edition
from standards.values import parse_value
from tests.standards.samples import HEAD, clause, interpretations

DICTIONARY = parse_dictionary(
    toml_of(
        """
kind = { label = "类别", type = "choice", choices = ["社区", "行政村"], from = "place" }
people = { label = "人口", type = "integer", unit = "人", from = "place" }
station = { label = "是否已设立服务站", type = "boolean" }
sign = { label = "标识", type = "boolean" }
helpers = { label = "协理员", type = "integer", unit = "人" }
staff = { label = "工作人员", type = "integer", unit = "人" }
wired = { label = "专线", type = "boolean" }
web = { label = "互联网", type = "boolean" }
rooms = { label = "房间", type = "integer", unit = "间" }
desks = { label = "桌子", type = "integer", unit = "张" }
vpn = { label = "是否用VPN", type = "boolean" }
area = { label = "面积", type = "decimal", places = 2, unit = "㎡" }
level = { label = "信息化水平", type = "boolean" }
""",
        "indicators.toml",
    ),
    "indicators.toml",
)
SMALL = '{ all = [{ indicator = "kind", is = "行政村" }, { indicator = "people", less_than = 1500 }] }'
SET_UP = '{ indicator = "station", is = true }'
HERE = f'{{ any = [{SET_UP}, {{ indicator = "kind", is = "行政村" }}] }}'
EDITION = parse_edition(
    toml_of(
        HEAD
        + "\n".join(
            [
                clause(
                    1,
                    f"applies = {{ not = {SMALL} }}\ncheck = {SET_UP}\nfoundation = true",
                    f'applies = {SMALL}\ncheck = {{ any = [{{ indicator = "helpers", at_least = 1 }}, {SET_UP}] }}\n'
                    "foundation = true",
                    f'applies = {SET_UP}\ncheck = {{ indicator = "sign", is = true }}',
                ),
                clause(
                    2,
                    f"applies = {HERE}\ncheck = {{ cases = ["
                    f'{{ when = {SET_UP}, indicator = "staff", at_least = 1, quote = "应当" }}, '
                    '{ indicator = "helpers", at_least = 1, quote = "这样做" }] }',
                ),
                clause(
                    3,
                    f'applies = {SET_UP}\ncheck = {{ any = [{{ indicator = "wired", is = true }}, '
                    '{ indicator = "web", is = true }] }',
                    f'applies = {SET_UP}\ncheck = {{ all = [{{ indicator = "rooms", at_least = 2 }}, '
                    '{ indicator = "desks", at_least = 3 }] }',
                    f'applies = {SET_UP}\nforce = "permissive"\nrecord = ["vpn"]',
                    f'applies = {SET_UP}\ncheck = {{ indicator = "area", at_least = 50 }}\n'
                    'relaxation = { when = { indicator = "level", is = true }, within = 0.1, quote = "应当" }',
                ),
            ]
        ),
        "sample.toml",
    ),
    DICTIONARY,
    interpretations,
    "sample.toml",
)
TOWN = {"kind": "社区", "people": 800, "station": True}
HAMLET = {"kind": "行政村", "people": 800}


def of(**said):
    facts = {key: parse_value(DICTIONARY[key], value) for key, value in said.items()}
    return Relevance(EDITION, "village", facts, judge(EDITION, facts, date(2026, 12, 31), "village"))


def test_before_anything_is_known_everything_may_matter():
    assert of().relevant == set(EDITION.indicators)


def test_what_does_not_apply_vanishes_with_its_reason():
    town = of(**TOWN)
    assert town.relevant == set(EDITION.indicators) - {"helpers"}
    assert town.why_not("helpers") == "类别不是“行政村”"
    assert town.why_not("sign") == ""
    hamlet = of(**HAMLET, station=False)
    assert "helpers" in hamlet.relevant
    assert hamlet.relevant.isdisjoint({"sign", "staff", "wired", "rooms", "vpn", "area"})
    assert hamlet.why_not("sign") == "尚未设立服务站"


def test_an_answer_given_does_not_hide_its_own_question():
    assert {"kind", "people", "station", "helpers"} <= of(**HAMLET, station=False, helpers=2).relevant


@pytest.mark.parametrize(
    ("said", "stays", "goes"),
    [
        ({"wired": True}, "wired", "web"),
        ({"web": True}, "web", "wired"),
        ({"wired": True, "web": True}, "wired", "web"),
    ],
)
def test_of_alternatives_one_keeps_its_place(said, stays, goes):
    town = of(**TOWN, **said)
    assert stays in town.relevant
    assert goes not in town.relevant
    assert town.why_not(goes)


def test_no_alternative_holds_and_all_are_asked():
    assert {"wired", "web"} <= of(**TOWN, wired=False, web=False).relevant


def test_who_lacks_one_thing_is_still_asked_for_the_other():
    assert "desks" in of(**TOWN, rooms=1).relevant


@pytest.mark.parametrize(("area", "asked"), [(None, True), ("40", True), ("60", False)])
def test_what_excuses_a_shortfall_is_asked_where_there_may_be_one(area, asked):
    assert ("level" in of(**TOWN, area=area).relevant if area else "level" in of(**TOWN).relevant) is asked


def test_where_a_foundation_failed_only_its_own_questions_stay():
    town = of(kind="社区", people=800, station=False)
    assert town.relevant == {"kind", "people", "station"}
    assert town.why_not("staff") == "服务站未设立，以下各项不必再填"
    assert [bool(town.why_spared(each)) for each in EDITION.clauses] == [False, True, True]


def test_a_hamlet_without_a_helper_has_nothing_and_with_one_goes_on():
    assert "staff" not in of(**HAMLET, station=False, helpers=0).relevant
    assert of(**HAMLET, station=False, helpers=0).not_set_up
    with_one = of(**HAMLET, station=False, helpers=1)
    assert not with_one.not_set_up
    assert [bool(with_one.why_spared(each)) for each in EDITION.clauses] == [False, False, True]


@pytest.mark.parametrize("said", [{}, TOWN, HAMLET, HAMLET | {"station": False}, TOWN | {"rooms": 1, "area": "40"}])
def test_what_is_needed_matters(said):
    found = of(**said)
    assert found.judgement.unknown <= found.relevant
