"""The blind survey: the questions of the report's edition, answered anew by the inspector. Nothing of the report is
read here but which edition judged it, until the check is finished and both are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.answering import Conflict, Edit, Given, is_stale
from assessments.models import Answer, SpotCheck, Survey
from assessments.refusals import Overtaken, Refused
from assessments.rejudging import facts_in, judged_anew
from assessments.scoring import Standing, stand
from assessments.spot_checks.comparing import keep_differences
from assessments.spot_checks.inspectors import held, require_inspector
from assessments.workflow import Incomplete
from facilities.models import Officer
from standards.loading import edition_of
from standards.models import Standard
from standards.parsing import shown_characters

LONGEST_PLACE = 100
FINISHED = "没有保存：这一家的检查已经办结，查到的数不能再改。"


def standard_of(check: SpotCheck) -> Standard:
    """The edition that judged the report, of several the first: one query."""
    return check.snapshot.judgements.select_related("standard").defer("content").get(beside=False).standard


def standing_of(check: SpotCheck) -> Standing:
    """How the inspector's own answers stand, as if they were a survey; nothing of it is stored."""
    survey = Survey(facility=check.facility, period=check.draw.period)
    return stand(survey, (standard_of(check),), answers_in(check, survey))


def answers_in(check: SpotCheck, survey: Survey) -> dict[str, Answer]:
    return {key: _answer(survey, key, told) for key, told in check.answers.items()}


def _answer(survey: Survey, key: str, told: dict[str, Any]) -> Answer:
    said = {"value": told["value"], "reason": told["reason"], "revision": told["revision"]}
    return Answer(survey=survey, indicator=key, at=datetime.fromisoformat(told["at"]), by_id=told["by"], **said)


# ── Verbs ─────────────────────────────────────────────────────────────────────


@dataclass
class Saved:
    check: SpotCheck
    conflicts: list[Conflict] = field(default_factory=list)


@transaction.atomic
def save(check: SpotCheck, officer: Officer, edits: Sequence[Edit]) -> Saved:
    """What of a posted page is new; what was saved elsewhere since the page was read is a conflict, and nothing is
    overwritten. Raises Overtaken where the check is finished, PermissionDenied."""
    check = held(check)
    require_inspector(officer, check)
    if check.state == SpotCheck.DONE:
        raise Overtaken(FINISHED)
    at, saved = timezone.now(), Saved(check)
    answers = answers_in(check, Survey(facility=check.facility, period=check.draw.period))
    for edit in edits:
        key, now = edit.question.key, answers.get(edit.question.key)
        if Given.of(now) == edit.given or _is_untouched(check, edit):
            continue
        if is_stale(now, edit.base):
            saved.conflicts.append(Conflict(edit, answers[key]))
            continue
        check.answers[key] = _told(edit.given, check.answers.get(key), officer, at)
        check.state, check.began_at = SpotCheck.DOING, check.began_at or at
    check.save(update_fields=["answers", "state", "began_at"])
    return saved


def _told(given: Given, before: dict[str, Any] | None, officer: Officer, at: datetime) -> dict[str, Any]:
    """With what stood before, to tell an old page that says so from one that was changed."""
    revision = before["revision"] if before else 0
    was = {"value": before["value"], "reason": before["reason"], "revision": revision} if before else None
    said = {"value": given.value, "reason": given.reason, "revision": revision + 1, "was": was}
    return said | {"by": officer.pk, "at": at.isoformat()}


def _is_untouched(check: SpotCheck, edit: Edit) -> bool:
    """A page that was read before another one was saved, and still says what it said then."""
    told = check.answers.get(edit.question.key)
    if told is None or told["revision"] == edit.base:
        return False
    if edit.base == 0:
        return edit.given == Given()
    was = told["was"]
    return was["revision"] == edit.base and (was["value"], was["reason"]) == (edit.given.value, edit.given.reason)


@transaction.atomic
def finish(check: SpotCheck, officer: Officer, place: str = "", captured_at: datetime | None = None) -> SpotCheck:
    """办结: judges what was found, compares it with the report and lets nothing of it be changed any more. Pressed
    twice it is done once. Raises Incomplete, Refused, PermissionDenied."""
    check = held(check)
    require_inspector(officer, check)
    if check.state == SpotCheck.DONE:
        return check
    where = " ".join(shown_characters(place).split())
    if len(where) > LONGEST_PLACE:
        raise Refused("place", f"检查地点最多 {LONGEST_PLACE} 字，现在 {len(where)} 字，请缩短。")
    standing = standing_of(check)
    if standing.needed:
        raise Incomplete([question for page in standing.pages for question in page.open])
    if not check.answers:
        raise Refused("", "还没有填，不能办结。")
    check.judged = _judged(check, standing.standard)
    check.place, check.captured_at, check.state = where, captured_at, SpotCheck.DONE
    check.finished_at = timezone.now()
    check.save(update_fields=["judged", "place", "captured_at", "state", "finished_at"])
    keep_differences(check, standing)
    return check


def _judged(check: SpotCheck, standard: Standard) -> dict[str, Any]:
    edition = edition_of(standard)
    judgement = judged_anew(edition, check.snapshot, facts_in(edition, check.answers))
    named = {"standard": standard.key, "effective": standard.effective.isoformat()}
    return named | {"content_hash": standard.content_hash, "judgement": judgement.as_json()}
