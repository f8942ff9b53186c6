"""How long an act takes. Machines are noisy: acts are repeated, turn about where they are compared, and the median
stands for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

Act = Callable[[], object]


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one act: ``cpu`` of this process, ``wall`` by the clock (the disk's waiting included)."""

    cpu: float
    wall: float


def cost_of(act: Act, rounds: int, warm: int = 3) -> Cost:
    for _ in range(warm):
        act()
    return _median([_once(act) for _ in range(rounds)])


def turn_about(acts: Mapping[str, Act], rounds: int) -> dict[str, Cost]:
    """Every act once a round, so that what disturbs the machine disturbs all of them."""
    for act in acts.values():
        act()
    taken = [{name: _once(act) for name, act in acts.items()} for _ in range(rounds)]
    return {name: _median([each[name] for each in taken]) for name in acts}


def _once(act: Act) -> Cost:
    cpu, wall = process_time(), perf_counter()
    act()
    return Cost((process_time() - cpu) * 1000, (perf_counter() - wall) * 1000)


def _median(costs: list[Cost]) -> Cost:
    return Cost(median(cost.cpu for cost in costs), median(cost.wall for cost in costs))
