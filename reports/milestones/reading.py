"""The bodies due now, and what the newest snapshot of each says of the deadlines: five queries, however many bodies.

Outcomes come from the rows of what is not a pass (``Finding``): who is judged and has no row passes. Only what is never
scored or may not apply is read out of the judgement's JSON, and of a snapshot's JSON only the few dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce

from assessments.earlier import valid
from assessments.models import DueSurvey, Finding, Judgement, Period, Snapshot
from facilities.models import ReportingUnit
from reports.milestones.items import Item
from reports.milestones.standing import OPEN, OVERDUE, UNKNOWN, Told, status_of


@dataclass(frozen=True, slots=True)
class Body:
    """A facility that is due, and its newest accepted (else submitted) snapshot, which may be none."""

    pk: int
    code: str
    name: str
    subject: str
    unit: str
    snapshot: int | None


@dataclass(frozen=True)
class Said:
    """What the snapshots say, by snapshot."""

    facts: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    judged: Mapping[tuple[int, int], str] = field(default_factory=dict)  # (snapshot, standard) → grade
    found: Mapping[tuple[int, int, str], str] = field(default_factory=dict)  # with the requirement → outcome, no pass
    results: Mapping[tuple[int, str], Mapping[str, Any]] = field(default_factory=dict)
    quarters: Mapping[int, Period] = field(default_factory=dict)

    def told(self, item: Item, body: Body) -> Told:
        key = body.snapshot
        if key is None:
            return Told()
        facts, period = self.facts.get(key, {}), self.quarters.get(key)
        grade = self.judged.get((key, item.standard.pk))
        if grade is None:
            return Told(facts)
        result = self.results.get((key, item.key))
        outcome = result["outcome"] if result else self.found.get((key, item.standard.pk, item.key), "pass")
        return Told(facts, outcome, grade, result, period.last_day if period else date.min)


def newest_quarter() -> Period | None:
    """The newest in which somebody must report: who is due in it is who stands on the board."""
    return Period.objects.filter(due_surveys__isnull=False).order_by("-year", "-quarter").first()


def bodies_of(period: Period, units: QuerySet[ReportingUnit]) -> list[Body]:
    """In the order of their codes."""
    own = valid(Snapshot.objects.filter(survey__facility=OuterRef("facility")))
    newest = own.order_by("-survey__period__year", "-survey__period__quarter", "-number").values("pk")
    accepted, sent = newest.filter(kind=Snapshot.ACCEPTED)[:1], newest[:1]
    due = DueSurvey.objects.filter(period=period, unit__in=units)
    rows = due.annotate(newest=Coalesce(Subquery(accepted), Subquery(sent))).order_by("facility__code")
    fields = ("facility_id", "facility__code", "facility__name", "subject", "unit__code", "newest")
    return [Body(*row) for row in rows.values_list(*fields)]


def said_by(bodies: Iterable[Body], items: Sequence[Item]) -> Said:
    snapshots = [body.snapshot for body in bodies if body.snapshot is not None]
    if not snapshots:
        return Said()
    told = list(_facts(snapshots, items))
    judged = Judgement.objects.filter(snapshot__in=snapshots).values_list("snapshot_id", "standard_id", "grade")
    keys = {item.key for item in items if item.is_judged}
    found = Finding.objects.filter(judgement__snapshot__in=snapshots, requirement__key__in=keys)
    outcomes = found.values_list("judgement__snapshot_id", "judgement__standard_id", "requirement__key", "outcome")
    return Said(
        {snapshot: facts for snapshot, facts, _ in told},
        {(snapshot, standard): grade for snapshot, standard, grade in judged},
        {(snapshot, standard, key): outcome for snapshot, standard, key, outcome in outcomes},
        _results(snapshots, items),
        {snapshot: quarter for snapshot, _, quarter in told},
    )


def _facts(snapshots: Sequence[int], items: Iterable[Item]) -> Iterator[tuple[int, dict[str, Any], Period]]:
    """Of each snapshot the few facts that tell, and its quarter: one query."""
    keys = sorted({key for item in items for key in item.facts})
    answers = KeyTransform("answers", "content")
    asked = {f"fact_{key}": KeyTransform("value", KeyTransform(key, answers)) for key in keys}
    rows = Snapshot.objects.filter(pk__in=snapshots).order_by().annotate(**asked)
    quarters: dict[tuple[int, int], Period] = {}
    for pk, year, n, *values in rows.values_list("pk", "survey__period__year", "survey__period__quarter", *asked):
        quarter = quarters.setdefault((year, n), Period(year=year, quarter=n))
        yield pk, dict(zip(keys, values, strict=True)), quarter


def _results(snapshots: Sequence[int], items: Iterable[Item]) -> dict[tuple[int, str], Mapping[str, Any]]:
    asked = [item for item in items if item.needs_result]
    if not asked:
        return {}
    results = KeyTransform("results", "content")
    told = {
        f"result_{n}": Case(When(standard=item.standard.pk, then=KeyTransform(item.key, results)))
        for n, item in enumerate(asked)
    }
    rows = Judgement.objects.filter(snapshot__in=snapshots, standard__in={item.standard.pk for item in asked})
    read = rows.order_by().annotate(**told).values_list("snapshot_id", *told)
    return {
        (snapshot, item.key): value
        for snapshot, *values in read
        for item, value in zip(asked, values, strict=True)
        if value is not None
    }


def standing_of(item: Item, body: Body, said: Said, today: date) -> str | None:
    """None where it does not apply to the body at all. Of what judges only where it is adopted a fact may tell that
    something was done, and when; that it is overdue, only a judgement by it: elsewhere nobody is bound."""
    if body.subject not in item.subjects:
        return None
    if body.snapshot is None:
        return UNKNOWN
    told = said.told(item, body)
    status = status_of(item.deadline, item.done, item.day, told, today)
    unbound = item.standard.by_adoption and not told.outcome
    return UNKNOWN if unbound and status in (OVERDUE, OPEN) else status
