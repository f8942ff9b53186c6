"""机构变更申请: a district's reviewer asks for a new facility, another name, a merger or a closing; the city decides.

Each verb is one transaction that holds the request's row, and is recorded (Act). An approval writes the intervals; one
that no longer fits what is there is refused with the sentence, and the request goes on waiting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from facilities import existence
from facilities.access import divisions_reporting_to, reporting_to, today, units_visible_to
from facilities.existence import Unfit
from facilities.models import Act, Facility, FacilityRequest, Officer
from facilities.spreadsheets.cells import as_date
from facilities.spreadsheets.writing import UNPRINTABLE

Read = Callable[[Officer, FacilityRequest, str], None]  # takes what was typed into the request
SUBJECT_AT = {"district": "county", "street": "township", "town": "township", "functional_zone": "township"}
SUBJECT_AT |= dict.fromkeys(("community", "village", "virtual_community", "other"), "village")
FURTHEST = timedelta(days=366)
NAME_LENGTHS = range(4, 61)
LONGEST_REASON = 300
VERBS = {FacilityRequest.WITHDRAWN: "撤回申请", FacilityRequest.REFUSED: "不同意申请"}
TWICE = "这家机构已有一份申请在等审批，请先撤回那一份。"


class Refused(ValueError):
    """``errors``: field (facility, division, name, heir, effective, reason, answer, or empty) → sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = dict(errors)


def requests_visible_to(officer: Officer | AnonymousUser) -> QuerySet[FacilityRequest]:
    """A district's reviewer sees the own unit's, who reads the whole city all; a surveyor none."""
    if isinstance(officer, AnonymousUser) or officer.role == Officer.SURVEYOR:
        return FacilityRequest.objects.none()
    related = ("unit", "facility", "division", "heir", "asked_by", "decided_by")
    return FacilityRequest.objects.filter(unit__in=units_visible_to(officer)).select_related(*related)


def waiting_for(officer: Officer) -> int:
    """How many wait: with a reviewer the own ones, with the city those to be decided. Nobody else is told."""
    if not (may_ask(officer) or may_decide(officer)):
        return 0
    return requests_visible_to(officer).filter(state=FacilityRequest.WAITING).count()


def may_ask(officer: Officer) -> bool:
    return officer.role == Officer.REVIEWER and officer.unit_id is not None


def may_decide(officer: Officer) -> bool:
    return officer.role in (Officer.CITY, Officer.ADMIN)


# ── Asking ────────────────────────────────────────────────────────────────────


def ask(by: Officer, kind: str, typed: Mapping[str, str]) -> FacilityRequest:
    """Raises Refused with a sentence for every field that is wrong."""
    wanted = checked(by, kind, typed)
    try:
        with transaction.atomic():
            if wanted.facility:
                existence.lock([wanted.facility])
            require_fit(wanted)
            wanted.save()
            _record(by, wanted, f"申请{wanted.get_kind_display()}", in_words(wanted))
    except Unfit as unfit:
        raise Refused({"": str(unfit)}) from unfit
    except IntegrityError as twice:
        raise Refused({"": TWICE}) from twice
    return wanted


def checked(by: Officer, kind: str, typed: Mapping[str, str]) -> FacilityRequest:
    """What was typed, as a request that is not kept yet."""
    if not may_ask(by) or by.unit is None:
        raise PermissionDenied("机构变更由区审核员申请，市局审批。")
    if kind not in FacilityRequest.KINDS:
        raise Refused({"": "请先选申请哪一种变更。"})
    wanted = FacilityRequest(kind=kind, unit=by.unit, asked_by=by)
    errors: dict[str, str] = {}
    for field, read in _fields_of(kind).items():
        try:
            read(by, wanted, typed.get(field, ""))
        except ValueError as wrong:
            errors[field] = str(wrong)
    if errors:
        raise Refused(errors)
    return wanted


def fields_of(kind: str) -> list[str]:
    return list(_fields_of(kind))


def _fields_of(kind: str) -> dict[str, Read]:
    own: dict[str, dict[str, Read]] = {
        FacilityRequest.NEW: {"division": _division, "name": _name},
        FacilityRequest.RENAME: {"facility": _facility, "name": _name},
        FacilityRequest.MERGE: {"facility": _facility, "heir": _heir},
        FacilityRequest.CLOSE: {"facility": _facility},
    }
    return own[kind] | {"effective": _effective, "reason": _reason}


def _facility(by: Officer, wanted: FacilityRequest, words: str) -> None:
    wanted.facility = _found(by, words, "请填要变更的机构：机构代码或全称，要在本区范围内。")


def _heir(by: Officer, wanted: FacilityRequest, words: str) -> None:
    wanted.heir = _found(by, words, "请填并入哪一家：机构代码或全称，要在本区范围内。")


def _found(by: Officer, words: str, sentence: str) -> Facility:
    own, words = reporting_to(by.unit_id or 0), clean(words)
    found = list(own.filter(code=words.upper())[:1]) or list(own.filter(name=words)[:2])
    if len(found) > 1:
        raise ValueError(f"有几家机构都叫“{words}”，请改填机构代码。")
    if not found:
        raise ValueError(sentence)
    return found[0]


def _division(by: Officer, wanted: FacilityRequest, words: str) -> None:
    own, words = divisions_reporting_to(by.unit_id or 0), clean(words)
    found = list(own.filter(code=words)[:1]) or list(own.filter(name=words)[:2])
    if len(found) > 1:
        raise ValueError(f"有几处都叫“{words}”，请改填区划代码。")
    if not found or found[0].level not in SUBJECT_AT:
        raise ValueError("请填设在哪里：社区、村、街道或镇的区划代码或名称，要在本区范围内。")
    wanted.division, wanted.subject = found[0], SUBJECT_AT[found[0].level]


def _name(_: Officer, wanted: FacilityRequest, words: str) -> None:
    wanted.name = facility_name(words)


def facility_name(words: str) -> str:
    """Raises ValueError."""
    name = clean(words)
    if len(name) not in NAME_LENGTHS:
        raise ValueError("请填机构全称，4 到 60 个字。")
    return name


def _effective(_: Officer, wanted: FacilityRequest, words: str) -> None:
    wanted.effective = effective_day(words)


def effective_day(words: str) -> date:
    """Raises ValueError for what is no day within a year from now."""
    day = as_date(words.strip())
    if abs(day - today()) > FURTHEST:
        raise ValueError("生效日期要在前后一年以内，请核对年份。")
    return day


def _reason(_: Officer, wanted: FacilityRequest, words: str) -> None:
    wanted.reason = clean(words)
    if not 1 <= len(wanted.reason) <= LONGEST_REASON:
        raise ValueError("请写依据，例如批复的文号，不超过 300 个字。")


def clean(words: str) -> str:
    """Without what cannot be printed, and without blanks at the ends or doubled."""
    return " ".join(UNPRINTABLE.sub("", words).split())


# ── Fitting and carrying out ──────────────────────────────────────────────────


def require_fit(wanted: FacilityRequest) -> None:
    """Raises Unfit where what is asked does not fit what is there, or is the unit's no longer."""
    facility, day = wanted.facility, wanted.effective
    _require_reach(wanted)
    if wanted.kind == FacilityRequest.NEW and wanted.division:
        existence.require_none(existence.of_division(wanted.division, wanted.subject), day)
    if wanted.kind == FacilityRequest.RENAME and facility:
        existence.require_another_name(facility, wanted.name, day)
    if wanted.kind in (FacilityRequest.MERGE, FacilityRequest.CLOSE) and facility:
        existence.require_end(facility, day, wanted.heir)


def _require_reach(wanted: FacilityRequest) -> None:
    for facility in filter(None, (wanted.facility, wanted.heir)):
        if not reporting_to(wanted.unit_id).filter(pk=facility.pk).exists():
            raise Unfit(f"“{facility.name}”现在不由{wanted.unit}报送，不能按这份申请变更。")
    if wanted.division and not divisions_reporting_to(wanted.unit_id).filter(pk=wanted.division.pk).exists():
        raise Unfit(f"“{wanted.division.name}”现在不由{wanted.unit}报送，不能按这份申请新设。")


def _carry_out(wanted: FacilityRequest) -> None:
    facility, day = wanted.facility, wanted.effective
    existence.lock([each for each in (facility, wanted.heir) if each])
    require_fit(wanted)
    if wanted.kind == FacilityRequest.NEW and wanted.division:
        wanted.facility = existence.establish(wanted.division, wanted.subject, wanted.name, day, today())
    elif wanted.kind == FacilityRequest.RENAME and facility:
        existence.rename(facility, wanted.name, day, today())
    elif facility:
        existence.end(facility, day, wanted.heir)


# ── Deciding ──────────────────────────────────────────────────────────────────


@transaction.atomic
def withdraw(by: Officer, request: FacilityRequest) -> FacilityRequest:
    """By any reviewer of the unit that asked."""
    if not may_ask(by) or by.unit_id != request.unit_id:
        raise PermissionDenied("申请由提出的区撤回。")
    return _decide(by, request, FacilityRequest.WITHDRAWN, "")


@transaction.atomic
def approve(by: Officer, request: FacilityRequest, answer: str = "") -> FacilityRequest:
    """Raises Refused where it was decided meanwhile or no longer fits."""
    _require_decider(by)
    try:
        with transaction.atomic():
            return _decide(by, request, FacilityRequest.APPROVED, answer)
    except Unfit as unfit:
        raise Refused({"": f"{unfit}这份申请现在不能同意。"}) from unfit


@transaction.atomic
def refuse(by: Officer, request: FacilityRequest, answer: str) -> FacilityRequest:
    _require_decider(by)
    if not clean(answer):
        raise Refused({"answer": "不同意要写理由，区里会看到。"})
    return _decide(by, request, FacilityRequest.REFUSED, answer)


def _require_decider(by: Officer) -> None:
    if not may_decide(by):
        raise PermissionDenied("机构变更由市局审批。")


def _decide(by: Officer, request: FacilityRequest, state: str, answer: str) -> FacilityRequest:
    request = _held(request)
    if not is_waiting(request):
        decided = f"{request.get_state_display()}（{request.decided_by.display_name if request.decided_by else ''}）"
        raise Refused({"": f"这份申请刚才{decided}，没有再改动。"})
    if len(clean(answer)) > LONGEST_REASON:
        raise Refused({"answer": "意见不超过 300 个字。"})
    words = in_words(request)  # before a new name is in its place
    if state == FacilityRequest.APPROVED:
        _carry_out(request)
    request.state, request.answer, request.decided_by = state, clean(answer), by
    request.decided_at = timezone.now()
    request.save()
    _record(by, request, VERBS.get(state, request.get_kind_display()), words, request.answer)
    return request


def is_waiting(request: FacilityRequest) -> bool:
    return request.state == FacilityRequest.WAITING


def _held(request: FacilityRequest) -> FacilityRequest:
    return FacilityRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)


def in_words(wanted: FacilityRequest) -> str:
    """What is asked, in a sentence that stands by itself."""
    return f"{wanted.facility or wanted.division}{change_in_words(wanted)}，自{existence.said(wanted.effective)}起"


def change_in_words(wanted: FacilityRequest) -> str:
    match wanted.kind:
        case FacilityRequest.NEW:
            return f"新设“{wanted.name}”"
        case FacilityRequest.RENAME:
            return f"更名为“{wanted.name}”"
        case FacilityRequest.MERGE:
            return f"并入“{wanted.heir}”"
    return "撤销"


def _record(by: Officer, request: FacilityRequest, verb: str, words: str, answer: str = "") -> None:
    said = f"{words}。意见：{answer}" if answer else words
    Act.objects.create(by=by, facility=request.facility, verb=verb, said=said[:400])
