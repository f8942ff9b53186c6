"""Who inspects: an officer of the city or a reviewer of another unit, who had no hand in the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from assessments.models import Change, Draw, Review, Snapshot, SpotCheck
from assessments.refusals import Overtaken, Refused
from assessments.spot_checks.reach import require_city
from assessments.spot_checks.telling import tell_inspectors
from facilities.models import Officer

Hands = frozenset[tuple[int, int]]  # (survey, officer): filled, submitted, reviewed it


def officers() -> QuerySet[Officer]:
    """Reviewers first: whoever of the city inspects cannot read the facility until the check is finished."""
    inspecting = Officer.objects.filter(is_active=True, role__in=(Officer.REVIEWER, Officer.CITY))
    return inspecting.select_related("unit").order_by("-role", "pk")


def hands_on(checks: Iterable[SpotCheck]) -> Hands:
    """Who had a hand in the reports: three queries, however many."""
    surveys = [check.snapshot.survey_id for check in checks]
    acts = (Change.objects, Review.objects, Snapshot.objects)
    rows = (act.filter(survey__in=surveys).order_by().values_list("survey", "by").distinct() for act in acts)
    return frozenset(pair for found in rows for pair in found)


def why_not(officer: Officer, check: SpotCheck, hands: Hands) -> str:
    """Why the officer may not inspect, in a sentence; empty where they may."""
    if not officer.is_active or officer.role not in (Officer.REVIEWER, Officer.CITY):
        return "检查员只能是市局人员或其他报送单位的审核员。"
    if officer.role == Officer.REVIEWER and officer.unit_id == check.unit_id:
        return f"{officer.display_name}是{check.unit}的审核员，不能检查本单位的机构。"
    if (check.snapshot.survey_id, officer.pk) in hands:
        return f"{officer.display_name}填过或审核过这份核查表，知道填报的数，不能检查。"
    return ""


def choices_for(checks: Iterable[SpotCheck]) -> dict[int, list[Officer]]:
    """check → who may inspect it: four queries, however many."""
    listed, candidates = list(checks), list(officers())
    hands = hands_on(listed)
    return {check.pk: [each for each in candidates if not why_not(each, check, hands)] for check in listed}


# ── Verbs ─────────────────────────────────────────────────────────────────────


@transaction.atomic
def assign(check: SpotCheck, officer: Officer, inspector: str) -> SpotCheck:
    """By hand; who has begun may be relieved, what was found stays. The inspector is told. Raises Refused, Overtaken,
    PermissionDenied."""
    require_city(officer)
    chosen = officers().filter(pk=int(inspector)).first() if inspector.isascii() and inspector.isdigit() else None
    if chosen is None:
        raise Refused("inspector", "请选一位检查员。")
    check = held(check)
    if check.state == SpotCheck.DONE:
        raise Overtaken("没有指派：这一家的检查已经办结。")
    if sentence := why_not(chosen, check, hands_on([check])):
        raise Refused("inspector", sentence)
    if check.inspector_id == chosen.pk:
        return check  # pressed twice: nobody is told again
    check.inspector = chosen
    check.save(update_fields=["inspector"])
    tell_inspectors([check], officer)
    return check


@transaction.atomic
def assign_all(draw: Draw, officer: Officer) -> tuple[int, int]:
    """Whoever of those that may has the fewest of this draw, in turn; the city's own only where no reviewer may. Gives
    how many were assigned and how many nobody may inspect."""
    require_city(officer)
    rows = SpotCheck.objects.select_for_update(of=("self",)).filter(draw=draw)
    checks = list(rows.select_related("draw__period", "facility", "snapshot", "unit").order_by("pk"))
    load = Counter(check.inspector_id for check in checks if check.inspector_id)
    waiting = [check for check in checks if check.inspector_id is None]
    choices = choices_for(waiting)
    for check in waiting:
        check.inspector = _next(choices[check.pk], load)
        if check.inspector:
            load[check.inspector.pk] += 1
    SpotCheck.objects.bulk_update(waiting, ["inspector"])
    tell_inspectors(waiting, officer)
    assigned = sum(check.inspector is not None for check in waiting)
    return assigned, len(waiting) - assigned


def _next(choices: list[Officer], load: Mapping[int, int]) -> Officer | None:
    reviewers = [each for each in choices if each.role == Officer.REVIEWER]
    return min(reviewers or choices, key=lambda each: load[each.pk], default=None)


def require_inspector(officer: Officer, check: SpotCheck) -> None:
    """The one who was assigned, still: not of the inspected unit, wherever they have been moved since."""
    if check.inspector_id != officer.pk:
        raise PermissionDenied("这一家由指派的检查员检查。")
    if officer.role == Officer.REVIEWER and officer.unit_id == check.unit_id:
        raise PermissionDenied(f"您现在是{check.unit}的审核员，不能检查本单位的机构，请市局改派。")


def held(check: SpotCheck) -> SpotCheck:
    """The check's row, locked until the transaction ends."""
    rows = SpotCheck.objects.select_for_update(of=("self",))
    return rows.select_related("draw__period", "facility__division", "unit", "snapshot", "inspector").get(pk=check.pk)
