"""Numbers → geometry of SVG, the same on screen and on paper: the ruler that measures a thing against the text.

All lengths are of a drawing 100 wide, written with two decimals as attributes take them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reports.report import Finding

WIDTH = Decimal(100)
ROOM = Decimal("1.15")  # what is drawn beyond the norm, so that its tick stands free


@dataclass(frozen=True, slots=True)
class Ruler:
    """fill = 实有, tick = 应有, the gap from the one to the other = 差. Empty where there is none."""

    fill: str
    tick: str = ""
    gap: str = ""  # its width; it begins where the fill ends
    label: str = ""


def ruler(actual: Decimal | None, norm: Decimal, label: str = "") -> Ruler | None:
    """None where a norm of 0 (or less) gives nothing to measure against. ``actual`` None: 缺数据, only the tick."""
    if norm <= 0:
        return None
    held = max(actual or Decimal(0), Decimal(0))
    scale = WIDTH / max(norm * ROOM, held)
    gap = _length((norm - held) * scale) if actual is not None and held < norm else ""
    return Ruler(_length(held * scale), _length(norm * scale), gap, label)


def bar(score: Decimal | None) -> Ruler:
    """A score of 100 as a bar."""
    label = "不计分" if score is None else f"{score} 分"
    return Ruler(_length(score or Decimal(0)), label=label)


def ruler_of(finding: Finding) -> Ruler | None:
    """The finding's own: of its figures, or of the items it has of those listed."""
    if finding.listed is not None and finding.listed < 2:
        return None  # there or not there: nothing to measure
    if finding.listed and finding.held is not None:
        return _labelled(Decimal(finding.held), Decimal(finding.listed), finding.unit)
    if finding.norm is None or (finding.actual is None and finding.outcome != "missing"):
        return None
    return _labelled(finding.actual, finding.norm, finding.unit)


def _labelled(actual: Decimal | None, norm: Decimal, unit: str) -> Ruler | None:
    held = "缺数据" if actual is None else f"实有 {actual} {unit}"
    return ruler(actual, norm, f"{held.strip()}，应有 {norm} {unit}".strip())


def _length(value: Decimal) -> str:
    return f"{value:.2f}"
