"""The finding of one requirement as a line beside its question."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.scoring import Standing
from standards.edition import Requirement
from standards.outcomes import OUTCOMES, Result
from standards.wording import sentence

QUIET = ("pass", "not_applicable", "info")


@dataclass(frozen=True)
class Line:
    """The finding of one requirement, live beside its question."""

    requirement: Requirement
    result: Result
    said: str
    gap: str

    @property
    def id(self) -> str:
        return "line-" + self.requirement.key.replace(".", "-")

    @property
    def outcome(self) -> str:
        return self.result.outcome

    @property
    def word(self) -> str:
        return OUTCOMES[self.result.outcome]

    @property
    def is_quiet(self) -> bool:
        """In order, or of no weight: the sentence stays small."""
        return self.outcome in QUIET


def line_of(standing: Standing, requirement: Requirement) -> Line:
    result = standing.judgement.results[requirement.key]
    said = sentence(standing.edition, requirement, result, standing.facts, standing.stated)
    return Line(requirement, result, said.said, said.gap)
