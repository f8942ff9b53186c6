"""The sums of the demonstration's quarters are made once, after all of its verbs, and not after each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from assessments import summaries
from assessments.demo.city import quarters_of
from assessments.periods import period_of


@contextmanager
def summed_once(day: date) -> Iterator[None]:
    with patch("assessments.summaries.refresh"), patch("assessments.summaries.refresh_all"):
        yield
    for quarter in quarters_of(day):
        summaries.rebuild(period_of(*quarter))
