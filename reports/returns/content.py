"""What a return says, as one JSON: every figure with its facilities, and the texts. A version keeps it, hashed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from assessments.models import Period
from assessments.periods import quarter_before
from assessments.snapshots import period_json
from facilities.access import SHANGHAI
from facilities.models import SUBJECTS, ReportingUnit
from reports.models import QuarterlyReturn, ReturnAct, ReturnVersion
from reports.returns.figures import Line, block_from, block_json, block_of, blocks_of, line_json
from reports.returns.mending import mending_json
from reports.returns.reading import is_demo, lines_of, towns_of

TEXTS = ("problems", "next_steps", "filler", "checker", "head", "phone")
BODY = "本级"  # the group of what lies in no township


def content_of(unit: ReportingUnit, period: Period, report: QuarterlyReturn | None = None) -> dict[str, Any]:
    """As the quarter stands now. Reads a constant number of times; see ``reading``."""
    lines = lines_of(unit, period)
    towns = blocks_of(lines, "town")
    names = towns_of(unit, period) | {"": f"{unit.name}{BODY}"}
    return {
        "kind": "unit",
        "unit": {"code": unit.code, "name": unit.name, "kind": unit.kind},
        "period": period_json(period),
        "demo": is_demo(unit, period) or bool(report and report.is_demo),
        "total": block_json(block_of(lines)),
        "subjects": subjects_json(lines),
        "groups": [{"code": code, "name": names[code], **block_json(towns[code])} for code in sorted(towns)],
        "facilities": [line_json(line) for line in lines],
        "previous": previous_of(unit, period),
        "mending": mending_json(unit, period),
        "texts": {name: getattr(report, name) if report else "" for name in TEXTS},
    }


def subjects_json(lines: Iterable[Line]) -> dict[str, Any]:
    """subject → its block, each figure with the codes of the facilities behind it."""
    lines = list(lines)
    blocks = blocks_of(lines, "subject")
    told = {subject: block_json(blocks[subject]) for subject in SUBJECTS if subject in blocks}
    for subject, block in told.items():
        own = [line for line in lines if line.subject == subject]
        for key, figure in block["figures"].items():
            figure["codes"] = codes_of(own, key)
    return told


def codes_of(lines: Iterable[Line], key: str) -> dict[str, list[str]]:
    """Whose part counts, who of those is short, and who gave no data."""
    found: dict[str, list[str]] = {"known": [], "lacking": [], "unknown": []}
    for line in lines:
        if key in line.parts:
            part = line.parts[key]
            found["unknown" if part is None else "known"].append(line.code)
            if part is not None and part.short:
                found["lacking"].append(line.code)
    return found


def previous_of(unit: ReportingUnit, period: Period) -> dict[str, Any] | None:
    """The totals of last quarter's accepted return; None where none was accepted."""
    year, quarter = quarter_before(period.year, period.quarter)
    version = (
        ReturnVersion.objects.filter(
            report__unit=unit,
            report__period__year=year,
            report__period__quarter=quarter,
            acts__verb=ReturnAct.ACCEPTED,
        )
        .order_by("-number")
        .values_list("number", "content_hash", "content__period", "content__total")
        .first()
    )
    if version is None:
        return None
    number, content_hash, told, total = version
    return {"period": told, "version": number, "hash": content_hash, "total": block_json(block_from(total))}


def act_json(at: datetime, by: str) -> dict[str, str]:
    return {"at": at.astimezone(SHANGHAI).isoformat(), "by": by}
