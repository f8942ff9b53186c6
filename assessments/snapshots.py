"""What was submitted, kept whole: facts, judgements and edition hashes as one JSON with its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone

from assessments.deadlines import due_of
from assessments.earlier import last_snapshots
from assessments.evidence.uses import kept_in_snapshots
from assessments.models import Answer, Determination, Finding, Judgement, Period, Snapshot, Survey
from assessments.scoring import Standing
from facilities.access import SHANGHAI, prefixes, units_of
from facilities.models import Division, Facility, Officer, ReportingUnit
from standards import outcomes
from standards.models import Requirement, Standard


def submitted(standings: Sequence[Standing], officer: Officer) -> list[Snapshot]:
    """Stores surveys of one quarter as they stand: of each its snapshot, its judgements and what is not a pass. A
    handful of statements, however many."""
    surveys = [standing.survey for standing in standings]
    snapshots, known = _new(surveys, officer, Snapshot.SUBMITTED), _Known.of(surveys)
    for snapshot, standing in zip(snapshots, standings, strict=True):
        snapshot.content = _content(standing, snapshot, known)
    return _kept(snapshots, standings)


def accepted(submissions: Sequence[Snapshot], standings: Sequence[Standing], officer: Officer) -> list[Snapshot]:
    """Stores what is accepted: what was submitted, to the letter, with what was determined since. In the order of
    ``submissions``, as are ``standings``."""
    snapshots = _new([standing.survey for standing in standings], officer, Snapshot.ACCEPTED)
    for snapshot, submission, standing in zip(snapshots, submissions, standings, strict=True):
        decided = {"accepted": _act(snapshot), "determinations": _determinations(standing)}
        judged = {"judgements": _judgements(standing)}
        snapshot.content = submission.content | {"receipt": snapshot.receipt} | decided | judged
    return _kept(snapshots, standings)


def _new(surveys: Iterable[Survey], officer: Officer, kind: str) -> list[Snapshot]:
    own, at = list(surveys), timezone.now()
    taken = Snapshot.objects.filter(survey__in=own).order_by().values("survey").annotate(Count("pk"))
    number = dict(taken.values_list("survey", "pk__count"))
    return [Snapshot(survey=each, number=number.get(each.pk, 0) + 1, kind=kind, at=at, by=officer) for each in own]


def _kept(snapshots: Sequence[Snapshot], standings: Sequence[Standing]) -> list[Snapshot]:
    for snapshot in snapshots:
        snapshot.content_hash = hash_of(snapshot.content)
    kept = Snapshot.objects.bulk_create(snapshots)
    made = [
        (Judgement(snapshot=snapshot, **columns), judged)
        for snapshot, standing in zip(kept, standings, strict=True)
        for columns, judged in _judged(standing)
    ]
    Judgement.objects.bulk_create(judgement for judgement, _ in made)
    _keep_findings(made)
    return kept


def hash_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class _Known:
    """What the portal knows of surveys of one quarter beside their answers."""

    last: Mapping[int, Snapshot]  # facility → its submission before
    units: Mapping[str, ReportingUnit]  # facility code → its unit
    places: Mapping[str, list[str]]  # facility code → 珠海市, 香洲区, 翠香街道
    evidence: Mapping[int, list[dict[str, Any]]]  # survey → its files
    period: Mapping[str, Any]

    @classmethod
    def of(cls, surveys: Sequence[Survey]) -> _Known:
        facilities, period = [survey.facility for survey in surveys], surveys[0].period
        last, units = last_snapshots(facilities, period), units_of(facilities, period.last_day)
        return cls(last, units, places_of(facilities), kept_in_snapshots(surveys), period_json(period))


def _content(standing: Standing, snapshot: Snapshot, known: _Known) -> dict[str, Any]:
    survey = standing.survey
    last, unit = known.last.get(survey.facility_id), known.units.get(survey.facility.code)
    return {
        "receipt": snapshot.receipt,
        "facility": _facility(survey.facility, known.places[survey.facility.code], unit),
        "period": known.period,
        "submitted": _act(snapshot),
        "determinations": _determinations(standing),
        "demo": survey.is_demo,
        "unchanged": _unchanged(standing),
        "answers": {
            key: {"value": a.value, "reason": a.reason, "note": a.note, "origin": a.origin}
            for key, a in standing.answers.items()
        },
        "evidence": known.evidence.get(survey.pk, []),
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


def _facility(facility: Facility, place: list[str], unit: ReportingUnit | None) -> dict[str, Any]:
    return {
        "code": facility.code,
        "name": facility.name,
        "subject": facility.subject,
        "place": place,
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


def places_of(facilities: Iterable[Facility]) -> dict[str, list[str]]:
    """facility code → 珠海市, 香洲区, 翠香街道: one query, however many facilities."""
    above = {facility.code: prefixes(facility.code) for facility in facilities}
    wanted = {code for codes in above.values() for code in codes}
    names = dict(Division.objects.filter(code__in=wanted).values_list("code", "name"))
    return {code: [names[each] for each in codes if each in names] for code, codes in above.items()}


def period_json(period: Period) -> dict[str, Any]:
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
    made = []
    for columns, judged in _judged(standing):
        standard = columns.pop("standard")
        judgement, _ = Judgement.objects.update_or_create(snapshot=snapshot, standard=standard, defaults=columns)
        made.append((judgement, judged))
    Finding.objects.filter(judgement__in=[judgement for judgement, _ in made]).delete()
    _keep_findings(made)


def _judged(standing: Standing) -> Iterator[tuple[dict[str, Any], outcomes.Judgement]]:
    """The columns of each judgement, with it."""
    of_each = zip(standing.standards, standing.judgements, standing.judged_in_json, strict=True)
    for standard, judged, content in of_each:
        said = {"score": judged.score, "grade": judged.grade or "", "content": content}
        beside = standard is not standing.standard
        yield {"survey": standing.survey, "standard": standard, "beside": beside} | said, judged


def _keep_findings(made: Sequence[tuple[Judgement, outcomes.Judgement]]) -> None:
    rows = _requirements({judgement.standard for judgement, _ in made})
    Finding.objects.bulk_create(
        Finding(
            judgement=judgement,
            requirement_id=rows[judgement.standard_id, key],
            outcome=result.outcome,
            shortfall=result.main.shortfall if result.main else None,
        )
        for judgement, judged in made
        for key, result in judged.results.items()
        if result.outcome not in ("pass", "not_applicable", "info")
    )


def _requirements(standards: Iterable[Standard]) -> dict[tuple[int, str], int]:
    found = Requirement.objects.filter(standard__in=standards).values_list("standard", "key", "pk")
    return {(standard, key): pk for standard, key, pk in found}
