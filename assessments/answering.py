"""Answers: read from a form, saved with their revision, every change kept.

An edit names the revision that it was based on and the act (``operation``) that it belongs to. Sent twice it is done
once; based on an older revision it is a conflict and nothing is overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone

from assessments.forms import Page, Question
from assessments.locking import Locked, opening_of, require_writable
from assessments.models import Answer, Change, Survey
from assessments.standings import standing_of
from facilities.access import today
from facilities.models import Officer
from standards.parsing import shown_characters
from standards.values import parse_value, value_json

LONGEST_REMARK = 300
REUSED = "这次保存的编号已经用过，请刷新本页后再填一次。"
REASON, NOTE, NONE, REVISION = "__reason", "__note", "__none", "__revision"


@dataclass(frozen=True)
class Given:
    """What an officer says to one question: a value in its JSON form, or None with the reason why it cannot be
    given (无法提供); None without a reason takes an answer back. ``note`` answers a warning."""

    value: Any = None
    reason: str = ""
    note: str = ""

    @classmethod
    def of(cls, answer: Answer | Change | None) -> Given:
        return cls(answer.value, answer.reason, answer.note) if answer else cls()


@dataclass(frozen=True)
class Edit:
    question: Question
    given: Given
    base: int  # the revision that the officer saw; 0 where there was no answer
    operation: UUID


@dataclass(frozen=True)
class Conflict:
    """Somebody else changed the answer in between."""

    edit: Edit
    theirs: Answer


@dataclass
class Saved:
    answers: dict[str, Answer]
    conflicts: list[Conflict] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


class OperationReused(Exception):
    """The id of an act came again with another content: a fault of the client, refused."""


def revision_in(text: str) -> int:
    """The revision that a form sends back; 0 for what is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def given_from(question: Question, data: QueryDict, stored: Answer | None) -> Given:
    """Reads one question of a posted form. Raises ValueError with the sentence for the officer."""
    reason = remark(data.get(question.key + REASON, ""), "无法提供的原因")
    note = remark(data.get(question.key + NOTE, ""), "说明")
    value = _value(question, data)
    if value is not None and reason and not (stored and stored.reason == reason):
        value = None  # the reason was written last: it stands
    return Given(value, "" if value is not None else reason, note)


def _value(question: Question, data: QueryDict) -> Any:
    indicator = question.indicator
    if indicator.type == "choices":
        ticked = data.getlist(question.key)
        if ticked and question.key + NONE in data:
            raise ValueError(f"{indicator.label}：“以上都没有”不能和其他选项一起选，请留一样")
        raw: Any = ticked or ([] if question.key + NONE in data else None)
    else:
        raw = data.get(question.key, "").strip() or None
    return None if raw is None else accepted(question, raw)


def accepted(question: Question, raw: Any) -> Any:
    """The JSON form of what was said, however it came (form, grid, workbook). Raises ValueError with the sentence."""
    value = parse_value(question.indicator, raw)
    if isinstance(value, date) and value > today():
        raise ValueError(f"{question.indicator.label}不能晚于今天，例如 {today().isoformat()}")
    _offered(question, value)
    return value_json(question.indicator, value)


def _offered(question: Question, value: object) -> None:
    """A checklist of the dictionary may hold items that this survey does not ask for."""
    offered = {choice.value for choice in question.choices}
    if isinstance(value, frozenset) and not value <= offered:
        raise ValueError(f"{question.indicator.label}：请在列出的选项里选")


def all_ticked(page: Page, data: QueryDict) -> QueryDict:
    """全选 without scripts: what was posted, with a column (``column:KEY``) or a row (``row:ITEM``) ticked as well."""
    what, _, which = data.get("all", "").partition(":")
    ticked = data.copy()
    for question in page.ticks:
        items = [choice.value for choice in question.choices]
        added = items if (what, which) == ("column", question.key) else [which] if what == "row" else []
        if added and set(added) <= set(items):
            kept = {*data.getlist(question.key), *added}
            ticked.setlist(question.key, [item for item in items if item in kept])
            ticked.pop(question.key + NONE, None)
    return ticked


def remark(text: str, what: str) -> str:
    text = " ".join(shown_characters(text).split())
    if len(text) > LONGEST_REMARK:
        raise ValueError(f"{what}最多 {LONGEST_REMARK} 字，现在 {len(text)} 字，请缩短")
    return text


def save(survey: Survey, officer: Officer, edits: Sequence[Edit]) -> Saved:
    """Saves edits of one survey in one transaction. Raises Locked, OperationReused."""
    with transaction.atomic():
        locked = Survey.objects.select_for_update(of=("self",)).select_related("period").get(pk=survey.pk)
        require_writable(locked)
        return save_locked(locked, officer, edits)


def save_locked(survey: Survey, officer: Officer, edits: Sequence[Edit]) -> Saved:
    """As ``save``, with the survey's row locked by the caller. Of what was returned only the rows that were named can
    be written. Raises Locked."""
    saved = Saved({answer.indicator: answer for answer in survey.answers.all()})
    _require_opened(survey, edits, saved)
    done = _done(survey, [edit for edit in edits if is_stale(saved.answers.get(edit.question.key), edit.base)])
    saved.conflicts += _overtaken(edits, done, saved)
    applied = [edit for edit in edits if edit.question.key not in done and _apply(survey, officer, edit, saved)]
    store([saved.answers[edit.question.key] for edit in applied])
    _keep([change_of(saved.answers[edit.question.key], edit.operation) for edit in applied])
    return saved


def _require_opened(survey: Survey, edits: Sequence[Edit], saved: Saved) -> None:
    opening = opening_of(survey)
    held = saved.answers
    shut = [e for e in edits if opening and not opening.opens(e.question, held.get(e.question.key))]
    shut = [e for e in shut if Given.of(held.get(e.question.key)) != e.given]
    if opening and shut and {e.question.key for e in shut} - standing_of(survey).needed:
        raise Locked(opening.sentence)


def _overtaken(edits: Sequence[Edit], done: set[str], saved: Saved) -> list[Conflict]:
    """A repeated act whose answer somebody changed after it: the officer must learn that their value is gone."""
    acts = [(edit, saved.answers[edit.question.key]) for edit in edits if edit.question.key in done]
    return [Conflict(edit, held) for edit, held in acts if Given.of(held) != edit.given]


def _keep(changes: Sequence[Change]) -> None:
    """The database holds that an act is kept once: its id with another content on a newer revision is refused."""
    try:
        Change.objects.bulk_create(changes)
    except IntegrityError as twice:
        raise OperationReused from twice


def _done(survey: Survey, edits: Sequence[Edit]) -> set[str]:
    """Indicators whose act was already done: the same request came again, and so with an older revision."""
    if not edits:
        return set()
    asked = {(edit.operation, edit.question.key): edit for edit in edits}
    found = Change.objects.filter(survey=survey, operation__in={edit.operation for edit in asked.values()})
    done = [
        (change, asked[change.operation, change.indicator])
        for change in found
        if (change.operation, change.indicator) in asked
    ]
    if any(Given.of(change) != edit.given for change, edit in done):
        raise OperationReused
    return {change.indicator for change, _ in done}


def _apply(survey: Survey, officer: Officer, edit: Edit, saved: Saved) -> bool:
    """Whether the edit changes something; it then stands in ``saved.answers``."""
    answer = saved.answers.get(edit.question.key)
    if Given.of(answer) == edit.given and not (answer and answer.is_unread and edit.base):
        return False  # says what is there already
    if answer is not None and is_stale(answer, edit.base):
        saved.conflicts.append(Conflict(edit, answer))
        return False
    saved.answers[edit.question.key] = _written(survey, officer, edit, answer)
    saved.changed.append(edit.question.key)
    return True


def is_stale(answer: Answer | None, base: int) -> bool:
    """Has somebody changed the answer since the officer saw it? Where there is none, nothing can be overwritten."""
    return answer is not None and answer.revision != base


def _written(survey: Survey, officer: Officer, edit: Edit, answer: Answer | None) -> Answer:
    given = edit.given
    answer = answer or Answer(survey=survey, indicator=edit.question.key, revision=0)
    answer.value, answer.reason, answer.note = given.value, given.reason, given.note
    answer.origin, answer.by, answer.at = Answer.ENTERED, officer, timezone.now()
    answer.revision += 1
    return answer


WRITTEN = ["value", "reason", "note", "origin", "by", "at", "revision"]


def store(answers: Sequence[Answer]) -> None:
    """New answers and changed ones, of surveys whose rows are locked: one statement for one or for many."""
    rows = [copy(answer) for answer in answers]
    for row in rows:
        row.pk = None
    Answer.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["survey", "indicator"], update_fields=WRITTEN, batch_size=500
    )
    for answer, row in zip(answers, rows, strict=True):
        answer.pk = row.pk


def change_of(answer: Answer, operation: UUID) -> Change:
    return Change(
        survey_id=answer.survey_id,
        indicator=answer.indicator,
        operation=operation,
        revision=answer.revision,
        value=answer.value,
        reason=answer.reason,
        note=answer.note,
        origin=answer.origin,
        at=answer.at,
        by_id=answer.by_id,
    )


def untouched(survey: Survey, seen: Mapping[str, int], given: Mapping[str, Given]) -> set[str]:
    """Indicators of a whole posted page that say what stood there when the officer saw it: another one's newer
    answer to them is no conflict."""
    rows = Change.objects.filter(survey=survey, indicator__in=seen)
    then = {row.indicator: row for row in rows if row.revision == seen[row.indicator]}
    return {key for key in seen if Given.of(then.get(key)) == given[key]}
