"""编写 → 发布: the city drafts, decides on each candidate with a reason, and publishes; nothing changes then. Each
verb one transaction with the bulletin's row locked."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from assessments.models import Period
from assessments.snapshots import hash_of
from facilities.access import SHANGHAI, today
from facilities.models import Officer, ReportingUnit
from reports.bulletins.content import content_of
from reports.bulletins.drafting import drafted
from reports.bulletins.policy import policy
from reports.models import Bulletin, CriticismDecision
from reports.returns.content import act_json
from reports.returns.items import BLANK
from reports.returns.workflow import ALPHABET, CODE_LENGTH, CannotReport, tidy

LINES = {"issuer": ("发布单位", 60), "to": ("主送", 200)}
PROSE = {"praise": ("好的做法", 4000), "problems": ("存在问题", 4000), "demands": ("下一步要求", 4000)}
TEXTS = {**LINES, **PROSE}
LONGEST_REASON = 300


class Stale(Exception):
    """Somebody saved in between; ``bulletin`` is how the texts stand now."""

    def __init__(self, bulletin: Bulletin) -> None:
        super().__init__("您打开这一页以后，另有人保存过。")
        self.bulletin = bulletin


def may_issue(officer: Officer) -> bool:
    return officer.is_active and officer.role == Officer.CITY


def require_issuer(officer: Officer) -> None:
    if not may_issue(officer):
        raise PermissionDenied("通报由市局编写和发布，您可以查看已发布的。")


# ── Verbs ─────────────────────────────────────────────────────────────────────


@transaction.atomic
def begin(period: Period, officer: Officer) -> Bulletin:
    """A draft of an ended quarter, its texts drafted from the figures. Begun twice it is one. Raises CannotReport."""
    require_issuer(officer)
    if today() <= period.last_day:
        raise CannotReport(("period", f"{period}还没有结束，季度结束后才能编写通报。"))
    content = content_of(period, policy())
    texts = drafted(content) | {"issuer": policy().issuer, "to": policy().to}
    more = {"begun_by": officer, "begun_at": timezone.now(), "is_demo": content["demo"]}
    bulletin, _ = Bulletin.objects.get_or_create(period=period, state=Bulletin.DRAFT, defaults=texts | more)
    return bulletin


@transaction.atomic
def write(bulletin: Bulletin, officer: Officer, texts: Mapping[str, str], revision: int) -> Bulletin:
    """Keeps the texts. Raises CannotReport, and Stale where ``revision`` is not the newest."""
    require_issuer(officer)
    bulletin = _draft(bulletin)
    told = {name: tidy(texts.get(name, ""), name in PROSE) for name in TEXTS}
    if bulletin.revision != revision:
        raise Stale(bulletin)
    if errors := [error for name in TEXTS if (error := _too_long(name, told[name]))]:
        raise CannotReport(*errors)
    for name, text in told.items():
        setattr(bulletin, name, text)
    bulletin.revision += 1
    bulletin.save(update_fields=[*told, "revision"])
    return bulletin


@transaction.atomic
def decide(bulletin: Bulletin, officer: Officer, unit: str, decision: str, reason: str) -> CriticismDecision:
    """On one candidate, by the grounds that stand now. Raises CannotReport."""
    require_issuer(officer)
    bulletin = _draft(bulletin)
    candidates = {each["code"]: each for each in content_of(bulletin.period, policy())["candidates"]}
    if unit not in candidates:
        raise CannotReport(("", "这个单位现在不在候选名单里，请刷新本页。"))
    if decision not in CriticismDecision.DECISIONS:
        raise CannotReport((f"decision-{unit}", "请选“通报批评”或“不批评”。"))
    words = tidy(reason, prose=False)
    if not words:
        raise CannotReport((f"reason-{unit}", "请写明理由。"))
    if len(words) > LONGEST_REASON:
        raise CannotReport((f"reason-{unit}", f"理由最多 {LONGEST_REASON} 字，现在 {len(words)} 字，请缩短。"))
    return CriticismDecision.objects.create(
        bulletin=bulletin,
        unit=ReportingUnit.objects.get(code=unit),
        decision=decision,
        reason=words,
        grounds=candidates[unit]["grounds"],
        at=timezone.now(),
        by=officer,
    )


@transaction.atomic
def publish(bulletin: Bulletin, officer: Officer) -> Bulletin:
    """发布 under the next number of the year. Pressed twice it is one. Raises CannotReport with what is missing."""
    require_issuer(officer)
    bulletin = held(bulletin)
    if bulletin.state == Bulletin.PUBLISHED:
        return bulletin
    content = draft_content(bulletin)
    if errors := lacking_of(bulletin, content):
        raise CannotReport(*errors)
    at = timezone.now()
    bulletin.year = at.astimezone(SHANGHAI).year
    newest = Bulletin.objects.filter(year=bulletin.year).aggregate(newest=Max("number"))["newest"]
    bulletin.number = (newest or 0) + 1
    content |= {"numbered": bulletin.numbered, "published": act_json(at, officer.display_name)}
    bulletin.content, bulletin.content_hash = content, hash_of(content)
    bulletin.code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    bulletin.state, bulletin.published_at, bulletin.published_by = Bulletin.PUBLISHED, at, officer
    bulletin.is_demo = content["demo"]
    try:
        with transaction.atomic():
            bulletin.save()
    except IntegrityError as taken:  # another was published in this moment and took the number
        raise CannotReport(("", "刚有另一份通报发布，请再点一次发布。")) from taken
    return bulletin


# ── What holds ────────────────────────────────────────────────────────────────


def held(bulletin: Bulletin) -> Bulletin:
    """The bulletin's row, locked until the transaction ends."""
    return Bulletin.objects.select_for_update(of=("self",)).select_related("period").get(pk=bulletin.pk)


def _draft(bulletin: Bulletin) -> Bulletin:
    bulletin = held(bulletin)
    if bulletin.state != Bulletin.DRAFT:
        raise CannotReport(("", "这份通报已经发布，不能再改。"))
    return bulletin


def content_shown(bulletin: Bulletin) -> dict[str, Any]:
    """What was published, or what the draft says now."""
    published: dict[str, Any] | None = bulletin.content
    return draft_content(bulletin) if published is None else published


def draft_content(bulletin: Bulletin) -> dict[str, Any]:
    content = content_of(bulletin.period, policy())
    decided = decisions_of(bulletin)
    for candidate in content["candidates"]:
        candidate["decision"] = _holding(decided.get(candidate["code"]), candidate["grounds"])
    return content | {"texts": {name: getattr(bulletin, name) for name in TEXTS}, "title": str(bulletin)}


def decisions_of(bulletin: Bulletin) -> dict[str, CriticismDecision]:
    """unit code → the newest decision: one query."""
    return {each.unit.code: each for each in bulletin.decisions.select_related("unit", "by")}


def _holding(decision: CriticismDecision | None, grounds: list[dict[str, str]]) -> dict[str, str] | None:
    """A decision holds while its grounds are still what is found."""
    if decision is None or decision.grounds != grounds:
        return None
    act = act_json(decision.at, decision.by.display_name)
    return act | {"decision": decision.decision, "word": decision.get_decision_display(), "reason": decision.reason}


def lacking_of(bulletin: Bulletin, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What keeps it from being published: field and sentence."""
    found = [(name, f"{TEXTS[name][0]}没有填。") for name in (*LINES, "demands") if not getattr(bulletin, name)]
    blank = [name for name in PROSE if BLANK in getattr(bulletin, name)]
    found += [(name, f"{TEXTS[name][0]}里还有没填的“{BLANK}”，请写上或删去。") for name in blank]
    if not any(row["figures"] for row in content["units"]):
        found.append(("", f"{bulletin.period}还没有一份季报被接收，没有可以通报的数字。"))
    open_ = [each["name"] for each in content["candidates"] if not each["decision"]]
    if open_:
        found.append(("candidates", f"{'、'.join(open_)}是否通报批评还没有决定。"))
    return found


def _too_long(name: str, text: str) -> tuple[str, str] | None:
    label, most = TEXTS[name]
    return (name, f"{label}最多 {most} 字，现在 {len(text)} 字，请缩短。") if len(text) > most else None
