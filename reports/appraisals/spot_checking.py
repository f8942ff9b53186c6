"""What the spot checks found of each unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assessments.models import Period


def spot_check_rates(periods: Iterable[Period]) -> Mapping[int, tuple[int, int]]:
    """unit → (differing, compared) over the quarters; a unit of which nothing was compared is not there.
    Empty as long as the portal keeps no spot checks: the indicator is then not scored, and says so."""
    return {}
