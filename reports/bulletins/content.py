"""What a bulletin says of a quarter, as one JSON: of each unit the figures of its accepted return, how it reported and
its place; total over total. A unit whose return was not accepted has no figures: 未报 and the like, never 0."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils import timezone

from assessments.models import Period
from assessments.rectification_list import Overdue, overdue_by_unit
from assessments.snapshots import period_json
from assessments.timeliness import LATE, MISSING
from facilities.access import SHANGHAI, today
from facilities.models import ReportingUnit
from reports.bulletins.policy import Policy
from reports.dashboards.league import ranks_of
from reports.returns.accepted import Accepted, newest_accepted
from reports.returns.figures import Block, block_json
from reports.returns.listing import Listed, units_of_quarter


def content_of(period: Period, policy: Policy) -> dict[str, Any]:
    """As it stands now: a constant number of queries, however many units. ``candidates`` have their evidence."""
    listed = units_of_quarter(ReportingUnit.objects.all(), period)
    accepted = {unit: found for (unit, _), found in newest_accepted([period]).items()}
    blocks = {unit: found.block for unit, found in accepted.items()}
    places = _places(blocks)
    rows = [_row(each, accepted.get(each.unit.pk), places.get(each.unit.pk)) for each in listed]
    overdue = overdue_by_unit(today())
    total = Block()
    for block in blocks.values():
        total.join(block)
    return {
        "period": period_json(period),
        "as_of": timezone.now().astimezone(SHANGHAI).isoformat(timespec="minutes"),
        "units": rows,
        "total": block_json(total),
        "demo": any(found.is_demo for found in accepted.values()),
        "candidates": [
            told
            for each in listed
            if (told := _candidate(each, blocks.get(each.unit.pk), overdue.get(each.unit.pk), policy))
        ],
    }


def _places(blocks: dict[int, Block]) -> dict[int, tuple[int, bool]]:
    """unit → place and whether it is shared, best rate first; equal rates share a place (1, 2, 2, 4)."""
    shares = {unit: Fraction(block.compliant, block.due) for unit, block in blocks.items() if block.due}
    ordered = sorted(shares, key=lambda unit: -shares[unit])
    return dict(zip(ordered, ranks_of(float(shares[unit]) for unit in ordered), strict=True))


def _row(listed: Listed, accepted: Accepted | None, place: tuple[int, bool] | None) -> dict[str, Any]:
    rank, shared = place or (None, False)
    told = {
        "code": listed.unit.code,
        "name": listed.unit.name,
        "state": _state(listed),
        "timely": listed.word,
        "late": listed.late if listed.timeliness in (LATE, MISSING) else 0,
        "rank": rank,
        "shared": shared,
    }
    if accepted is None:
        return told | {"figures": None}
    proof = {"version": accepted.number, "hash": accepted.content_hash, "code": accepted.code}
    return told | {"figures": block_json(accepted.block), "proof": proof}


def _state(listed: Listed) -> str:
    return "未报" if listed.report is None or listed.report.submitted_at is None else listed.state


# ── Candidates ────────────────────────────────────────────────────────────────


def _candidate(listed: Listed, block: Block | None, overdue: Overdue | None, policy: Policy) -> dict[str, Any] | None:
    found = (_late(listed, policy), _slow(block, policy), _overdue(overdue, policy))
    grounds = [ground for ground in found if ground]
    return {"code": listed.unit.code, "name": listed.unit.name, "grounds": grounds} if grounds else None


def _late(listed: Listed, policy: Policy) -> dict[str, str] | None:
    day = listed.due.day
    due = f"{listed.period}季报应在{day.year}年{day.month}月{day.day}日24:00前报送"
    if listed.timeliness == LATE and listed.report and listed.report.submitted_at:
        sent = listed.report.submitted_at.astimezone(SHANGHAI)
        said = f"{due}，{sent.year}年{sent.month}月{sent.day}日首次报送，逾期{listed.late}个工作日。"
    elif listed.timeliness == MISSING and not listed.due.on_time(timezone.now()):
        said = f"{due}，截止以后仍未报送。"
    else:
        return None
    return {"key": policy.late_return.key, "label": policy.late_return.label, "sentence": said}


def _slow(block: Block | None, policy: Policy) -> dict[str, str] | None:
    """Compared exactly, not as rounded."""
    if block is None or not block.due or block.compliant * 100 >= policy.below * block.due:
        return None
    said = (
        f"应评估{block.due}家，达标和基本达标{block.compliant}家，占{block.rate if block.rate is not None else 0}%，"
        f"低于{policy.below}%。"
    )
    return {"key": policy.slow_progress.key, "label": policy.slow_progress.label, "sentence": said}


def _overdue(overdue: Overdue | None, policy: Policy) -> dict[str, str] | None:
    """By the day that was missed: a number of days would change the sentence, and undo a decision, every morning."""
    if overdue is None:
        return None
    item, day = overdue.longest, overdue.longest.due
    said = (
        f"有{overdue.number}条整改逾期没有销号，最久的是{item.facility}“{item.requirement}”，"
        f"应在{day.year}年{day.month}月{day.day}日前整改好。"
    )
    criterion = policy.overdue_rectification
    return {"key": criterion.key, "label": criterion.label, "sentence": said}
