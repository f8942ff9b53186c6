"""Survey → facts → engine → judgement: how a survey stands, page by page, against the edition in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from assessments.forms import Page, Question, Questionnaire, questionnaire
from assessments.models import Answer, Determination, Survey
from assessments.relevance import Relevance
from facilities.facts import implied_facts
from facilities.models import Facility
from standards.edition import Edition, Value
from standards.engine import judge
from standards.grading import graded
from standards.loading import edition_of
from standards.models import Standard
from standards.outcomes import ClauseResult, Judgement
from standards.values import parse_value

NOT_BEGUN, DOING, CHECK, DONE, SPARED = "todo", "doing", "check", "done", "spared"
STATUS = {NOT_BEGUN: "未开始", DOING: "填写中", CHECK: "待核对", DONE: "已完成", SPARED: "不适用"}


def standards_in_force(day: date) -> dict[str, Standard]:
    """subject → the edition that judges it on ``day`` by itself (the newest effective by then and not ended)."""
    in_force: dict[str, Standard] = {}
    for standard in Standard.objects.filter(by_adoption=False, effective__lte=day).order_by("effective"):
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
    asked: int  # questions that matter here
    answered: int  # of those
    unconfirmed: int  # carried or known facts that nobody has looked at here
    spared: str = ""  # why nothing at all is asked here, 未设立 or 不适用

    @property
    def status_word(self) -> str:
        return STATUS[self.status]

    @property
    def is_complete(self) -> bool:
        return self.status in (DONE, CHECK, SPARED)


@dataclass(frozen=True)
class Standing:
    """How a survey stands now."""

    survey: Survey
    standard: Standard
    questionnaire: Questionnaire
    answers: Mapping[str, Answer]
    facts: Mapping[str, Value]
    judgement: Judgement
    found: Judgement  # before any determination
    determinations: Mapping[str, Determination]  # by requirement, those that hold

    @property
    def edition(self) -> Edition:
        return self.questionnaire.edition

    @cached_property
    def relevance(self) -> Relevance:
        return Relevance(self.edition, self.survey.facility.subject, self.facts, self.judgement)

    @property
    def relevant(self) -> frozenset[str]:
        """Indicators whose answer can still matter to this facility; the questions of all others vanish."""
        return self.relevance.relevant

    def why_not(self, key: str) -> str:
        """Why a question is not asked, in Chinese; empty where it is."""
        return self.relevance.why_not(key)

    @cached_property
    def implied(self) -> dict[str, Any]:
        """What the division tree tells of the facility: a query, for a station."""
        return implied_facts([self.survey.facility]).get(self.survey.facility_id, {})

    @cached_property
    def needed(self) -> frozenset[str]:
        """Indicators that can still change an outcome, unanswered and not stated as 无法提供. Where the body is not
        set up nothing more is needed."""
        return frozenset() if self.relevance.not_set_up else self.judgement.unknown - self.stated

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
        asked = [key for key in page.keys if key in self.relevant]
        held = [a for key in asked if (a := self.answers.get(key)) and (a.value is not None or a.reason)]
        open_ = tuple(question for question in page.questions if question.key in self.needed)
        waits = any(self.judgement.results[r.key].unknown & self.needed for r in page.clause.requirements)
        unconfirmed = sum(answer.is_unread for answer in held)
        result = self.judgement.clauses[page.clause.key]
        spared = "" if asked else self.relevance.why_spared(page.clause)
        status = SPARED if spared else _status(bool(held) or not asked, bool(open_) or waits, unconfirmed)
        return PageStanding(page, status, result, open_, waits, len(asked), len(held), unconfirmed, spared)

    @cached_property
    def complete(self) -> int:
        """Pages that are filled, read or not: those that the running score counts."""
        return sum(page.is_complete for page in self.pages)

    @cached_property
    def done(self) -> int:
        """Pages that are filled and that somebody has gone through this quarter, and those that ask nothing."""
        return sum(page.status in (DONE, SPARED) for page in self.pages)

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


def stand(
    survey: Survey,
    standard: Standard,
    answers: Mapping[str, Answer],
    determinations: Iterable[Determination] = (),
) -> Standing:
    edition = edition_of(standard)
    facts = facts_from(edition, {key: answer.value for key, answer in answers.items()})
    found = judge(edition, facts, survey.period.last_day, survey.facility.subject)
    holding = holding_of(determinations, found)
    decided = {key: determination.decision for key, determination in holding.items()}
    judgement = judge(edition, facts, survey.period.last_day, survey.facility.subject, decided) if decided else found
    return Standing(survey, standard, questionnaire(edition), answers, facts, judgement, found, holding)


def holding_of(determinations: Iterable[Determination], found: Judgement) -> dict[str, Determination]:
    """requirement → the newest determination, where what it was decided on is still what the engine finds.
    ``determinations`` in the order of their making, with their requirements."""
    newest = {each.requirement.key: each for each in determinations}
    return {
        key: each for key, each in newest.items() if key in found.results and found.results[key].as_json() == each.found
    }


def standing_of(survey: Survey, standard: Standard | None = None) -> Standing:
    """Reads the answers and judges them: three queries at most. What was submitted stays with the edition that judged
    it; a draft's subject has an edition in force, since it could be begun."""
    standard = standard or standard_of(survey)
    return stand(survey, standard, answers_of(survey), determinations_of(survey))


def answers_of(survey: Survey) -> dict[str, Answer]:
    return {answer.indicator: answer for answer in survey.answers.all()}


def determinations_of(survey: Survey) -> list[Determination]:
    """In the order of their making; none, and no query, for what was never submitted."""
    if survey.state == Survey.DRAFT:
        return []
    return list(survey.determinations.select_related("requirement", "by").order_by("at", "pk"))


def standard_of(survey: Survey) -> Standard:
    """What was submitted once stays with the edition that judged it, also when it is returned."""
    return _judged_by(survey) or standards_in_force(survey.period.last_day)[survey.facility.subject]


def _judged_by(survey: Survey) -> Standard | None:
    if survey.state == Survey.DRAFT:
        return None
    newest = survey.judgements.order_by("-snapshot__number").values("standard")[:1]
    return Standard.objects.filter(pk__in=newest).first()
