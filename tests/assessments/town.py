"""A made-up town: what each of its stations says, every kind of village among them, to compare ways of filling."""

from __future__ import annotations

from typing import Any

from facilities.models import Division, Facility, Fact

SERVICES = ["employment", "human_resources", "social_security", "labour_relations_coord"]
ALL = [*SERVICES, "survey_statistics", "policy_publicity"]
KINDS = (  # unit_type, people, conditions, station, coordinators
    ("城镇社区", 8200, None, True, None),
    ("农村社区", 2600, None, True, None),
    ("行政村", 1500, None, True, None),
    ("行政村", 1499, True, True, None),
    ("行政村", 1200, False, False, 1),
    ("行政村", 900, False, False, 0),
    ("城镇社区", 5100, None, False, None),
)


def make_stations(office: Facility, count: int, first: int = 0) -> list[Facility]:
    """So many stations below an office."""
    stations = []
    for number in range(first, first + count):
        code = f"{office.code}{800 + number}"
        place = Division.objects.create(
            code=code, name=f"第{number}社区居委会", level="community", parent=office.division
        )
        stations.append(
            Facility.objects.create(code=code, name=f"第{number}社区服务站", subject="village", division=place)
        )
    return stations


def note_places(stations: list[Facility]) -> None:
    """Kinds and populations as dated facts, in turn."""
    for number, station in enumerate(stations):
        kind, people, conditions, _, _ = KINDS[number % len(KINDS)]
        known = {"unit_type": kind, "resident_population": people, "served_population": people * 7 // 10}
        if conditions is not None:
            known["village_has_conditions"] = conditions
        for key, value in known.items():
            Fact.objects.create(facility=station, indicator=key, value=value, since="2025-01-01", source="年报")


def town_answers(stations: list[Facility]) -> dict[str, dict[str, Any]]:
    """code → indicator → value in JSON form, of what the survey asks (not of the place)."""
    return {station.code: _answers(number) for number, station in enumerate(stations)}


def _answers(number: int) -> dict[str, Any]:
    kind, people, _, has_station, coordinators = KINDS[number % len(KINDS)]
    told: dict[str, Any] = {
        "has_station": has_station,
        "supervising_office": "所在街道服务所",
        "committee_support": "一般",
    }
    if coordinators is not None:
        told["coordinator_count"] = coordinators
    if not has_station and kind != "行政村":
        return {"has_station": False}
    if coordinators == 0:
        return {"has_station": False, "coordinator_count": 0}
    told |= _equipment(number) | _documents(number)
    told |= {
        "workplace_area": ["50.00", "46.50", "44.99", "120.00"][number % 4],
        "workplace_fixed": True,
        "workplace_tenure": "共享",
        "training_count": number % 2,
        "training_trained": 2,
        "capability_rating": "符合",
        "multi_duty_staff": 1,
        "certified_post_system": False,
    }
    if has_station:
        told |= _station(number, people)
    return told


def _station(number: int, people: int) -> dict[str, Any]:
    return {
        "signboard_hung": number % 5 != 3,
        "signboard_name": f"第{number}社区人力资源{'和' if number % 3 else ''}社会保障服务站",
        "staff_count": people * 7 // 10 // 800 + number % 2,
        "county_funding": "3.50",
        "town_funding": "0.00" if number % 4 == 1 else "2.00",
        "services_provided": ALL[number % 3 :],
        "service_mode": "一站式",
        "functional_areas": [] if number % 6 == 5 else ["service_hall", "archive_room", "staff_office"],
        "line_type": ["VPN", "专线", "互联网"][number % 3],
        "vpn_to_city": number % 3 != 2,
        "software_installed": True,
        "software_in_use": True,
        "qualified_staff": 1,
    }


def _equipment(number: int) -> dict[str, Any]:
    names = ("computer", "social_card_reader", "id_card_reader", "barcode_scanner", "printer", "filing_cabinet")
    counts = {f"{name}_count": (number + place) % 4 for place, name in enumerate(names)}
    return counts | {
        "other_equipment": "无",
        "equip_principle_rating": "符合",
        "equip_durable_rating": "基本符合",
        "selection_practical": True,
        "installation_practical": True,
        "equip_luxury_found": False,
        "equip_luxury_note": "无",
    }


def _documents(number: int) -> dict[str, Any]:
    return {
        "ledger_services": SERVICES[: 4 - number % 2],
        "ledger_medium": "电子",
        "rules_services": SERVICES,
        "procedure_services": [] if number % 7 == 2 else SERVICES,
        "standard_services": SERVICES[1:],
        "posted_on_wall": number % 2 == 0,
    }
