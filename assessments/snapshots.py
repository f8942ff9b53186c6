"""What was submitted, kept whole: facts, judgements and edition hashes as one JSON with its hash."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from assessments.deadlines import due_of
from assessments.models import Finding, Judgement, Period, Snapshot, Survey
from assessments.scoring import Standing
from facilities.access import SHANGHAI, prefixes, unit_of
from facilities.models import Division, Facility, Officer
from standards import outcomes
from standards.models import Requirement


def take(standing: Standing, officer: Officer) -> Snapshot:
    """Stores the snapshot of a survey as it stands, its judgement and what is not a pass."""
    survey = standing.survey
    snapshot = Snapshot(survey=survey, number=survey.snapshots.count() + 1, by=officer)
    snapshot.content = _content(standing, snapshot)
    snapshot.content_hash = hash_of(snapshot.content)
    snapshot.save()
    _keep_judgement(snapshot, standing)
    return snapshot


def hash_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _content(standing: Standing, snapshot: Snapshot) -> dict[str, Any]:
    survey, standard = standing.survey, standing.standard
    return {
        "receipt": snapshot.receipt,
        "facility": _facility(survey),
        "period": _period(survey.period),
        "submitted": {"at": snapshot.at.astimezone(SHANGHAI).isoformat(), "by": snapshot.by.display_name},
        "demo": survey.is_demo,
        "answers": {
            key: {"value": a.value, "reason": a.reason, "note": a.note, "origin": a.origin}
            for key, a in standing.answers.items()
        },
        "judgements": [
            {
                "standard": standard.key,
                "effective": standard.effective.isoformat(),
                "content_hash": standard.content_hash,
                "judgement": standing.judgement.as_json(),
            }
        ],
        "previous": _previous(survey, standard.key),
    }


def _facility(survey: Survey) -> dict[str, Any]:
    facility = survey.facility
    unit = unit_of(facility, survey.period.last_day)
    return {
        "code": facility.code,
        "name": facility.name,
        "subject": facility.subject,
        "place": place_of(facility),
        "unit": unit.name if unit else "",
    }


def place_of(facility: Facility) -> list[str]:
    """珠海市, 香洲区, 翠香街道."""
    above = Division.objects.filter(code__in=prefixes(facility.code)).order_by("code")
    return [division.name for division in above]


def _period(period: Period) -> dict[str, Any]:
    due = due_of(period)
    return {
        "key": period.key,
        "name": str(period),
        "last_day": period.last_day.isoformat(),
        "due": due.day.isoformat(),
        "provisional": due.provisional,
    }


def _previous(survey: Survey, standard: str) -> dict[str, Any] | None:
    last = last_snapshot(survey)
    judged = next((j for j in last.content["judgements"] if j["standard"] == standard), None) if last else None
    if last is None or judged is None:
        return None
    judgement = outcomes.Judgement.from_json(judged["judgement"])
    return {
        "period": last.content["period"]["key"],
        "score": None if judgement.score is None else str(judgement.score),
        "grade": judgement.grade,
        "clauses": {key: str(clause.score) for key, clause in judgement.clauses.items() if clause.score is not None},
    }


def _keep_judgement(snapshot: Snapshot, standing: Standing) -> None:
    judged = standing.judgement
    judgement = Judgement.objects.create(
        snapshot=snapshot,
        survey=snapshot.survey,
        standard=standing.standard,
        score=judged.score,
        grade=judged.grade or "",
        content=judged.as_json(),
    )
    rows = {r.key: r for r in Requirement.objects.filter(standard=standing.standard)}
    Finding.objects.bulk_create(
        Finding(
            judgement=judgement,
            requirement=rows[key],
            outcome=result.outcome,
            shortfall=result.main.shortfall if result.main else None,
        )
        for key, result in judged.results.items()
        if result.outcome not in ("pass", "not_applicable", "info")
    )


def last_snapshot(survey: Survey) -> Snapshot | None:
    """The newest submission of the facility from before the survey's quarter."""
    period = survey.period
    snapshots = Snapshot.objects.filter(survey__facility=survey.facility)
    earlier = snapshots.filter(survey__period__year__lt=period.year) | snapshots.filter(
        survey__period__year=period.year, survey__period__quarter__lt=period.quarter
    )
    return earlier.order_by("-survey__period__year", "-survey__period__quarter", "-number").first()
