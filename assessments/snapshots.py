"""What was submitted, kept whole: facts, judgements and edition hashes as one JSON with its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from assessments.deadlines import due_of
from assessments.earlier import last_snapshot
from assessments.evidence.uses import kept_in_snapshot
from assessments.models import Answer, Determination, Finding, Judgement, Period, Snapshot, Survey
from assessments.scoring import Standing
from facilities.access import SHANGHAI, prefixes, unit_of
from facilities.models import Division, Facility, Officer
from standards import outcomes
from standards.models import Requirement


def submitted(standing: Standing, officer: Officer) -> Snapshot:
    """Stores a survey as it stands: its snapshot, its judgement and what is not a pass."""
    snapshot = _new(standing.survey, officer, Snapshot.SUBMITTED)
    return _kept(snapshot, standing, _content(standing, snapshot))


def accepted(submission: Snapshot, standing: Standing, officer: Officer) -> Snapshot:
    """Stores what is accepted: what was submitted, to the letter, with what was determined since."""
    snapshot = _new(standing.survey, officer, Snapshot.ACCEPTED)
    decided = {"accepted": _act(snapshot), "determinations": _determinations(standing)}
    judged = {"judgements": _judgements(standing)}
    return _kept(snapshot, standing, submission.content | {"receipt": snapshot.receipt} | decided | judged)


def _new(survey: Survey, officer: Officer, kind: str) -> Snapshot:
    return Snapshot(survey=survey, number=survey.snapshots.count() + 1, kind=kind, at=timezone.now(), by=officer)


def _kept(snapshot: Snapshot, standing: Standing, content: dict[str, Any]) -> Snapshot:
    snapshot.content, snapshot.content_hash = content, hash_of(content)
    snapshot.save()
    for columns, judged in _judged(standing):
        _keep_findings(Judgement.objects.create(snapshot=snapshot, **columns), judged)
    return snapshot


def hash_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _content(standing: Standing, snapshot: Snapshot) -> dict[str, Any]:
    survey = standing.survey
    last = last_snapshot(survey)
    return {
        "receipt": snapshot.receipt,
        "facility": _facility(survey),
        "period": _period(survey.period),
        "submitted": _act(snapshot),
        "determinations": _determinations(standing),
        "demo": survey.is_demo,
        "unchanged": _unchanged(standing),
        "answers": {
            key: {"value": a.value, "reason": a.reason, "note": a.note, "origin": a.origin}
            for key, a in standing.answers.items()
        },
        "evidence": kept_in_snapshot(survey),
        "judgements": _judgements(standing),
        "previous": _previous(last, standing.standard.key),
    } | _beside(standing, last)


def _beside(standing: Standing, last: Snapshot | None) -> dict[str, Any]:
    """Nothing where one edition judges alone, so that its content is what it always was."""
    others = [standard.key for standard in standing.standards[1:]]
    return {"previous_beside": {key: _previous(last, key) for key in others}} if others else {}


def _determinations(standing: Standing) -> dict[str, dict[str, str]]:
    return {key: _determined(each) for key, each in standing.determinations.items()}


def _judgements(standing: Standing) -> list[dict[str, Any]]:
    """The first is the one that judges the subject by itself."""
    return [
        {
            "standard": standard.key,
            "effective": standard.effective.isoformat(),
            "content_hash": standard.content_hash,
            "judgement": judged,
        }
        for standard, judged in zip(standing.standards, standing.judged_in_json, strict=True)
    ]


def _act(snapshot: Snapshot) -> dict[str, str]:
    return {"at": snapshot.at.astimezone(SHANGHAI).isoformat(), "by": snapshot.by.display_name}


def _determined(determination: Determination) -> dict[str, str]:
    at = determination.at.astimezone(SHANGHAI).isoformat()
    by = determination.by.display_name
    found = determination.found["outcome"]  # what the engine found, before it
    return {"found": found, "decision": determination.decision, "reason": determination.reason, "at": at, "by": by}


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


def _unchanged(standing: Standing) -> dict[str, Any] | None:
    """What one act confirmed: 本季度无变化."""
    survey = standing.survey
    if survey.unchanged_at is None or survey.unchanged_by is None:
        return None
    confirmed = sum(answer.origin == Answer.CONFIRMED for answer in standing.answers.values())
    at = survey.unchanged_at.astimezone(SHANGHAI).isoformat()
    return {"at": at, "by": survey.unchanged_by.display_name, "confirmed": confirmed}


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


def _previous(last: Snapshot | None, standard: str) -> dict[str, Any] | None:
    judged = next((j for j in last.content["judgements"] if j["standard"] == standard), None) if last else None
    if last is None or judged is None:
        return None
    told = judged["judgement"]
    return {
        "period": last.content["period"]["key"],
        "score": told["score"],
        "grade": told["grade"],
        "clauses": {key: score for key, (_, score) in told["clauses"].items() if score is not None},
    }


def judge_again(snapshot: Snapshot, standing: Standing) -> None:
    """After a determination: how the submission is judged now, with its findings."""
    for columns, judged in _judged(standing):
        standard = columns.pop("standard")
        judgement, _ = Judgement.objects.update_or_create(snapshot=snapshot, standard=standard, defaults=columns)
        judgement.findings.all().delete()
        _keep_findings(judgement, judged)


def _judged(standing: Standing) -> Iterator[tuple[dict[str, Any], outcomes.Judgement]]:
    """The columns of each judgement, with it."""
    of_each = zip(standing.standards, standing.judgements, standing.judged_in_json, strict=True)
    for standard, judged, content in of_each:
        said = {"score": judged.score, "grade": judged.grade or "", "content": content}
        beside = standard is not standing.standard
        yield {"survey": standing.survey, "standard": standard, "beside": beside} | said, judged


def _keep_findings(judgement: Judgement, judged: outcomes.Judgement) -> None:
    rows = dict(Requirement.objects.filter(standard=judgement.standard).values_list("key", "pk"))
    Finding.objects.bulk_create(
        Finding(
            judgement=judgement,
            requirement_id=rows[key],
            outcome=result.outcome,
            shortfall=result.main.shortfall if result.main else None,
        )
        for key, result in judged.results.items()
        if result.outcome not in ("pass", "not_applicable", "info")
    )
