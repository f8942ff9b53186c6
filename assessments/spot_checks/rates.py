"""差异率: how many of the compared answers differ, by unit, by row of the schedule and by who reported them. Always
total over total; of nothing there is no rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from assessments.models import Period, SpotCheck, SpotDifference
from facilities.models import Officer, ReportingUnit
from standards.models import Clause

ABSENT = "—"
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Rate:
    name: str
    differing: int = 0
    compared: int = 0

    @property
    def percent(self) -> Decimal | None:
        """One decimal, half up; None where nothing was compared."""
        if not self.compared:
            return None
        return (Decimal(100 * self.differing) / self.compared).quantize(TENTH, ROUND_HALF_UP)

    @property
    def text(self) -> str:
        return f"{self.percent}%" if self.compared else ABSENT

    @property
    def ratio(self) -> str:
        return f"{self.differing} / {self.compared}" if self.compared else ABSENT


@dataclass(frozen=True, slots=True)
class Rates:
    total: Rate = field(default_factory=lambda: Rate("合计"))
    units: list[Rate] = field(default_factory=list)
    rows: list[Rate] = field(default_factory=list)
    surveyors: list[Rate] = field(default_factory=list)  # none for who may not know names


def difference_rates_by_quarter(periods: Iterable[Period]) -> dict[int, dict[int, tuple[int, int]]]:
    """quarter → unit → (differing, compared) over the finished checks of its draws: one query, however many quarters. A
    unit of which nothing was compared is not among them."""
    of = SpotDifference.objects.filter(spot_check__draw__period__in=[period.pk for period in periods])
    found: dict[int, dict[int, tuple[int, int]]] = {}
    counts = {"differing": Count("pk", filter=Q(differs=True)), "compared": Count("pk")}
    grouped = of.order_by().values_list("spot_check__draw__period", "spot_check__unit").annotate(**counts)
    for period, unit, differing, compared in grouped:
        found.setdefault(period, {})[unit] = (differing, compared)
    return found


def rates_of(checks: QuerySet[SpotCheck], named: Q | None = None) -> Rates:
    """Of these checks; ``named``: those of whose surveyors the names may be told, none where there is none. Seven
    queries at most, however many checks."""
    rows = SpotDifference.objects.filter(spot_check__in=checks.order_by().values("pk"))
    by_unit, by_row = _counted(rows, "spot_check__unit"), _counted(rows, "clause")
    by_surveyor = _counted(rows.filter(named), "surveyor") if named is not None else {}
    units = ReportingUnit.objects.filter(pk__in=by_unit).order_by("code").values_list("pk", "name")
    surveyors = {each.pk: each.display_name for each in Officer.objects.filter(pk__in=by_surveyor)}
    return Rates(
        Rate("合计", *(sum(counts) for counts in zip(*by_unit.values(), strict=True))),
        [Rate(name, *by_unit[pk]) for pk, name in units],
        [Rate(name, *by_row[key]) for key, name in _titles(by_row).items()],
        worst_first(Rate(surveyors[pk], *counts) for pk, counts in by_surveyor.items()),
    )


def worst_first(rates: Iterable[Rate]) -> list[Rate]:
    return sorted(rates, key=lambda rate: (-Decimal(rate.differing) / rate.compared, -rate.compared, rate.name))


def _counted(rows: QuerySet[SpotDifference], by: str) -> dict[Any, tuple[int, int]]:
    counts = {"differing": Count("pk", filter=Q(differs=True)), "compared": Count("pk")}
    counted = rows.order_by().values_list(by).annotate(**counts)
    return {key: (differing, compared) for key, differing, compared in counted}


def _titles(keys: Iterable[str]) -> dict[str, str]:
    """clause key → 附表2 第7项 设施配置, in the order of the schedules; of several editions the newest speaks."""
    found = Clause.objects.filter(key__in=list(keys)).select_related("standard")
    newest = {row.key: row for row in found.order_by("standard__effective")}
    ordered = sorted(newest.values(), key=lambda row: (row.standard.source, row.position))
    return {row.key: f"{row.standard.source} 第{row.number}项 {row.title}" for row in ordered}
