"""``captured_at``: when the site was surveyed, as the device claims it. It decides nothing; the server's time does."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from assessments.models import Period
from facilities.access import SHANGHAI


def claimed(text: str, period: Period) -> datetime | None:
    """A device's claim in ISO 8601 with its zone, or None for one that cannot be: of the future, from before the
    quarter, without a zone, no time at all."""
    try:
        at = parse_datetime(text[:40])
    except ValueError:
        return None
    if at is None or timezone.is_naive(at):
        return None
    began = datetime.combine(period.first_day, time(), SHANGHAI)
    return at if began <= at <= timezone.now() else None
