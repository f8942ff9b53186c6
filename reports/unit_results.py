"""A reporting unit's results of one quarter: every facility that is due, what was found, and what is not a pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from assessments.adopting import standards_in_force
from assessments.models import Judgement as Judged
from assessments.models import Period, Snapshot, Survey
from assessments.scoring import facts_from
from facilities.access import reporting_to
from facilities.existence import open_on
from facilities.governed import GOVERNED
from facilities.models import SUBJECTS, Facility, ReportingUnit
from reports.documents import determined_in
from reports.report import Determined
from standards.edition import Edition, Requirement, Value
from standards.loading import edition_of
from standards.outcomes import OUTCOMES, Judgement, Result
from standards.wording import outcome_in_words, sentence

COUNTED = ("fail", "missing", "pending", "deviation", "relaxed", "pass")
UNREPORTED = "未报"


@dataclass(frozen=True)
class Line:
    """One facility in the quarter; without a submission it is 未报, and nothing is guessed."""

    facility: Facility
    survey: Survey | None
    snapshot: Snapshot | None
    judged: Judged | None

    @property
    def state(self) -> str:
        if self.judged is not None:
            return "已提交"
        return UNREPORTED if self.survey is None else f"{UNREPORTED}（填写中）"

    @property
    def subject(self) -> str:
        return SUBJECTS[self.facility.subject]

    @property
    def town(self) -> str:
        parent = self.facility.division.parent
        return parent.name if self.facility.subject == "village" and parent else self.facility.division.name

    @cached_property
    def edition(self) -> Edition | None:
        return edition_of(self.judged.standard) if self.judged else None

    @cached_property
    def judgement(self) -> Judgement | None:
        return Judgement.from_json(self.judged.content) if self.judged else None

    @cached_property
    def facts(self) -> Mapping[str, Value]:
        if self.snapshot is None or self.edition is None:
            return {}
        return facts_from(self.edition, {key: a["value"] for key, a in self.snapshot.content["answers"].items()})

    @property
    def determinations(self) -> Mapping[str, Mapping[str, str]]:
        """By requirement, as the snapshot keeps them."""
        kept: Mapping[str, Mapping[str, str]] = self.snapshot.content.get("determinations", {}) if self.snapshot else {}
        return kept

    @cached_property
    def counts(self) -> dict[str, int]:
        """outcome → how many sentences; empty where nothing was submitted."""
        found = [result.outcome for result in self.judgement.results.values()] if self.judgement else []
        return {outcome: found.count(outcome) for outcome in COUNTED} if found else {}


@dataclass(frozen=True)
class Gap:
    """One sentence of the standard that a facility does not pass."""

    line: Line
    requirement: Requirement
    result: Result
    said: str
    determined: Determined | None

    @property
    def word(self) -> str:
        return outcome_in_words(self.result)

    @property
    def unit(self) -> str:
        main, edition = self.result.main, self.line.edition
        if main is None or edition is None:
            return ""
        if main.listed is not None:
            return "项"
        indicator = edition.indicators.get(main.indicator or "")
        return indicator.unit if indicator else ""

    @property
    def actual(self) -> Decimal | int | None:
        main = self.result.main
        return None if main is None else main.actual if main.listed is None else main.held

    @property
    def norm(self) -> Decimal | int | None:
        main = self.result.main
        return None if main is None else main.norm if main.listed is None else main.listed

    @property
    def shortfall(self) -> Decimal | int | None:
        main = self.result.main
        if main is None:
            return None
        if main.listed is not None and main.held is not None:
            return max(main.listed - main.held, 0) or None
        return -main.shortfall if main.over and main.shortfall is not None else main.shortfall


@dataclass(frozen=True)
class Part:
    """What one edition judged: ``lines`` of facilities that it judged, in code order."""

    edition: Edition
    lines: tuple[Line, ...]

    @property
    def gaps(self) -> Iterator[Gap]:
        for line in self.lines:
            yield from gaps_of(line)

    @property
    def subjects(self) -> list[tuple[str, list[Line]]]:
        """Of each subject its own lines: of one edition not every requirement speaks to all of them."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.facility.subject, []).append(line)
        return list(found.items())


@dataclass(frozen=True)
class UnitResults:
    """``lines``: every facility that is due, as the edition of its subject judged it. ``adopted``: what editions
    adopted beside it judged, and of the governed body its own; it is in no sum."""

    unit: ReportingUnit
    period: Period
    lines: tuple[Line, ...]
    adopted: tuple[Part, ...] = ()

    @property
    def is_demo(self) -> bool:
        return any(line.survey is not None and line.survey.is_demo for line in self.lines)

    @property
    def submitted(self) -> list[Line]:
        return [line for line in self.lines if line.judged is not None]

    @property
    def own(self) -> tuple[Part, ...]:
        """Each edition that judged a subject by itself."""
        return parts_of(self.submitted)


def parts_of(lines: Iterable[Line]) -> tuple[Part, ...]:
    found: dict[int, tuple[Edition, list[Line]]] = {}
    for line in lines:
        if line.edition is not None:
            found.setdefault(id(line.edition), (line.edition, []))[1].append(line)
    return tuple(Part(edition, tuple(judged)) for edition, judged in found.values())


def gaps_of(line: Line) -> Iterator[Gap]:
    edition, judgement = line.edition, line.judgement
    if edition is None or judgement is None:
        return
    for key, requirement in edition.by_key.items():
        result = judgement.results[key]
        if result.outcome in COUNTED and result.outcome != "pass":
            told = sentence(edition, requirement, result, line.facts)
            determined = determined_in(line.determinations.get(key), result)
            yield Gap(line, requirement, result, told.said + told.gap, determined)


def results_of(unit: ReportingUnit, period: Period) -> UnitResults:
    """Every facility of the unit that is open on the quarter's last day and that a standard judges: a handful of
    queries, however many. Who may read the unit is the caller's to ask (``units_visible_to``)."""
    own = list(standards_in_force(period.last_day))
    due = reporting_to(unit.pk, period.last_day).filter(open_on(period.last_day), subject__in=[*own, *GOVERNED])
    facilities = list(due.select_related("division__parent").order_by("code"))
    surveys = {s.facility_id: s for s in Survey.objects.filter(period=period, facility__in=[f.pk for f in facilities])}
    first = _newest([survey.pk for survey in surveys.values()])
    lines = [_line(facility, surveys.get(facility.pk), first) for facility in facilities]
    adopted = [line for line in lines if line.facility.subject not in own] + _beside(lines)
    adopted.sort(key=lambda line: line.facility.code)
    return UnitResults(unit, period, tuple(line for line in lines if line.facility.subject in own), parts_of(adopted))


def _newest(surveys: Iterable[int]) -> dict[int, Judged]:
    """survey → its newest judgement by the edition that judges the subject by itself."""
    judgements = Judged.objects.filter(survey__in=list(surveys), beside=False).select_related("snapshot", "standard")
    return {judged.survey_id: judged for judged in judgements.order_by("snapshot__number")}


def _beside(lines: Iterable[Line]) -> list[Line]:
    """The same snapshots, as other editions judged them."""
    of = {line.snapshot.pk: line for line in lines if line.snapshot}
    judgements = Judged.objects.filter(snapshot__in=list(of), beside=True).select_related("standard").order_by("pk")
    return [replace(of[judged.snapshot_id], judged=judged) for judged in judgements]


def _line(facility: Facility, survey: Survey | None, judged: Mapping[int, Judged]) -> Line:
    found = judged.get(survey.pk) if survey else None
    return Line(facility, survey, found.snapshot if found else None, found)


WORDS = {outcome: OUTCOMES[outcome] for outcome in COUNTED}
