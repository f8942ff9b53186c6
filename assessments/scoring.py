"""Survey → facts → engine → judgement: how a survey stands, page by page, against the editions in force.

The first of these judges the subject by itself: its score and grade are the survey's. Those adopted beside it ask what
is not asked yet and judge the same facts; they change no score but their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from assessments.adopting import Standards
from assessments.derived import Derived, derived_of
from assessments.forms import Page, Questionnaire, questionnaire
from assessments.models import Answer, Determination, Survey
from assessments.page_standing import DONE, SPARED, PageStanding, status_of
from assessments.relevance import Relevance
from facilities.facts import implied_facts
from standards.binding import bound
from standards.edition import Edition, Value
from standards.engine import NONE_GIVEN, judge, judged_on_demand
from standards.grading import graded
from standards.loading import edition_of
from standards.models import Standard
from standards.outcomes import Judgement
from standards.values import parse_value


def facts_from(edition: Edition, values: Mapping[str, Any]) -> dict[str, Value]:
    """JSON forms → exact facts; what is absent, or unknown to the edition, is left out."""
    return {
        key: parse_value(edition.indicators[key], value)
        for key, value in values.items()
        if value is not None and key in edition.indicators
    }


@dataclass(frozen=True)
class Standing:
    """How a survey stands now."""

    survey: Survey
    standards: Standards
    questionnaire: Questionnaire
    answers: Mapping[str, Answer]
    facts: Mapping[str, Value]
    judgements: tuple[Judgement, ...]  # one an edition, in the order of ``standards``
    found: Judgement  # by all of them, before any determination
    determinations: Mapping[str, Determination]  # by requirement, those that hold

    @property
    def standard(self) -> Standard:
        """The one whose score and grade are the survey's."""
        return self.standards[0]

    @property
    def edition(self) -> Edition:
        """All editions bound into one, as far as they speak of the facility."""
        return self.questionnaire.edition

    @cached_property
    def judgement(self) -> Judgement:
        """The first edition's score and grade, with the results of all."""
        return told_together(self.judgements)

    @cached_property
    def judged_in_json(self) -> list[dict[str, Any]]:
        """Of each edition, as it is stored."""
        return [judgement.as_json() for judgement in self.judgements]

    @property
    def beside(self) -> list[tuple[Standard, Judgement]]:
        """What is judged as well, and counted in no sum."""
        return list(zip(self.standards, self.judgements, strict=True))[1:]

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
    def derived(self) -> Mapping[str, Derived]:
        """What the portal knows of what is asked: the roster's counts, the quarter before. Some queries. Of what is
        accepted nothing: it stays as it was, whatever the roster says since."""
        survey = self.survey
        if survey.state == Survey.ACCEPTED:
            return {}
        found = derived_of([survey.facility], survey.period, self.questionnaire.questions)
        return found.get(survey.facility_id, {})

    @cached_property
    def needed(self) -> frozenset[str]:
        """Indicators that can still change an outcome, unanswered and not stated as 无法提供. Where the body is not
        set up nothing more is needed."""
        return frozenset() if self.relevance.not_set_up else self.judgement.unknown - self.stated

    def needed_among(self, keys: Iterable[str]) -> frozenset[str]:
        """Of these indicators those that are needed: for one row of a whole town, where little else is judged."""
        absent = frozenset(keys).difference(self.facts, self.stated)
        if not absent or self.relevance.not_set_up:
            return frozenset()
        results, readers = self.judgement.results, self.questionnaire.readers
        reading = {reader for key in absent for reader in readers.get(key, ())}
        return absent & frozenset().union(*(results[requirement].unknown for requirement in reading))

    @cached_property
    def stated(self) -> frozenset[str]:
        """Indicators that were said to be 无法提供."""
        return frozenset(key for key, answer in self.answers.items() if answer.reason)

    @cached_property
    def pages(self) -> tuple[PageStanding, ...]:
        return tuple(self._page(page) for page in self.questionnaire.pages)

    @cached_property
    def judged_only(self) -> tuple[PageStanding, ...]:
        """Rows of an edition beside the first that ask nothing of their own."""
        return tuple(self._page(page) for page in self.questionnaire.judged_only)

    def page(self, page: Page) -> PageStanding:
        return next(standing for standing in (*self.pages, *self.judged_only) if standing.page is page)

    def _page(self, page: Page) -> PageStanding:
        asked = [key for key in page.keys if key in self.relevant]
        held = [a for key in asked if (a := self.answers.get(key)) and (a.value is not None or a.reason)]
        open_ = tuple(question for question in page.questions if question.key in self.needed)
        waits = any(self.judgement.results[r.key].unknown & self.needed for r in page.clause.requirements)
        unconfirmed = sum(answer.is_unread for answer in held)
        result = self.judgement.clauses[page.clause.key]
        spared = "" if asked else self.relevance.why_spared(page.clause)
        status = SPARED if spared else status_of(bool(held) or not asked, bool(open_) or waits, unconfirmed)
        beside = self.edition.part_of(page.clause.key).source if self.questionnaire.is_beside(page) else ""
        return PageStanding(page, status, result, open_, waits, len(asked), len(held), unconfirmed, beside, spared)

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
        own, first = edition_of(self.standard), self.judgements[0]
        complete = {stands.page.clause.key for stands in self.pages if stands.is_complete}
        clauses = tuple(clause for clause in own.clauses if clause.key in complete)
        results = {r.key: first.results[r.key] for clause in clauses for r in clause.requirements}
        return graded(replace(own, clauses=clauses), results).score

    @property
    def beside_in_words(self) -> list[str]:
        """Of each edition adopted beside the first how it stands, in a sentence."""
        return [_beside_in_words(standard, judged) for standard, judged in self.beside]

    @cached_property
    def saved_at(self) -> datetime | None:
        return max((answer.at for answer in self.answers.values()), default=None)


def _beside_in_words(standard: Standard, judged: Judgement) -> str:
    outcomes = [result.outcome for result in judged.results.values()]
    waiting = sum(outcome in ("missing", "pending") for outcome in outcomes)
    short = sum(outcome in ("fail", "deviation") for outcome in outcomes)
    said = f"{short} 条不符" if short else "没有不符的"
    return f"另按{standard.source}：{said}{f'，{waiting} 条还不能定' if waiting else ''}。不计入上面的得分。"


def stand(
    survey: Survey,
    standards: Standards,
    answers: Mapping[str, Answer],
    determinations: Iterable[Determination] = (),
) -> Standing:
    editions = [edition_of(standard) for standard in standards]
    asked = asked_by(standards, survey.facility.subject)
    facts = facts_from(asked.edition, {key: answer.value for key, answer in answers.items()})
    found = judged_by(editions, facts, survey)
    holding = holding_of(determinations, told_together(found))
    decided = {key: determination.decision for key, determination in holding.items()}
    judgements = tuple(
        judged_by([edition], facts, survey, decided)[0] if decided.keys() & each.results.keys() else each
        for edition, each in zip(editions, found, strict=True)
    )
    return Standing(survey, standards, asked, answers, facts, judgements, told_together(found), holding)


def glance(survey: Survey, standards: Standards, answers: Mapping[str, Answer]) -> Standing:
    """How a survey stands among many, before any determination: the same results, but only what is looked at is
    judged, and nothing is scored or graded."""
    asked = asked_by(standards, survey.facility.subject)
    facts = facts_from(asked.edition, {key: answer.value for key, answer in answers.items()})
    found = judged_on_demand(asked.edition, facts, survey.period.last_day, survey.facility.subject)
    return Standing(survey, standards, asked, answers, facts, (found,), found, {})


def asked_by(standards: Standards, subject: str) -> Questionnaire:
    return questionnaire(bound([edition_of(standard) for standard in standards], subject))


def judged_by(
    editions: Iterable[Edition], facts: Mapping[str, Value], survey: Survey, decided: Mapping[str, str] = NONE_GIVEN
) -> tuple[Judgement, ...]:
    day, subject = survey.period.last_day, survey.facility.subject
    return tuple(judge(edition, facts, day, subject, decided) for edition in editions)


def told_together(judgements: Sequence[Judgement]) -> Judgement:
    first, *others = judgements
    if not others:
        return first
    results, clauses = dict(first.results), dict(first.clauses)
    for other in others:
        results |= other.results
        clauses |= other.clauses
    return replace(first, results=results, clauses=clauses)


def holding_of(determinations: Iterable[Determination], found: Judgement) -> dict[str, Determination]:
    """requirement → the newest determination, where what it was decided on is still what the engine finds.
    ``determinations`` in the order of their making, with their requirements."""
    newest = {each.requirement.key: each for each in determinations}
    return {
        key: each for key, each in newest.items() if key in found.results and found.results[key].as_json() == each.found
    }
