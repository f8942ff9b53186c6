"""Before and after: what was found, and how its edition judges the same facts with the new ones over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessments.forms import Question, questionnaire
from assessments.models import Rectification
from assessments.rejudging import facts_in, judged_anew, stated_in
from assessments.scoring import facts_from
from standards.edition import Edition, Requirement, Value
from standards.loading import edition_of
from standards.outcomes import OUTCOMES, Result
from standards.rules.circles import checks_of, clauses_of
from standards.wording import sentence, value_in_words


@dataclass(frozen=True)
class Mended:
    item: Rectification
    edition: Edition

    @property
    def answers(self) -> Mapping[str, Mapping[str, Any]]:
        """In which it was found: what was reported, or what a spot check found."""
        check = self.item.spot_check
        answers: Mapping[str, Mapping[str, Any]] = check.answers if check else self.item.snapshot.content["answers"]
        return answers

    @property
    def values(self) -> dict[str, Any]:
        """The newest of each indicator, in JSON form."""
        facts: dict[str, Any] = self.item.facts
        return {key: each["value"] for key, each in self.answers.items()} | facts

    @property
    def requirement(self) -> Requirement:
        return self.edition.by_key[self.item.requirement.key]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What can be entered anew: the requirement's indicators, and those of clauses whose outcome it reads."""
        read = {key for check in checks_of(self.requirement) for key in clauses_of(check)}
        others = [each for key in read for each in self.edition.clause_by_key[key].requirements]
        keys = {key for each in (self.requirement, *others) for key in each.indicators}
        asked = questionnaire(self.edition).questions
        return tuple(question for key, question in asked.items() if key in keys)

    @cached_property
    def before(self) -> dict[str, Value]:
        return facts_in(self.edition, self.answers)

    @cached_property
    def after(self) -> dict[str, Value]:
        return self.before | facts_from(self.edition, self.item.facts)

    @cached_property
    def result(self) -> Result:
        return judged_anew(self.edition, self.item.snapshot, self.after).results[self.requirement.key]

    @property
    def passes(self) -> bool:
        """达标; or 酌减 or 偏离 that a reviewer accepted in the survey."""
        result = self.result
        return result.outcome == "pass" or (result.outcome == "relaxed" and not result.provisional) or result.accepted

    @property
    def word(self) -> str:
        return OUTCOMES[self.result.outcome]

    @cached_property
    def said(self) -> Any:
        """The sentence of the requirement with the new facts."""
        stated = stated_in(self.answers) - set(self.item.facts)
        return sentence(self.edition, self.requirement, self.result, self.after, stated)

    @property
    def found_outcome(self) -> str:
        return str(self.item.found["result"]["outcome"])

    @property
    def found_word(self) -> str:
        return OUTCOMES[self.found_outcome]

    @property
    def pairs(self) -> list[tuple[str, str, str]]:
        """Label, before and after of each indicator, in words."""
        return [(q.indicator.label, self._words(q, self.before), self._words(q, self.after)) for q in self.questions]

    @staticmethod
    def _words(question: Question, facts: Mapping[str, Value]) -> str:
        return value_in_words(question.indicator, facts[question.key]) if question.key in facts else "没有数据"


def mended_of(item: Rectification) -> Mended:
    return Mended(item, edition_of(item.requirement.standard))
