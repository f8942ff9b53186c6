"""A made-up office and its answers, with a finding of almost every outcome, and snapshots made by hand."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assessments.models import Period, Snapshot, Survey
from assessments.scoring import facts_from
from facilities.models import Facility, Officer
from standards.edition import Edition
from standards.engine import judge
from standards.loading import edition_of
from standards.models import Standard

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ALL_SERVICES = [
    "employment", "human_resources", "social_security", "labour_relations",
    "mediation_arbitration", "labour_inspection",
]  # fmt: skip
DOCUMENTED = [*ALL_SERVICES, "archives"]
ANSWERS: dict[str, Any] = {
    "established": True,
    "established_on": "2012-03-01",
    "institution_name": "翠香街道人力资源和社会保障服务所",
    "building_area": "186.00",
    "resident_population": 136000,
    "registered_population": 88000,
    "area_basis": "按常住人口规模，2025年街道办批复",
    "staff_count": 9,
    "served_population": 98600,
    "served_population_basis": "辖区16至59岁常住人口",
    "in_county_budget": True,
    "county_budget_amount": "96.40",
    "town_has_own_budget": False,
    "services_provided": [*ALL_SERVICES, "survey_statistics", "policy_publicity"],
    "service_mode": "一站式",
    "covers_whole_jurisdiction": True,
    "functional_areas": ["service_hall", "archive_room", "staff_office", "auxiliary"],
    "screen_area": "12.00",
    "computer_count": 5,
    "touch_screen_count": 1,
    "social_card_reader_count": 3,
    "id_card_reader_count": 3,
    "barcode_scanner_count": 2,
    "fax_count": 1,
    "printer_count": 4,
    "fingerprint_count": 0,
    "filing_cabinet_count": 12,
    "other_equipment": "复印机、叫号机",
    "equip_principle_rating": "符合",
    "equip_durable_rating": "基本符合",
    "selection_practical": True,
    "installation_practical": True,
    "equip_luxury_found": False,
    "ledger_services": [each for each in DOCUMENTED if each != "archives"],
    "ledger_medium": "两者",
    "rules_services": DOCUMENTED,
    "procedure_services": [each for each in DOCUMENTED if each != "labour_inspection"],
    "standard_services": DOCUMENTED,
    "posted_on_wall": True,
    "line_type": "专线",
    "line_to_county": True,
    "line_to_city": True,
    "software_installed": True,
    "software_in_use": True,
    "software_list": "就业创业、社保、劳动监察",
    "training_count": 2,
    "training_groups": ["office_staff", "station_staff", "labour_clerk"],
    "training_trained": 21,
    "capability_rating": "符合",
    "multi_duty_staff": 6,
    "certified_post_system": True,
    "qualified_staff": 7,
}
FROM_FACTS = {"resident_population", "registered_population", "served_population", "served_population_basis"}
PREVIOUS = {
    "period": "2026Q2",
    "score": "88.4",
    "grade": "未达标",
    "clauses": {f"town.{number}": "100.0" for number in range(1, 10)} | {"town.10": None},
}


def answer_rows(values: dict[str, Any], reasons: dict[str, str], notes: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Answers as a snapshot keeps them."""
    return {
        key: {
            "value": None if key in reasons else values.get(key),
            "reason": reasons.get(key, ""),
            "note": notes.get(key, ""),
            "origin": "fact" if key in FROM_FACTS else "entered",
        }
        for key in {**values, **reasons}
    }


def content_of(facility: Facility, period: Period, answers: dict[str, Any], **told: Any) -> dict[str, Any]:
    standard = Standard.objects.get(key="town_office")
    return {
        "receipt": f"{period.key}-{facility.code}-01",
        "facility": {
            "code": facility.code,
            "name": facility.name,
            "subject": facility.subject,
            "place": ["珠海市", "香洲区", facility.division.name],
            "unit": "香洲区",
        },
        "period": {
            "key": period.key,
            "name": str(period),
            "last_day": period.last_day.isoformat(),
            "due": "2026-10-13",
            "provisional": False,
        },
        "submitted": {"at": "2026-10-12T15:04:05.123456+08:00", "by": "陈嘉敏"},
        "demo": told.get("demo", True),
        "answers": answers,
        "judgements": [
            {
                "standard": standard.key,
                "effective": standard.effective.isoformat(),
                "content_hash": standard.content_hash,
                "judgement": judged(edition_of(standard), answers, period.last_day),
            }
        ],
        "previous": told.get("previous", PREVIOUS),
    }


def judged(edition: Edition, answers: dict[str, Any], day: date) -> dict[str, Any]:
    facts = facts_from(edition, {key: answer["value"] for key, answer in answers.items()})
    return json.loads(json.dumps(judge(edition, facts, day, "township").as_json()))


def hash_of(content: dict[str, Any]) -> str:
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def submitted(facility: Facility, officer: Officer, key: str = "2026Q3", **told: Any) -> Snapshot:
    """A submitted survey. Told: ``values``, ``reasons`` and ``notes`` by indicator, ``demo``, ``previous``."""
    period, _ = Period.objects.get_or_create(year=int(key[:4]), quarter=int(key[5]))
    survey = Survey.objects.create(facility=facility, period=period, created_by=officer, state=Survey.SUBMITTED)
    answers = answer_rows(told.get("values", ANSWERS), told.get("reasons", {}), told.get("notes", {}))
    content = content_of(facility, period, answers, **told)
    at = datetime.fromisoformat("2026-10-12T15:04:05+08:00")
    return Snapshot.objects.create(
        survey=survey, number=1, content=content, content_hash=hash_of(content), at=at, by=officer
    )
