"""Demo mode: accounts and invented facts of places. What is real is never overwritten.

Accounts and townships' populations stand in ``fixtures/demo.toml``; those of the villages are drawn, always alike."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from facilities.models import Facility, Fact, Officer, ReportingUnit

SOURCE = "演示数据（虚构）"
Place = TypeVar("Place", ReportingUnit, Facility)


class NotDemoError(Exception):
    """Demo data asked for outside demo mode."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many accounts and facts were written, and the account names that real officers already hold."""

    accounts: int
    facts: int
    held: tuple[str, ...]


@transaction.atomic
def load_demo(file: Path) -> Loaded:
    """Add the demo accounts and facts that are missing and mend facts that differ. Raises NotDemoError."""
    if not settings.DEMO:
        raise NotDemoError("未开启演示模式，不能载入演示账号和演示数据；如需演示，请以 DEMO=1 启动。")
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    accounts, held = _add_accounts(data["account"], data["password"])
    populations = data["population"] | village_populations()
    return Loaded(accounts, _load_facts(populations, data["since"]), held)


# ── Accounts ──────────────────────────────────────────────────────────────────


def _add_accounts(accounts: list[dict[str, Any]], password: str) -> tuple[int, tuple[str, ...]]:
    """Only new accounts are hashed: hashing is slow on purpose, and a second start must be quick."""
    names = [account["username"] for account in accounts]
    is_demo = dict(Officer.objects.filter(username__in=names).values_list("username", "is_demo"))
    new = [account for account in accounts if account["username"] not in is_demo]
    if new:
        hashed = make_password(password)
        units, facilities = _places(ReportingUnit, new, "unit"), _places(Facility, new, "facility")
        Officer.objects.bulk_create([_officer(account, hashed, units, facilities) for account in new])
    return len(new), tuple(name for name, demo in is_demo.items() if not demo)


def _places(model: type[Place], accounts: list[dict[str, Any]], key: str) -> dict[str, Place]:
    """The units or facilities that accounts name, by code."""
    codes = {account[key] for account in accounts if key in account}
    return {place.code: place for place in model._default_manager.filter(code__in=codes)}


def _officer(
    account: dict[str, Any], hashed: str, units: dict[str, ReportingUnit], facilities: dict[str, Facility]
) -> Officer:
    """All have one password, which every reader of the log-in page knows, so one hash of it serves them all."""
    return Officer(
        username=account["username"],
        last_name=account["name"],
        role=account["role"],
        unit=units[account["unit"]] if "unit" in account else None,
        facility=facilities[account["facility"]] if "facility" in account else None,
        password=hashed,
        password_set_at=timezone.now(),
        is_demo=True,
    )


# ── Facts ─────────────────────────────────────────────────────────────────────


def village_populations() -> dict[str, dict[str, Any]]:
    """Of every station; every kind of village, and both sides of 1,500 with its edge, occur."""
    stations = Facility.objects.filter(subject="village").select_related("division").order_by("code")
    return {station.code: _village(station) for station in stations}


def _village(station: Facility) -> dict[str, Any]:
    code = station.code
    is_village = station.division.level == "village"
    people = _village_people(code) if is_village else 2000 + drawn(code, "people", 21000)
    facts: dict[str, Any] = {
        "resident_population": people,
        "registered_population": people * (55 + drawn(code, "registered", 45)) // 100,
        "served_population": EDGES.get(code[-2:], people * (60 + drawn(code, "served", 20)) // 100),
    }
    if is_village:
        return facts | {"unit_type": "行政村", "village_has_conditions": drawn(code, "conditions", 100) < 45}
    urban = code.startswith("440402") or drawn(code, "urban", 100) < 60
    return facts | {"unit_type": "城镇社区" if urban else "农村社区"}


def _village_people(code: str) -> int:
    edge = drawn(code, "edge", 20)
    if edge < 2:
        return 1499 + edge
    return 480 + drawn(code, "people", 1000) if edge < 7 else 1501 + drawn(code, "people", 4800)


EDGES = {
    "07": 800,
    "08": 801,
    "09": 1600,
}  # last digits of the code → served people on the edge of whole eight hundreds


def drawn(code: str, what: str, below: int) -> int:
    """A number from 0 to ``below`` − 1, always the same for the same place and purpose."""
    digest = hashlib.sha256(f"{code} {what}".encode()).digest()
    return int.from_bytes(digest[:8]) % below


def _load_facts(populations: dict[str, dict[str, Any]], since: date) -> int:
    """An indicator of a facility that has a real fact, of whatever day, gets no invented one."""
    kept = list(Fact.objects.filter(facility__code__in=populations).select_related("facility"))
    real = {_what(fact) for fact in kept if not fact.is_demo}
    invented = {_what(fact): fact for fact in kept if fact.is_demo and fact.since == since}
    wanted = {what: fact for what, fact in _facts(populations, since).items() if what not in real}
    changed = [invented[what] for what in wanted.keys() & invented.keys() if invented[what].value != wanted[what].value]
    for fact in changed:
        fact.value = wanted[_what(fact)].value
    Fact.objects.bulk_update(changed, ["value"])
    new = [fact for what, fact in wanted.items() if what not in invented]
    return len(Fact.objects.bulk_create(new)) + len(changed)


def _facts(populations: dict[str, dict[str, Any]], since: date) -> dict[tuple[str, str], Fact]:
    facilities = Facility.objects.filter(code__in=populations)
    return {
        (facility.code, key): Fact(
            facility=facility, indicator=key, value=value, since=since, source=SOURCE, is_demo=True
        )
        for facility in facilities
        for key, value in populations[facility.code].items()
    }


def _what(fact: Fact) -> tuple[str, str]:
    return fact.facility.code, fact.indicator
