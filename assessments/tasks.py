"""What an officer's home shows: a surveyor's tasks of the quarter, a reader's overview of all that they may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects

from assessments.adopting import InForce, Standards, in_force_on
from assessments.mending import Mending, mendings_of
from assessments.models import Answer, DueSurvey, Judgement, Period, Survey
from assessments.periods import quarter_before
from assessments.scoring import Standing, asked_by, stand
from facilities.access import today, visible_to
from facilities.existence import open_on
from facilities.models import Facility, Officer

NOT_BEGUN, DOING, SENT, BACK = "todo", "doing", "sent", "back"
SENT_STATES = (Survey.SUBMITTED, Survey.ACCEPTED)
Judged = dict[int, Judgement]  # facility → its newest judgement of a quarter


@dataclass(frozen=True)
class Task:
    """One facility's survey of one quarter. ``standing`` is worked out for drafts, ``judgement`` of what was sent."""

    facility: Facility
    period: Period
    standards: Standards
    survey: Survey | None
    standing: Standing | None
    judgement: Judgement | None
    previous: Judgement | None
    mending: Mending | None = None

    @property
    def state(self) -> str:
        if self.survey is None:
            return NOT_BEGUN
        if self.survey.state == Survey.RETURNED:
            return BACK
        return DOING if self.survey.is_open else SENT

    @property
    def may_be_unchanged(self) -> bool:
        """Submitted last quarter, and not yet in this one: 本季度无变化 can be offered."""
        return self.previous is not None and self.state in (NOT_BEGUN, DOING) and not self.is_closed

    @property
    def is_overdue(self) -> bool:
        return self.period.due_day is not None and self.period.due_day < today()

    @property
    def is_closed(self) -> bool:
        return self.period.closed_at is not None

    @property
    def doing_numbers(self) -> str:
        """第7、8项填写中, or nothing."""
        pages = self.standing.pages if self.standing else ()
        numbers = [stands.page.clause.number for stands in pages if stands.status == "doing"]
        return f"第{'、'.join(numbers)}项填写中" if numbers else ""


def to_fill(officer: Officer, period: Period) -> tuple[QuerySet[Facility], InForce]:
    """Facilities that the officer sees and that some standard judges in the quarter: those that are open, and those
    that are due though they have closed since."""
    standards = in_force_on(period.last_day)
    due = DueSurvey.objects.filter(facility=OuterRef("pk"), period__year=period.year, period__quarter=period.quarter)
    seen = visible_to(officer).filter(open_on(period.last_day) | Exists(due), standards.judged)
    facilities = seen.select_related("division").order_by("code")
    return facilities, standards


@dataclass(frozen=True)
class Desk:
    """A surveyor's work: the own facility, with drafts of earlier quarters that still wait, and what else is theirs to
    fill: an office's stations, all that reports with a centre."""

    tasks: list[Task]
    others: Overview | None


def desk_of(officer: Officer, period: Period, number: str, size: int) -> Desk:
    """Page ``number`` of the others. A handful of queries, whatever the number of facilities."""
    facilities, standards = to_fill(officer, period)
    every = list(facilities)
    mine = [facility for facility in every if facility.pk == officer.facility_id]
    page = Paginator([facility for facility in every if facility.pk != officer.facility_id], size).get_page(number)
    surveys = _surveys_to_do(every, mine, period)
    sent, previous = judgements_of([*mine, *page.object_list], period)
    now = {s.facility_id: s for s in surveys if s.period.key == period.key}
    late = [s for s in surveys if s.period.key != period.key and s.state == Survey.DRAFT]
    tasks = [_task(f, period, standards.of(f), now.get(f.pk), sent.get(f.pk), previous.get(f.pk)) for f in mine]
    overdue = [_task(s.facility, s.period, standards.of(s.facility), s, None, None) for s in late]
    owed = _not_begun(mine, period)
    overdue += [_task(d.facility, d.period, standards.of(d.facility), None, None, None) for d in owed]
    tasks = _came_back(surveys, standards, previous) + overdue + [task for task in tasks if task.state != BACK]
    if len(every) == len(mine):
        return Desk(tasks, None)
    shown = [
        Task(f, period, standards.of(f), now.get(f.pk), None, sent.get(f.pk), previous.get(f.pk))
        for f in page.object_list
    ]
    states = [now[f.pk].state if f.pk in now else NOT_BEGUN for f in every]
    doing, back = states.count(Survey.DRAFT), states.count(Survey.RETURNED)
    done = sum(states.count(state) for state in SENT_STATES)
    counts = {NOT_BEGUN: len(every) - doing - done - back, DOING: doing, BACK: back, SENT: done}
    return Desk(tasks, Overview(shown, counts, len(every), page))


def _surveys_to_do(facilities: Sequence[Facility], mine: Sequence[Facility], period: Period) -> list[Survey]:
    """Of the quarter for every facility; of any quarter what came back; with drafts of earlier quarters, and their
    answers, for the own one."""
    by_key = {facility.pk: facility for facility in facilities}
    this_quarter = Q(period__year=period.year, period__quarter=period.quarter, facility__in=list(by_key))
    waiting = Q(state=Survey.DRAFT, period__closed_at=None, facility__in=[facility.pk for facility in mine])
    back = Q(state=Survey.RETURNED, period__closed_at=None, facility__in=list(by_key))
    surveys = list(Survey.objects.filter(this_quarter | waiting | back).select_related("period"))
    for survey in surveys:
        survey.facility = by_key[survey.facility_id]
    own = [survey for survey in surveys if survey.facility in mine]
    prefetch_related_objects(own, Prefetch("answers", Answer.objects.select_related(None)))
    return surveys


def _not_begun(mine: Sequence[Facility], period: Period) -> list[DueSurvey]:
    """What the own facility owes to the quarter before, while that is open: one query."""
    year, quarter = quarter_before(period.year, period.quarter)
    own = Survey.objects.filter(facility=OuterRef("facility"), period=OuterRef("period"))
    due = DueSurvey.objects.filter(~Exists(own), facility__in=[f.pk for f in mine], period__closed_at=None)
    found = list(due.filter(period__year=year, period__quarter=quarter).select_related("period"))
    for row in found:
        row.facility = next(facility for facility in mine if facility.pk == row.facility_id)
    return found


def _came_back(surveys: Sequence[Survey], standards: InForce, previous: Judged) -> list[Task]:
    """What was returned, the first due first: two queries, however many."""
    back = [survey for survey in surveys if survey.state == Survey.RETURNED]
    mendings = mendings_of((s, asked_by(standards.of(s.facility), s.facility.subject).edition) for s in back)
    tasks = [
        Task(s.facility, s.period, standards.of(s.facility), s, None, None, previous.get(s.facility_id), m)
        for s in back
        if (m := mendings.get(s.pk))
    ]
    return sorted(tasks, key=lambda task: ((task.mending and task.mending.due) or today(), task.facility.code))


def _task(
    facility: Facility,
    period: Period,
    standards: Standards,
    survey: Survey | None,
    sent: Judgement | None,
    previous: Judgement | None,
) -> Task:
    standing = None
    if survey is not None and survey.state == Survey.DRAFT:
        standing = stand(survey, standards, {answer.indicator: answer for answer in survey.answers.all()})
    return Task(facility, period, standards, survey, standing, sent, previous)


def judgements_of(facilities: Iterable[Facility], period: Period) -> tuple[Judged, Judged]:
    """Of the quarter and of the one before it: one query."""
    year, quarter = quarter_before(period.year, period.quarter)
    judgements = Judgement.objects.filter(
        Q(survey__period__year=period.year, survey__period__quarter=period.quarter)
        | Q(survey__period__year=year, survey__period__quarter=quarter),
        survey__facility__in=[facility.pk for facility in facilities],
        beside=False,
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
        total=Count("pk", distinct=True),
        doing=_surveys(period, Survey.DRAFT),
        back=_surveys(period, Survey.RETURNED),
        done=_surveys(period, *SENT_STATES),
    )
    page = Paginator(range(counts["total"]), size).get_page(number)
    shown = list(facilities[page.start_index() - 1 : page.end_index()]) if counts["total"] else []
    todo = counts["total"] - counts["doing"] - counts["back"] - counts["done"]
    tallies = {NOT_BEGUN: todo, DOING: counts["doing"], BACK: counts["back"], SENT: counts["done"]}
    return Overview(_tasks_shown(shown, period, standards), tallies, counts["total"], page)


def _tasks_shown(facilities: Sequence[Facility], period: Period, standards: InForce) -> list[Task]:
    begun = Survey.objects.filter(
        period__year=period.year, period__quarter=period.quarter, facility__in=[f.pk for f in facilities]
    )
    surveys = {survey.facility_id: survey for survey in begun.select_related("period")}
    sent, previous = judgements_of(facilities, period)
    return [
        Task(f, period, standards.of(f), surveys.get(f.pk), None, sent.get(f.pk), previous.get(f.pk))
        for f in facilities
    ]


def _surveys(period: Period, *states: str) -> Count:
    at = Q(surveys__period__year=period.year, surveys__period__quarter=period.quarter, surveys__state__in=states)
    return Count("pk", filter=at, distinct=True)


def earlier_results(officer: Officer, most: int = 8) -> list[Judgement]:
    """The newest results of the surveyor's own facility, of each survey its last."""
    newest = Judgement.objects.filter(survey=OuterRef("survey")).order_by("-snapshot__number").values("snapshot")[:1]
    judgements = Judgement.objects.filter(survey__facility=officer.facility_id, snapshot=Subquery(newest), beside=False)
    related = judgements.select_related("survey__facility", "survey__period", "snapshot")
    return list(related.defer("content", "snapshot__content").order_by("-snapshot__at")[:most])


def results_of(facility: Facility) -> list[tuple[Survey, Judgement | None]]:
    """Every survey of a facility, newest first, with its newest judgement: two queries."""
    surveys = list(facility.surveys.select_related("period"))
    judgements = Judgement.objects.filter(survey__facility=facility, beside=False).select_related("snapshot")
    newest = {j.survey_id: j for j in judgements.defer("content", "snapshot__content").order_by("snapshot__number")}
    return [(survey, newest.get(survey.pk)) for survey in surveys]
