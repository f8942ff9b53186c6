"""A report's edition and day over other facts: what was mended since, what an inspector found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from assessments.models import Snapshot
from assessments.scoring import facts_from
from standards.edition import Edition, Value
from standards.engine import judge
from standards.outcomes import Judgement


def facts_in(edition: Edition, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Value]:
    """``answers``: indicator → {"value", "reason", …}, as a snapshot and a spot check keep them."""
    return facts_from(edition, {key: each["value"] for key, each in answers.items()})


def stated_in(answers: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Indicators that were said to be 无法提供."""
    return frozenset(key for key, each in answers.items() if each["reason"])


def judged_anew(edition: Edition, snapshot: Snapshot, facts: Mapping[str, Value]) -> Judgement:
    """With the determinations of the snapshot where these facts leave what they were decided on."""
    then = _judged(edition, snapshot, facts_in(edition, snapshot.content["answers"]), {})
    now = _judged(edition, snapshot, facts, {})
    decided = {
        key: told["decision"]
        for key, told in snapshot.content["determinations"].items()
        if key in now.results and now.results[key].as_json() == then.results[key].as_json()
    }
    return _judged(edition, snapshot, facts, decided) if decided else now


def _judged(edition: Edition, snapshot: Snapshot, facts: Mapping[str, Value], decided: Mapping[str, str]) -> Judgement:
    content = snapshot.content
    on = date.fromisoformat(content["period"]["last_day"])
    return judge(edition, facts, on, content["facility"]["subject"], decided)
