"""``fixtures/bulletin.toml``: the issuer, and the named parameters by which a unit becomes a candidate."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Criterion:
    key: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Policy:
    issuer: str
    to: str
    plan: str
    source: str
    quote: str
    late_return: Criterion
    slow_progress: Criterion
    below: Decimal  # %
    overdue_rectification: Criterion

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.late_return, self.slow_progress, self.overdue_rectification


@cache
def policy() -> Policy:
    """Read once a process."""
    file = settings.BASE_DIR / "fixtures" / "bulletin.toml"
    told = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    late, slow = _criterion("late_return", told), _criterion("slow_progress", told)
    below = Decimal(told["slow_progress"]["below"])
    overdue = _criterion("overdue_rectification", told)
    return Policy(told["issuer"], told["to"], told["plan"], told["source"], told["quote"], late, slow, below, overdue)


def _criterion(key: str, told: dict[str, Any]) -> Criterion:
    return Criterion(key, told[key]["label"], told[key]["meaning"])
