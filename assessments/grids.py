"""批量填写: one row of the schedule for every station of a town, or every office of a district, on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.http import Http404, QueryDict

from assessments.adopting import InForce
from assessments.answering import NONE, Conflict
from assessments.beginning import prefills
from assessments.forms import Page, Question, Questionnaire
from assessments.grid_cells import Cell, Column, Entry, Heading
from assessments.grid_markup import ColumnMarkup
from assessments.lines import QUIET, Line, line_of
from assessments.locking import Opening, openings_of
from assessments.models import Answer, Period, Survey
from assessments.scoring import Standing, asked_by, glance
from facilities.access import below, unit_of, visible_to
from facilities.existence import open_on
from facilities.loading import place_name
from facilities.models import Facility, Officer
from standards.edition import Edition, Requirement
from standards.grading import worst
from standards.outcomes import OUTCOMES

BELOW = {"county": "township", "township": "village"}  # whose facilities a grid of a head shows


@dataclass(frozen=True)
class GridLine:
    """One facility. Before its survey is begun it shows what it would be prefilled with."""

    grid: Grid = field(repr=False)
    facility: Facility
    survey: Survey | None
    standing: Standing
    typed: QueryDict | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    locked: str = ""

    @property
    def name(self) -> str:
        """紫荆社区: the place, without its committee."""
        division = self.facility.division
        return place_name(division.name, division.level)

    @property
    def state(self) -> str:
        return "未开始" if self.survey is None else self.survey.get_state_display()

    @cached_property
    def writable(self) -> bool:
        return self.grid.may_write and (self.grid.may_begin if self.survey is None else self._is_open(self.survey))

    def _is_open(self, survey: Survey) -> bool:
        opening = self.grid.openings.get(survey.pk)
        return survey.is_open and (opening is None or opening.opens_row(self.grid.page.clause.key))

    @property
    def shut(self) -> str:
        """Why the line cannot be written although its survey came back."""
        opening = self.grid.openings.get(self.survey.pk) if self.survey else None
        return "" if opening is None or self.writable else opening.sentence

    @property
    def cells(self) -> list[str]:
        """In HTML."""
        entries = {question.key: Entry(question, self) for question in self.grid.page.questions}
        markups = self.grid.to_write if self.writable else self.grid.to_read
        return [markup.cell(Cell(markup.column, entries[markup.column.key])) for markup in markups]

    @cached_property
    def _outcomes(self) -> list[tuple[Requirement, str]]:
        results, asked = self.standing.judgement.results, self.grid.page.clause.requirements
        return [(each, results[each.key].outcome) for each in asked if each.key in results]

    @property
    def telling(self) -> list[Line]:
        """What is not in order, and what is short."""
        return [line_of(self.standing, each) for each, outcome in self._outcomes if outcome not in QUIET]

    @cached_property
    def outcome(self) -> str:
        return worst(outcome for _, outcome in self._outcomes)

    @property
    def word(self) -> str:
        return OUTCOMES[self.outcome]

    @cached_property
    def _asked(self) -> frozenset[str]:
        return self.standing.relevance.relevant_among(self.grid.page.keys)

    @cached_property
    def needed(self) -> frozenset[str]:
        return self.standing.needed_among(self.grid.page.keys)

    def why_not(self, key: str) -> str:
        """Why a question is not asked here; of each the reason is worked out once."""
        if key in self._asked:
            return ""
        if key not in self._reasons:
            self._reasons[key] = self.standing.relevance.why_vanished(key)
        return self._reasons[key]

    @cached_property
    def _reasons(self) -> dict[str, str]:
        return {}

    @cached_property
    def unconfirmed(self) -> int:
        held = (self.standing.answers.get(key) for key in self._asked)
        return sum(answer is not None and answer.is_unread for answer in held)


@dataclass(frozen=True)
class Grid:
    """``head`` is the office whose stations, or the centre whose offices, are the lines."""

    head: Facility
    period: Period
    asked: Questionnaire
    page: Page
    may_write: bool
    may_begin: bool  # the quarter is the one to fill
    facilities: Sequence[Facility] = ()
    standings: Mapping[int, tuple[Survey | None, Standing]] = field(default_factory=dict)

    @property
    def pages(self) -> tuple[Page, ...]:
        return self.asked.pages

    @property
    def source(self) -> str:
        """附表2, 珠海方案: whose row it is."""
        return self.part_of(self.page).source

    def part_of(self, page: Page) -> Edition:
        """The edition that a row is of."""
        return self.asked.edition.part_of(page.clause.key)

    @cached_property
    def openings(self) -> dict[int, Opening]:
        """survey → the rows that a return opened: one query at most."""
        return openings_of([survey for survey, _ in self.standings.values() if survey])

    @cached_property
    def columns(self) -> list[Column]:
        return [Column(n, *rest) for n, rest in enumerate(_columns(self.page), 1)]

    @cached_property
    def to_write(self) -> list[ColumnMarkup]:
        return [ColumnMarkup(column, True) for column in self.columns]

    @cached_property
    def to_read(self) -> list[ColumnMarkup]:
        return [ColumnMarkup(column, False) for column in self.columns]

    @property
    def headings(self) -> list[Heading]:
        spans = Counter(column.key for column in self.columns)
        return [Heading(q, spans[q.key], q.indicator.type == "choices") for q in self.page.questions]

    @property
    def has_checklists(self) -> bool:
        return any(heading.is_checklist for heading in self.headings)

    @cached_property
    def lines(self) -> list[GridLine]:
        return [GridLine(self, facility, *self.standings[facility.pk]) for facility in self.facilities]

    @property
    def not_begun(self) -> list[GridLine]:
        return [line for line in self.lines if line.survey is None]

    @property
    def unconfirmed(self) -> int:
        """Lines with something carried over that nobody has looked at."""
        return sum(line.writable and line.survey is not None and bool(line.unconfirmed) for line in self.lines)

    @property
    def before(self) -> Page | None:
        place = self.pages.index(self.page)
        return self.pages[place - 1] if place else None

    @property
    def after(self) -> Page | None:
        place = self.pages.index(self.page) + 1
        return self.pages[place] if place < len(self.pages) else None


def _columns(page: Page) -> Iterator[tuple[Question, str, str, bool]]:
    for question in page.questions:
        if question.indicator.type != "choices":
            yield question, "", question.indicator.label, True
            continue
        for choice in question.choices:
            yield question, choice.value, choice.label, choice is question.choices[0]
        yield question, NONE, "都没有", False


# ── Reading ───────────────────────────────────────────────────────────────────


def facilities_of(officer: Officer, head: Facility, period: Period, only: str = "") -> list[Facility]:
    """The stations of an office, the offices of a centre's unit: open in the quarter, seen by the officer; ``only`` the
    one of that code. Raises Http404 for a head that has none below it."""
    subject = BELOW.get(head.subject)
    if subject is None:
        raise Http404("批量填写按街道（镇）或区打开。")
    seen = visible_to(officer).filter(open_on(period.last_day), subject=subject)
    if head.subject == "county":
        unit = unit_of(head, period.last_day)
        code = head.code.rstrip("C") if unit else ""
        seen = seen.filter(below(code)) if code else seen.none()
    else:
        seen = seen.filter(below(head.code))
    if only:
        seen = seen.filter(code=only)
    return list(seen.select_related("division__parent").order_by("code"))


def standings_of(
    facilities: Sequence[Facility], period: Period, standards: InForce, officer: Officer
) -> dict[int, tuple[Survey | None, Standing]]:
    """facility → its survey, if begun, and how it stands: a handful of queries, however many."""
    surveys = _surveys(facilities, period)
    thought_of = [Survey(facility=f, period=period) for f in facilities if f.pk not in surveys]
    answers: dict[int, dict[str, Answer]] = {f.pk: {} for f in facilities}
    for answer in prefills(thought_of, standards, officer):
        answers[answer.survey.facility_id][answer.indicator] = answer
    answers |= _answers(surveys.values())
    every = [*surveys.values(), *thought_of]
    return {
        s.facility_id: (surveys.get(s.facility_id), glance(s, standards.of(s.facility), answers[s.facility_id]))
        for s in every
    }


def _surveys(facilities: Iterable[Facility], period: Period) -> dict[int, Survey]:
    by_key = {facility.pk: facility for facility in facilities}
    found = Survey.objects.filter(facility__in=list(by_key), period__year=period.year, period__quarter=period.quarter)
    for survey in found:
        survey.facility, survey.period = by_key[survey.facility_id], period
    return {survey.facility_id: survey for survey in found}


def _answers(surveys: Iterable[Survey]) -> dict[int, dict[str, Answer]]:
    """facility → indicator → answer. Not by a prefetch: of so many the way back to the survey is not needed."""
    facility_of = {survey.pk: survey.facility_id for survey in surveys}
    answers: dict[int, dict[str, Answer]] = {facility: {} for facility in facility_of.values()}
    for answer in Answer.objects.filter(survey__in=list(facility_of)):
        answers[facility_of[answer.survey_id]][answer.indicator] = answer
    return answers


def asked_below(head: Facility, facilities: Sequence[Facility], standards: InForce) -> Questionnaire:
    """What the editions that judge the facilities below a head ask. Raises Http404 where there are none."""
    subject = BELOW.get(head.subject, "")
    judging = standards.over(subject, facilities)
    if not judging:
        raise Http404("没有适用的建设规范。")
    return asked_by(judging, subject)
