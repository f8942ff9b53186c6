"""Excel for 360 facilities, each step in an interpreter of its own, so that its peak of memory is its own.

``python -m bench.large STEP FOLDER`` is such an interpreter: it does one step and prints what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from bench.ground import ROOT, cpu_of_children
from bench.table import figure, table, title

FACILITIES, TOWN = 360, 3
STEPS = ("download", "fill", "upload", "show", "confirm")
WORDS = {
    "download": "下载核查表",
    "upload": "上传、逐格比较",
    "show": "看比较结果",
    "confirm": "确认导入",
}
AIMS = {"download": "≤ 10 秒"}
HEAD = ("", "秒", "目标", "CPU 秒", "内存峰值 MB", "起步 MB", "")


def show_large() -> None:
    from bench.towns import town_of

    town_of(TOWN, FACILITIES, answered=False)
    title(f"Excel：一个镇 {FACILITIES} 个站，每站每项都填")
    with TemporaryDirectory(prefix="portal-bench-excel-") as folder:
        taken = {step: _taken(step, folder) for step in STEPS}
        table(HEAD, [_row(step, taken[step]) for step in WORDS])


def _row(step: str, taken: dict[str, Any]) -> tuple[str, ...]:
    figures = (figure(taken["seconds"]), AIMS.get(step, ""), figure(taken["cpu"]))
    return WORDS[step], *figures, figure(taken["peak"] / 1024), figure(taken["start"] / 1024), taken["said"]


def _taken(step: str, folder: str) -> dict[str, Any]:
    """What the child printed; nothing of the step that only prepares another."""
    command = [sys.executable, "-m", "bench.large", step, folder]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, env=os.environ)  # noqa: S603
    taken: dict[str, Any] = json.loads(done.stdout)
    return taken


# ── In the child ──────────────────────────────────────────────────────────────


def main(step: str, folder: Path) -> None:
    import django

    django.setup()
    from bench import excel
    from tests.facilities.bombs import peak_kb

    act = excel.prepared(step, folder)  # what a server has loaded anyhow
    start, began, used = peak_kb(), perf_counter(), process_time() + cpu_of_children()
    said = act()
    taken = {"seconds": perf_counter() - began, "cpu": process_time() + cpu_of_children() - used}
    told = taken | {"start": start, "peak": peak_kb(), "said": said} if step in WORDS else {}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
