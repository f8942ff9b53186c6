"""``make bench``: everything that is measured, in one run. Nothing is asserted here; tests hold the query counts.

``BENCH=quick make bench`` leaves out the starts of a fresh clone, which take minutes."""

from __future__ import annotations

import os
import platform

from bench.ground import scratch_portal
from bench.table import say


def main() -> None:
    say(f"Python {platform.python_version()}，{os.cpu_count()} 核，起始负载 {os.getloadavg()[0]:.1f}")
    with scratch_portal():
        from bench.judging import show_judging
        from bench.pages import show_costs
        from bench.weights import show_weights

        show_costs()
        show_judging()
        show_weights()
    if os.environ.get("BENCH") != "quick":
        from bench.starting import show_starts

        show_starts()


if __name__ == "__main__":
    main()
