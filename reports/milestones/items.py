"""What has a deadline: the requirements of all editions that name one, and which facts tell of it. No database but for
the editions themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from standards.edition import Clause, Compare, Edition, IndicatorMeasure, Requirement
from standards.loading import edition_of
from standards.models import Standard

#: A sentence that counts bodies is told by those bodies themselves: the subject, the fact that it is done, the day of
#: it (none is asked of a station). Data, no code: a new edition adds its keys here.
BODIES: Mapping[str, tuple[str, str, str]] = {
    "zh.2.town_built": ("township", "established", "established_on"),
    "zh.2.village_built": ("village", "has_station", ""),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A dated sentence. ``done`` is the fact that says by itself that it is done; ``day`` the one that says when.
    Where neither is there, the survey's judgement says whether."""

    standard: Standard
    edition: Edition
    clause: Clause
    requirement: Requirement
    deadline: date
    subjects: tuple[str, ...]
    done: str = ""
    day: str = ""

    @property
    def key(self) -> str:
        return self.requirement.key

    @property
    def label(self) -> str:
        return self.requirement.label

    @property
    def sentence(self) -> str:
        return "……".join(self.requirement.quotes)

    @property
    def place(self) -> str:
        """附表2第10项, 珠海方案三（一）4."""
        number = self.clause.number
        return f"{self.standard.source}{f'第{number}项' if number.isdigit() else number}"

    @property
    def is_judged(self) -> bool:
        """Whether a judgement has to be asked."""
        return not self.done

    @property
    def needs_result(self) -> bool:
        """Whether the rows of what is not a pass do not tell: what is never scored, and what may not apply."""
        return self.is_judged and (not self.requirement.scored or self.requirement.applies is not None)

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(key for key in (self.done, self.day) if key)


def items() -> list[Item]:
    """Of every edition, by deadline, then in the order of the text. One query, where the editions are cached."""
    found = [item for standard in Standard.objects.select_related("file") for item in _of(standard)]
    return sorted(found, key=lambda item: (item.deadline, item.standard.effective, item.standard.key))


def _of(standard: Standard) -> Iterable[Item]:
    edition = edition_of(standard)
    for clause in edition.clauses:
        for requirement in clause.requirements:
            if requirement.deadline is None:
                continue
            subjects, done, day = requirement.subjects or edition.subjects, "", _day(requirement)
            if requirement.key in BODIES:
                subject, done, day = BODIES[requirement.key]
                subjects = (subject,)
            yield Item(standard, edition, clause, requirement, requirement.deadline, subjects, done, day)


def _day(requirement: Requirement) -> str:
    """The date that a requirement asks to be answered."""
    match requirement.check:
        case Compare(measure=IndicatorMeasure(indicator=key), operator="answered"):
            return key
    return ""
