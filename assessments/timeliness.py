"""及时: four classes, of a survey as of a return. The first valid submission decides, by the server's clock; to be
returned later makes an on-time report not late, but it is told apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from assessments.deadlines import Due, due_of
from assessments.models import Answer, Change, DueSurvey, Period, Survey
from facilities.models import ReportingUnit

ON_TIME, LATE, MISSING, VOID = "on_time", "late", "missing", "void"
CLASSES = {ON_TIME: "按时", LATE: "逾期", MISSING: "未报", VOID: "按时，但空报或被退回"}


def timeliness(due: Due, submitted_at: datetime | None, sound: bool) -> str:
    """``sound``: neither empty nor returned now."""
    if submitted_at is None:
        return MISSING
    if not due.on_time(submitted_at):
        return LATE
    return ON_TIME if sound else VOID


def of_survey(survey: Survey, due: Due | None = None) -> str:
    """The class of one survey as it stands now: one query, and one for the calendar where the quarter is not open."""
    sound = survey.state != Survey.RETURNED and not is_empty(survey)
    return timeliness(due or due_of(survey.period), survey.submitted_at, sound)


def of_return(due: Due, submitted_at: datetime | None, state: str, figures: int) -> str:
    """The class of a quarterly return: ``figures`` is the number of accepted surveys that it rests on."""
    return timeliness(due, submitted_at, state != Survey.RETURNED and figures > 0)


def is_empty(survey: Survey) -> bool:
    """空报: nothing is answered, or all that is said is 无法提供. What is registered of the place anyway (population
    and the like, put in by the portal) is no answer."""
    return not answered().filter(survey=survey).exists()


def answered() -> QuerySet[Answer]:
    """Answers with a value that did not come from the register."""
    registered = Change.objects.filter(
        survey=OuterRef("survey"), indicator=OuterRef("indicator"), origin=Answer.FACT, value__isnull=False
    )
    return Answer.objects.filter(~Exists(registered), value__isnull=False)


# ── Counted ───────────────────────────────────────────────────────────────────


def classes_of(period: Period, unit: ReportingUnit | None = None) -> dict[str, int]:
    """class → how many of those that are due (to the unit, or in the city): together exactly the number due, since
    every numerator is counted among the rows of the denominator. One query, for a quarter that is open."""
    due = due_of(period)
    rows = period.due_surveys.filter(unit=unit) if unit else period.due_surveys.all()
    on_time, sound = Q(sent__lt=due.moment), ~Q(now=Survey.RETURNED) & Q(says=True)
    return with_survey(rows).aggregate(
        **{
            ON_TIME: Count("pk", filter=on_time & sound),
            LATE: Count("pk", filter=Q(sent__gte=due.moment)),
            MISSING: Count("pk", filter=Q(sent=None)),
            VOID: Count("pk", filter=on_time & ~sound),
        }
    )


def with_survey(rows: QuerySet[DueSurvey]) -> QuerySet[DueSurvey]:
    """Each with what its survey says now: ``sent`` (first submission), ``now`` (its state), ``says`` (not empty)."""
    own = Survey.objects.filter(facility=OuterRef("facility"), period=OuterRef("period"))
    said = answered().filter(survey__facility=OuterRef("facility"), survey__period=OuterRef("period"))
    return rows.annotate(
        sent=Subquery(own.values("submitted_at")), now=Subquery(own.values("state")), says=Exists(said)
    )


def rosters_of(periods: Iterable[Period]) -> dict[int, dict[str, int]]:
    """period → how many are ``due`` and how many of them are ``begun`` and ``sent``: one query for a page of them."""
    own = Survey.objects.filter(facility=OuterRef("facility"), period=OuterRef("period"))
    rows = DueSurvey.objects.filter(period__in=[period.pk for period in periods])
    found = (
        rows.annotate(now=Subquery(own.values("state")))
        .values(quarter=F("period"))
        .annotate(
            due=Count("pk"),
            begun=Count("pk", filter=Q(now__isnull=False)),
            sent=Count("pk", filter=Q(now__in=[Survey.SUBMITTED, Survey.ACCEPTED])),
        )
        .order_by()
    )
    return {row["quarter"]: {key: row[key] for key in ("due", "begun", "sent")} for row in found}
