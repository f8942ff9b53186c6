"""A bulletin → PDF with the typography of official documents: no red head and no seal, these are the issuer's."""

from __future__ import annotations

from reports.bulletins.policy import policy
from reports.bulletins.showing import HEAD, Shown
from reports.bulletins.workflow import content_shown
from reports.issued import bytes_of, issue
from reports.models import Bulletin
from reports.pdf import DOCUMENT, printed
from reports.returns.statement import Proof


def pdf_of(bulletin: Bulletin) -> bytes:
    """Of what is published the file that was issued. Raises PdfUnavailable, Damaged."""
    if bulletin.state == Bulletin.DRAFT:
        return _printed(bulletin)
    return bytes_of(issue(bulletin, "pdf", lambda: _printed(bulletin)))


def proof_of(bulletin: Bulletin) -> Proof | None:
    return Proof(1, bulletin.content_hash, bulletin.code) if bulletin.code else None


def _printed(bulletin: Bulletin) -> bytes:
    shown, proof = Shown(content_shown(bulletin)), proof_of(bulletin)
    marks = [] if proof else ["稿，未发布"]
    marks += ["演示数据"] if shown.is_demo else []
    footing = f"{bulletin.numbered}　核验码 {proof.spaced}　快照 {proof.content_hash[:16]}" if proof else ""
    context = {
        "shown": shown,
        "bulletin": bulletin,
        "head": HEAD,
        "policy": policy(),
        "proof": proof,
        "mark": " · ".join(marks),
        "footing": footing,
        "first": 1,
        "right": "right",
        "left": "left",
    }
    return printed("reports/bulletin_paper.html", context, sheet=DOCUMENT)
