"""待审核: the surveys that an officer decides on or may read, what waits first; and many accepted in one act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from assessments import reviewing
from assessments.flags import Flag, flags_of
from assessments.locking import BY_THE_CITY
from assessments.models import Judgement, Period, Review, Survey
from assessments.periods import parse_key
from facilities.access import visible_to
from facilities.models import Division, Officer

SIZE = 50
MOST_AT_ONCE = 200
FLAGGED, UNFLAGGED = "yes", "no"
STATES = {Survey.SUBMITTED: "待审核", Survey.RETURNED: "已退回", Survey.ACCEPTED: "已通过"}


@dataclass(frozen=True)
class Asked:
    """What of the queue is asked for: all of it stands in the address."""

    state: str = Survey.SUBMITTED
    flagged: str = ""
    town: str = ""
    page: str = "1"
    period: str = ""  # the newest quarter with such surveys, where none is named


@dataclass(frozen=True)
class Entry:
    survey: Survey
    town: str
    judgement: Judgement | None
    flags: list[Flag]
    opened: Review | None
    may_decide: bool

    @property
    def name(self) -> str:
        return f"{self.survey.facility.code}:{self.survey.period.key}"

    @property
    def can_be_ticked(self) -> bool:
        return self.may_decide and not self.flags


@dataclass(frozen=True)
class Queue:
    asked: Asked
    entries: list[Entry]
    page: Page[Survey]
    waiting: int  # of the officer's own, in every quarter
    period: Period | None
    periods: list[Period]  # in which something stands, newest first
    towns: list[tuple[str, str]]  # code and name of those in which something stands
    flagged: int
    total: int

    @property
    def tickable(self) -> int:
        return sum(entry.can_be_ticked for entry in self.entries)


def readable_by(officer: Officer) -> QuerySet[Survey]:
    """Surveys whose review the officer takes part in or may follow. Raises PermissionDenied for who fills them."""
    if officer.role == Officer.SURVEYOR:
        raise PermissionDenied("这里是审核员办理审核的地方。您填报的核查表在“我的任务”里。")
    surveys = Survey.objects.filter(facility__in=visible_to(officer))
    return surveys.select_related("facility__division", "period")


def decided_by(officer: Officer) -> QuerySet[Survey]:
    """Of these, the surveys that wait for the officer's own office."""
    waiting = readable_by(officer).filter(state=Survey.SUBMITTED)
    return waiting.filter(_own(officer)).order_by("period__year", "period__quarter", "facility__code")


def _own(officer: Officer) -> Q:
    """Says what ``reviewers.may_review`` says."""
    if officer.role == Officer.CITY:
        return Q(facility__subject__in=BY_THE_CITY)
    return ~Q(facility__subject__in=BY_THE_CITY) if officer.role == Officer.REVIEWER else Q(pk__in=[])


def next_after(officer: Officer, survey: Survey) -> Survey | None:
    """The next that waits, round to the first."""
    waiting = list(decided_by(officer).exclude(pk=survey.pk))
    place = (survey.period.year, survey.period.quarter, survey.facility.code)
    later = (s for s in waiting if (s.period.year, s.period.quarter, s.facility.code) > place)
    return next(later, waiting[0] if waiting else None)


# ── The page ──────────────────────────────────────────────────────────────────


def queue_of(officer: Officer, asked: Asked) -> Queue:
    """A constant number of queries. Flags are worked out for everything that waits, since one can ask for them."""
    surveys = readable_by(officer).filter(state=asked.state)
    periods = list(Period.objects.filter(pk__in=surveys.values("period")))
    period = next((each for each in periods if each.key == asked.period), periods[0] if periods else None)
    own = set(decided_by(officer).values_list("pk", flat=True))
    found = sorted(surveys.filter(period=period).order_by("facility__code"), key=lambda survey: survey.pk not in own)
    towns = _towns(found)
    flags = flags_of(found) if asked.state == Survey.SUBMITTED else {}
    flagged = sum(bool(flags.get(survey.pk)) for survey in found)
    shown = [survey for survey in found if _is_asked(survey, asked, flags.get(survey.pk, []))]
    page = Paginator(shown, SIZE).get_page(asked.page)
    entries = _entries(list(page.object_list), flags, own, dict(towns))
    return Queue(asked, entries, page, len(own), period, periods, towns, flagged, len(found))


def town_code(survey: Survey) -> str:
    return survey.facility.code.rstrip("CG")[:9]


def _towns(surveys: Iterable[Survey]) -> list[tuple[str, str]]:
    codes = {town_code(survey) for survey in surveys}
    return list(Division.objects.filter(code__in=codes).order_by("code").values_list("code", "name"))


def _is_asked(survey: Survey, asked: Asked, flags: Sequence[Flag]) -> bool:
    if asked.town and town_code(survey) != asked.town:
        return False
    return not asked.flagged or (asked.flagged == FLAGGED) == bool(flags)


def _entries(
    surveys: Sequence[Survey], flags: dict[int, list[Flag]], own: set[int], towns: dict[str, str]
) -> list[Entry]:
    keys = [survey.pk for survey in surveys]
    judged = Judgement.objects.filter(survey__in=keys, beside=False).select_related("snapshot__by")
    ordered = judged.defer("content", "snapshot__content").order_by("snapshot__number")
    newest = {j.survey_id: j for j in ordered}
    opened = Review.objects.filter(snapshot__in=[j.snapshot_id for j in newest.values()], verb=Review.OPENED)
    by_survey = {review.survey_id: review for review in opened.select_related("by")}
    return [
        Entry(s, towns.get(town_code(s), ""), newest.get(s.pk), flags.get(s.pk, []), by_survey.get(s.pk), s.pk in own)
        for s in surveys
    ]


# ── Many at once ──────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Accepted:
    survey: Survey
    why_not: str


def accept_many(officer: Officer, names: Sequence[str]) -> list[Accepted]:
    """What is flagged, or was decided meanwhile, stays and says why."""
    surveys = _named(officer, names[:MOST_AT_ONCE])
    flags = flags_of([survey for survey in surveys if survey.state == Survey.SUBMITTED])
    why_not = {key: f"有 {len(found)} 处要看，请单独审核：{found[0].label}" for key, found in flags.items() if found}
    for period in {survey.period for survey in surveys}:
        asked = [survey for survey in surveys if survey.period == period and survey.pk not in why_not]
        why_not |= {
            key: str(refused) for key, refused in reviewing.accept_all(asked, officer, as_read=True).refused.items()
        }
    return [Accepted(survey, why_not.get(survey.pk, "")) for survey in surveys]


def _named(officer: Officer, names: Sequence[str]) -> list[Survey]:
    asked = Q(pk__in=[])
    for name in names:
        code, _, key = name.partition(":")
        try:
            year, quarter = parse_key(key)
        except Period.DoesNotExist:
            continue
        asked |= Q(facility__code=code, period__year=year, period__quarter=quarter)
    return list(readable_by(officer).filter(asked).order_by("facility__code"))
