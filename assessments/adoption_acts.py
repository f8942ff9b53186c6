"""适用 as an administrator decides it on the page: whom an adoption or its end concerns, and the deciding itself, which
is recorded (Act). The area's row is held meanwhile; the database itself keeps one open adoption, and one of each first
day. What was submitted stays with the editions that judged it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from assessments.adopting import in_force_on
from assessments.adoption_checks import DAY, Ending, Unfit, Wanted, checked, checked_end, quarter_with, surveyed
from assessments.models import Adoption, Period, Survey
from facilities.access import below
from facilities.existence import open_on, said
from facilities.governed import add_governed, lacking_governed
from facilities.models import SUBJECTS, Act, Division, Facility, Officer
from standards.models import Standard

VERB = "适用"


@dataclass(frozen=True)
class Concern:
    """Whom a decision concerns from which quarter on. ``covered``: judged by the same standard anyway, by an adoption
    of a wider or a narrower area; ``added``: bodies of districts and cities that do not exist yet; ``drafts`` and
    ``sent``: surveys of the first quarter that are being filled, and that stay as they are."""

    period: Period
    facilities: int
    covered: int
    added: int
    drafts: int
    sent: int

    @property
    def changes_nothing(self) -> bool:
        return bool(self.covered) and self.covered == self.facilities + self.added


def may_decide(officer: Officer) -> bool:
    return officer.role == Officer.ADMIN


def require_decider(officer: Officer) -> None:
    if not may_decide(officer):
        raise PermissionDenied("哪份规范评定哪里，只由系统管理员指定。")


def history(most: int = 20) -> list[Act]:
    return list(Act.objects.filter(verb=VERB).select_related("by")[:most])


# ── Whom it concerns ──────────────────────────────────────────────────────────


def concern_of(decision: Wanted | Ending) -> Concern:
    """A handful of queries, however large the area."""
    if isinstance(decision, Ending):
        own = decision.adoption
        division, subject, first, spared = own.division, own.subject, decision.ends + DAY, own
    else:
        division, subject, first, spared = decision.division, decision.subject, decision.starts, None
    period = quarter_with(first)
    found = Facility.objects.filter(below(division.code), open_on(period.first_day), subject=subject)
    concerned = list(found.only("code", "subject"))
    judging = in_force_on(period.last_day).without(spared)
    covered = sum(any(each.key == decision.standard.key for each in judging.of(facility)) for facility in concerned)
    surveys = Survey.objects.filter(
        surveyed(division, subject), period__year=period.year, period__quarter=period.quarter
    )
    drafts = Q(state=Survey.DRAFT)
    counted = surveys.aggregate(drafts=Count("pk", filter=drafts), sent=Count("pk", filter=~drafts))
    added = 0 if spared else len(lacking_governed(division.code, [subject]))
    return Concern(period, len(concerned), covered, added, counted["drafts"], counted["sent"])


# ── Decided ───────────────────────────────────────────────────────────────────


@transaction.atomic
def adopt(by: Officer, typed: Mapping[str, str]) -> Adoption:
    """Checked again while the area's row is held. Raises Unfit, PermissionDenied."""
    require_decider(by)
    _hold(typed.get("area", ""))
    wanted, now = checked(typed), timezone.now()
    what = {"standard": wanted.standard.key, "division": wanted.division, "subject": wanted.subject}
    told = {"starts": wanted.starts, "source": wanted.source, "by": by, "at": now}
    try:
        with transaction.atomic():
            adoption = Adoption.objects.create(**what, **told)
    except IntegrityError as twice:
        raise Unfit({"": "这一条刚刚有人指定过，请看最新的列表。"}) from twice
    add_governed(wanted.division.code, [wanted.subject])
    _record(by, now, f"新增：{_in_words(adoption, wanted.standard)}；依据：{wanted.source}")
    return adoption


@transaction.atomic
def end(by: Officer, adoption: Adoption, typed: Mapping[str, str]) -> Adoption:
    """Raises Unfit, PermissionDenied."""
    require_decider(by)
    _hold(adoption.division.code)
    adoption = Adoption.objects.select_related("division").get(pk=adoption.pk)
    ending, now = checked_end(adoption, typed), timezone.now()
    adoption.ends, adoption.by, adoption.at = ending.ends, by, now
    adoption.save(update_fields=["ends", "by", "at"])
    words = f"终止：{_in_words(adoption, ending.standard)}，到{said(ending.ends)}为止；依据：{ending.source}"
    _record(by, now, words)
    return adoption


def _hold(code: str) -> None:
    """One at a time for an area."""
    Division.objects.select_for_update(of=("self",)).filter(code=code).first()


def _in_words(adoption: Adoption, standard: Standard) -> str:
    return f"{standard.source}自{said(adoption.starts)}起评定{adoption.division.name}的{SUBJECTS[adoption.subject]}"


def _record(by: Officer, at: datetime, words: str) -> None:
    Act.objects.create(by=by, verb=VERB, said=words[:400], at=at)
