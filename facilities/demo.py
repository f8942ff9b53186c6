"""Demo mode: accounts and invented populations, from ``fixtures/demo.toml``. What is real is never overwritten."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from facilities.models import Facility, Fact, Officer, ReportingUnit

SOURCE = "演示数据（虚构）"


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
    return Loaded(accounts, _load_facts(data["population"], data["since"]), held)


# ── Accounts ──────────────────────────────────────────────────────────────────


def _add_accounts(accounts: list[dict[str, Any]], password: str) -> tuple[int, tuple[str, ...]]:
    """Only new accounts are hashed: hashing is slow on purpose, and a second start must be quick."""
    names = [account["username"] for account in accounts]
    is_demo = dict(Officer.objects.filter(username__in=names).values_list("username", "is_demo"))
    new = [account for account in accounts if account["username"] not in is_demo]
    Officer.objects.bulk_create([_officer(account, password) for account in new])
    return len(new), tuple(name for name, demo in is_demo.items() if not demo)


def _officer(account: dict[str, Any], password: str) -> Officer:
    unit, facility = account.get("unit"), account.get("facility")
    return Officer(
        username=account["username"],
        last_name=account["name"],
        role=account["role"],
        unit=ReportingUnit.objects.get(code=unit) if unit else None,
        facility=Facility.objects.get(code=facility) if facility else None,
        password=make_password(password),
        password_set_at=timezone.now(),
        is_demo=True,
    )


# ── Facts ─────────────────────────────────────────────────────────────────────


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
