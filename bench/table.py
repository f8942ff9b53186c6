"""Tables on the terminal. A Chinese character is two columns wide."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from unicodedata import east_asian_width


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def title(text: str) -> None:
    say(f"\n══ {text}")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The first column to the left, figures to the right."""
    widths = [max(map(width, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, ["─" * each for each in widths], *rows):
        first, *rest = (padded(cell, each, n > 0) for n, (cell, each) in enumerate(zip(row, widths, strict=True)))
        say("  ".join([first, *rest]).rstrip())


def width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def padded(text: str, wanted: int, right: bool) -> str:
    blank = " " * (wanted - width(text))
    return blank + text if right else text + blank


def figure(value: float | None) -> str:
    """Three digits that count: 0.048, 7.31, 128."""
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def times(value: float, of: float | None) -> str:
    """A ratio: 0.31 倍."""
    return f"{figure(value / of)} 倍" if of else ""
