"""The pages that show the text. Every officer who is logged in may read all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from standards import edition as parsed
from standards.loading import edition_of
from standards.marking import law, law_of
from standards.models import Standard
from standards.outcomes import FORCES
from standards.wording import FORCES_EXPLAINED, rule_in_words, scope_in_words

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Explained:
    """A requirement as the pages show it."""

    edition: parsed.Edition
    requirement: parsed.Requirement

    @property
    def force(self) -> str:
        return FORCES[self.requirement.force]

    @property
    def force_explained(self) -> str:
        return FORCES_EXPLAINED[self.requirement.force]

    @property
    def rule(self) -> str:
        return rule_in_words(self.edition, self.requirement)

    @property
    def scope(self) -> str:
        return scope_in_words(self.edition, self.requirement)

    @property
    def indicators(self) -> list[parsed.Indicator]:
        return [self.edition.indicators[key] for key in self.requirement.indicators]

    @property
    def interpretations(self) -> list[parsed.Interpretation]:
        return [self.edition.interpretations[key] for key in self.requirement.interpretations]


@dataclass(slots=True)
class Reading:
    """How a doubtful word is read, and the requirements that are read so."""

    interpretation: parsed.Interpretation
    uses: list[tuple[Standard, parsed.Clause, parsed.Requirement]] = field(default_factory=list)


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    listed = Standard.objects.annotate(
        clause_count=Count("clauses", distinct=True), requirement_count=Count("requirements", distinct=True)
    ).order_by("by_adoption", "source", "key", "-effective")
    return render(request, "standards/standards.html", {"standards": listed})


@require_safe
def standard(request: HttpRequest, key: str, effective: date) -> HttpResponse:
    found = _found(key, effective)
    return render(request, "standards/standard.html", {"standard": found, "edition": edition_of(found)})


@require_safe
def clause(request: HttpRequest, key: str, effective: date, number: str) -> HttpResponse:
    found = _found(key, effective)
    edition = edition_of(found)
    shown = _first(clause for clause in edition.clauses if clause.number == number)
    explained = [Explained(edition, requirement) for requirement in shown.requirements]
    context = {"standard": found, "clause": shown, "law": law(shown), "requirements": explained}
    return render(request, "standards/clause.html", context | _neighbours(edition, shown))


@require_safe
def requirement(request: HttpRequest, key: str, effective: date, requirement: str) -> HttpResponse:
    found = _found(key, effective)
    edition = edition_of(found)
    shown = _first(each for each in edition.requirements if each.key == requirement)
    clause = edition.clause_by_key[shown.clause]
    context = {"standard": found, "clause": clause, "law": law_of(clause, shown), "shown": Explained(edition, shown)}
    return render(request, "standards/requirement.html", context)


@require_safe
def interpretations(request: HttpRequest) -> HttpResponse:
    readings: dict[str, Reading] = {}
    for found in Standard.objects.order_by("-effective", "key"):
        _collect(readings, found, edition_of(found))
    ordered = sorted(readings.values(), key=lambda reading: _natural(reading.interpretation.key))
    return render(request, "standards/interpretations.html", {"readings": ordered})


def _collect(readings: dict[str, Reading], standard: Standard, edition: parsed.Edition) -> None:
    """Adds an edition's uses; where editions word a reading differently, the first one given is shown."""
    for clause in edition.clauses:
        for requirement in clause.requirements:
            for key in requirement.interpretations:
                reading = readings.setdefault(key, Reading(edition.interpretations[key]))
                reading.uses.append((standard, clause, requirement))


def _natural(key: str) -> tuple[str, int]:
    """A2 before A10."""
    return re.sub(r"\d", "", key), int(re.sub(r"\D", "", key) or 0)


def _found(key: str, effective: date) -> Standard:
    return get_object_or_404(Standard, key=key, effective=effective)


def _first(found: Iterable[Shown]) -> Shown:
    for each in found:
        return each
    raise Http404


def _neighbours(edition: parsed.Edition, clause: parsed.Clause) -> dict[str, parsed.Clause | None]:
    clauses = (None, *edition.clauses, None)
    at = clauses.index(clause)
    return {"before": clauses[at - 1], "after": clauses[at + 1]}
