"""Invented facts of an office, for timing and for comparing engines: around every limit, some of them absent."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from bench.ground import ROOT

ABSENT = 0.15  # how many facts of a hundred are unknown
SEED = 20161231
Raw = dict[str, Any]  # indicator → JSON form, as an answer is stored

EIGHT = ["employment", "human_resources", "social_security", "labour_relations"]
EIGHT += ["mediation_arbitration", "labour_inspection", "survey_statistics", "policy_publicity"]
SEVEN = [*EIGHT[:6], "archives"]
LISTS = {
    "services_provided": EIGHT,
    "functional_areas": ["service_hall", "archive_room", "mediation_room", "staff_office", "auxiliary"],
    "rules_services": SEVEN,
    "procedure_services": SEVEN,
    "standard_services": SEVEN,
    "training_groups": ["office_staff", "station_staff", "labour_clerk"],
}
CHOICES = {
    "service_mode": ["一站式", "一条龙", "两者", "均未实行"],
    "equip_principle_rating": ["符合", "基本符合", "不符合"],
    "line_type": ["专线", "专线", "VPN", "无"],
}
TRUTHS = ["established", "in_county_budget", "in_town_budget", "town_has_own_budget", "covers_whole_jurisdiction"]
TRUTHS += ["selection_practical", "installation_practical", "equip_luxury_found", "posted_on_wall"]
TRUTHS += ["line_to_county", "line_to_city", "software_installed", "software_in_use"]
COUNTS = ["touch_screen_count", "social_card_reader_count", "id_card_reader_count", "barcode_scanner_count"]
COUNTS += ["fax_count", "printer_count", "fingerprint_count", "filing_cabinet_count", "training_count"]
AROUND: dict[str, list[Any]] = {
    "resident_population": [30_000, 59_999, 60_000, 89_999, 90_000, 136_000],
    "served_population": [30_000, 50_000, 50_001, 70_000, 92_300],
    "staff_count": [3, 4, 5, 6, 7, 10],
    "computer_count": [2, 3, 4, 5, 6, 7],
    "screen_area": ["1.99", "2.00", "3.50", "4.00", "9.99", "10.00"],
    "building_area": ["179.99", "180.00", "199.99", "200.00", "260.50"],
}


def full_answers() -> Raw:
    """The demonstration's submitted survey, with the facts of its place."""
    with (ROOT / "fixtures" / "demo_surveys.toml").open("rb") as file:
        demo = tomllib.load(file)
    place = {"resident_population": 136_000, "registered_population": 101_000, "served_population": 82_000}
    answers: Raw = place | {"town_has_own_budget": True} | demo["submitted"]
    return answers


def offices(number: int) -> list[Raw]:
    """The same ones every time."""
    chance = Random(SEED)  # noqa: S311
    return [_office(chance) for _ in range(number)]


def _office(chance: Random) -> Raw:
    makers: Mapping[str, Callable[[], Any]] = (
        {key: lambda items=items: _some(chance, items) for key, items in LISTS.items()}
        | {key: lambda values=values: chance.choice(values) for key, values in (CHOICES | AROUND).items()}
        | {key: lambda: chance.random() < 0.8 for key in TRUTHS}
        | {key: lambda: chance.choice([0, 1, 1, 2]) for key in COUNTS}
    )
    return {key: make() for key, make in makers.items() if chance.random() >= ABSENT}


def _some(chance: Random, items: list[str]) -> list[str]:
    """Mostly all of them."""
    return list(items) if chance.random() < 0.6 else [item for item in items if chance.random() < 0.8]
