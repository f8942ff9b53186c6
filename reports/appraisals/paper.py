"""An appraisal → PDF with the typography of official documents, and → the files that are issued of it."""

from __future__ import annotations

from reports.appraisals.showing import Shown
from reports.appraisals.workbook import workbook_of
from reports.appraisals.workflow import content_shown
from reports.issued import bytes_of, issue
from reports.models import Appraisal
from reports.pdf import DOCUMENT, printed
from reports.returns.statement import Proof


def file_of(appraisal: Appraisal, format: str) -> bytes:
    """``format`` pdf or xlsx; of what is published the file that was issued. Raises PdfUnavailable, Damaged."""

    def make() -> bytes:
        shown, proof = Shown(content_shown(appraisal)), proof_of(appraisal)
        return _printed(appraisal, shown, proof) if format == "pdf" else workbook_of(shown, proof)

    return make() if appraisal.state == Appraisal.DRAFT else bytes_of(issue(appraisal, format, make))


def proof_of(appraisal: Appraisal) -> Proof | None:
    return (
        Proof(appraisal.number, appraisal.content_hash, appraisal.code) if appraisal.code and appraisal.number else None
    )


def _printed(appraisal: Appraisal, shown: Shown, proof: Proof | None) -> bytes:
    marks = [] if proof else ["稿，未发布"]
    marks += ["演示数据"] if shown.is_demo else []
    footing = f"{appraisal.numbered}　核验码 {proof.spaced}　快照 {proof.content_hash[:16]}" if proof else ""
    context = {
        "shown": shown,
        "appraisal": appraisal,
        "proof": proof,
        "mark": " · ".join(marks),
        "footing": footing,
    }
    return printed("reports/appraisals/paper.html", context, sheet=DOCUMENT)
