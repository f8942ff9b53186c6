"""What a surveyor is told of a survey that came back: the reason, the rows, the day, who returned it, what was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assessments.forms import Page
from assessments.locking import Opening, openings_of
from assessments.models import Comment, Review, Survey
from assessments.scoring import Standing
from facilities.access import today
from standards.edition import Clause, Edition


@dataclass(frozen=True)
class Mending:
    opening: Opening
    rows: tuple[Clause, ...]
    comments: tuple[Comment, ...]

    @property
    def review(self) -> Review:
        return self.opening.review

    @property
    def word(self) -> str:
        """退回 or 重新打开, with the reason where there is one."""
        reason = self.review.get_reason_display()
        return f"{self.review.get_verb_display()}：{reason}" if reason else self.review.get_verb_display()

    @property
    def due(self) -> date | None:
        return self.review.due

    @property
    def is_late(self) -> bool:
        """Past its own day, which makes no on-time report late."""
        return self.due is not None and self.due < today()

    def said_of(self, clause: str) -> list[Comment]:
        return [comment for comment in self.comments if comment.clause == clause]

    @property
    def rows_said(self) -> list[tuple[Clause, list[Comment]]]:
        return [(clause, self.said_of(clause.key)) for clause in self.rows]


def shut_in_words(mending: Mending | None, page: Page, standing: Standing) -> str:
    """Why nothing of a page can be written although the survey came back; empty where something can."""
    if mending is None:
        return ""
    opens, held, needed = mending.opening.opens, standing.answers, standing.needed
    if any(opens(question, held.get(question.key), needed) for question in page.questions):
        return ""
    return mending.opening.sentence


def mending_of(survey: Survey, edition: Edition) -> Mending | None:
    """None where it is not returned; two queries where it is."""
    return mendings_of([(survey, edition)]).get(survey.pk)


def mendings_of(surveys: Iterable[tuple[Survey, Edition]]) -> dict[int, Mending]:
    """survey → what came back with it; two queries, however many are returned."""
    asked = [(survey, edition) for survey, edition in surveys if survey.state == Survey.RETURNED]
    openings = openings_of([survey for survey, _ in asked])
    comments = _comments(list(openings))
    return {
        survey.pk: Mending(openings[survey.pk], _rows(edition, openings[survey.pk]), comments[survey.pk])
        for survey, edition in asked
        if survey.pk in openings
    }


def _rows(edition: Edition, opening: Opening) -> tuple[Clause, ...]:
    return tuple(clause for clause in edition.clauses if opening.opens_row(clause.key))


def _comments(surveys: Sequence[int]) -> dict[int, tuple[Comment, ...]]:
    if not surveys:
        return {}
    found: dict[int, list[Comment]] = {survey: [] for survey in surveys}
    for comment in Comment.objects.filter(survey__in=surveys).select_related("by"):
        found[comment.survey_id].append(comment)
    return {survey: tuple(comments) for survey, comments in found.items()}
