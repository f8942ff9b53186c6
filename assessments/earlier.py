"""What was submitted before: of a facility, its newest submission of an earlier quarter that was not withdrawn."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Q, QuerySet, Subquery

from assessments.models import Period, Review, Snapshot, Survey
from facilities.models import Facility


def valid(found: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
    """Without those that were withdrawn."""
    return found.exclude(reviews__verb=Review.WITHDRAWN)


def last_snapshot(survey: Survey) -> Snapshot | None:
    """The newest submission of the facility from before the survey's quarter."""
    return last_snapshots([survey.facility], survey.period).get(survey.facility_id)


def last_snapshots(facilities: Iterable[Facility], period: Period) -> dict[int, Snapshot]:
    """facility → its newest submission from before the quarter: two queries, however many facilities."""
    earlier = Q(survey__period__year__lt=period.year) | Q(
        survey__period__year=period.year, survey__period__quarter__lt=period.quarter
    )
    own = valid(Snapshot.objects.filter(earlier, survey__facility=OuterRef("pk")))
    newest = own.order_by("-survey__period__year", "-survey__period__quarter", "-number").values("pk")[:1]
    asked = Facility.objects.filter(pk__in=[facility.pk for facility in facilities])
    ids = dict(asked.annotate(last=Subquery(newest)).order_by().values_list("pk", "last"))
    snapshots = Snapshot.objects.in_bulk([last for last in ids.values() if last])
    return {facility: snapshots[last] for facility, last in ids.items() if last}
