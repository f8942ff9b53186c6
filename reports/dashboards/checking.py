"""抽查 of a quarter on a board: the difference rate of the city with its units, or of one unit; a town has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from assessments.models import Period
from assessments.models.summaries import TOWN
from assessments.spot_checks.rates import difference_rates
from facilities.models import ReportingUnit
from reports.dashboards.figures import Rate
from reports.dashboards.places import Place


@dataclass(frozen=True, slots=True)
class Checking:
    """Rates of differing over compared answers; ``lines`` by unit, of which something was compared."""

    total: Rate
    lines: Sequence[tuple[str, Rate]]
    url: str


def checking_of(place: Place, period: Period) -> Checking | None:
    """Two queries at most; None where nothing was compared."""
    if place.kind == TOWN:
        return None
    found = difference_rates([period])
    units = ReportingUnit.objects.filter(pk__in=found).order_by("code") if found else []
    lines = [(unit.name, Rate(*found[unit.pk])) for unit in units if place.code in ("", unit.code)]
    if not lines:
        return None
    total = Rate(sum(rate.part for _, rate in lines), sum(rate.whole for _, rate in lines))
    return Checking(total, lines, f"{reverse('assessments:spot_checks')}?period={period.key}")
