"""Survey → facts → engine → judgement: how a survey stands, page by page, against the edition in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from assessments.forms import Page, Question, Questionnaire, questionnaire
from assessments.models import Answer, Survey
from facilities.models import Facility
from standards.edition import Edition, Value
from standards.engine import judge
from standards.grading import graded
from standards.loading import edition_of
from standards.models import Standard
from standards.outcomes import ClauseResult, Judgement
from standards.values import parse_value

NOT_BEGUN, DOING, CHECK, DONE = "todo", "doing", "check", "done"
STATUS = {NOT_BEGUN: "未开始", DOING: "填写中", CHECK: "待核对", DONE: "已完成"}


def standards_in_force(day: date) -> dict[str, Standard]:
    """subject → the edition that judges it on ``day`` (the newest effective by then and not ended)."""
    in_force: dict[str, Standard] = {}
    for standard in Standard.objects.filter(effective__lte=day).order_by("effective"):
        if standard.until is None or standard.until >= day:
            in_force.update(dict.fromkeys(standard.subjects, standard))
    return in_force


def standard_for(facility: Facility, day: date) -> Standard | None:
    return standards_in_force(day).get(facility.subject)


def facts_from(edition: Edition, values: Mapping[str, Any]) -> dict[str, Value]:
    """JSON forms → exact facts; what is absent, or unknown to the edition, is left out."""
    return {
        key: parse_value(edition.indicators[key], value)
        for key, value in values.items()
        if value is not None and key in edition.indicators
    }


@dataclass(frozen=True)
class PageStanding:
    """How one page stands. ``open`` are its questions that keep the survey from being submitted; ``waits`` says that
    its outcome still depends on such a question, here or on another page."""

    page: Page
    status: str
    result: ClauseResult
    open: tuple[Question, ...]
    waits: bool
    answered: int
    unconfirmed: int  # carried or known facts that nobody has looked at here

    @property
    def status_word(self) -> str:
        return STATUS[self.status]

    @property
    def is_complete(self) -> bool:
        return self.status in (DONE, CHECK)


@dataclass(frozen=True)
class Standing:
    """How a survey stands now."""

    survey: Survey
    standard: Standard
    questionnaire: Questionnaire
    answers: Mapping[str, Answer]
    facts: Mapping[str, Value]
    judgement: Judgement

    @property
    def edition(self) -> Edition:
        return self.questionnaire.edition

    @cached_property
    def needed(self) -> frozenset[str]:
        """Indicators that can still change an outcome, unanswered and not stated as 无法提供. Where the body is not
        set up nothing more is needed."""
        foundations = (r for r in self.edition.requirements if r.foundation)
        if any(self.judgement.results[r.key].outcome == "fail" for r in foundations):
            return frozenset()
        return self.judgement.unknown - self.stated

    @cached_property
    def stated(self) -> frozenset[str]:
        """Indicators that were said to be 无法提供."""
        return frozenset(key for key, answer in self.answers.items() if answer.reason)

    @cached_property
    def pages(self) -> tuple[PageStanding, ...]:
        return tuple(self._page(page) for page in self.questionnaire.pages)

    def page(self, page: Page) -> PageStanding:
        return next(standing for standing in self.pages if standing.page is page)

    def _page(self, page: Page) -> PageStanding:
        held = [a for key in page.keys if (a := self.answers.get(key)) and (a.value is not None or a.reason)]
        open_ = tuple(question for question in page.questions if question.key in self.needed)
        waits = any(self.judgement.results[r.key].unknown & self.needed for r in page.clause.requirements)
        unconfirmed = sum(answer.origin != Answer.ENTERED for answer in held)
        result = self.judgement.clauses[page.clause.key]
        status = _status(bool(held) or not page.questions, bool(open_) or waits, unconfirmed)
        return PageStanding(page, status, result, open_, waits, len(held), unconfirmed)

    @cached_property
    def complete(self) -> int:
        """Pages that are filled, read or not: those that the running score counts."""
        return sum(page.is_complete for page in self.pages)

    @cached_property
    def done(self) -> int:
        """Pages that are filled and that somebody has gone through this quarter."""
        return sum(page.status == DONE for page in self.pages)

    @property
    def to_check(self) -> int:
        return self.complete - self.done

    @cached_property
    def running_score(self) -> Decimal | None:
        """The score of the finished pages alone; what is not filled does not count as 0."""
        clauses = tuple(stands.page.clause for stands in self.pages if stands.is_complete)
        results = {r.key: self.judgement.results[r.key] for clause in clauses for r in clause.requirements}
        return graded(replace(self.edition, clauses=clauses), results).score

    @cached_property
    def saved_at(self) -> datetime | None:
        return max((answer.at for answer in self.answers.values()), default=None)


def _status(begun: bool, waits: bool, unconfirmed: int) -> str:
    if not begun:
        return NOT_BEGUN
    if waits:
        return DOING
    return CHECK if unconfirmed else DONE


def stand(survey: Survey, standard: Standard, answers: Mapping[str, Answer]) -> Standing:
    edition = edition_of(standard)
    facts = facts_from(edition, {key: answer.value for key, answer in answers.items()})
    judgement = judge(edition, facts, survey.period.last_day, survey.facility.subject)
    return Standing(survey, standard, questionnaire(edition), answers, facts, judgement)


def standing_of(survey: Survey, standard: Standard | None = None) -> Standing:
    """Reads the answers and judges them: two queries at most. What was submitted stays with the edition that judged
    it; a draft's subject has an edition in force, since it could be begun."""
    standard = standard or _judged_by(survey) or standards_in_force(survey.period.last_day)[survey.facility.subject]
    return stand(survey, standard, {a.indicator: a for a in survey.answers.all()})


def _judged_by(survey: Survey) -> Standard | None:
    if survey.is_draft:
        return None
    judgement = survey.judgements.select_related("standard").order_by("-snapshot__number").first()
    return judgement.standard if judgement else None
