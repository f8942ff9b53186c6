"""What a page shows of a survey's files: of one row, or of all; and what is still wished for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assessments.evidence.duplicates import duplicates_of
from assessments.evidence.uses import Use, uses_in
from assessments.models import Evidence, Survey
from assessments.scoring import Standing
from facilities.models import Officer
from standards.edition import Clause, Requirement

WHOLE = "整项"
#: where a photo would show what is not there, or what nobody asks for
UNWISHED = ("fail", "deviation", "not_applicable")


@dataclass(frozen=True)
class Shot:
    """One file of a survey."""

    file: Evidence
    uses: frozenset[Use]
    duplicate: str = ""  # the same file elsewhere, as a sentence

    def is_of(self, clause: Clause) -> bool:
        return any(use.clause == clause.key for use in self.uses)


@dataclass(frozen=True)
class Placed:
    """A file on the page of a row, and what it shows there."""

    shot: Shot
    shows: tuple[str, ...]

    @property
    def file(self) -> Evidence:
        return self.shot.file


@dataclass(frozen=True)
class Wish:
    """A requirement, what a photo or file should show for it, and how many there are."""

    requirement: Requirement
    count: int

    @property
    def words(self) -> str:
        return "、".join(self.requirement.evidence)


@dataclass(frozen=True)
class Shelf:
    """The files of one row of a survey."""

    standing: Standing
    clause: Clause
    shots: tuple[Shot, ...]

    @cached_property
    def placed(self) -> list[Placed]:
        return [Placed(shot, self._shows(shot)) for shot in self.shots]

    def _shows(self, shot: Shot) -> tuple[str, ...]:
        here = [each.label for each in self.clause.requirements if Use(self.clause.key, each.key) in shot.uses]
        return tuple([WHOLE, *here] if Use(self.clause.key) in shot.uses else here)

    @cached_property
    def wishes(self) -> list[Wish]:
        if self.standing.relevance.not_set_up:
            return []
        results = self.standing.judgement.results
        asked = [r for r in self.clause.requirements if r.evidence and results[r.key].outcome not in UNWISHED]
        return [Wish(each, self._count(each)) for each in asked]

    def _count(self, requirement: Requirement) -> int:
        return sum(Use(self.clause.key, requirement.key) in shot.uses for shot in self.shots)

    @property
    def lacking(self) -> int:
        return sum(not wish.count for wish in self.wishes)

    @cached_property
    def others(self) -> list[Requirement]:
        """Requirements that wish for nothing, and can still be shown."""
        wished = {wish.requirement.key for wish in self.wishes}
        results = self.standing.judgement.results
        asked = [r for r in self.clause.requirements if results[r.key].outcome != "not_applicable"]
        return [each for each in asked if each.key not in wished]

    @property
    def doubled(self) -> list[Placed]:
        return [placed for placed in self.placed if placed.shot.duplicate]


def shots_of(survey: Survey, officer: Officer) -> list[Shot]:
    """Every file of a survey that was not removed."""
    files = list(survey.evidence.filter(removed_at=None).select_related("survey", "by").prefetch_related("uses"))
    doubled = duplicates_of(files, officer)
    return [Shot(file, uses_in(file), doubled.get(file.pk, "")) for file in files]


@dataclass(frozen=True)
class Option:
    """Something that a file could show, to be ticked."""

    key: str
    label: str
    hint: str  # what a photo or file should show for it
    ticked: bool


@dataclass(frozen=True)
class Choice:
    """A row of the schedule with its options, the row as a whole first."""

    clause: Clause
    options: tuple[Option, ...]

    @property
    def ticked(self) -> int:
        return sum(option.ticked for option in self.options)


def choices_of(standing: Standing, held: frozenset[Use]) -> list[Choice]:
    """Everything that applies here, and whatever a file shows already."""
    return [
        Choice(clause, tuple(_options(standing, clause, {use.key for use in held})))
        for clause in standing.edition.clauses
    ]


def _options(standing: Standing, clause: Clause, held: set[str]) -> Iterator[Option]:
    yield Option(clause.key, WHOLE, "", clause.key in held)
    results = standing.judgement.results
    for each in clause.requirements:
        if each.key in held or results[each.key].outcome != "not_applicable":
            yield Option(each.key, each.label, "、".join(each.evidence), each.key in held)


def shelf_of(standing: Standing, clause: Clause, officer: Officer) -> Shelf:
    shots = shots_of(standing.survey, officer)
    return Shelf(standing, clause, tuple(shot for shot in shots if shot.is_of(clause)))


def shelves_of(standing: Standing, shots: Sequence[Shot]) -> list[Shelf]:
    """Of every row that has a file or wishes for one."""
    shelves = [
        Shelf(standing, clause, tuple(shot for shot in shots if shot.is_of(clause)))
        for clause in standing.edition.clauses
    ]
    return [shelf for shelf in shelves if shelf.shots or shelf.wishes]


def lacking_in(standing: Standing) -> int:
    """How many requirements still wish for a photo or file."""
    files = standing.survey.evidence.filter(removed_at=None).prefetch_related("uses")
    return sum(shelf.lacking for shelf in shelves_of(standing, [Shot(file, uses_in(file)) for file in files]))
