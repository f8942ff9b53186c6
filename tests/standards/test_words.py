"""The words of 附表2 in our fixture are the printed words, its keys the agreed keys, its hints where they belong."""

# ruff: noqa: SIM905 (keys stand in lines of words, a clause a line)

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from standards.engine import judge
from standards.files import read_fixtures

ROOT = Path(__file__).parents[2]
FIXTURE = ROOT / "fixtures/standards/town_office.2016-01-01.toml"
SOURCE = ROOT / "tests/sources/fubiao.txt"

REQUIREMENTS = """
town.1.established town.1.name
town.2.area town.2.population_basis town.2.relaxation
town.3.ratio town.3.minimum
town.4.county_budget town.4.town_budget
town.5.services town.5.one_stop town.5.coverage
town.6.service_hall town.6.archive_room town.6.mediation_room town.6.staff_office town.6.auxiliary
town.7.screen town.7.computer town.7.touch_screen town.7.social_card_reader town.7.id_card_reader
town.7.barcode_scanner town.7.fax town.7.printer town.7.fingerprint town.7.filing_cabinet town.7.other
town.7.principle town.7.practical town.7.durable town.7.no_luxury
town.8.ledger town.8.rules town.8.procedures town.8.standards town.8.posted
town.9.county_line town.9.city_line town.9.software
town.10.training town.10.capability town.10.multi_duty town.10.certified_post town.10.qualified
""".split()

INDICATORS = """
resident_population registered_population served_population served_population_basis town_has_own_budget
established established_on institution_name
building_area area_basis
staff_count
in_county_budget county_budget_amount in_town_budget town_budget_amount
services_provided service_mode covers_whole_jurisdiction
functional_areas
screen_area computer_count touch_screen_count social_card_reader_count id_card_reader_count barcode_scanner_count
fax_count printer_count fingerprint_count filing_cabinet_count other_equipment
equip_principle_rating selection_practical installation_practical equip_durable_rating
equip_luxury_found equip_luxury_note
ledger_services ledger_medium rules_services procedure_services standard_services posted_on_wall
line_to_county line_to_city line_type software_installed software_in_use software_list
training_count training_trained training_groups capability_rating multi_duty_staff certified_post_system qualified_staff
""".split()

FORCES = {
    "norm": "town.2.area town.3.ratio town.6.service_hall town.6.archive_room town.6.mediation_room "
    "town.6.staff_office town.6.auxiliary",
    "permissive": "town.2.relaxation",
    "aspirational": "town.7.durable town.10.capability town.10.multi_duty town.10.certified_post town.10.qualified",
}

#: what stands in a check or a norm beside the keys of indicators
MEASURES = {"indicator", "sum", "count", "of"}


def printed_rows() -> dict[str, dict[str, str]]:
    """Rows of 附表2 as printed, by number: four tabbed lines each (number, title, text, remark)."""
    lines = SOURCE.read_text(encoding="utf-8").split("\n")
    start, end = lines.index("附表2"), lines.index("附表3")
    cells = [line.strip() for line in lines[start:end] if line.startswith("\t")]
    rows = [cells[at : at + 4] for at in range(4, len(cells), 4)]
    return {number: {"title": title, "text": text, "remark": remark} for number, title, text, remark in rows}


def fixture() -> dict[str, Any]:
    return tomllib.loads(FIXTURE.read_text(encoding="utf-8"))


def requirements() -> list[dict[str, Any]]:
    return [requirement for clause in fixture()["clause"] for requirement in clause["requirement"]]


def indicator_keys(part: Any) -> set[str]:
    """Every indicator named anywhere in a check, a notice or a list of what is recorded."""
    if isinstance(part, list):
        return set().union(*map(indicator_keys, part))
    if not isinstance(part, dict):
        return set()
    named = {key for name in MEASURES & part.keys() for key in as_list(part[name])}
    return named.union(*map(indicator_keys, part.values()))


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def quotes_of(part: Any) -> list[str]:
    if isinstance(part, list):
        return [quote for child in part for quote in quotes_of(child)]
    if not isinstance(part, dict):
        return []
    own = as_list(part["quote"]) if "quote" in part else []
    return own + [quote for child in part.values() for quote in quotes_of(child)]


def test_the_source_has_ten_rows():
    assert list(printed_rows()) == [str(number) for number in range(1, 11)]


def test_the_title_is_the_printed_title():
    lines = SOURCE.read_text(encoding="utf-8").split("\n")
    assert fixture()["title"] == lines[lines.index("附表2") + 1].strip()


def test_the_fixture_has_the_rows_in_order():
    clauses = [(clause["key"], clause["number"]) for clause in fixture()["clause"]]
    assert clauses == [(f"town.{number}", str(number)) for number in range(1, 11)]


@pytest.mark.parametrize("field", ["title", "text", "remark"])
@pytest.mark.parametrize("number", [str(number) for number in range(1, 11)])
def test_words_are_the_printed_words(number: str, field: str):
    clause = next(clause for clause in fixture()["clause"] if clause["number"] == number)
    assert clause[field] == printed_rows()[number][field]


def test_requirement_keys_are_the_agreed_ones():
    assert sorted(requirement["key"] for requirement in requirements()) == sorted(REQUIREMENTS)


def test_a_requirement_stands_in_its_own_clause():
    for clause in fixture()["clause"]:
        assert all(requirement["key"].startswith(clause["key"] + ".") for requirement in clause["requirement"])


def test_indicator_keys_are_the_agreed_ones():
    used = {
        key
        for requirement in requirements()
        for key in indicator_keys(requirement) | set(requirement.get("record", []))
    }
    assert sorted(used) == sorted(INDICATORS)


def test_the_dictionary_defines_every_indicator_with_its_meaning():
    dictionary = tomllib.loads((ROOT / "fixtures/indicators.toml").read_text(encoding="utf-8"))
    assert set(INDICATORS) <= dictionary.keys()
    assert all(indicator["meaning"].strip() and indicator["label"].strip() for indicator in dictionary.values())


def test_numbers_have_a_plausible_range():
    dictionary = tomllib.loads((ROOT / "fixtures/indicators.toml").read_text(encoding="utf-8"))
    numbers = [indicator for indicator in dictionary.values() if indicator["type"] in ("integer", "decimal")]
    assert all(low < high for low, high in (indicator["range"] for indicator in numbers))


def test_forces_are_as_the_words_have_them():
    expected = {key: force for force, keys in FORCES.items() for key in keys.split()}
    forces = {requirement["key"]: requirement["force"] for requirement in requirements()}
    assert forces == {key: expected.get(key, "mandatory") for key in REQUIREMENTS}


def test_every_requirement_quotes_its_row_word_for_word():
    for clause in fixture()["clause"]:
        row = printed_rows()[clause["number"]]
        for requirement in clause["requirement"]:
            quotes = quotes_of(requirement)
            assert quotes, requirement["key"]
            assert all(quote in row["text"] or quote in row["remark"] for quote in quotes), requirement["key"]


def test_words_of_a_device_are_marked_in_all_three_bands():
    text = printed_rows()["7"]["text"]
    everywhere = "社保卡读卡器 二代身份证读卡器 条形码扫描枪 传真机 打印机 指纹识别设备 档案柜".split()
    assert {word: text.count(word) for word in everywhere} == dict.fromkeys(everywhere, 3)


def test_interpretations_are_all_there_and_complete():
    interpretations = tomllib.loads((ROOT / "fixtures/interpretations.toml").read_text(encoding="utf-8"))
    assert list(interpretations)[:43] == [f"A{number}" for number in range(1, 44)]
    assert all(row[part].strip() for row in interpretations.values() for part in ("question", "reading", "ground"))


# ── Hints: shown beside a finding, so no case can expect them ─────────────────


def hints(requirement: str, **facts: Any) -> list[str]:
    """The first words of each hint that shows."""
    edition = next(edition for edition in read_fixtures(ROOT / "fixtures").editions if edition.key == "town_office")
    known = {key: Decimal(fact) if isinstance(fact, int) else fact for key, fact in facts.items()}
    return [hint[:6] for hint in judge(edition, known, date(2026, 9, 30)).results[requirement].notices]


@pytest.mark.parametrize(
    ("resident", "registered", "shown"),
    [
        (60000, None, ["常住人口恰在"]),
        (90000, 90000, ["常住人口恰在"]),
        (60001, 60000, []),
        (59999, 59999, []),
        (61000, 58000, ["常住人口与户"]),
        (58000, 61000, ["常住人口与户"]),
        (90001, 89999, ["常住人口与户"]),
        (89999, 90000, ["常住人口与户"]),
        (60000, 59999, ["常住人口恰在", "常住人口与户"]),
        (120000, 95000, []),
        (None, 95000, []),
    ],
)
def test_an_edge_of_a_band_and_a_split_of_populations_are_hinted(
    resident: int | None, registered: int | None, shown: list[str]
):
    given = {"resident_population": resident, "registered_population": registered}
    assert hints("town.7.screen", **{key: fact for key, fact in given.items() if fact is not None}) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("翠香街道人力资源和社会保障服务所", []),
        ("翠香街道人力资源社会保障服务所", ["名称里少了“"]),
        ("翠香街道办事处人力资源和社会保障服务所", ["附表2的名称"]),
        (" 翠香街道 人力资源和社会保障服务所 ", ["名称中间有空"]),
        ("翠香街道人力资源和社会保障所", []),
    ],
)
def test_a_common_slip_in_the_name_is_hinted(name: str, shown: list[str]):
    assert hints("town.1.name", institution_name=name) == shown
