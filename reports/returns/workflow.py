"""draft → submitted → accepted | returned, and after acceptance a correction: a version more. Rows, never overwritten;
each verb one transaction with the return's row locked. The unit's reviewer writes and submits, the city receives."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.models import Period
from assessments.snapshots import hash_of
from facilities.access import SHANGHAI
from facilities.models import Officer, ReportingUnit
from reports.models import QuarterlyReturn, ReturnAct, ReturnVersion
from reports.returns.content import act_json, content_of
from reports.returns.drafting import drafted
from reports.returns.items import BLANK

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32: none is taken for another
CODE_LENGTH = 12  # 60 bits
LONGEST_REASON, LONGEST_NAME, LONGEST_TEXT = 300, 30, 4000
NAMES = {"filler": "填报人", "checker": "审核人", "head": "单位负责人", "phone": "联系电话"}
PROSE = {"problems": "存在问题和原因", "next_steps": "下季度安排"}
OPEN = (QuarterlyReturn.DRAFT, QuarterlyReturn.RETURNED)


class CannotReport(Exception):
    """The act does not fit how the return stands, or something is missing; ``errors`` are pairs of a field and a
    sentence, the message is the first."""

    def __init__(self, *errors: tuple[str, str]) -> None:
        super().__init__(errors[0][1])
        self.errors = errors


class Stale(Exception):
    """Somebody saved in between; ``report`` is how the texts stand now."""

    def __init__(self, report: QuarterlyReturn) -> None:
        super().__init__("您打开这一页以后，另有人保存过。")
        self.report = report


# ── Who ───────────────────────────────────────────────────────────────────────


def may_write(officer: Officer, unit: ReportingUnit) -> bool:
    return officer.is_active and officer.role == Officer.REVIEWER and officer.unit_id == unit.pk


def may_receive(officer: Officer) -> bool:
    return officer.is_active and officer.role == Officer.CITY


def require_writer(officer: Officer, unit: ReportingUnit) -> None:
    if not may_write(officer, unit):
        raise PermissionDenied(f"{unit.name}的季报由{unit.name}的审核员填写和报送，您可以查看。")


def require_receiver(officer: Officer) -> None:
    if not may_receive(officer):
        raise PermissionDenied("季报由市局接收或退回，您可以查看。")


# ── The unit's verbs ──────────────────────────────────────────────────────────


@transaction.atomic
def begin(unit: ReportingUnit, period: Period, officer: Officer) -> QuarterlyReturn:
    """The quarter's return, with texts drafted from the figures. Begun twice it is one."""
    require_writer(officer, unit)
    existing = QuarterlyReturn.objects.filter(unit=unit, period=period).first()
    if existing is not None:
        return existing
    content = content_of(unit, period)
    problems, next_steps = drafted(content)
    texts = {"problems": problems, "next_steps": next_steps, "checker": officer.display_name[:LONGEST_NAME]}
    report, _ = QuarterlyReturn.objects.get_or_create(
        unit=unit, period=period, defaults=texts | {"is_demo": content["demo"]}
    )
    return report


@transaction.atomic
def write(report: QuarterlyReturn, officer: Officer, texts: Mapping[str, str], revision: int) -> QuarterlyReturn:
    """Keeps the texts. Raises CannotReport, and Stale where ``revision`` is not the newest."""
    require_writer(officer, report.unit)
    report = held(report)
    _require_open(report)
    told = {name: tidy(texts.get(name, ""), name in PROSE) for name in (*PROSE, *NAMES)}
    if report.revision != revision:
        raise Stale(report)
    if errors := list(_too_long(told)):
        raise CannotReport(*errors)
    for name, text in told.items():
        setattr(report, name, text)
    report.revision += 1
    report.save(update_fields=[*told, "revision"])
    return report


@transaction.atomic
def submit(report: QuarterlyReturn, officer: Officer, at: datetime | None = None) -> ReturnVersion:
    """报送: figures and texts as they stand become a version, and the return is locked. Pressed twice it is one.
    Raises CannotReport with what is missing."""
    require_writer(officer, report.unit)
    report = held(report)
    if report.state == QuarterlyReturn.SUBMITTED:
        return report.versions.latest("number")
    at = at or timezone.now()
    if errors := lacking_of(report, at):
        raise CannotReport(*errors)
    version = _version(report, officer, at)
    report.state, report.received_at = QuarterlyReturn.SUBMITTED, at
    report.submitted_at = report.submitted_at or at
    report.save(update_fields=["state", "received_at", "submitted_at"])
    _record(version, ReturnAct.SUBMITTED, officer, at=at)
    return version


@transaction.atomic
def correct(report: QuarterlyReturn, officer: Officer, text: str) -> None:
    """更正 of what was accepted: its version stays, the next one follows. Raises CannotReport."""
    require_writer(officer, report.unit)
    report = held(report)
    _require(report, QuarterlyReturn.ACCEPTED)
    _record(report.versions.latest("number"), ReturnAct.CORRECTING, officer, _said(text))
    _move(report, QuarterlyReturn.DRAFT, accepted_at=None)


# ── The city's verbs ──────────────────────────────────────────────────────────


@transaction.atomic
def receive(report: QuarterlyReturn, officer: Officer, at: datetime | None = None) -> None:
    """接收. Raises CannotReport."""
    require_receiver(officer)
    report = held(report)
    _require(report, QuarterlyReturn.SUBMITTED)
    at = at or timezone.now()
    _record(report.versions.latest("number"), ReturnAct.ACCEPTED, officer, at=at)
    _move(report, QuarterlyReturn.ACCEPTED, accepted_at=at)


@transaction.atomic
def send_back(report: QuarterlyReturn, officer: Officer, text: str, at: datetime | None = None) -> None:
    """退回, with the reason; the first submission's time stays. Raises CannotReport."""
    require_receiver(officer)
    report = held(report)
    _require(report, QuarterlyReturn.SUBMITTED)
    _record(report.versions.latest("number"), ReturnAct.RETURNED, officer, _said(text), at or timezone.now())
    _move(report, QuarterlyReturn.RETURNED)


# ── What holds ────────────────────────────────────────────────────────────────


def held(report: QuarterlyReturn) -> QuarterlyReturn:
    """The return's row, locked until the transaction ends."""
    rows = QuarterlyReturn.objects.select_for_update(of=("self",)).select_related("unit", "period")
    return rows.get(pk=report.pk)


def lacking_of(report: QuarterlyReturn, at: datetime) -> list[tuple[str, str]]:
    """What keeps it from being submitted: field and sentence."""
    found = []
    if report.state not in OPEN:
        found.append(("", _not_now(report)))
    if at.astimezone(SHANGHAI).date() <= report.period.last_day:
        found.append(("", f"{report.period}还没有结束，季度结束后才能报送。"))
    for name, label in {**PROSE, **NAMES}.items():
        if name != "phone" and not getattr(report, name):
            found.append((name, f"{label}没有填。" + ("没有的请写“无”。" if name in PROSE else "")))
    if BLANK in report.next_steps:
        found.append(("next_steps", f"下季度安排里还有没填的“{BLANK}”，请写上或删去。"))
    return found


def _require(report: QuarterlyReturn, state: str) -> None:
    if report.state != state:
        raise CannotReport(("", _not_now(report)))


def _require_open(report: QuarterlyReturn) -> None:
    if report.state not in OPEN:
        raise CannotReport(("", _not_now(report)))


def _not_now(report: QuarterlyReturn) -> str:
    return f"这份季报现在是“{report.get_state_display()}”，不能这样办理。请刷新本页看最新情况。"


def _version(report: QuarterlyReturn, officer: Officer, at: datetime) -> ReturnVersion:
    number = report.versions.count() + 1
    content = content_of(report.unit, report.period, report)
    content |= {"version": number, "submitted": act_json(at, officer.display_name)}
    return ReturnVersion.objects.create(
        report=report,
        number=number,
        content=content,
        content_hash=hash_of(content),
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        at=at,
        by=officer,
    )


def _record(
    version: ReturnVersion, verb: str, officer: Officer, text: str = "", at: datetime | None = None
) -> ReturnAct:
    at = at or timezone.now()
    return ReturnAct.objects.create(report=version.report, version=version, verb=verb, by=officer, text=text, at=at)


def _move(report: QuarterlyReturn, state: str, **more: datetime | None) -> None:
    report.state = state
    for name, value in more.items():
        setattr(report, name, value)
    report.save(update_fields=["state", *more])


def tidy(text: str, prose: bool) -> str:
    """Prose keeps its paragraphs, a name is one line; both without what no database takes."""
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n".join(line for line in lines if line) if prose else " ".join(lines).strip()


def _too_long(told: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (name, f"{label}最多 {most} 字，现在 {len(told[name])} 字，请缩短。")
        for labels, most in ((PROSE, LONGEST_TEXT), (NAMES, LONGEST_NAME))
        for name, label in labels.items()
        if len(told[name]) > most
    ]


def _said(text: str) -> str:
    words = tidy(text, prose=False)
    if not words:
        raise CannotReport(("text", "请写明理由。"))
    if len(words) > LONGEST_REASON:
        raise CannotReport(("text", f"理由最多 {LONGEST_REASON} 字，现在 {len(words)} 字，请缩短。"))
    return words
