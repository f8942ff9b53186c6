"""What an appraisal says of a year, as one JSON: of each unit the counts with what they are made of, the score that
follows from them, a person's adjustments beside it, its place. What is not known is None, never 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from facilities.access import SHANGHAI, today
from facilities.models import ReportingUnit
from reports.appraisals.counting import Count, Score, places, scored, total
from reports.appraisals.gathering import Gathered, Part, Quarter, gathered
from reports.appraisals.policy import KEYS, Policy, policy_json
from reports.models import AppraisalAdjustment
from reports.returns.content import act_json

NOTHING = Decimal("0.00")


def content_of(year: int, policy: Policy) -> dict[str, Any]:
    """As it stands now: a constant number of queries, however many units."""
    found = gathered(year)
    counts = {unit.pk: _counts(found.parts.get(unit.pk, {})) for unit in found.units}
    scores = {unit: scored(own, policy.weights) for unit, own in counts.items()}
    adjustments = standing_adjustments(year)
    rows = [_row(u, found, counts[u.pk], scores[u.pk], adjustments.get(u.pk, []), policy) for u in found.units]
    ranks = places({row["code"]: None if row["final"] is None else Decimal(row["final"]) for row in rows})
    for row in rows:
        row["rank"], row["shared"] = ranks.get(row["code"], (None, False))
    return {
        "year": year,
        "as_of": timezone.now().astimezone(SHANGHAI).isoformat(timespec="minutes"),
        "policy": policy_json(policy),
        "quarters": [_quarter(each, found) for each in found.quarters],
        "until": _until(found.quarters),
        "units": rows,
        "total": {key: _count_json(total(own[key] for own in counts.values())) for key in KEYS},
        "demo": found.is_demo,
    }


def standing_adjustments(year: int) -> dict[int, list[AppraisalAdjustment]]:
    """unit → what was not taken back, in the order in which it was said: one query."""
    rows = AppraisalAdjustment.objects.filter(year=year, takes_back=None, taken_back=None).select_related("by")
    found: dict[int, list[AppraisalAdjustment]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(row)
    return found


def _counts(parts: Mapping[str, Sequence[Part]]) -> dict[str, Count]:
    """What is not known adds to neither side."""
    return {key: total(part.count for part in parts.get(key, ()) if part.count) for key in KEYS}


def _row(
    unit: ReportingUnit,
    found: Gathered,
    counts: Mapping[str, Count],
    score: Score,
    adjustments: Iterable[AppraisalAdjustment],
    policy: Policy,
) -> dict[str, Any]:
    said = [_adjustment(each) for each in adjustments]
    adjusted = sum((Decimal(each["points"]) for each in said), NOTHING)
    parts = found.parts.get(unit.pk, {})
    return {
        "code": unit.code,
        "name": unit.name,
        "indicators": {
            key: _count_json(counts[key])
            | {"weight": _text(score.points[key].weight), "points": _text(score.points[key].points)}
            | {"parts": [_part(part) for part in parts.get(key, ())]}
            for key in policy.weights
        },
        "absent": list(score.absent),
        "score": _text(score.score),
        "adjustments": said,
        "adjusted": str(adjusted),
        "final": None if score.score is None else str(score.score + adjusted),
    }


def _count_json(count: Count) -> dict[str, Any]:
    """``rate`` in %, None of nothing."""
    return {"number": count.number, "of": count.of, "rate": _text(count.rate)}


def _part(part: Part) -> dict[str, Any]:
    proof = part.proof
    proved = {"version": proof.number, "hash": proof.content_hash, "code": proof.code} if proof else None
    return {
        "quarter": part.quarter,
        "what": part.what,
        "number": part.count.number if part.count else None,
        "of": part.count.of if part.count else None,
        "said": part.said,
        "proof": proved,
    }


def _adjustment(row: AppraisalAdjustment) -> dict[str, str]:
    return act_json(row.at, row.by.display_name) | {"points": str(row.points), "reason": row.reason}


def _quarter(quarter: Quarter, found: Gathered) -> dict[str, Any]:
    """How many units were due, and of how many a return is in."""
    own = [
        part
        for parts in found.parts.values()
        for part in parts.get("compliance", ())
        if part.quarter == quarter.key
    ]  # fmt: skip
    return {
        "key": quarter.key,
        "name": quarter.name,
        "due": None if quarter.due is None else quarter.due.isoformat(),
        "counted": quarter.counted,
        "said": quarter.said,
        "owing": len(own),
        "accepted": sum(part.count is not None for part in own),
    }


def _until(quarters: Sequence[Quarter]) -> str:
    """The last quarter that is in, where the year's last one is still to come."""
    counted = [each for each in quarters if each.counted]
    last = quarters[-1]
    if last.counted or not counted or (last.due or last.last_day) < today():
        return ""
    return f"截至{counted[-1].name.split('年')[1]}"


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
