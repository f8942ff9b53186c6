"""``make bench``: everything that is measured, in one run. Nothing is asserted here; tests hold the query counts.

``BENCH=quick make bench`` leaves out the starts of a fresh clone, which take minutes."""

from __future__ import annotations

import os
import platform

from bench.ground import scratch_portal
from bench.table import figure, say
from bench.timing import yardstick


def main() -> None:
    say(f"Python {platform.python_version()}，{os.cpu_count()} 核")
    say_yardstick()
    with scratch_portal():
        show_inside()
    if os.environ.get("BENCH") != "quick":
        from bench.starting import show_starts

        show_starts()
    say_yardstick()


def show_inside() -> None:
    """The engines of others come last: what they load into memory must not weigh on the portal's requests."""
    from bench.pages import show_costs
    from bench.weights import show_weights

    show_costs()
    show_weights()
    from bench.judging import show_judging

    show_judging()


def say_yardstick() -> None:
    """Where the median is far above the least, others are using the machine, and every figure is too high."""
    cost, load = yardstick(), os.getloadavg()[0]
    say(f"\n标尺：同一段 Python 的 CPU 毫秒，中位 {figure(cost.cpu)}，最少 {figure(cost.least)}；负载 {load:.1f}")


if __name__ == "__main__":
    main()
