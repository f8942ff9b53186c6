"""What is typed about a post: read field by field, and told again without what is personal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from facilities.access import today
from facilities.existence import said
from facilities.models import Post
from facilities.requests import Refused, clean
from facilities.spreadsheets.cells import as_date, half_width

EARLIEST = date(1990, 1, 1)
FURTHEST = timedelta(days=366)
PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}|\d{7,8}")
LONGEST_NAME, LONGEST_NUMBER = 30, 60
LABELS = {
    "name": "姓名",
    "kind": "专职或兼职",
    "starts": "到岗日期",
    "ends": "离任日期",
    "is_public_servant": "是否公职人员",
    "extra": "是否新增人员",
    "certificate": "证书",
    "trained_on": "培训日期",
    "phone": "电话",
    "filing_number": "备案编号",
    "filed_on": "备案日期",
    "approval_number": "批准文号",
    "approved_on": "批准日期",
}
#: what is changed without being told
PERSONAL = ("name", "certificate", "phone")

Read = Callable[[Post, Mapping[str, str]], None]  # takes what was typed into the post; raises ValueError


def read_into(post: Post, fields: Mapping[str, Read], typed: Mapping[str, str]) -> None:
    """Raises Refused with a sentence for every field that is wrong."""
    errors: dict[str, str] = {}
    for field, read in fields.items():
        try:
            read(post, typed)
        except ValueError as wrong:
            errors[field] = f"{wrong}。"
    if errors:
        raise Refused(errors)


def typed_of(post: Post) -> dict[str, str]:
    """What stands in the form of a post; the phone never does."""
    days = {field: day.isoformat() for field in DAYS if (day := getattr(post, field))}
    ticks = {field: "1" for field in ("is_public_servant", "extra") if getattr(post, field)}
    texts = {field: getattr(post, field) for field in ("name", "kind", "certificate", *NUMBERS)}
    return {**texts, **ticks, **days}


def changes(before: Post, after: Post) -> list[str]:
    """Field by field, in words."""
    return [_change(field, before, after) for field in LABELS if getattr(before, field) != getattr(after, field)]


def _change(field: str, before: Post, after: Post) -> str:
    if field in PERSONAL:
        return f"改了{LABELS[field]}"
    return f"{LABELS[field]}由{_in_words(before, field)}改为{_in_words(after, field)}"


def _in_words(post: Post, field: str) -> str:
    value = getattr(post, field)
    if field == "kind":
        return post.get_kind_display()
    if isinstance(value, bool):
        return "是" if value else "否"
    return said(value) if isinstance(value, date) else value or "空"


# ── Field by field ────────────────────────────────────────────────────────────


def _name(post: Post, typed: Mapping[str, str]) -> None:
    post.name = clean(typed.get("name", ""))
    if not 2 <= len(post.name) <= LONGEST_NAME:
        raise ValueError(f"请填姓名，2 到 {LONGEST_NAME} 个字")


def _kind(post: Post, typed: Mapping[str, str]) -> None:
    post.kind = typed.get("kind", "")
    if post.kind not in Post.KINDS:
        raise ValueError("请选专职或兼职")


def _starts(post: Post, typed: Mapping[str, str]) -> None:
    day = _day(typed.get("starts", ""), "到岗日期", today())
    if post.ends and post.ends < day:
        raise ValueError(f"到岗日期不能晚于离任日期 {said(post.ends)}")
    if post.filed_on and post.filed_on < day:
        raise ValueError(f"到岗日期不能晚于备案日期 {said(post.filed_on)}")
    post.starts = day


def _ends(post: Post, typed: Mapping[str, str]) -> None:
    day = _day(typed["ends"], "离任日期", today() + FURTHEST) if typed.get("ends", "").strip() else None
    if day and day < post.starts:
        raise ValueError(f"离任日期不能早于到岗日期 {said(post.starts)}")
    post.ends = day


def _trained_on(post: Post, typed: Mapping[str, str]) -> None:
    post.trained_on = _day(typed["trained_on"], "培训日期", today()) if typed.get("trained_on", "").strip() else None


def _certificate(post: Post, typed: Mapping[str, str]) -> None:
    post.certificate = _number(typed.get("certificate", ""), "证书")


def _phone(post: Post, typed: Mapping[str, str]) -> None:
    """Left empty it stays; it is not shown to be typed again."""
    number = half_width(typed.get("phone", "")).replace(" ", "")
    if number and not PHONE.fullmatch(number):
        raise ValueError("电话请填手机号或座机号，例如 13800001234、0756-2120000")
    post.phone = "" if typed.get("phone_drop") == "1" else number or post.phone


def _public_servant(post: Post, typed: Mapping[str, str]) -> None:
    post.is_public_servant = typed.get("is_public_servant") == "1"


def _extra(post: Post, typed: Mapping[str, str]) -> None:
    post.extra = typed.get("extra") == "1"
    if not post.extra and post.approved_on:
        raise ValueError(f"已登记批准文号 {post.approval_number}，请区审核员先删去批准，再改为不是新增人员")


def _filing(post: Post, typed: Mapping[str, str]) -> None:
    post.filing_number, post.filed_on = _pair(typed, "filing_number", "filed_on", "备案编号", "备案日期")
    if post.filed_on and post.filed_on < post.starts:
        post.filed_on = None
        raise ValueError(f"备案日期不能早于到岗日期 {said(post.starts)}")


def _approval(post: Post, typed: Mapping[str, str]) -> None:
    number, day = _pair(typed, "approval_number", "approved_on", "批准文号", "批准日期")
    if number and not post.extra:
        raise ValueError("不是新增人员，不填批准文号；是新增人员的请先在上面勾选")
    post.approval_number, post.approved_on = number, day


def _pair(
    typed: Mapping[str, str], number: str, day: str, number_label: str, day_label: str
) -> tuple[str, date | None]:
    """A number with its date, or neither."""
    written, when = _number(typed.get(number, ""), number_label), typed.get(day, "").strip()
    if bool(written) != bool(when):
        raise ValueError(f"{number_label}和{day_label}要一起填，或者都不填")
    return written, _day(when, day_label, today()) if when else None


def _number(typed: str, label: str) -> str:
    number = clean(typed)
    if len(number) > LONGEST_NUMBER:
        raise ValueError(f"{label}不超过 {LONGEST_NUMBER} 个字")
    return number


def _day(typed: str, label: str, last: date) -> date:
    try:
        day = as_date(typed.strip())
    except ValueError as wrong:
        raise ValueError(f"{label}{wrong}") from None
    if day < EARLIEST:
        raise ValueError(f"{label}太早了，请核对年份")
    if day > last:
        raise ValueError(f"{label}不能晚于 {said(last)}")
    return day


DAYS = ("starts", "ends", "trained_on", "filed_on", "approved_on")
NUMBERS = ("filing_number", "approval_number")
#: the fields of each form, in the order in which they are read
POST: dict[str, Read] = {
    "name": _name,
    "kind": _kind,
    "starts": _starts,
    "is_public_servant": _public_servant,
    "extra": _extra,
    "certificate": _certificate,
    "trained_on": _trained_on,
    "phone": _phone,
}
END: dict[str, Read] = {"ends": _ends}
FILING: dict[str, Read] = {"filing_number": _filing, "approval_number": _approval}
