"""A statement → PDF: the table with its notes; of a station its persons and months too. No red head and no seal."""

from __future__ import annotations

from reports.pdf import DOCUMENT, printed
from reports.subsidies.statement import Statement


def paper_of(statement: Statement) -> bytes:
    """Raises PdfUnavailable."""
    mark = "演示数据" if statement.is_demo else ""
    return printed("reports/subsidies/paper.html", {"statement": statement, "mark": mark}, sheet=DOCUMENT)
