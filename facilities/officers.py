"""Officers are made, moved, switched off and on, and given a new way in. Every act is recorded (Act).

An administrator manages all; a district's reviewer the surveyors of the facilities that report to the unit. Nobody
manages himself, and only an administrator manages administrators: so one of them always remains."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from facilities import links
from facilities.access import reporting_to
from facilities.models import Act, Facility, Officer, ReportingUnit

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,29}")
CODE_AT_THE_END = re.compile(r".*（([0-9A-Z]+)）")
LINK, SLIP = "link", "slip"  # how somebody comes in first: a one-time link, or a printed initial password


class Refused(ValueError):
    """``field`` (username, name, role, unit, facility, or empty) and the sentence for it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class ChangedMeanwhile(Refused):
    """Somebody else changed the officer after the form was shown."""


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """As checked: it fits the database and the hand that makes it."""

    username: str
    name: str
    role: str
    unit: ReportingUnit | None
    facility: Facility | None

    @property
    def place(self) -> str:
        """Where the officer will sit, in words."""
        return str(self.facility or self.unit or "全市")


@dataclass(frozen=True, slots=True)
class Entry:
    """A way in, to be told once: a link's token, or an initial password."""

    officer: Officer
    way: str
    secret: str
    ends: datetime


def managed_by(by: Officer) -> QuerySet[Officer]:
    """Raises PermissionDenied for who manages nobody."""
    if by.role == Officer.ADMIN:
        return Officer.objects.all()
    if by.role == Officer.REVIEWER and by.unit_id:
        return Officer.objects.filter(role=Officer.SURVEYOR, facility__in=reporting_to(by.unit_id))
    raise PermissionDenied("账号由系统管理员和区审核员管理。")


def facilities_for(by: Officer) -> QuerySet[Facility]:
    """Where the officer may appoint surveyors."""
    if by.role == Officer.REVIEWER and by.unit_id:
        return reporting_to(by.unit_id)
    return Facility.objects.all() if by.role == Officer.ADMIN else Facility.objects.none()


def state_of(officer: Officer) -> str:
    """What ``change`` may change, in a sentence."""
    role, place = officer.get_role_display(), officer.facility or officer.unit or "全市"
    return f"{officer.display_name}，{role}，{place}"


# ── Checking ──────────────────────────────────────────────────────────────────


def checked(
    by: Officer, username: str, name: str, role: str, unit: str = "", facility: str = "", own: Officer | None = None
) -> NewOfficer:
    """An officer from plain strings, as typed or as read from a list: ``role`` is a key of ``Officer.ROLES``, ``unit``
    a code or a name, ``facility`` a code, a full name, or both (名称（代码）). ``own`` is the officer that it changes,
    who keeps his user name. Raises Refused. What a list was checked to be is checked again when it is confirmed."""
    username = own.username if own else _new_username(username)
    name = " ".join(name.split())
    if not 1 <= len(name) <= 30 or not name.isprintable():
        raise Refused("name", "请填写姓名，不超过 30 个字，不含特殊符号。")
    if role not in Officer.ROLES:
        raise Refused("role", "请选一个角色。")
    if by.role != Officer.ADMIN and role != Officer.SURVEYOR:
        raise Refused("role", "区审核员只能管理填报员；其他角色请找系统管理员。")
    return NewOfficer(username, name, role, _unit(role, unit), _facility(by, role, facility))


def _new_username(username: str) -> str:
    username = username.strip()
    if not USERNAME.fullmatch(username):
        raise Refused("username", "用户名用 3 到 30 个英文字母、数字、点、横线或下划线，以字母或数字开头。")
    if Officer.objects.filter(username__iexact=username).exists():
        raise _taken(username)
    return username


def _unit(role: str, words: str) -> ReportingUnit | None:
    if role != Officer.REVIEWER:
        return None
    words = _plain(words)
    unit = ReportingUnit.objects.filter(Q(code=words) | Q(name=words)).first()
    if unit is None:
        raise Refused("unit", "审核员要选一个报送单位。")
    return unit


def _facility(by: Officer, role: str, words: str) -> Facility | None:
    if role != Officer.SURVEYOR:
        return None
    words = _plain(words)
    both = CODE_AT_THE_END.fullmatch(words)
    code = both[1] if both else words
    found = list(facilities_for(by).filter(Q(code=code) | Q(name=words))[:2])
    if len(found) > 1:
        raise Refused("facility", f"有几家机构都叫“{words}”，请改填机构代码。")
    if not found:
        raise Refused("facility", "填报员要选一家机构：填机构代码或全称，要在您管理的范围内。")
    return found[0]


def _plain(words: str) -> str:
    return words.replace("\0", "").strip()


def _taken(username: str) -> Refused:
    return Refused("username", f"用户名“{username}”已经有人用了，请换一个。")


# ── Acts ──────────────────────────────────────────────────────────────────────


@transaction.atomic
def create(by: Officer, new: NewOfficer, way: str = LINK) -> Entry:
    """Raises Refused where the name was taken meanwhile."""
    managed_by(by)
    officer = Officer(username=new.username, last_name=new.name, role=new.role, unit=new.unit, facility=new.facility)
    officer.set_unusable_password()
    try:
        with transaction.atomic():
            officer.save()
    except IntegrityError as taken:
        raise _taken(new.username) from taken
    _record(by, officer, "新建账号", f"用户名 {officer.username}：{state_of(officer)}")
    return _entry(by, officer, way)


def create_many(by: Officer, wanted: Sequence[NewOfficer]) -> list[Entry]:
    """All or none, with an initial password each: ``views.entries.slips`` prints them, once. Raises Refused."""
    with transaction.atomic():
        return [create(by, new, SLIP) for new in wanted]


@transaction.atomic
def change(by: Officer, officer: Officer, new: NewOfficer, seen: str | None = None) -> None:
    """调动: another name, role or place. What the officer did stays under his user name. ``seen`` is ``state_of`` him
    as the form showed it; raises ChangedMeanwhile where that holds no longer."""
    officer = _locked(by, officer)
    before = state_of(officer)
    if seen is not None and seen != before:
        raise ChangedMeanwhile("", f"这个账号刚被别人改过，现在是：{before}。请核对后再保存。")
    officer.last_name, officer.role = new.name, new.role
    officer.unit, officer.facility = new.unit, new.facility
    officer.save(update_fields=["last_name", "role", "unit", "facility"])
    if state_of(officer) != before:
        _record(by, officer, "调动", f"由“{before}”改为“{state_of(officer)}”")


@transaction.atomic
def deactivate(by: Officer, officer: Officer) -> None:
    """The next request of the officer fails, and so do his links; what he did stays."""
    officer = _locked(by, officer)
    if officer.is_active:
        Officer.objects.filter(pk=officer.pk).update(is_active=False)
        links.void(officer)
        _record(by, officer, "停用", "账号停用，正在使用的登录和未用的链接同时失效")


@transaction.atomic
def activate(by: Officer, officer: Officer) -> None:
    """With the password that he had."""
    officer = _locked(by, officer)
    if not officer.is_active:
        Officer.objects.filter(pk=officer.pk).update(is_active=True)
        _record(by, officer, "启用", "账号启用，密码不变")


@transaction.atomic
def reset(by: Officer, officer: Officer, way: str) -> Entry:
    """The old password, and every log-in with it, ends at once."""
    officer = _locked(by, officer)
    if not officer.is_active:
        raise Refused("", "账号已停用，请先启用，再重置密码。")
    entry = _entry(by, officer, way)
    _record(by, officer, "重置密码", "发一次性链接" if way == LINK else "发初始密码单")
    return entry


def _entry(by: Officer, officer: Officer, way: str) -> Entry:
    links.void(officer)
    now = timezone.now()
    if way == LINK:
        officer.set_unusable_password()
        secret, ends = links.make(officer, by), now + links.VALID
    else:
        secret, ends = links.initial_password(), now + links.SLIP_VALID
        officer.set_password(secret)
    officer.must_change_password = way == SLIP
    officer.password_set_at = now
    officer.save(update_fields=["password", "must_change_password", "password_set_at"])
    return Entry(officer, way, secret, ends)


def _locked(by: Officer, officer: Officer) -> Officer:
    """The officer as he is now. Who acts and every administrator are locked with him, always in one order: two
    administrators who switch each other off at once do not both succeed."""
    if by.pk == officer.pk:
        raise PermissionDenied("不能管理自己的账号，请另一位管理员来办。")
    those = Q(pk__in=[by.pk, officer.pk]) | Q(role=Officer.ADMIN)
    rows = {row.pk: row for row in Officer.objects.select_for_update().filter(those).order_by("pk")}
    if not _still_manages(rows[by.pk], officer):
        raise PermissionDenied("这个账号不在您管理的范围内。")
    return rows[officer.pk]


def _still_manages(by: Officer, officer: Officer) -> bool:
    return by.is_active and managed_by(by).filter(pk=officer.pk).exists()


def _record(by: Officer, officer: Officer, verb: str, said: str) -> None:
    Act.objects.create(by=by, officer=officer, facility=officer.facility, verb=verb, said=said[:400])
