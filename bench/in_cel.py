"""附表2 in the Common Expression Language: an expression for each requirement, true or false, or an outcome's word.

An absent fact is an unbound name: CEL's && and || absorb the error where the other side decides, as Kleene's logic
does; where it does not, the error is raised and is read here as missing. Areas are whole hundredths of a ㎡."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import cel  # type: ignore[import-not-found]

from bench.facts import LISTS, Raw

IN_HUNDREDTHS = ("screen_area", "building_area")


def includes(key: str) -> str:
    return " && ".join(f'"{item}" in {key}' for item in LISTS[key])


def banded(key: str, most: int, middle: int, least: int) -> str:
    return f"{key} >= (resident_population >= 90000 ? {most} : resident_population >= 60000 ? {middle} : {least})"


SOFTWARE = "software_installed && software_in_use"
LINES = 'line_type == "专线" && line_to_county && line_to_city'
EXPRESSIONS = {
    "town.1.established": "established",
    "town.2.area": "building_area >= 20000 ? 'pass' : (20000 - building_area) * 10 > 20000 ? 'fail' : "
    f"{LINES} && {SOFTWARE} ? 'relaxed' : 'fail'",
    "town.3.ratio": "staff_count >= (served_population + 9999) / 10000",
    "town.3.minimum": "staff_count >= 5",
    "town.4.county_budget": "in_county_budget",
    "town.4.town_budget": "!town_has_own_budget ? 'not_applicable' : in_town_budget ? 'pass' : 'fail'",
    "town.5.services": includes("services_provided"),
    "town.5.one_stop": 'service_mode in ["一站式", "一条龙", "两者"]',
    "town.5.coverage": "covers_whole_jurisdiction",
    **{f"town.6.{room}": f'"{room}" in functional_areas' for room in LISTS["functional_areas"]},
    "town.7.screen": banded("screen_area", 1000, 400, 200),
    "town.7.computer": banded("computer_count", 7, 5, 3),
    "town.7.touch_screen": "resident_population < 60000 ? 'not_applicable' : touch_screen_count >= 1 ? 'pass' : 'fail'",
    "town.7.social_card_reader": "social_card_reader_count >= 1",
    "town.7.id_card_reader": "id_card_reader_count >= 1",
    "town.7.barcode_scanner": "barcode_scanner_count >= 1",
    "town.7.fax": "fax_count >= 1",
    "town.7.printer": "printer_count >= 1",
    "town.7.fingerprint": "fingerprint_count >= 1",
    "town.7.filing_cabinet": "filing_cabinet_count >= 1",
    "town.7.principle": 'equip_principle_rating in ["符合", "基本符合"]',
    "town.7.practical": "selection_practical && installation_practical",
    "town.7.no_luxury": "!equip_luxury_found",
    "town.8.rules": includes("rules_services"),
    "town.8.procedures": includes("procedure_services"),
    "town.8.standards": includes("standard_services"),
    "town.8.posted": "posted_on_wall",
    "town.9.county_line": 'line_type == "专线" && line_to_county',
    "town.9.city_line": 'line_type == "专线" && line_to_city',
    "town.9.software": SOFTWARE,
    "town.10.training": f"training_count >= 1 && {includes('training_groups')}",
}
WORDS = {True: "pass", False: "fail"}


def compiled() -> dict[str, Any]:
    return {key: cel.compile(expression) for key, expression in EXPRESSIONS.items()}


def native(raw: Raw) -> Raw:
    """Facts as CEL takes them."""
    return {key: hundredths(value) if key in IN_HUNDREDTHS else value for key, value in raw.items()}


def hundredths(text: str) -> int:
    return int(text.replace(".", ""))


def judge(programs: Mapping[str, Any], facts: Raw) -> dict[str, str]:
    """One Context for all expressions: the quick way."""
    context = cel.Context(facts)
    return {key: _outcome(program.execute, context) for key, program in programs.items()}


def judge_by_dict(programs: Mapping[str, Any], facts: Raw) -> dict[str, str]:
    """The facts given to every expression as a dict: the way of its README."""
    return {key: _outcome(program.execute, facts) for key, program in programs.items()}


def _outcome(execute: Callable[[Any], Any], facts: Any) -> str:
    try:
        found = execute(facts)
    except RuntimeError:
        return "missing"
    return found if isinstance(found, str) else WORDS[found]
