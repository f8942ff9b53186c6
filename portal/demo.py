"""The accounts to try, as ``fixtures/demo.toml`` has them, in demo mode only."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from django.conf import settings

from facilities.models import Officer


@dataclass(frozen=True, slots=True)
class Trial:
    """The demo accounts' names, in order, and their one password."""

    names: tuple[str, ...]
    password: str


def trial() -> Trial:
    data = tomllib.loads((settings.BASE_DIR / "fixtures" / "demo.toml").read_text(encoding="utf-8"))
    return Trial(tuple(account["username"] for account in data["account"]), data["password"])


def trial_accounts() -> dict[str, object]:
    """For the log-in page: the accounts that exist and their password; nothing outside demo mode."""
    if not settings.DEMO:
        return {}
    accounts = Officer.objects.filter(is_demo=True, is_active=True).select_related("unit", "facility__division")
    return {"accounts": accounts.order_by("pk"), "demo_password": trial().password}
