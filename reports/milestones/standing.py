"""How one body stands to one deadline. Pure. What is not known is 无数据: neither done nor late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from standards.outcomes import NOT_SET_UP

ON_TIME, LATE, DONE, OVERDUE, OPEN, UNKNOWN = "on_time", "late", "done", "overdue", "open", "unknown"
#: in the order in which a cell says them
STATUSES = {
    OVERDUE: "逾期未完成",
    LATE: "逾期完成",
    ON_TIME: "按时完成",
    DONE: "已完成，日期不详",
    OPEN: "未完成，没到期限",
    UNKNOWN: "无数据",
}
MET = ("pass", "relaxed")
SHORT = ("fail", "deviation")
NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Told:
    """What a body's snapshot says. ``facts`` are JSON values; ``outcome`` empty: not judged by the item's standard.
    ``result`` is the result's JSON, where it had to be read; ``last_day`` of the snapshot's quarter."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = ""
    grade: str = ""
    result: Mapping[str, Any] | None = None
    last_day: date = date.min


def status_of(deadline: date, done: str, day: str, told: Told, today: date) -> str | None:
    """``done`` and ``day`` name facts, or are empty. None where the sentence does not apply. The day of the deadline
    is on time, and a thing not done is overdue from the day after it."""
    if told.outcome == NOT_APPLICABLE:
        return None
    is_done = _is_done(done, day, told, deadline)
    when = day_of(told.facts.get(day))
    if is_done and when:
        return ON_TIME if when <= deadline else LATE
    if is_done is None:
        return UNKNOWN
    if is_done:
        return DONE
    return OVERDUE if today > deadline else OPEN


def day_of(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _is_done(done: str, day: str, told: Told, deadline: date) -> bool | None:
    """None where nobody knows."""
    if done:
        said = told.facts.get(done)
        return said if isinstance(said, bool) else None
    if day:
        # 口径 of these dates: 还没有完成的，不填. Asked and left out is not done; never asked is not known.
        return True if day_of(told.facts.get(day)) else False if told.outcome else None
    if told.result is not None and told.outcome == "info":
        return _aimed(told.result, told.last_day > deadline)
    if told.grade == NOT_SET_UP and told.outcome == "missing":
        return False
    return True if told.outcome in MET else False if told.outcome in SHORT else None


def _aimed(result: Mapping[str, Any], after: bool) -> bool | None:
    """What is only aimed at is never scored: whether it is there follows from ``overdue``, or before the deadline from
    what is short; with something unknown, from neither."""
    main = result["measured"][result["main"]] if "main" in result else {}
    if result.get("unknown") or main.get("actual") is None:
        return None
    return not result.get("overdue") if after else not main.get("shortfall")
