"""核验: what a code on paper stands for: a return, a bulletin or an appraisal, by its unit, quarter or year, version,
hash and state, nothing more."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from reports.models import Appraisal, Bulletin, ReturnAct, ReturnVersion
from reports.returns.workflow import CODE_LENGTH

READ_AS = str.maketrans("OIL", "011", " -－—")  # what is easily mistaken, and what only spaces out


@dataclass(frozen=True, slots=True)
class Verified:
    what: str  # 季报, 通报, 考核
    unit: str
    period: str
    version: str
    content_hash: str
    state: str


def tidy(code: str) -> str:
    return code.upper().translate(READ_AS)[: CODE_LENGTH + 1]


def verified(code: str) -> Verified | None:
    versions = ReturnVersion.objects.select_related("report__unit", "report__period").defer("content")
    version = versions.filter(code=tidy(code)).first()
    if version is None:
        return _bulletin(tidy(code)) or _appraisal(tidy(code))
    report, newer = version.report, corrected_by(version)
    state = state_of(version) + (f"，已由第{newer}版更正" if newer else "")
    number = f"第 {version.number} 版"
    return Verified("季报", report.unit.name, str(report.period), number, version.content_hash, state)


def _bulletin(code: str) -> Verified | None:
    found = Bulletin.objects.select_related("period").defer("content").filter(code=code).first()
    if found is None:
        return None
    return Verified("通报", found.issuer, str(found.period), found.numbered, found.content_hash, "已发布")


def _appraisal(code: str) -> Verified | None:
    found = Appraisal.objects.filter(code=code).annotate(issuer=F("content__policy__issuer")).defer("content").first()
    if found is None:
        return None
    later = Appraisal.objects.filter(year=found.year, number__gt=found.number).order_by("-number").first()
    state = "已发布" + (f"，已由{later.numbered}代替" if later else "")
    return Verified("考核", found.issuer, f"{found.year}年度", found.numbered, found.content_hash, state)


def state_of(version: ReturnVersion) -> str:
    """Of this version: 已报送，待接收; 已退回; 已接收."""
    verbs = {act.verb for act in version.acts.all()}
    if ReturnAct.ACCEPTED in verbs:
        return "已接收"
    return "已退回" if ReturnAct.RETURNED in verbs else "已报送，待接收"


def corrected_by(version: ReturnVersion) -> int | None:
    """Number of the accepted version that replaces it."""
    later = version.report.versions.filter(number__gt=version.number, acts__verb=ReturnAct.ACCEPTED)
    return later.order_by("-number").values_list("number", flat=True).first()
