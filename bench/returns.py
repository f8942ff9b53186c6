"""What papers cost: a return of 360 facilities as PDF and workbook, and an annex of 4,000 rows, whose memory is
measured in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bench.ground import ROOT
from bench.table import figure, say, table, title
from bench.timing import cost_of

FACILITIES, MANY = 360, 4000
AIM = 400  # MB
HEAD = ("", "家数", "CPU 秒", "MB", "目标 MB", "字节")


def show_returns() -> None:
    title("季报：PDF、Excel（每一项在单独的进程里）")
    table(HEAD, [_row(kind, number) for kind in ("pdf", "xlsx") for number in (FACILITIES, MANY)])
    say("内存是进程的最高驻留，含 Django 与 WeasyPrint 本身。")


def _row(kind: str, number: int) -> tuple[str, ...]:
    command = [sys.executable, "-m", "bench.returns", kind, str(number)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    told = json.loads(done.stdout.splitlines()[-1])
    name = "Excel" if kind == "xlsx" else "PDF"
    return name, str(number), figure(told["seconds"]), figure(told["mb"]), f"≤ {AIM}", str(told["size"])


def invented(number: int) -> dict[str, Any]:
    """The content of a return over so many stations, every figure with a part of each."""
    from reports.returns.content import TEXTS, subjects_json
    from reports.returns.figures import block_json, block_of, blocks_of, line_json

    lines = list(_lines(number))
    towns = blocks_of(lines, "town")
    return {
        "kind": "unit",
        "unit": {"code": "440402", "name": "香洲区", "kind": "district"},
        "period": {"key": "2026Q3", "name": "2026年第三季度", "last_day": "2026-09-30", "due": "2026-10-13"},
        "demo": True,
        "total": block_json(block_of(lines)),
        "subjects": subjects_json(lines),
        "groups": [{"code": code, "name": f"第{code}街道", **block_json(block)} for code, block in towns.items()],
        "facilities": [line_json(line) for line in lines],
        "previous": None,
        "texts": dict.fromkeys(TEXTS, "无"),
        "version": 1,
    }


def _lines(number: int) -> Iterator[Any]:
    from reports.returns.figures import ACCEPTED, Line
    from reports.returns.items import ITEMS
    from reports.returns.parts import Part

    for place in range(number):
        short = Decimal(place % 3 == 0)
        parts: dict[str, Part | None] = {
            item.key: Part(Decimal(1) - short, Decimal(1), short) for item in ITEMS if "village" in item.requirements
        }
        code, town = f"440402{place:06}", f"{place // 20:03}"
        score = Decimal(80 + place % 20)
        yield Line(code, f"第{place}社区人力资源和社会保障服务站", "village", town, ACCEPTED, score, "基本达标", parts)


def measure(kind: str, number: int) -> dict[str, Any]:
    """Time, peak memory and size, of this process."""
    from reports.returns.paper import paper_of
    from reports.returns.statement import Proof, Statement
    from reports.returns.workbook import workbook_of

    statement = Statement(invented(number), Proof(1, "0" * 64, "0" * 12))
    written: list[int] = []
    make = paper_of if kind == "pdf" else workbook_of
    cost = cost_of(lambda: written.append(len(make(statement))), 1, warm=0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": cost.cpu / 1000, "mb": peak, "size": written[-1]}


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ.setdefault("DEMO", "1")
    django.setup()
    say(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
