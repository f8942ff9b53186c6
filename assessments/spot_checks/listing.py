"""抽查 as lists: draws with how far they have come, one draw with its strata, an officer's own checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from assessments.models import Draw, Period, SpotCheck
from assessments.spot_checks.draws import strata_in
from assessments.spot_checks.inspectors import choices_for
from assessments.spot_checks.rates import Rates, rates_of
from assessments.spot_checks.reach import checks_visible_to, draws_visible_to, may_draw
from facilities.models import SUBJECTS, Officer, ReportingUnit

SHOWN = 40  # draws on the list


@dataclass(frozen=True, slots=True)
class Line:
    check: SpotCheck
    choices: Sequence[Officer]  # who may inspect; none for who does not assign


@dataclass(frozen=True)
class Group:
    """A stratum: of so many so many were drawn; ``lines`` are those that the officer may see."""

    unit: str
    subject: str
    members: int
    size: int
    lines: Sequence[Line]


def draws_of(officer: Officer) -> QuerySet[Draw]:
    """With ``drawn`` and ``done``, of what the officer may see; without the frame: one query."""
    seen = Q(checks__in=checks_visible_to(officer))
    counted = draws_visible_to(officer).annotate(
        drawn=Count("checks", filter=seen), done=Count("checks", filter=seen & Q(checks__state=SpotCheck.DONE))
    )
    return counted.select_related("period", "by").defer("frame").order_by("-at", "-pk")[:SHOWN]


def own_checks(officer: Officer) -> QuerySet[SpotCheck]:
    """What the officer has to inspect: one query."""
    mine = checks_visible_to(officer).filter(inspector=officer).exclude(state=SpotCheck.DONE)
    related = mine.select_related("draw__period", "facility", "unit").defer("draw__frame", "answers", "judged")
    return related.order_by("draw__at", "facility__code")


def waiting_checks(officer: Officer) -> int:
    """How many, for a link: one query."""
    if officer.role not in (Officer.CITY, Officer.REVIEWER):
        return 0
    return SpotCheck.objects.filter(inspector=officer, finished_at=None).count()


def checks_in(draw: Draw, officer: Officer) -> list[SpotCheck]:
    seen = checks_visible_to(officer) if not may_draw(officer) else SpotCheck.objects.all()
    found = seen.filter(draw=draw).select_related("facility", "unit", "inspector__unit", "snapshot")
    return list(found.defer("snapshot__content", "answers", "judged").order_by("facility__code"))


def groups_of(draw: Draw, officer: Officer) -> list[Group]:
    """Seven queries at most, however many checks."""
    checks = checks_in(draw, officer)
    open_ = [check for check in checks if check.state != SpotCheck.DONE] if may_draw(officer) else []
    choices = choices_for(open_) if open_ else {}
    lines = {check.facility.code: Line(check, choices.get(check.pk, ())) for check in checks}
    names = dict(ReportingUnit.objects.values_list("code", "name"))
    groups = []
    for stratum in strata_in(draw):
        mine = [lines[code] for code in sorted(stratum.drawn) if code in lines]
        if mine or may_draw(officer):
            subject = SUBJECTS[stratum.subject]
            groups.append(Group(names.get(stratum.unit, ""), subject, len(stratum.members), stratum.size, mine))
    return groups


def rates_in(officer: Officer, checks: QuerySet[SpotCheck]) -> Rates:
    """The difference rates of what the officer may see; names only of those whose they may know."""
    seen = checks.filter(pk__in=checks_visible_to(officer).order_by().values("pk"), state=SpotCheck.DONE)
    return rates_of(seen, _named(officer))


def _named(officer: Officer) -> Q | None:
    if officer.role == Officer.CITY:
        return Q()
    if officer.role == Officer.REVIEWER:
        return Q(spot_check__unit=officer.unit_id)
    return None


def quarters_with_reports() -> QuerySet[Period]:
    """Those that can be drawn from, newest first."""
    return Period.objects.filter(due_surveys__isnull=False).distinct()
