"""PDF and workbook of one survey. Of what was accepted they are issued: made once, and the same bytes given again,
whatever has changed."""

from __future__ import annotations

from assessments.models import Snapshot
from reports.documents import report_of
from reports.facility_workbook import workbook_of
from reports.issued import bytes_of, issue
from reports.pdf import pdf_of


def file_of(snapshot: Snapshot, format: str) -> bytes:
    """Raises PdfUnavailable, Damaged."""

    def make() -> bytes:
        report = report_of(snapshot)
        return pdf_of(report) if format == "pdf" else workbook_of(report)

    return bytes_of(issue(snapshot, format, make)) if snapshot.kind == Snapshot.ACCEPTED else make()


def takes_long(snapshot: Snapshot, format: str) -> bool:
    """A paper takes two seconds and more, unless it was issued already."""
    return format == "pdf" and not snapshot.issued.filter(format=format).exists()
