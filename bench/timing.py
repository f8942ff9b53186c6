"""How long an act takes. Machines are noisy: acts are repeated, turn about where they are compared, and the median
stands for all; beside it the least, which a quiet machine comes near to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

Act = Callable[[], object]


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one act: ``cpu`` of this process, the median and the ``least``; ``wall`` by the clock, the
    disk's waiting included."""

    cpu: float
    least: float
    wall: float


def cost_of(act: Act, rounds: int, warm: int = 3) -> Cost:
    for _ in range(warm):
        act()
    return _cost([_once(act) for _ in range(rounds)])


def turn_about(acts: Mapping[str, Act], rounds: int) -> dict[str, Cost]:
    """Every act once a round, so that what disturbs the machine disturbs all of them."""
    for act in acts.values():
        act()
    taken = [{name: _once(act) for name, act in acts.items()} for _ in range(rounds)]
    return {name: _cost([each[name] for each in taken]) for name in acts}


def yardstick() -> Cost:
    """A piece of plain Python that never changes: what this machine gives at this moment."""
    return cost_of(lambda: sum(int(str(n)) % 7 for n in range(20_000)), 25)


def _once(act: Act) -> tuple[float, float]:
    cpu, wall = process_time(), perf_counter()
    act()
    return (process_time() - cpu) * 1000, (perf_counter() - wall) * 1000


def _cost(taken: Sequence[tuple[float, float]]) -> Cost:
    cpu, wall = zip(*taken, strict=True)
    return Cost(median(cpu), min(cpu), median(wall))
