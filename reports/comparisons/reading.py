"""The facilities of an area and how both editions judge what each of them submitted: five queries at most, however many
facilities. What an edition judged then is read; where it did not, what was submitted is judged by it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform

from assessments.comparing import Row, worst_of
from assessments.models import Judgement, Period, Snapshot, Survey
from assessments.models.summaries import CITY, TOWN
from assessments.rejudging import facts_in
from facilities.access import below, reporting_to, visible_to
from facilities.existence import open_on
from facilities.models import Facility, Officer, ReportingUnit
from reports.dashboards.places import Place
from standards.edition import Requirement
from standards.engine import results_of
from standards.loading import edition_of
from standards.models import Standard

HELD = (Survey.SUBMITTED, Survey.ACCEPTED)  # what was returned is being mended, and is not compared
CHUNK = 500
Outcomes = Mapping[str, str]  # by requirement


@dataclass(frozen=True, slots=True)
class Body:
    """A facility; ``snapshot`` is what it submitted, None where nothing stands."""

    code: str
    name: str
    snapshot: int | None


@dataclass(frozen=True)
class Side:
    """One edition's worst outcome of each row, by snapshot; ``anew``: how many it had not judged."""

    worst: Mapping[int, Sequence[str]]
    anew: int


def bodies_in(officer: Officer, place: Place, period: Period, subject: str) -> list[Body]:
    """Who had to report there, of what the officer may read, in the order of their codes."""
    newest = Snapshot.objects.filter(
        survey__facility=OuterRef("pk"), survey__period=period, survey__state__in=HELD
    ).order_by("-number")
    found = _inside(place, period).filter(open_on(period.first_day), subject=subject, pk__in=visible_to(officer))
    rows = found.annotate(newest=Subquery(newest.values("pk")[:1])).order_by("code")
    return [Body(*row) for row in rows.values_list("code", "name", "newest")]


def _inside(place: Place, period: Period) -> QuerySet[Facility]:
    """A unit as in the roster of the quarter: by the memberships of its first day. A town is itself, whatever it
    reported to then."""
    if place.kind == TOWN:
        return Facility.objects.filter(below(place.code))
    if place.kind == CITY:
        return Facility.objects.all()
    return reporting_to(ReportingUnit.objects.get(code=place.code).pk, period.first_day)


def sides_of(
    bodies: Iterable[Body], rows: Sequence[Row], left: Standard, right: Standard, period: Period, subject: str
) -> tuple[Side, Side]:
    snapshots = [body.snapshot for body in bodies if body.snapshot is not None]
    sides = {left: [row.left for row in rows], right: [row.right for row in rows]}
    told = _stored(snapshots, sides)
    lacking = {standard: set(snapshots) - told[standard].keys() for standard in sides}
    anew = _anew(lacking, sides, period, subject)
    return (
        Side(told[left] | anew[left], len(lacking[left])),
        Side(told[right] | anew[right], len(lacking[right])),
    )


Asked = Mapping[Standard, Sequence[Sequence[Requirement]]]  # edition → of each row what it asks
Worst = dict[Standard, dict[int, Sequence[str]]]


def _stored(snapshots: Sequence[int], sides: Asked) -> Worst:
    """With what was determined since."""
    standards = {standard.pk: standard for standard in sides}
    judged = Judgement.objects.filter(snapshot__in=snapshots, standard__in=list(sides)).order_by()
    told = judged.annotate(results=KeyTransform("results", "content")).values_list("snapshot", "standard", "results")
    worst: Worst = {standard: {} for standard in sides}
    for snapshot, pk, results in told.iterator(CHUNK):
        standard = standards[pk]
        outcomes = {r.key: results[r.key]["outcome"] for asked in sides[standard] for r in asked if r.key in results}
        worst[standard][snapshot] = _worst(outcomes, sides[standard])
    return worst


def _anew(lacking: Mapping[Standard, set[int]], sides: Asked, period: Period, subject: str) -> Worst:
    worst: Worst = {standard: {} for standard in sides}
    wanted = Snapshot.objects.filter(pk__in=set().union(*lacking.values())).order_by()
    said = wanted.annotate(answers=KeyTransform("answers", "content")).values_list("pk", "answers")
    for snapshot, answers in said.iterator(CHUNK):
        for standard in (each for each in sides if snapshot in lacking[each]):
            edition, asked = edition_of(standard), sides[standard]
            every = [requirement for row in asked for requirement in row]
            results = results_of(edition, facts_in(edition, answers), period.last_day, subject, every)
            worst[standard][snapshot] = _worst({key: each.outcome for key, each in results.items()}, asked)
    return worst


def _worst(outcomes: Outcomes, rows: Iterable[Iterable[Requirement]]) -> list[str]:
    return [worst_of(outcomes[each.key] for each in asked if each.key in outcomes) for asked in rows]
