"""``make bench``: everything that is measured, in one run. Nothing is asserted here; tests hold the query counts.

``make bench ARGS="grids excel"`` measures some of it; the parts are named in ``PARTS`` and ``ALONE``."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

from bench.ground import scratch_portal
from bench.table import figure, say
from bench.timing import yardstick

#: The engines of others come last: what they load into memory must not weigh on the portal's requests.
PARTS = ("pages", "weights", "grids", "excel", "accidents", "returns", "judging")
#: with databases of their own
ALONE = ("dashboards", "starts")


def main(asked: list[str]) -> None:
    if unknown := set(asked) - {*PARTS, *ALONE}:
        sys.exit(f"没有这一部分：{'、'.join(sorted(unknown))}。可选：{' '.join([*PARTS, *ALONE])}")
    say(f"Python {platform.python_version()}，{os.cpu_count()} 核")
    say_yardstick()
    if not asked or set(asked) & set(PARTS):
        with scratch_portal():
            for part in PARTS:
                if not asked or part in asked:
                    show(part)
    for part in ALONE:
        if not asked or part in asked:
            show(part)
    say_yardstick()


def show(part: str) -> None:
    """Each is imported when its turn comes: some need packages that only the bench has, all but ``starts`` Django."""
    match part:
        case "pages":
            from bench.pages import show_costs as shown
        case "weights":
            from bench.weights import show_weights as shown
        case "grids":
            from bench.grids import show_grids as shown
        case "excel":
            from bench.large import show_large as shown
        case "accidents":
            from bench.accidents import show_accidents as shown
        case "returns":
            from bench.returns import show_returns as shown
        case "dashboards":
            shown = in_a_process_of_its_own
        case "judging":
            from bench.judging import show_judging as shown
        case _:
            from bench.starting import show_starts as shown
    shown()


def in_a_process_of_its_own() -> None:
    """A city and a nation on a scratch database; of the nation's towns as many as a bench can wait for."""
    environment = {"TOWNS": "3000"} | os.environ
    subprocess.run([sys.executable, "-m", "bench.dashboards"], check=True, env=environment)


def say_yardstick() -> None:
    """Where the median is far above the least, others are using the machine, and every figure is too high."""
    cost, load = yardstick(), os.getloadavg()[0]
    say(f"\n标尺：同一段 Python 的 CPU 毫秒，中位 {figure(cost.cpu)}，最少 {figure(cost.least)}；负载 {load:.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
