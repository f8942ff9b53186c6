"""A snapshot → its Report, before it becomes a page, a PDF or JSON.

Made from the snapshot and its immutable edition alone: figures and outcomes stay as they were submitted. Only labels
and explanations that were mended since read as mended.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from assessments.earlier import valid
from assessments.history import decided_in_words
from assessments.models import Answer, Period, Snapshot, Survey
from assessments.periods import parse_key
from assessments.scoring import facts_from
from reports.photos import attached
from reports.report import (
    Approval,
    Cited,
    Count,
    Determined,
    Finding,
    Given,
    Place,
    Previous,
    Quarter,
    Report,
    Row,
    Submission,
    Verdict,
)
from standards.binding import bound
from standards.edition import Clause, Edition, Indicator, Requirement, Value
from standards.loading import edition_of
from standards.marking import law, law_of
from standards.models import Standard
from standards.outcomes import FORCES, OUTCOMES, Judgement, Measured, Result
from standards.wording import (
    band_notes,
    grade_in_words,
    lacking_line,
    outcome_in_words,
    reasons,
    rule_in_words,
    sentence,
    value_in_words,
)

TITLE = "达标评估结果"
#: worst first, then what does not count: the order in which outcomes are counted and filtered
ORDER = ("fail", "missing", "pending", "deviation", "relaxed", "pass", "info", "not_applicable")
UNABLE, UNGIVEN = "无法提供", "未填写"


@dataclass(frozen=True)
class Judged:
    """What a report is made from."""

    edition: Edition
    judgement: Judgement
    answers: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Value]
    previous: Mapping[str, Any] | None
    determinations: Mapping[str, Mapping[str, str]]


def report_of(snapshot: Snapshot, standard: str = "") -> Report:
    """The report of a submission, by the edition that judges the subject by itself or the one of the key
    ``standard``; what the others that judged it say stands beside. Raises KeyError where none of that key did."""
    content = snapshot.content
    parts = {part["standard"]: part for part in content["judgements"]}
    editions = {key: _edition(part) for key, part in parts.items()}
    every = bound(list(editions.values()), content["facility"]["subject"])
    told = {key: _report(snapshot, editions[key], part, every) for key, part in parts.items()}
    first = told.pop(standard or next(iter(parts)))
    return replace(first, beside=tuple(told.values()))


def _edition(part: Mapping[str, Any]) -> Edition:
    return edition_of(Standard.objects.get(key=part["standard"], effective=part["effective"]))


def _report(snapshot: Snapshot, edition: Edition, part: Mapping[str, Any], every: Edition) -> Report:
    """Of one edition; ``every`` binds all that judged it, since a file may show what another asks."""
    content = snapshot.content
    judged = _judged(bound([edition], content["facility"]["subject"]), part["judgement"], content)
    return Report(
        title=TITLE,
        demo=content["demo"],
        facility=_place(content["facility"]),
        period=_quarter(content["period"]),
        submission=_submission(snapshot),
        edition=_cited(judged.edition, part["content_hash"]),
        verdict=_verdict(judged),
        tally=_tally(judged.judgement.results[each.key] for each in judged.edition.requirements),
        rows=tuple(_row(judged, clause) for clause in judged.edition.clauses),
        evidence=attached(every, content.get("evidence", ())),
        approval=_approval(content.get("accepted")),
    )


def snapshot_of(survey: Survey, version: int | None = None) -> Snapshot | None:
    """The last submission or acceptance that was not withdrawn, or the ``version`` asked for; None where there is
    none."""
    found = survey.snapshots.filter(number=version) if version is not None else valid(survey.snapshots.all())
    return found.order_by("-number").first()


def newest_report(survey: Survey, version: int | None = None) -> Report | None:
    snapshot = snapshot_of(survey, version)
    return report_of(snapshot) if snapshot else None


OF_AN_EDITION = ("edition", "verdict", "tally", "rows")
DEMO_NOTICE = "演示数据：数字均为虚构"


def as_json(report: Report) -> dict[str, Any]:
    """Decimals as text, dates in ISO form; the sentence of a finding in one piece."""
    said = _told(replace(report, beside=()))
    if report.beside:
        said["beside"] = [{key: _told(each)[key] for key in OF_AN_EDITION} for each in report.beside]
    return {"notice": DEMO_NOTICE if report.demo else ""} | said


def _told(report: Report) -> dict[str, Any]:
    said: dict[str, Any] = _plain(asdict(report))
    del said["beside"]
    for row, told in zip(report.rows, said["rows"], strict=True):
        for finding, each in zip(row.findings, told["findings"], strict=True):
            each["sentence"] = finding.sentence
    return said


def json_of(report: Report) -> bytes:
    return json.dumps(as_json(report), ensure_ascii=False, indent=2).encode()


def change_in_words(now: Decimal | None, before: Decimal | None) -> str:
    """「升 2.6」「降 7.7」「持平」; empty where one is not known."""
    if now is None or before is None:
        return ""
    return "持平" if now == before else f"{'升' if now > before else '降'} {abs(now - before)}"


# ── From the snapshot ─────────────────────────────────────────────────────────


def _judged(edition: Edition, judgement: Mapping[str, Any], content: Mapping[str, Any]) -> Judged:
    answers = content["answers"]
    facts = facts_from(edition, {key: answer["value"] for key, answer in answers.items()})
    determinations = content.get("determinations", {})
    is_first = edition.key == content["judgements"][0]["standard"]
    previous = content["previous"] if is_first else content["previous_beside"][edition.key]
    return Judged(edition, Judgement.from_json(judgement), answers, facts, previous, determinations)


def _place(facility: Mapping[str, Any]) -> Place:
    return Place(facility["code"], facility["name"], tuple(facility["place"]), facility["unit"])


def _quarter(period: Mapping[str, Any]) -> Quarter:
    last_day, due = date.fromisoformat(period["last_day"]), date.fromisoformat(period["due"])
    return Quarter(period["key"], period["name"], last_day, due, period["provisional"])


def _submission(snapshot: Snapshot) -> Submission:
    content, submitted = snapshot.content, snapshot.content["submitted"]
    at = datetime.fromisoformat(submitted["at"])
    return Submission(content["receipt"], at, submitted["by"], snapshot.content_hash, snapshot.number)


def _approval(accepted: Mapping[str, str] | None) -> Approval | None:
    return Approval(datetime.fromisoformat(accepted["at"]), accepted["by"]) if accepted else None


def determined_in(said: Mapping[str, str] | None, result: Result) -> Determined | None:
    """``said``: what a snapshot keeps of the determination."""
    if said is None:
        return None
    word = decided_in_words(said.get("found", result.outcome), said["decision"])
    return Determined(word, said["reason"], datetime.fromisoformat(said["at"]), said["by"])


def _cited(edition: Edition, content_hash: str) -> Cited:
    return Cited(edition.key, edition.source, edition.title, edition.effective, content_hash, edition.basic_compliance)


# ── The verdict ───────────────────────────────────────────────────────────────


def _verdict(judged: Judged) -> Verdict:
    edition, judgement = judged.edition, judged.judgement
    why, lacking = grade_in_words(edition, judgement), lacking_line(edition, judgement)
    return Verdict(judgement.score, judgement.grade or "不评定", why, lacking, _previous(judged))


def _previous(judged: Judged) -> Previous | None:
    if judged.previous is None:
        return None
    year, quarter = parse_key(judged.previous["period"])
    score = _number(judged.previous["score"])
    change = change_in_words(judged.judgement.score, score)
    return Previous(str(Period(year=year, quarter=quarter)), score, judged.previous["grade"] or "", change)


def _tally(results: Iterable[Result]) -> tuple[Count, ...]:
    found = [result.outcome for result in results]
    return tuple(Count(each, OUTCOMES[each], found.count(each)) for each in ORDER if each in found)


# ── Rows and findings ─────────────────────────────────────────────────────────


def _row(judged: Judged, clause: Clause) -> Row:
    found = judged.judgement.clauses[clause.key]
    before = _number(judged.previous["clauses"].get(clause.key)) if judged.previous else None
    return Row(
        key=clause.key,
        number=clause.number,
        title=clause.title,
        text=clause.text,
        remark=clause.remark,
        law=law(judged.edition.whole(clause), judged.judgement),
        bands=tuple(band_notes(judged.edition, clause, judged.judgement, judged.facts)),
        score=found.score,
        outcome=found.outcome,
        word=OUTCOMES[found.outcome],
        tally=_tally(judged.judgement.results[each.key] for each in clause.requirements),
        previous=before,
        change=change_in_words(found.score, before),
        findings=tuple(_finding(judged, clause, each) for each in clause.requirements),
    )


def _finding(judged: Judged, clause: Clause, requirement: Requirement) -> Finding:
    edition, judgement = judged.edition, judged.judgement
    result = judgement.results[requirement.key]
    said = sentence(edition, requirement, result, judged.facts)
    main = result.main or Measured()
    return Finding(
        requirement=requirement.key,
        label=requirement.label,
        force=FORCES[requirement.force],
        outcome=result.outcome,
        word=outcome_in_words(result),
        said=said.said,
        gap=said.gap,
        actual=main.actual,
        norm=main.norm,
        shortfall=main.shortfall,
        over=main.over,
        held=main.held,
        listed=main.listed,
        unit=_unit(edition, main),
        progress=result.progress,
        overdue=result.overdue,
        rule=rule_in_words(edition, requirement),
        reasons=tuple(reasons(edition, requirement, replace(result, notices=()), judged.facts, judgement)),
        notices=result.notices,
        interpretations=tuple(edition.interpretations[key] for key in requirement.interpretations),
        law=law_of(clause, requirement, judgement, whole=False),
        answers=tuple(_given(edition.indicators[key], judged) for key in requirement.indicators),
        determined=determined_in(judged.determinations.get(requirement.key), result),
    )


def _unit(edition: Edition, main: Measured) -> str:
    if main.listed is not None:
        return "项"
    indicator = edition.indicators.get(main.indicator or "")
    return indicator.unit if indicator else ""


def _given(indicator: Indicator, judged: Judged) -> Given:
    answer = judged.answers.get(indicator.key, {})
    reason, note = answer.get("reason", ""), answer.get("note", "")
    fact = judged.facts.get(indicator.key)
    value = value_in_words(indicator, fact) if fact is not None else UNABLE if reason else UNGIVEN
    origin = Answer.ORIGINS.get(answer.get("origin", ""), "") if fact is not None else ""
    return Given(
        indicator.key, indicator.label, indicator.type, indicator.unit, value, answer.get("value"), reason, note, origin
    )


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
    return value
