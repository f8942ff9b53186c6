"""Quarters with due surveys, judgements made by hand, and a recount of the summaries that shares no code with them."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from assessments import summaries
from assessments.models import DueSurvey, Judgement, Period, Progress, Snapshot, Summary, Survey
from facilities.access import units_of
from facilities.models import Facility, Officer
from standards.loading import edition_of
from standards.models import Standard

NAMED = {"town.3.ratio": "staff", "town.3.minimum": "staff", "town.2.area": "area"} | {
    f"town.7.{thing}": thing
    for thing in (
        "screen", "computer", "touch_screen", "social_card_reader", "id_card_reader", "barcode_scanner", "fax",
        "printer", "fingerprint", "filing_cabinet",
    )
}  # fmt: skip
#: lists, counted in items; all other requirements are counted in facilities
LISTS = ("town.5.services", "town.8.ledger", "town.8.rules", "town.8.procedures", "town.8.standards")
OUTCOMES = ("pass", "relaxed", "deviation", "fail", "missing", "not_applicable")
GRADES = ("达标", "基本达标", "未达标", "资料不全", "未设立")


def open_with(period: Period, facilities: list[Facility]) -> None:
    """What the opening of a quarter does, for some facilities."""
    units = units_of(facilities, period.last_day)
    DueSurvey.objects.bulk_create(
        DueSurvey(
            period=period,
            facility=f,
            unit=units.get(f.code),
            subject=f.subject,
            town=f.code[:9] if f.subject != "county" else "",
        )
        for f in facilities
    )
    summaries.begin(period)


def chance_judgement(chance: Random) -> dict[str, Any]:
    """A judgement by 附表2 that no facts need stand behind."""
    edition = edition_of(Standard.objects.get(key="town_office"))
    results = {}
    for key, requirement in edition.by_key.items():
        outcome = chance.choice(OUTCOMES) if requirement.scored else "info"
        results[key] = {"requirement": key, "outcome": outcome}
        if key in NAMED and outcome != "not_applicable":
            norm, actual = Decimal(chance.randint(4, 9)), Decimal(chance.randint(0, 9))
            if outcome in ("fail", "deviation", "relaxed"):
                actual = norm - chance.randint(1, 4)
            if outcome == "pass":
                actual = norm + chance.randint(0, 2)
            measured = {"operator": "at_least", "norm": str(norm)}
            if outcome != "missing":
                measured["actual"] = str(actual)
                if actual < norm:
                    measured["shortfall"] = str(norm - actual)
            results[key] |= {"measured": [measured], "main": 0}
    clauses = {c.key: [chance.choice(OUTCOMES), chance.choice([None, "87.5", "100.0"])] for c in edition.clauses}
    score = chance.choice([None, "91.3", "40.0", "77.7"])
    return {"score": score, "grade": chance.choice(GRADES), "results": results, "clauses": clauses}


def keep(survey: Survey, kind: str, officer: Officer, content: dict[str, Any]) -> None:
    snapshot = Snapshot.objects.create(
        survey=survey, number=survey.snapshots.count() + 1, kind=kind, content={}, content_hash="0" * 64, by=officer
    )
    Judgement.objects.create(
        snapshot=snapshot,
        survey=survey,
        standard=Standard.objects.get(key="town_office"),
        score=content["score"],
        grade=content["grade"],
        content=content,
    )


def move(survey: Survey, state: str, officer: Officer, chance: Random) -> None:
    """Into a state, as a verb would, and counted."""
    survey.state = state
    if state in (Survey.SUBMITTED, Survey.ACCEPTED):
        survey.submitted_at = survey.submitted_at or timezone.now()
        keep(survey, state, officer, chance_judgement(chance))
    survey.save()
    summaries.refresh(survey)


# ── The recount ───────────────────────────────────────────────────────────────


def stored_sums() -> dict[tuple, tuple]:
    return {
        (s.period.key, s.kind, s.area, s.parent, s.subject, s.standard, s.clause, s.requirement, s.item): (
            s.facilities, json.dumps(s.counts, sort_keys=True), s.judged, s.reached, s.numbered,
            s.required, s.actual, s.lacking, s.gap, s.score,
        )
        for s in Summary.objects.select_related("period")
    }  # fmt: skip


def stored_progress() -> dict[tuple, tuple]:
    return {
        (p.period.key, p.kind, p.area, p.parent, p.subject): (
            p.due, p.begun, p.submitted, p.returned, p.accepted, p.on_time, p.void, p.late,
        )
        for p in Progress.objects.select_related("period")
    }  # fmt: skip


def recounted_progress(due_moment: Any) -> dict[tuple, tuple]:
    found: dict[tuple, list[int]] = defaultdict(lambda: [0] * 8)
    for due in DueSurvey.objects.select_related("period", "unit", "facility"):
        survey = Survey.objects.filter(period=due.period, facility=due.facility).first()
        state = survey.state if survey else None
        on_time = bool(survey and survey.submitted_at and survey.submitted_at < due_moment)
        late = bool(survey and survey.submitted_at and not on_time)
        counts = [
            1, survey is not None, state in ("submitted", "accepted"), state == "returned", state == "accepted",
            on_time and state != "returned", on_time and state == "returned", late,
        ]  # fmt: skip
        for area in areas(due):
            row = found[(due.period.key, *area, due.subject)]
            for n, one in enumerate(counts):
                row[n] += int(one)
    return {place: tuple(row) for place, row in found.items()}


def areas(due: DueSurvey) -> list[tuple[str, str, str]]:
    city = ("city", "4404", "")
    if due.unit is None:
        return [city]
    unit = ("unit", due.unit.code, "4404")
    return [city, unit, ("town", due.town, due.unit.code)] if due.town else [city, unit]


def recounted_sums() -> dict[tuple, tuple]:
    """From the raw JSON of what is accepted now."""
    rows: dict[tuple, dict[str, Any]] = {}
    for due in DueSurvey.objects.select_related("period", "unit", "facility"):
        survey = Survey.objects.filter(period=due.period, facility=due.facility, state="accepted").first()
        if survey is None:
            continue
        snapshot = survey.snapshots.filter(kind="accepted").order_by("-number").first()
        content = snapshot.judgements.get().content
        for area in areas(due):
            _add(rows, (due.period.key, *area, due.subject, "town_office@2016-01-01"), content)
    return {
        key: (
            row["n"], json.dumps({k: v for k, v in row["counts"].items() if v}, sort_keys=True), row["judged"],
            row["reached"], row["numbered"], row["required"], row["actual"], row["lacking"], row["gap"], row["score"],
        )
        for key, row in rows.items()
    }  # fmt: skip


def _row(rows: dict, key: tuple) -> dict[str, Any]:
    if key not in rows:
        rows[key] = dict.fromkeys(("n", "judged", "reached", "numbered", "lacking"), 0)
        rows[key] |= {name: Decimal(0) for name in ("required", "actual", "gap", "score")}
        rows[key]["counts"] = defaultdict(int)
    rows[key]["n"] += 1
    return rows[key]


def _add(rows: dict, place: tuple, content: dict[str, Any]) -> None:
    whole = _row(rows, (*place, "", "", ""))
    whole["counts"][content["grade"]] += 1
    whole["judged"] += 1
    whole["reached"] += content["grade"] in ("达标", "基本达标")
    _score(whole, content["score"])
    for key, (outcome, score) in content["clauses"].items():
        row = _row(rows, (*place, key, "", ""))
        _outcome(row, outcome)
        _score(row, score)
    named: dict[str, list[tuple]] = defaultdict(list)
    for key, result in content["results"].items():
        if result["outcome"] == "info":
            continue
        row = _row(rows, (*place, ".".join(key.split(".")[:2]), key, ""))
        _outcome(row, result["outcome"])
        lacks = result["outcome"] in ("fail", "deviation")
        if key in NAMED:
            figures = _figures(result) if result["outcome"] != "not_applicable" else None
            gap = max(figures[0] - figures[1], Decimal(0)) if figures and lacks else Decimal(0)
            if result["outcome"] != "not_applicable":
                named[NAMED[key]].append((gap, int(lacks), figures))
            _measure(row, gap, lacks, figures)
        elif key not in LISTS:
            _measure(row, Decimal(int(lacks)), lacks, None)
        else:
            _measure(row, Decimal(0), lacks, None)
    for item, each in named.items():
        gap, lacks, figures = max(each, key=lambda told: (told[0], told[1], told[2][0] if told[2] else Decimal(0)))
        _measure(_row(rows, (*place, "", "", item)), gap, lacks, figures)


def _measure(row: dict, gap: Decimal, lacks: int, figures: tuple | None) -> None:
    row["gap"] += gap
    row["lacking"] += int(lacks)
    if figures:
        row["numbered"] += 1
        row["required"] += figures[0]
        row["actual"] += figures[1]


def _figures(result: dict) -> tuple[Decimal, Decimal] | None:
    measured = result.get("measured", [{}])[0]
    if "norm" not in measured or "actual" not in measured:
        return None
    return Decimal(measured["norm"]), Decimal(measured["actual"])


def _outcome(row: dict, outcome: str) -> None:
    row["counts"][outcome] += 1
    row["judged"] += outcome not in ("not_applicable", "info")
    row["reached"] += outcome in ("pass", "relaxed")


def _score(row: dict, score: str | None) -> None:
    if score is not None:
        row["numbered"] += 1
        row["score"] += Decimal(score)
