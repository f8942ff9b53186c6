"""Dated facts of a place in words. The standards know these indicators too; the two meet elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from facilities.models import Facility, Fact, facts_on

#: indicator → label, unit; in the order in which a page shows them
FACT_LABELS = {
    "resident_population": ("常住人口", "人"),
    "registered_population": ("户籍人口", "人"),
    "served_population": ("服务对象", "人"),
    "served_population_basis": ("服务对象口径说明", ""),
    "town_has_own_budget": ("有独立预算", ""),
}
UNKNOWN = ("其他登记数据", "")


@dataclass(frozen=True, slots=True)
class Registered:
    label: str
    said: str
    unit: str
    fact: Fact


def registered(facility: Facility, day: date) -> list[Registered]:
    """The facts in force on ``day``, known ones first."""
    facts = facts_on(facility, day)
    known = [key for key in FACT_LABELS if key in facts]
    return [_registered(facts[key]) for key in known + sorted(facts.keys() - set(known))]


def _registered(fact: Fact) -> Registered:
    label, unit = FACT_LABELS.get(fact.indicator, UNKNOWN)
    return Registered(label, in_words(fact.value), unit, fact)


def in_words(value: bool | int | str | list[str]) -> str:
    """136000 → 136,000 · true → 是 · a list joined by 、"""
    match value:
        case bool():
            return "是" if value else "否"
        case int():
            return f"{value:,}"
        case list():
            return "、".join(value)
    return value
