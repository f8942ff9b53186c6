"""Where the past is invented, and only there, a clock stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    """Whatever is dated meanwhile is dated ``moment``."""
    with patch("django.utils.timezone.now", lambda: moment):  # a Mock would remember each of the million calls
        yield
