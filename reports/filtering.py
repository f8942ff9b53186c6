"""Which requirements the result page lists openly, and which it keeps a click away."""

from __future__ import annotations

from dataclasses import dataclass

from reports.report import Finding, Report, Row
from standards.outcomes import OUTCOMES


@dataclass(frozen=True, slots=True)
class ShownRow:
    row: Row
    open: tuple[Finding, ...]
    folded: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """``outcome`` is the filter, empty for all; ``with_evidence`` the rows that show their files."""

    outcome: str
    word: str
    rows: tuple[ShownRow, ...]
    with_evidence: frozenset[str] = frozenset()


def shown(report: Report, asked: str) -> Shown:
    """Filtered, only rows with such a requirement and only those. An unknown filter is none."""
    if asked not in OUTCOMES:
        files = frozenset(key for file in report.evidence for key in file.rows)
        return Shown("", "", tuple(_whole(row) for row in report.rows), files)
    rows = (ShownRow(row, tuple(each for each in row.findings if each.outcome == asked), ()) for row in report.rows)
    return Shown(asked, OUTCOMES[asked], tuple(row for row in rows if row.open))


def _whole(row: Row) -> ShownRow:
    standing_out = tuple(each for each in row.findings if each.stands_out)
    return ShownRow(row, standing_out, tuple(each for each in row.findings if not each.stands_out))
