"""增员 (方案三（一）4、5): asked by a street's or town's office, decided by the district, then appointed and filed.
What the plan does not allow is refused at once, with the numbers that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from facilities import post_words as words
from facilities import roster
from facilities.access import SHANGHAI, kept_by, today, visible_to
from facilities.existence import lock, said
from facilities.models import Act, ExtraRequest, ExtraStep, Facility, Officer, Post, facts_on
from facilities.requests import Refused, clean
from facilities.spreadsheets.cells import as_date

MORE_THAN = 8000  # 服务对象 of a community that may have more people: 8000 itself is not 超过
PER_PERSON = 6000  # 服务对象 for each of an office's people
LONGEST = 300
SUBJECTS = ("township", "village")
WAITING, APPROVED, REFUSED, APPOINTED, FILED = "待审批", "已批准，待到岗", "未批准", "已到岗，待备案", "已备案"


@dataclass(frozen=True)
class Ground:
    """What decides whether a facility may ask. ``served`` None is not recorded; ``actual`` without extra staff."""

    facility: Facility
    served: int | None
    actual: int

    @property
    def norm(self) -> int | None:
        """Of an office; a community has none."""
        if self.facility.subject != "township" or self.served is None:
            return None
        return (self.served + PER_PERSON - 1) // PER_PERSON

    @property
    def against(self) -> str:
        """Why nobody can be added; empty where one can."""
        if self.served is None:
            return "还没有登记服务对象数，不能判断能不能增员。请先在登记数据里登记服务对象。"
        if self.norm is None:
            if self.served > MORE_THAN:
                return ""
            return f"服务对象 {self.served:,} 人，没有超过 8000 人，按方案三（一）5 不能增加人员。"
        if self.actual >= self.norm:
            return ""
        return (
            f"服务对象 {self.served:,} 人，按每 6000 人配 1 人应配 {self.norm} 人，名册上现有 {self.actual} 人"
            f"（不含新增人员），还差 {self.norm - self.actual} 人。请先配足，再申请增员。"
        )


def ground_of(facility: Facility) -> Ground:
    fact = facts_on(facility, today()).get("served_population")
    posts = [post for post in Post.objects.filter(facility=facility, extra=False) if _is_there(post)]
    return Ground(facility, int(fact.value) if fact else None, len(posts))


def _is_there(post: Post) -> bool:
    return post.starts <= today() and not post.has_left(today())


# ── Who may ───────────────────────────────────────────────────────────────────


def may_ask(by: Officer, facility: Facility) -> bool:
    """街道（镇）报请: its office, for itself and for its stations."""
    own = by.facility
    if by.role != Officer.SURVEYOR or own is None or own.subject != "township" or facility.subject not in SUBJECTS:
        return False
    return kept_by(own).filter(pk=facility.pk).exists()


def may_decide(by: Officer, facility: Facility) -> bool:
    """The reviewer enters what the district's government decided."""
    return by.role == Officer.REVIEWER and visible_to(by).filter(pk=facility.pk).exists()


def may_appoint(by: Officer, facility: Facility) -> bool:
    return may_ask(by, facility) or may_decide(by, facility)


# ── What is done ──────────────────────────────────────────────────────────────


@transaction.atomic
def ask(by: Officer, facility: Facility, typed: Mapping[str, str]) -> ExtraRequest:
    """Raises Refused with a sentence a field, or under no field where the plan does not allow it."""
    if not may_ask(by, facility):
        raise PermissionDenied("增员由街道（镇）的服务所申请。")
    lock([facility])
    ground = ground_of(facility)
    _require_allowed(ground)
    if any(state_of(each) == WAITING for each in requests_of(facility)):
        raise Refused({"": "这家机构已有一份增员申请待审批，请等区里审批。"})
    reason = clean(typed.get("reason", ""))
    errors = {} if 1 <= len(reason) <= LONGEST else {"reason": f"请写工作量等理由，不超过 {LONGEST} 个字。"}
    if typed.get("bought") != "1":
        errors["bought"] = "新增人员的经费要由购买服务解决；确认后请勾选。"
    if typed.get("unchanged") != "1":
        errors["unchanged"] = "增员不增加编制；确认后请勾选。"
    if errors:
        raise Refused(errors)
    told = {"served": ground.served, "norm": ground.norm, "actual": ground.actual}
    asked = ExtraRequest.objects.create(
        facility=facility, reason=reason, by=by, at=timezone.now(), is_demo=settings.DEMO, **told
    )
    _record(by, asked, "申请增员", "增加 1 人，经费由购买服务解决，编制不变")
    return asked


@transaction.atomic
def decide(by: Officer, asked: ExtraRequest, typed: Mapping[str, str]) -> ExtraStep:
    """``decision``: approved or refused. Raises Refused."""
    if not may_decide(by, asked.facility):
        raise PermissionDenied("增员由区政府（管委会）审批，区审核员登记。")
    lock([asked.facility])
    if state_of(_again(asked)) != WAITING:
        raise Refused({"": "这份申请刚才已经登记了审批结果，没有再改动。"})
    verb, number, day, text = _decision(asked, typed)
    if verb == ExtraStep.APPROVED:
        _require_allowed(ground_of(asked.facility))
    return _step(by, asked, verb, day, f"{number} {text}".strip(), number=number, text=text)


def _decision(asked: ExtraRequest, typed: Mapping[str, str]) -> tuple[str, str, date, str]:
    """Verb, number, day and text. Raises Refused with a sentence a field."""
    verb, number, text = typed.get("decision", ""), clean(typed.get("number", "")), clean(typed.get("text", ""))
    day, errors = today(), {}
    if verb not in (ExtraStep.APPROVED, ExtraStep.REFUSED):
        errors["decision"] = "请选批准或不批准。"
    try:
        day = _decided_on(asked, typed.get("day", ""))
    except ValueError as wrong:
        errors["day"] = f"审批日期{wrong}。"
    if not 1 <= len(number) <= words.LONGEST_NUMBER:
        errors["number"] = f"请填批复文号，不超过 {words.LONGEST_NUMBER} 个字。"
    if len(text) > LONGEST or (verb == ExtraStep.REFUSED and not text):
        errors["text"] = f"不批准要写理由，不超过 {LONGEST} 个字。"
    if errors:
        raise Refused(errors)
    return verb, number, day, text


def _decided_on(asked: ExtraRequest, typed: str) -> date:
    """Raises ValueError."""
    day, first = as_date(typed.strip()), timezone.localdate(asked.at, SHANGHAI)
    if not first <= day <= today():
        raise ValueError(f"要在申请之日到今天之间（{said(first)}到{said(today())}）")
    return day


@transaction.atomic
def appoint(by: Officer, asked: ExtraRequest, typed: Mapping[str, str]) -> ExtraStep:
    """A post on the roster, with the approval. Raises Refused."""
    if not may_appoint(by, asked.facility):
        raise PermissionDenied("新增人员到岗由街道（镇）的服务所或区审核员登记。")
    lock([asked.facility])
    fresh = _again(asked)
    decision = next((step for step in fresh.steps.all() if step.verb == ExtraStep.APPROVED), None)
    if decision is None or state_of(fresh) != APPROVED:
        raise Refused({"": "没有批准的、或已经到岗的申请，不能登记到岗。"})
    post = roster.add(by, asked.facility, {**typed, "extra": "1"})
    if post.starts < decision.day:
        raise Refused({"starts": f"到岗日期不能早于批准日期 {said(decision.day)}。"})
    post.approval_number, post.approved_on = decision.number, decision.day
    post.save()
    return _step(by, asked, ExtraStep.APPOINTED, post.starts, str(post), post=post)


def _require_allowed(ground: Ground) -> None:
    if ground.against:
        raise Refused({"": ground.against})


def _step(by: Officer, asked: ExtraRequest, verb: str, day: date, what: str, **more: object) -> ExtraStep:
    step = ExtraStep.objects.create(request=asked, verb=verb, day=day, by=by, at=timezone.now(), **more)
    _record(by, asked, f"增员{step.get_verb_display()}", f"{said(day)} {what}")
    return step


def _record(by: Officer, asked: ExtraRequest, verb: str, what: str) -> None:
    Act.objects.create(by=by, at=timezone.now(), verb=verb, facility=asked.facility, said=f"{asked}：{what}"[:400])


# ── How it stands ─────────────────────────────────────────────────────────────


def requests_of(facility: Facility) -> list[ExtraRequest]:
    """With their steps: two queries."""
    found = ExtraRequest.objects.filter(facility=facility).select_related("by", "facility")
    return list(found.prefetch_related("steps__by", "steps__post"))


def _again(asked: ExtraRequest) -> ExtraRequest:
    return ExtraRequest.objects.prefetch_related("steps__post").get(pk=asked.pk)


def state_of(asked: ExtraRequest) -> str:
    steps = {step.verb: step for step in asked.steps.all()}
    if appointed := steps.get(ExtraStep.APPOINTED):
        return FILED if appointed.post and appointed.post.filed_on else APPOINTED
    if ExtraStep.REFUSED in steps:
        return REFUSED
    return APPROVED if ExtraStep.APPROVED in steps else WAITING
