"""抽查 of a quarter on a board: the difference rates of the city or of one unit, by unit, by row and by who reported; a
town has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from assessments.models import Period, SpotCheck
from assessments.models.summaries import TOWN
from assessments.spot_checks.listing import rates_in
from assessments.spot_checks.rates import Rate, Rates, worst_first
from facilities.models import Officer
from reports.dashboards.places import Place

MOST = 6  # rows, and surveyors, that the page shows


@dataclass(frozen=True, slots=True)
class Checking:
    """Rates of differing over compared answers. Surveyors only for whom their names may be told."""

    rates: Rates
    url: str

    @property
    def tables(self) -> Iterator[tuple[str, Sequence[Rate]]]:
        """What the page shows: every unit, of rows and surveyors the worst."""
        yield "单位", self.rates.units
        yield "规范事项", worst_first(self.rates.rows)[:MOST]
        if self.rates.surveyors:
            yield "填报人", self.rates.surveyors[:MOST]


def checking_of(officer: Officer, place: Place, period: Period) -> Checking | None:
    """Seven queries at most, one where nothing was inspected; None where nothing was compared."""
    done = SpotCheck.objects.filter(draw__period=period.pk, state=SpotCheck.DONE)
    if place.code:
        done = done.filter(unit__code=place.code)
    if place.kind == TOWN or not done.exists():
        return None
    rates = rates_in(officer, done)
    return Checking(rates, f"{reverse('assessments:spot_checks')}?period={period.key}") if rates.units else None
