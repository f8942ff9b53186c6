"""区级实发: who may record it, and how it is read from what was typed. Each saying is a row of its own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import SubsidyPaid
from assessments.subsidies.spans import Quarter
from facilities.access import visible_to
from facilities.existence import lock
from facilities.models import Facility, Officer, Post
from facilities.requests import Refused, clean
from facilities.roster import posts_visible_to
from facilities.spreadsheets.cells import half_width

LARGEST = Decimal(10) ** 9
LONGEST_SOURCE = 200
WHO = "区级实发由本区审核员登记。"


def may_pay(officer: Officer, facility: Facility) -> bool:
    """The district's side: its reviewer, of a station that reports to the unit."""
    if officer.role != Officer.REVIEWER or facility.subject != "village":
        return False
    return visible_to(officer).filter(pk=facility.pk).exists()


def said_of(facility: Facility, quarter: Quarter) -> QuerySet[SubsidyPaid]:
    """Everything that was ever recorded, newest first: one query."""
    rows = SubsidyPaid.objects.filter(facility=facility, year=quarter.year, quarter=quarter.number)
    return rows.select_related("by", "post").order_by("-pk")


@transaction.atomic
def record(by: Officer, facility: Facility, quarter: Quarter, typed: Mapping[str, str]) -> SubsidyPaid:
    """``post`` names the public servant, empty means the station. Raises Refused with a sentence a field, also where
    somebody else has recorded since (``seen``)."""
    if not may_pay(by, facility):
        raise PermissionDenied(WHO)
    lock([facility])
    post = _payee(by, facility, quarter, typed.get("post", ""))
    _require_unchanged(facility, quarter, typed.get("seen", ""))
    amount, source = _read(typed)
    return SubsidyPaid.objects.create(
        facility=facility,
        post=post,
        year=quarter.year,
        quarter=quarter.number,
        amount=amount,
        source=source,
        is_demo=settings.DEMO,
        at=timezone.now(),
        by=by,
    )


def _payee(by: Officer, facility: Facility, quarter: Quarter, typed: str) -> Post | None:
    if not typed:
        return None
    posts = posts_visible_to(by).filter(facility=facility, is_public_servant=True, kind=Post.PART_TIME)
    post = posts.filter(pk=int(typed)).first() if typed.isdecimal() and len(typed) < 10 else None
    stretch = quarter.stretch
    if post is None or post.starts > stretch.last or (post.ends and post.ends < stretch.first):
        raise Refused({"post": "请选本季度在册的兼职公职人员。"})
    return post


def _require_unchanged(facility: Facility, quarter: Quarter, seen: str) -> None:
    newest = said_of(facility, quarter).values_list("pk", flat=True).first()
    if seen != str(newest or ""):
        raise Refused({"": "刚才有人登记过这个季度的实发。请看下面的登记经过，核对后可以再保存一次。"})


def _read(typed: Mapping[str, str]) -> tuple[Decimal, str]:
    errors: dict[str, str] = {}
    amount, source = Decimal(0), clean(typed.get("source", ""))
    try:
        amount = _amount(typed.get("amount", ""))
    except ValueError as wrong:
        errors["amount"] = str(wrong)
    if not 1 <= len(source) <= LONGEST_SOURCE:
        errors["source"] = f"请写来源，例如拨款凭证或财政批复的文号，不超过 {LONGEST_SOURCE} 个字。"
    if errors:
        raise Refused(errors)
    return amount, source


def _amount(typed: str) -> Decimal:
    """Raises ValueError. 3,000.50 and full-width figures are read too."""
    words = half_width(typed).replace(",", "").replace(" ", "")
    try:
        amount = Decimal(words)
    except InvalidOperation:
        raise ValueError("请填实发金额，例如 3000 或 3000.50；没有发填 0。") from None
    if not amount.is_finite() or not 0 <= amount < LARGEST:
        raise ValueError("金额要在 0 到 10 亿元之间。")
    if amount != round(amount, 2):
        raise ValueError("金额最多两位小数，不代为四舍五入。")
    return round(amount, 2)
