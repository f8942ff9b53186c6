"""季报 in lists: of a quarter every unit that must report, of a unit its quarters; 未报 is shown, and how late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from assessments.deadlines import Calendar, Due, calendar_between, dues_of
from assessments.models import Period, UnitDue
from assessments.timeliness import CLASSES, MISSING, timeliness
from facilities.access import today
from facilities.models import ReportingUnit
from reports.models import QuarterlyReturn, ReturnAct, ReturnVersion

QUARTERS = 12
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """A unit's return of a quarter, begun or not. ``late`` in working days, of what is missing up to today."""

    unit: ReportingUnit
    period: Period
    due: Due
    report: QuarterlyReturn | None
    timeliness: str
    late: int
    returns: int
    version: int

    @property
    def state(self) -> str:
        return str(self.report.get_state_display()) if self.report else "未开始"

    @property
    def is_missing(self) -> bool:
        return self.timeliness == MISSING

    @property
    def word(self) -> str:
        """未报 is said once it is late, or where it is all that there is to say."""
        return CLASSES[self.timeliness]


def units_of_quarter(units: QuerySet[ReportingUnit], period: Period) -> list[Listed]:
    """Every unit that must report in the quarter, and who has."""
    owing = Q(dues__period=period) | Q(returns__period=period)
    pairs = [(unit, period) for unit in units.filter(owing).distinct().order_by("code")]
    return _listed(pairs, _returns(QuarterlyReturn.objects.filter(period=period, unit__in=units)))


def units_of_quarters(periods: Sequence[Period]) -> list[Listed]:
    """The same of several quarters, by unit: as many queries as for one."""
    wanted = {"period__in": [period.pk for period in periods]}
    reports = _returns(QuarterlyReturn.objects.filter(**wanted).select_related("unit", "period"))
    owing: list[UnitDue | QuarterlyReturn] = [
        *UnitDue.objects.filter(**wanted).select_related("unit", "period"),
        *reports,
    ]
    pairs = {(each.unit.code, each.period.key): (each.unit, each.period) for each in owing}
    return _listed([pairs[key] for key in sorted(pairs)], reports)


def quarters_of_unit(unit: ReportingUnit) -> list[Listed]:
    owing = Q(unit_dues__unit=unit) | Q(returns__unit=unit)
    periods = Period.objects.filter(owing).distinct()[:QUARTERS]
    pairs = [(unit, period) for period in periods]
    return _listed(pairs, _returns(QuarterlyReturn.objects.filter(unit=unit)))


def listed_of(report: QuarterlyReturn) -> Listed:
    return _listed([(report.unit, report.period)], _returns(QuarterlyReturn.objects.filter(pk=report.pk)))[0]


def quarters() -> list[Period]:
    """Those in which returns are due, newest first."""
    due = UnitDue.objects.values("period")
    return list(Period.objects.filter(Q(pk__in=due) | Q(returns__isnull=False)).distinct()[:QUARTERS])


def newest_ended(periods: Sequence[Period]) -> Period | None:
    """The quarter that is being reported now: the newest that has ended, else the newest."""
    ended = [period for period in periods if period.last_day < today()]
    return next(iter(ended or periods), None)


def _returns(reports: QuerySet[QuarterlyReturn]) -> list[QuarterlyReturn]:
    returned = Count("acts", filter=Q(acts__verb=ReturnAct.RETURNED))
    return list(reports.annotate(returns=returned))


def _listed(pairs: Sequence[tuple[ReportingUnit, Period]], reports: Iterable[QuarterlyReturn]) -> list[Listed]:
    if not pairs:
        return []
    found = {(report.unit_id, report.period_id): report for report in reports}
    newest = _newest([report.pk for report in found.values()])
    periods = list({period.pk: period for _, period in pairs}.values())
    dues = {period.pk: due for period, due in zip(periods, dues_of(periods), strict=True)}
    calendar = calendar_between(min(due.day for due in dues.values()), today() + 2 * ONE_DAY)
    return [
        _one(unit, period, dues[period.pk], found.get((unit.pk, period.pk)), newest, calendar) for unit, period in pairs
    ]


def _newest(reports: list[int]) -> dict[int, tuple[int, int]]:
    """return → number of its newest version, and how many surveys that rests on."""
    read = ReturnVersion.objects.filter(report__in=reports).order_by("number")
    rows = read.values_list("report_id", "number", "content__total__accepted")
    return {report: (number, accepted) for report, number, accepted in rows}


def _one(
    unit: ReportingUnit,
    period: Period,
    due: Due,
    report: QuarterlyReturn | None,
    newest: dict[int, tuple[int, int]],
    calendar: Calendar,
) -> Listed:
    number, accepted = newest.get(report.pk, (0, 0)) if report else (0, 0)
    sound = bool(accepted) and report is not None and report.state != QuarterlyReturn.RETURNED
    sent = report.submitted_at if report else None
    late = due.days_late(sent or timezone.now(), calendar)
    returns: int = getattr(report, "returns", 0)
    return Listed(unit, period, due, report, timeliness(due, sent, sound), late, returns, number)
