"""Why a small form is not taken: what was typed cannot be, or somebody else was quicker."""

from __future__ import annotations


class Refused(ValueError):
    """What was typed cannot be: ``field`` and the sentence for it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Overtaken(Exception):
    """Somebody else has changed it since the page was read."""
