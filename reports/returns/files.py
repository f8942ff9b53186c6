"""The files of a version: PDF and workbook are issued, and given again byte for byte; a draft's are made anew."""

from __future__ import annotations

import json

from reports.issued import bytes_of, issue
from reports.models import ReturnVersion
from reports.returns.paper import Progress, paper_of, silent
from reports.returns.statement import Statement
from reports.returns.workbook import workbook_of

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
WORDS = {"pdf": "PDF", "xlsx": "Excel", "json": "JSON"}
QUICK = 40  # facilities: what takes a second or two at most


def file_of(statement: Statement, version: ReturnVersion | None, format: str, progress: Progress = silent) -> bytes:
    """Raises PdfUnavailable, Damaged."""
    if format == "json":
        return json_of(statement)

    def make() -> bytes:
        return paper_of(statement, progress) if format == "pdf" else workbook_of(statement)

    return make() if version is None else bytes_of(issue(version, format, make))


def takes_long(statement: Statement, version: ReturnVersion | None, format: str) -> bool:
    """Whether it is to be made in the background: large, and not issued yet."""
    if format == "json" or len(statement.content["facilities"]) <= QUICK:
        return False
    return version is None or not version.issued.filter(format=format).exists()


def json_of(statement: Statement) -> bytes:
    """The content as it was hashed, and beside it what proves it."""
    proof = statement.proof
    told = {"version": proof.version, "sha256": proof.content_hash, "code": proof.code} if proof else None
    said = {
        "notice": "演示数据：数字均为虚构" if statement.is_demo else "",
        "proof": told,
        "content": statement.content,
    }
    return json.dumps(said, ensure_ascii=False, indent=2).encode()
