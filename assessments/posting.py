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
    given, errors, seen = {}, {}, {}
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
            given[key] = given_from(question, data, standing.answers.get(key))
            seen[key] = revision if key == taken else revision_in(data.get(key + REVISION, ""))
        except ValueError as wrong:
            errors[key] = str(wrong)
    stale = {key: base for key, base in seen.items() if base != _held(standing, key)}
    idle = untouched(standing.survey, stale, given) if stale else set()
    asked = standing.questionnaire.questions
    edits = [
        Edit(asked[key], given[key], seen[key], _operation(data, key, given[key]))
        for key in given
        if key not in idle and given[key] != Given.of(standing.answers.get(key))
    ]
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
