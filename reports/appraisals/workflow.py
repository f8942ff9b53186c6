"""编制 → 发布: the city drafts, adjusts with a reason, and publishes; nothing changes then. Each verb one transaction
with the draft's row locked."""

from __future__ import annotations

import re
import secrets
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils import timezone

from assessments.snapshots import hash_of
from facilities.access import today
from facilities.models import Officer, ReportingUnit
from reports.appraisals.content import content_of
from reports.appraisals.policy import WHOLE, policy
from reports.models import Appraisal, AppraisalAdjustment
from reports.returns.content import act_json
from reports.returns.workflow import ALPHABET, CODE_LENGTH, CannotReport, tidy

LONGEST_REASON = 300
FIRST_YEAR = 2011  # of the plan
POINTS = re.compile(r"([+-]?)(\d{1,3}(?:\.\d{1,2})?)")
FULL_WIDTH = str.maketrans("０１２３４５６７８９．＋－—–−", "0123456789.+----")


def may_appraise(officer: Officer) -> bool:
    return officer.is_active and officer.role == Officer.CITY


def require_appraiser(officer: Officer) -> None:
    if not may_appraise(officer):
        raise PermissionDenied("考核由市局编制和发布，您可以查看已发布的。")


# ── Verbs ─────────────────────────────────────────────────────────────────────


@transaction.atomic
def begin(year: int, officer: Officer) -> Appraisal:
    """The draft of a year. Begun twice it is one. Raises CannotReport."""
    require_appraiser(officer)
    if not FIRST_YEAR <= year <= today().year:
        raise CannotReport(("year", f"请选 {FIRST_YEAR} 到 {today().year} 之间的年度。"))
    content = content_of(year, policy())
    if not any(quarter["counted"] for quarter in content["quarters"]):
        raise CannotReport(("year", f"{year}年还没有一个季度过了报送截止日，没有可以考核的数字。"))
    more = {"begun_by": officer, "begun_at": timezone.now(), "is_demo": content["demo"]}
    appraisal, _ = Appraisal.objects.get_or_create(year=year, state=Appraisal.DRAFT, defaults=more)
    return appraisal


@transaction.atomic
def adjust(year: int, officer: Officer, unit: str, points: str, reason: str) -> AppraisalAdjustment:
    """人工调整: so many points with the reason, beside the computed score. Raises CannotReport."""
    require_appraiser(officer)
    _draft(year)
    rows = {row["code"]: row for row in content_of(year, policy())["units"]}
    if unit not in rows:
        raise CannotReport(("", "这个单位不在本年度的考核里，请刷新本页。"))
    number = _points(points)
    row = rows[unit]
    if row["score"] is None:
        raise CannotReport(("points", f"{row['name']}没有可以计算的得分，不能调整。"))
    found = ReportingUnit.objects.get(code=unit)
    _within(number + standing(year, found), number + Decimal(row["final"]))
    return AppraisalAdjustment.objects.create(
        year=year, unit=found, points=number, reason=_said(reason), at=timezone.now(), by=officer
    )


@transaction.atomic
def take_back(year: int, officer: Officer, adjustment: int, reason: str) -> AppraisalAdjustment:
    """撤回 of an adjustment by another row, with the reason. Taken back twice it is one. Raises CannotReport."""
    require_appraiser(officer)
    _draft(year)
    row = AppraisalAdjustment.objects.select_related("unit").filter(pk=adjustment, year=year, takes_back=None).first()
    if row is None:
        raise CannotReport(("", "没有这一条调整，请刷新本页。"))
    existing = AppraisalAdjustment.objects.filter(takes_back=row).first()
    if existing is not None:
        return existing
    words = _said(reason, f"back-{adjustment}")
    if abs(standing(year, row.unit) - row.points) > policy().most_adjustment:
        raise CannotReport((f"back-{adjustment}", "撤回后，其余调整合计超过上限，请先撤回其他的。"))
    return AppraisalAdjustment.objects.create(
        year=year, unit=row.unit, points=-row.points, reason=words, takes_back=row, at=timezone.now(), by=officer
    )


@transaction.atomic
def publish(year: int, officer: Officer, seen: str) -> Appraisal:
    """发布 under the year's next number, where what was ``seen`` (``mark_of``) is still what stands. Pressed twice it
    is one. Raises CannotReport."""
    require_appraiser(officer)
    appraisal = held(year)
    if appraisal is None:
        newest = Appraisal.objects.filter(year=year, content_hash__gt="").order_by("-number").first()
        if newest is not None and newest.content and newest.content["seen"] == seen:
            return newest
        raise CannotReport(("", "没有编制中的考核，请刷新本页。"))
    content = draft_content(appraisal)
    if mark_of(content) != seen:
        raise CannotReport(("", "您打开这一页以后，数字或者调整有了变化，还没有发布。请核对下面的内容，再点发布。"))
    if errors := lacking_of(content):
        raise CannotReport(*errors)
    return _published(appraisal, officer, content | {"seen": seen})


def _published(appraisal: Appraisal, officer: Officer, content: dict[str, Any]) -> Appraisal:
    at = timezone.now()
    newest = Appraisal.objects.filter(year=appraisal.year).aggregate(newest=Max("number"))["newest"]
    appraisal.number = (newest or 0) + 1
    content |= {"numbered": appraisal.numbered, "published": act_json(at, officer.display_name)}
    content |= {"replaces": newest}
    appraisal.content, appraisal.content_hash = content, hash_of(content)
    appraisal.code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    appraisal.state, appraisal.published_at, appraisal.published_by = Appraisal.PUBLISHED, at, officer
    appraisal.is_demo = content["demo"]
    try:
        with transaction.atomic():
            appraisal.save()
    except IntegrityError as taken:  # another was published in this moment and took the number
        raise CannotReport(("", "刚有另一份考核发布，请再点一次发布。")) from taken
    return appraisal


# ── What holds ────────────────────────────────────────────────────────────────


def held(year: int) -> Appraisal | None:
    """The year's draft, its row locked until the transaction ends."""
    return Appraisal.objects.select_for_update(of=("self",)).filter(year=year, state=Appraisal.DRAFT).first()


def _draft(year: int) -> Appraisal:
    appraisal = held(year)
    if appraisal is None:
        raise CannotReport(("", f"{year}年度没有编制中的考核：已发布的不能再改，要改请另编一份。"))
    return appraisal


def content_shown(appraisal: Appraisal) -> dict[str, Any]:
    """What was published, or what the draft says now."""
    published: dict[str, Any] | None = appraisal.content
    return draft_content(appraisal) if published is None else published


def draft_content(appraisal: Appraisal) -> dict[str, Any]:
    content = content_of(appraisal.year, policy())
    until = content["until"]
    return content | {"title": f"{appraisal}（{until}）" if until else str(appraisal)}


def mark_of(content: dict[str, Any]) -> str:
    """Of all that is said but the minute of reading it: whether two saw the same."""
    return hash_of({key: value for key, value in content.items() if key != "as_of"})


def standing(year: int, unit: ReportingUnit) -> Decimal:
    """A unit's adjustments together; what was taken back cancels itself."""
    found: Decimal | None = AppraisalAdjustment.objects.filter(year=year, unit=unit).aggregate(all=Sum("points"))["all"]
    return found or Decimal(0)


def lacking_of(content: dict[str, Any]) -> list[tuple[str, str]]:
    """What keeps it from being published: where and a sentence."""
    found = []
    if not any(quarter["accepted"] for quarter in content["quarters"]):
        found.append(("", f"{content['year']}年还没有一份季报被接收，没有可以发布的数字。"))
    beyond = [row["name"] for row in content["units"] if row["final"] and not 0 <= Decimal(row["final"]) <= WHOLE]
    if beyond:
        found.append(("", f"{'、'.join(beyond)}调整后的得分不在 0 到 100 之间，请先撤回或改小调整。"))
    return found


def _points(typed: str) -> Decimal:
    """+2, -1.5, 0.25: not 0, two decimals at most."""
    match = POINTS.fullmatch("".join(typed.translate(FULL_WIDTH).split()))
    number = Decimal(f"{match[1]}{match[2]}") if match else Decimal(0)
    if not number:
        raise CannotReport(("points", "请写调整的分数，加分写 2，减分写 -1.5，最多两位小数，不能是 0。"))
    return number


def _within(adjusted: Decimal, final: Decimal) -> None:
    most = policy().most_adjustment
    if abs(adjusted) > most:
        said = f"一个单位的调整合计不超过 {most:f} 分（加减都一样），加上这一次是 {adjusted:+f} 分，请改小。"
        raise CannotReport(("points", said))
    if not 0 <= final <= WHOLE:
        raise CannotReport(("points", f"调整后的得分是 {final:f}，不在 0 到 100 之间，请改小。"))


def _said(reason: str, field: str = "reason") -> str:
    words = tidy(reason, prose=False)
    if not words:
        raise CannotReport((field, "请写明理由。"))
    if len(words) > LONGEST_REASON:
        raise CannotReport((field, f"理由最多 {LONGEST_REASON} 字，现在 {len(words)} 字，请缩短。"))
    return words
