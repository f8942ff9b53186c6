"""经过: what was done to a survey since it was first submitted, as a list for a page. Nothing of it is ever altered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from assessments.models import Determination, Review, Snapshot, Survey
from standards.edition import Edition
from standards.outcomes import Result

#: (what the engine found, decision) → the words of 认定
DECIDED = {
    ("relaxed", Determination.ACCEPTED): "同意酌减",
    ("relaxed", Determination.REFUSED): "不同意酌减",
    ("pending", Determination.ACCEPTED): "认定达标",
    ("pending", Determination.REFUSED): "认定不达标",
    ("deviation", Determination.ACCEPTED): "认可偏离的说明",
    ("deviation", Determination.REFUSED): "不认可偏离的说明",
}


@dataclass(frozen=True)
class Event:
    at: datetime
    by: str
    word: str
    said: str = ""
    rows: str = ""  # 第3、7项


def decided_in_words(outcome: str, decision: str) -> str:
    return DECIDED.get((outcome, decision), Determination.DECISIONS.get(decision, decision))


def trail_of(survey: Survey, edition: Edition) -> list[Event]:
    """Newest first: three queries."""
    events = [*_submissions(survey), *_reviews(survey, edition), *_determinations(survey, edition)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _submissions(survey: Survey) -> Iterator[Event]:
    sent = survey.snapshots.filter(kind=Snapshot.SUBMITTED).select_related("by").defer("content")
    for snapshot in sent:
        again = "再次提交" if snapshot.number > 1 else "提交"
        yield Event(snapshot.at, snapshot.by.display_name, again)


def _reviews(survey: Survey, edition: Edition) -> Iterator[Event]:
    for review in survey.reviews.select_related("by"):
        said = "：".join(part for part in (review.get_reason_display(), review.text) if part)
        due = f"（{review.due.month}月{review.due.day}日前改好）" if review.due else ""
        yield Event(
            review.at, review.by.display_name, review.get_verb_display(), said + due, numbers_of(edition, review)
        )


def numbers_of(edition: Edition, review: Review) -> str:
    """「第3、7项」; empty where no row is named, 各项 where all are."""
    named = [clause.number for clause in edition.clauses if clause.key in review.rows]
    if not named:
        return ""
    return "各项" if len(named) == len(edition.clauses) else f"第{'、'.join(named)}项"


def _determinations(survey: Survey, edition: Edition) -> Iterator[Event]:
    labels: Mapping[str, str] = {each.key: each.label for each in edition.requirements}
    for each in survey.determinations.select_related("requirement", "by"):
        key = each.requirement.key
        word = decided_in_words(Result.from_json(each.found).outcome, each.decision)
        yield Event(each.at, each.by.display_name, word, f"{labels.get(key, '')}：{each.reason}")
