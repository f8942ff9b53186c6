"""The city's report: the units' newest returns that were not sent back, total over total. 未报 is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from assessments.models import Period
from assessments.periods import quarter_before
from assessments.snapshots import period_json
from facilities.models import Division, ReportingUnit
from reports.models import ReturnAct, ReturnVersion
from reports.returns.content import TEXTS, subjects_json
from reports.returns.figures import Block, block_from, block_json, line_from, line_json
from reports.returns.mending import joined
from reports.returns.statement import Statement
from reports.returns.verifying import state_of


def city_statement(period: Period) -> Statement:
    """Put together anew each time, and never stored: each unit's version proves its part."""
    units = list(ReportingUnit.objects.filter(Q(dues__period=period) | Q(returns__period=period)).distinct())
    versions = _newest(period.year, period.quarter)
    groups = [_group(unit, versions.get(unit.pk)) for unit in units]
    sent = [versions[unit.pk].content for unit in units if unit.pk in versions]
    lines = [line_from(told, content["unit"]["code"]) for content in sent for told in content["facilities"]]
    return Statement(
        {
            "kind": "city",
            "unit": _city(),
            "period": period_json(period),
            "demo": any(content["demo"] for content in sent),
            "total": block_json(_sum(content["total"] for content in sent)),
            "subjects": subjects_json(lines),
            "groups": groups,
            "facilities": [line_json(line) | {"unit": line.unit} for line in lines],
            "previous": _previous(period, set(versions)),
            "mending": joined((content["unit"]["code"], content) for content in sent),
            "texts": dict.fromkeys(TEXTS, ""),
        }
    )


def _city() -> dict[str, str]:
    city = Division.objects.filter(level="city").order_by("code").first()
    return {"code": city.code if city else "", "name": city.name if city else "全市", "kind": "city"}


def _newest(year: int, quarter: int) -> dict[int, ReturnVersion]:
    """unit → its newest version that was not sent back: two queries."""
    standing = ReturnVersion.objects.filter(report__period__year=year, report__period__quarter=quarter).exclude(
        acts__verb=ReturnAct.RETURNED
    )
    newest = dict(standing.order_by("number").values_list("report__unit_id", "pk"))
    read = ReturnVersion.objects.filter(pk__in=list(newest.values())).select_related("report")
    return {version.report.unit_id: version for version in read.prefetch_related("acts")}


def _group(unit: ReportingUnit, version: ReturnVersion | None) -> dict[str, Any]:
    told = {"code": unit.code, "name": unit.name}
    if version is None:
        return told | {"state": "未报"}
    source = {"version": version.number, "hash": version.content_hash, "state": state_of(version)}
    return told | source | block_json(block_from(version.content["total"]))


def _sum(totals: Iterable[dict[str, Any]]) -> Block:
    whole = Block()
    for total in totals:
        whole.join(block_from(total))
    return whole


def _previous(period: Period, units: set[int]) -> dict[str, Any] | None:
    """Compared only where the same units had reported."""
    before = _newest(*quarter_before(period.year, period.quarter))
    if not before or set(before) != units:
        return None
    return {"total": block_json(_sum(_totals(before.values())))}


def _totals(versions: Iterable[ReturnVersion]) -> Iterator[dict[str, Any]]:
    for version in versions:
        yield version.content["total"]
