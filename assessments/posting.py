"""A posted page or line of questions → the edits that it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import NAMESPACE_OID, UUID, uuid5

from django.http import QueryDict

from assessments.answering import REUSED, REVISION, Edit, Given, given_from, revision_in, untouched
from assessments.forms import Question
from assessments.scoring import Standing


def posted_edits(
    data: QueryDict, standing: Standing, questions: Iterable[Question]
) -> tuple[list[Edit], dict[str, str]]:
    """Edits of every question that was posted and changed; sentences for those that cannot be read."""
    edits, errors = read_edits(data, standing, questions)
    stale = {edit.question.key: edit for edit in edits if edit.base != _held(standing, edit.question.key)}
    seen = {key: edit.base for key, edit in stale.items()}
    given = {key: edit.given for key, edit in stale.items()}
    idle = untouched(standing.survey, seen, given) if stale else set()
    changed = [edit for edit in edits if edit.question.key not in idle]
    held = standing.answers
    return [edit for edit in changed if edit.given != Given.of(held.get(edit.question.key))], errors


def read_edits(data: QueryDict, standing: Standing, questions: Iterable[Question]) -> tuple[list[Edit], dict[str, str]]:
    """What was posted to each question, changed or not; sentences for those that cannot be read."""
    edits, errors = [], {}
    taken, verdict, revision = _taken(data)
    for question in questions:
        key = question.key
        if key == taken and verdict == "theirs":
            continue
        if key + REVISION not in data:
            if key in data:
                errors[key] = f"{question.indicator.label}：{REUSED}"
            continue
        try:
            given = given_from(question, data, standing.answers.get(key))
        except ValueError as wrong:
            errors[key] = str(wrong)
            continue
        base = revision if key == taken else revision_in(data.get(key + REVISION, ""))
        edits.append(Edit(question, given, base, _operation(data, key, given)))
    return edits, errors


def _taken(data: QueryDict) -> tuple[str, str, int]:
    """The choice in a conflict: ``mine:KEY:REVISION`` or ``theirs:KEY:REVISION``."""
    verdict, key, revision, *_ = [*data.get("take", "").split(":"), "", "", ""]
    return key, verdict, revision_in(revision)


def _held(standing: Standing, key: str) -> int:
    answer = standing.answers.get(key)
    return answer.revision if answer else 0


def _operation(data: QueryDict, key: str, given: Given) -> UUID:
    """One act of a page: the same page sent twice with the same content is the same act."""
    return uuid5(
        NAMESPACE_OID, f"{data.get('operation', '')}:{key}:{revision_in(data.get(key + REVISION, ''))}:{given}"
    )
