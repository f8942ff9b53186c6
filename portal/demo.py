"""The accounts to try, as ``fixtures/demo.toml`` has them, in demo mode only."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from django.conf import settings

from facilities.models import Officer


@dataclass(frozen=True, slots=True)
class Trial:
    """The names of the demo accounts to list, in order, and their one password."""

    names: tuple[str, ...]
    unlisted: tuple[str, ...]
    password: str


def trial() -> Trial:
    data = tomllib.loads((settings.BASE_DIR / "fixtures" / "demo.toml").read_text(encoding="utf-8"))
    names = {
        listed: tuple(a["username"] for a in data["account"] if a.get("listed", True) is listed)
        for listed in (True, False)
    }
    return Trial(names[True], names[False], data["password"])


def trial_accounts() -> dict[str, object]:
    """For the log-in page: the accounts that exist and their password; nothing outside demo mode."""
    if not settings.DEMO:
        return {}
    shown = trial()
    accounts = Officer.objects.filter(is_demo=True, is_active=True).exclude(username__in=shown.unlisted)
    listed = accounts.select_related("unit", "facility__division").order_by("pk")
    return {"accounts": listed, "demo_password": shown.password}
