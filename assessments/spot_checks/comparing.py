"""What was reported against what was found, indicator by indicator.

Compared is what mattered to both: where a station turns out not to exist, that one answer differs, and not everything
that follows from it. What the inspector could not verify is not compared; what was reported as 无法提供 and found after
all differs. Free texts are not compared, names and whatever else a rule ``matches`` are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assessments.forms import Question
from assessments.models import Change, Snapshot, SpotCheck, SpotDifference
from assessments.rejudging import facts_in, judged_anew
from assessments.relevance import Relevance
from assessments.scoring import Standing
from assessments.spot_checks.policy import policy
from standards.edition import All, Any_, Cases, Check, Compare, Edition, IndicatorMeasure, Not
from standards.rules.circles import checks_of
from standards.values import normalised, parse_value

NOTHING = {"value": None, "reason": ""}


@dataclass(frozen=True, slots=True)
class Compared:
    question: Question
    reported: dict[str, Any]
    found: dict[str, Any]
    differs: bool


def keep_differences(check: SpotCheck, standing: Standing) -> None:
    """Three queries."""
    found = list(compared(check, standing))
    by = reporters_of(check)
    SpotDifference.objects.bulk_create(
        SpotDifference(
            spot_check=check,
            indicator=each.question.key,
            clause=each.question.clause,
            reported=each.reported,
            found=each.found,
            differs=each.differs,
            surveyor_id=by[each.question.key],
        )
        for each in found
    )


def compared(check: SpotCheck, standing: Standing) -> Iterator[Compared]:
    """In the order of the questionnaire. ``standing``: of what was found."""
    edition, snapshot = standing.edition, check.snapshot
    reported, texts = snapshot.content["answers"], names_in(edition)
    facts = facts_in(edition, reported)
    mattered = Relevance(edition, check.facility.subject, facts, judged_anew(edition, snapshot, facts)).relevant
    for key, question in standing.questionnaire.questions.items():
        told, found = _said(reported.get(key)), _said(check.answers.get(key))
        if key not in mattered & standing.relevant or found["value"] is None:
            continue
        if told == NOTHING or (question.indicator.type == "text" and key not in texts):
            continue
        yield Compared(question, told, found, _differ(question, told["value"], found["value"]))


def _said(answer: dict[str, Any] | None) -> dict[str, Any]:
    return {"value": answer["value"], "reason": answer["reason"]} if answer else NOTHING


def _differ(question: Question, reported: Any, found: Any) -> bool:
    """Both in JSON form. Raises nothing: both were accepted by the same questionnaire."""
    if reported is None:
        return True
    indicator, area = question.indicator, policy().area
    told, seen = parse_value(indicator, reported), parse_value(indicator, found)
    if question.is_number and indicator.unit == area.unit:
        return area.is_exceeded(told, seen)  # type: ignore[arg-type]
    if indicator.type == "text":
        return normalised(str(told)) != normalised(str(seen))
    if isinstance(told, frozenset) and isinstance(seen, frozenset):
        offered = {choice.value for choice in question.choices}
        return told & offered != seen & offered
    return told != seen


def names_in(edition: Edition) -> frozenset[str]:
    """Indicators that some rule ``matches``."""
    checks = (check for requirement in edition.requirements for check in checks_of(requirement))
    return frozenset(key for check in checks for key in _matched(check))


def _matched(check: Check) -> Iterator[str]:
    match check:
        case Compare(operator="matches", measure=IndicatorMeasure(indicator=key)):
            yield key
        case All(children=children) | Any_(children=children):
            for child in children:
                yield from _matched(child)
        case Not(child=child):
            yield from _matched(child)
        case Cases(rows=rows):
            for row in rows:
                yield from (*(_matched(row.when) if row.when else ()), *_matched(row.check))


def reporters_of(check: SpotCheck) -> dict[str, int]:
    """indicator → who gave the reported answer (or read and confirmed it) last before it was submitted: two queries."""
    survey = check.snapshot.survey_id
    sent = Snapshot.objects.filter(survey=survey, kind=Snapshot.SUBMITTED, number__lte=check.snapshot.number)
    submission = sent.only("at", "by").latest("number")
    changes = Change.objects.filter(survey=survey, at__lte=submission.at).order_by("revision")
    given = dict(changes.values_list("indicator", "by"))
    return {key: given.get(key, submission.by_id) for key in check.snapshot.content["answers"]}
