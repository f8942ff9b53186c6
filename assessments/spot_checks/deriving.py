"""What the city's survey need not ask of its inspections: the day of the newest, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from assessments.deadlines import ONE_DAY
from assessments.derived import Derived, Known, source
from assessments.models import Period, SpotCheck, SpotDifference
from facilities.access import SHANGHAI
from facilities.models import Facility


@source("inspected_on", "inspection_findings")
def of_inspections(facilities: Sequence[Facility], period: Period) -> dict[int, Known]:
    """Of the draw in which a check was finished last by the end of the quarter: two queries, no names."""
    cities = [facility.pk for facility in facilities if facility.subject == "city"]
    after = datetime.combine(period.last_day + ONE_DAY, time(), SHANGHAI)
    done = SpotCheck.objects.filter(state=SpotCheck.DONE, finished_at__lt=after).order_by("-finished_at", "-pk")
    newest = done.select_related("draw__period").first() if cities else None
    if newest is None or newest.finished_at is None:
        return {}
    differs = SpotDifference.objects.filter(spot_check__in=done.filter(draw=newest.draw).order_by().values("pk"))
    told = list(differs.values_list("spot_check", "differs"))
    checked = len({check for check, _ in told})
    said = (
        f"抽查编号 {newest.draw_id}，办结 {checked} 家，比较 {len(told)} 项，不一致 {sum(each for _, each in told)} 项"
    )
    from_draw = f"抽查记录（{newest.draw.period}，编号 {newest.draw_id}）"
    day = newest.finished_at.astimezone(SHANGHAI).date()
    known = {"inspected_on": Derived(f"{day}", from_draw), "inspection_findings": Derived(said, from_draw)}
    return dict.fromkeys(cities, known)
