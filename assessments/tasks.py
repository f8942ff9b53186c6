"""What an officer's home shows: a surveyor's tasks of the quarter, a reader's overview of all that they may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet

from assessments.models import Answer, Judgement, Period, Survey
from assessments.periods import quarter_before
from assessments.scoring import Standing, stand, standards_in_force
from facilities.access import visible_to
from facilities.models import Facility, Officer
from standards.models import Standard

NOT_BEGUN, DOING, SENT = "todo", "doing", "sent"


@dataclass(frozen=True)
class Task:
    """One facility's survey of one quarter. ``standing`` is worked out for drafts, ``judgement`` of what was sent."""

    facility: Facility
    period: Period
    standard: Standard
    survey: Survey | None
    standing: Standing | None
    judgement: Judgement | None
    previous: Judgement | None

    @property
    def state(self) -> str:
        if self.survey is None:
            return NOT_BEGUN
        return DOING if self.survey.is_draft else SENT

    @property
    def is_closed(self) -> bool:
        return self.period.closed_at is not None

    @property
    def doing_numbers(self) -> str:
        """第7、8项填写中, or nothing."""
        pages = self.standing.pages if self.standing else ()
        numbers = [stands.page.clause.number for stands in pages if stands.status == "doing"]
        return f"第{'、'.join(numbers)}项填写中" if numbers else ""


def to_fill(officer: Officer, period: Period) -> tuple[QuerySet[Facility], dict[str, Standard]]:
    """Facilities that the officer sees and that some standard judges in the quarter."""
    standards = standards_in_force(period.last_day)
    facilities = visible_to(officer).filter(subject__in=list(standards)).select_related("division").order_by("code")
    return facilities, standards


def tasks_of(officer: Officer, period: Period) -> list[Task]:
    """A surveyor's work: the current quarter, and drafts of earlier ones that still wait. A handful of queries."""
    facilities, standards = to_fill(officer, period)
    mine = list(facilities)
    surveys = _surveys_to_do(mine, period)
    now = {s.facility_id: s for s in surveys if s.period.key == period.key}
    late = [s for s in surveys if s.period.key != period.key]
    sent, previous = judgements_of(mine, period)
    tasks = [_task(f, period, standards[f.subject], now.get(f.pk), sent.get(f.pk), previous.get(f.pk)) for f in mine]
    return [_task(s.facility, s.period, standards[s.facility.subject], s, None, None) for s in late] + tasks


def _surveys_to_do(facilities: Sequence[Facility], period: Period) -> list[Survey]:
    this_quarter = Q(period__year=period.year, period__quarter=period.quarter)
    waiting = Q(state=Survey.DRAFT, period__closed_at=None)
    return list(
        Survey.objects.filter(this_quarter | waiting, facility__in=[f.pk for f in facilities])
        .select_related("facility__division", "period")
        .prefetch_related(Prefetch("answers", Answer.objects.select_related(None)))
    )


def _task(
    facility: Facility,
    period: Period,
    standard: Standard,
    survey: Survey | None,
    sent: Judgement | None,
    previous: Judgement | None,
) -> Task:
    standing = None
    if survey is not None and survey.is_draft:
        standing = stand(survey, standard, {answer.indicator: answer for answer in survey.answers.all()})
    return Task(facility, period, standard, survey, standing, sent, previous)


Judged = dict[int, Judgement]  # facility → its newest judgement of a quarter


def judgements_of(facilities: Iterable[Facility], period: Period) -> tuple[Judged, Judged]:
    """Of the quarter and of the one before it: one query."""
    year, quarter = quarter_before(period.year, period.quarter)
    judgements = Judgement.objects.filter(
        Q(survey__period__year=period.year, survey__period__quarter=period.quarter)
        | Q(survey__period__year=year, survey__period__quarter=quarter),
        survey__facility__in=[facility.pk for facility in facilities],
    )
    ordered = judgements.select_related("survey__period", "snapshot").defer("content", "snapshot__content")
    found: dict[str, Judged] = {}
    for judgement in ordered.order_by("snapshot__number"):
        found.setdefault(judgement.survey.period.key, {})[judgement.survey.facility_id] = judgement
    return found.get(period.key, {}), found.get(Period(year=year, quarter=quarter).key, {})


@dataclass(frozen=True)
class Overview:
    """A page of what a reader may see, and how many are in which state. ``counts`` are of all, not of the page."""

    tasks: list[Task]
    counts: dict[str, int]
    total: int
    page: Page[Any]


def overview_of(officer: Officer, period: Period, number: str, size: int) -> Overview:
    """Page ``number`` (what is no page is the first). A handful of queries, whatever the number of facilities."""
    facilities, standards = to_fill(officer, period)
    counts = facilities.order_by().aggregate(
        total=Count("pk", distinct=True), doing=_surveys(period, Survey.DRAFT), done=_surveys(period, Survey.SUBMITTED)
    )
    page = Paginator(range(counts["total"]), size).get_page(number)
    shown = list(facilities[page.start_index() - 1 : page.end_index()]) if counts["total"] else []
    todo = counts["total"] - counts["doing"] - counts["done"]
    tallies = {NOT_BEGUN: todo, DOING: counts["doing"], SENT: counts["done"]}
    return Overview(_tasks_shown(shown, period, standards), tallies, counts["total"], page)


def _tasks_shown(facilities: Sequence[Facility], period: Period, standards: dict[str, Standard]) -> list[Task]:
    begun = Survey.objects.filter(
        period__year=period.year, period__quarter=period.quarter, facility__in=[f.pk for f in facilities]
    )
    surveys = {survey.facility_id: survey for survey in begun.select_related("period")}
    sent, previous = judgements_of(facilities, period)
    return [
        Task(f, period, standards[f.subject], surveys.get(f.pk), None, sent.get(f.pk), previous.get(f.pk))
        for f in facilities
    ]


def _surveys(period: Period, state: str) -> Count:
    at = Q(surveys__period__year=period.year, surveys__period__quarter=period.quarter, surveys__state=state)
    return Count("pk", filter=at, distinct=True)


def earlier_results(officer: Officer, most: int = 8) -> list[Judgement]:
    """The newest results that the officer may open again."""
    judgements = Judgement.objects.filter(survey__facility__in=visible_to(officer))
    related = judgements.select_related("survey__facility", "survey__period", "snapshot")
    return list(related.defer("content", "snapshot__content").order_by("-snapshot__at")[:most])


def results_of(facility: Facility) -> list[tuple[Survey, Judgement | None]]:
    """Every survey of a facility, newest first, with its newest judgement: two queries."""
    surveys = list(facility.surveys.select_related("period"))
    judgements = Judgement.objects.filter(survey__facility=facility).select_related("snapshot")
    newest = {j.survey_id: j for j in judgements.defer("content", "snapshot__content").order_by("snapshot__number")}
    return [(survey, newest.get(survey.pk)) for survey in surveys]
