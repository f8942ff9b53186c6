"""Dated facts of a place in words. The standards know these indicators too; the two meet elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from facilities.models import Facility, Fact, facts_on


@dataclass(frozen=True, slots=True)
class FactKind:
    """What may be registered of a place. The dictionary of facts (fixtures/indicators.toml) says the same, and a test
    holds the two together. ``norm`` is what is plausible; outside of it one is asked, never stopped."""

    key: str
    label: str
    type: str  # integer, text, boolean, choice
    unit: str = ""
    norm: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ("county", "township", "village")


PEOPLE = (100, 600_000)
#: in the order in which a page shows them
FACT_KINDS = {
    kind.key: kind
    for kind in (
        FactKind("resident_population", "常住人口", "integer", "人", PEOPLE),
        FactKind("registered_population", "户籍人口", "integer", "人", PEOPLE),
        FactKind("served_population", "服务对象", "integer", "人", PEOPLE),
        FactKind("served_population_basis", "服务对象口径说明", "text"),
        FactKind("town_has_own_budget", "街道（乡镇）是否有独立预算", "boolean", subjects=("township",)),
        FactKind("area_kind", "区域性质", "choice", choices=("行政区", "经济功能区"), subjects=("township",)),
        FactKind("merged_with_town", "是否为区镇合一", "boolean", subjects=("township",)),
        FactKind("unit_type", "单位类别", "choice", choices=("城镇社区", "农村社区", "行政村"), subjects=("village",)),
        FactKind("village_has_conditions", "是否经认定为有条件的行政村", "boolean", subjects=("village",)),
    )
}
UNKNOWN = FactKind("", "其他登记数据", "text")


@dataclass(frozen=True, slots=True)
class Registered:
    label: str
    said: str
    unit: str
    fact: Fact


def registered(facility: Facility, day: date) -> list[Registered]:
    """The facts in force on ``day``, known ones first."""
    facts = facts_on(facility, day)
    known = [key for key in FACT_KINDS if key in facts]
    return [_registered(facts[key]) for key in known + sorted(facts.keys() - set(known))]


def _registered(fact: Fact) -> Registered:
    kind = FACT_KINDS.get(fact.indicator, UNKNOWN)
    return Registered(kind.label, in_words(fact.value), kind.unit, fact)


def every_fact(facility: Facility) -> list[Registered]:
    """Those of other days too, newest first."""
    return [_registered(fact) for fact in facility.facts.select_related("by").order_by("-since", "-at", "indicator")]


def kinds_for(facility: Facility) -> list[FactKind]:
    return [kind for kind in FACT_KINDS.values() if facility.subject in kind.subjects]


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


# ── What follows from where a facility stands ─────────────────────────────────


def implied_facts(facilities: Iterable[Facility]) -> dict[int, dict[str, Any]]:
    """facility → indicator → value that the division tree itself tells: the place of a 村委会 is an 行政村, and a
    station is supervised by the office of its street or town. One query, however many; divisions are loaded already."""
    stations = [facility for facility in facilities if facility.subject == "village"]
    if not stations:
        return {}
    offices = dict(
        Facility.objects.filter(subject="township", code__in={each.code[:9] for each in stations}).values_list(
            "code", "name"
        )
    )
    return {each.pk: _implied(each, offices.get(each.code[:9])) for each in stations}


def _implied(station: Facility, office: str | None) -> dict[str, Any]:
    implied = {"unit_type": "行政村"} if station.division.level == "village" else {}
    return implied | ({"supervising_office": office} if office else {})
