"""A return → PDF with the typography of official documents. A long list of facilities is printed in pieces, which are
joined: memory stays flat, and ``progress`` is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter

from reports.pdf import DOCUMENT, printed
from reports.returns.narrative import chinese_day, opening_of, sections_of
from reports.returns.showing import ShownFacility, shown_facilities, shown_tables
from reports.returns.statement import TOPIC, Statement

WHOLE = 400  # facilities that still fit into one piece
PIECE = 200
Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    pass


def paper_of(statement: Statement, progress: Progress = silent) -> bytes:
    """Raises PdfUnavailable."""
    lines = list(shown_facilities(statement))
    context = _context(statement)
    if len(lines) <= WHOLE:
        body = _printed("reports/return_paper.html", context | {"lines": lines, "more": False}, 0, tagged=True)
        progress(len(lines), len(lines))
        return body
    return _joined(context, lines, progress)


def _joined(context: dict[str, Any], lines: Sequence[ShownFacility], progress: Progress) -> bytes:
    writer = PdfWriter()
    for done, piece in _pieces(context, lines, writer):
        _append(writer, piece)
        progress(done, len(lines))
    writer.add_metadata({"/Title": context["statement"].title, "/Author": context["statement"].office})
    joined = BytesIO()
    writer.write(joined)
    return joined.getvalue()


def _pieces(context: dict[str, Any], lines: Sequence[ShownFacility], writer: PdfWriter) -> Iterator[tuple[int, bytes]]:
    """What is done after each piece, and the piece: the text with its tables, then the facilities by the hundred."""
    yield 0, _printed("reports/return_paper.html", context | {"lines": []}, 0, tagged=False)
    for start in range(0, len(lines), PIECE):
        rows = lines[start : start + PIECE]
        told = context | {"lines": rows, "more": start > 0, "last": start + PIECE >= len(lines)}
        yield start + len(rows), _printed("reports/return_annex_paper.html", told, len(writer.pages), tagged=False)


def _append(writer: PdfWriter, piece: bytes) -> None:
    writer.append(PdfReader(BytesIO(piece)))


def _printed(template: str, context: dict[str, Any], pages: int, tagged: bool) -> bytes:
    """``pages`` come before it: it goes on counting, and odd pages keep their number on the right."""
    told = {"first": pages + 1, "right": "left" if pages % 2 else "right", "left": "right" if pages % 2 else "left"}
    return printed(template, context | told, sheet=DOCUMENT, tagged=tagged)


def _context(statement: Statement) -> dict[str, Any]:
    marks = ["草稿，未报送"] if statement.proof is None and not statement.is_city else []
    marks += ["演示数据"] if statement.is_demo else []
    return {
        "statement": statement,
        "topic": TOPIC,
        "opening": opening_of(statement),
        "sections": sections_of(statement),
        "tables": shown_tables(statement),
        "day": chinese_day(statement),
        "mark": " · ".join(marks),
        "footing": footing_of(statement),
        "last": True,
    }


def footing_of(statement: Statement) -> str:
    proof = statement.proof
    if proof is None:
        return ""
    return f"第{proof.version}版　核验码 {proof.spaced}　快照 {proof.content_hash[:16]}"
