"""What changed since last quarter: the areas and the rows of the schedule that rose and fell most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.dashboards.figures import Change, Rate, points

MOST = 3
FEW = 3  # of fewer facilities, one more or less says nothing


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    url: str
    now: Rate
    before: Rate

    @property
    def by(self) -> float:
        """0 exactly where both are the same; see league.py."""
        return self.now.part / self.now.whole - self.before.part / self.before.whole

    @property
    def change(self) -> Change | None:
        return points(self.now, self.before)


@dataclass(frozen=True, slots=True)
class Moves:
    up: tuple[Move, ...]
    down: tuple[Move, ...]

    @property
    def any(self) -> bool:
        return bool(self.up or self.down)


def moves_of(moves: Iterable[Move]) -> Moves:
    """Only where both quarters have a rate, of more than a few."""
    both = [move for move in moves if min(move.now.whole, move.before.whole) >= FEW]
    rising = sorted((move for move in both if move.by > 0), key=lambda move: (-move.by, move.name))
    falling = sorted((move for move in both if move.by < 0), key=lambda move: (move.by, move.name))
    return Moves(tuple(rising[:MOST]), tuple(falling[:MOST]))
