"""账号名单: new officers with printed slips, and moves of those who are there. Whether and how is with the verbs of
``facilities.officers``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from facilities import officers
from facilities.lists.lines import CHANGED, NEW, REFUSED, Cells, Column, Kind, Line, Row, begun
from facilities.models import Officer

MOST_NEW = 200  # a password's hash takes its time
ROLE_OF = {label: role for role, label in Officer.ROLES.items()} | {key: key for key in Officer.ROLES}
COLUMNS = (
    Column("username", "用户名", 20, "3 到 30 个英文字母、数字、点、横线或下划线，全市不重复"),
    Column("name", "姓名", 14, "不超过 30 个字"),
    Column("role", "角色", 14, "从列表里选；区里只能管理填报员", tuple(Officer.ROLES.values())),
    Column("unit", "报送单位", 16, "审核员填：单位名称或代码", needed=False),
    Column("facility", "机构", 44, "填报员填：机构代码或全称", needed=False),
)
#: a refusal of the verbs → the column where it belongs
AT = {"username": "username", "name": "name", "role": "role", "unit": "unit", "facility": "facility"}


def may(by: Officer) -> bool:
    return by.role == Officer.ADMIN or (by.role == Officer.REVIEWER and by.unit_id is not None)


def current(by: Officer) -> Iterable[Cells]:
    """Those who can log in."""
    managed = officers.managed_by(by).filter(is_active=True).select_related("unit", "facility")
    for each in managed.order_by("role", "username"):
        yield {
            "username": each.username,
            "name": each.last_name,
            "role": each.get_role_display(),
            "unit": each.unit.name if each.unit else "",
            "facility": each.facility.code if each.facility else "",
        }


def compare(by: Officer, rows: Sequence[Row], hold: bool) -> list[Line]:
    managed = officers.managed_by(by).filter(username__in={row.get("username") for row in rows})
    own = {each.username: each for each in managed.select_related("unit", "facility")}
    seen: dict[str, int] = {}
    lines = [_line(by, row, own, seen) for row in rows]
    for line in [line for line in lines if line.state == NEW][MOST_NEW:]:
        line.refuse("", f"一次最多新建 {MOST_NEW} 个账号，这一行请下次再导入")
    return lines


def _line(by: Officer, row: Row, own: dict[str, Officer], seen: dict[str, int]) -> Line:
    username = row.get("username").strip()
    line = begun(row, row.get("name") or username, seen, username.lower(), "username")
    there = own.get(username)
    role = ROLE_OF.get(row.get("role"), "")
    if not line.refused:
        try:
            fields = (username, row.get("name"), role, row.get("unit"), row.get("facility"))
            line.wanted = (there, officers.checked(by, *fields, own=there))
        except officers.Refused as refused:
            line.refuse(AT.get(refused.field, ""), str(refused).rstrip("。"))
    if line.state != REFUSED:
        _difference(by, line)
    return line


def _difference(by: Officer, line: Line) -> None:
    there, wanted = line.wanted
    place = f"{Officer.ROLES[wanted.role]}，{wanted.place}"
    if there is None:
        line.kind = NEW
        line.edit("账号", "", f"{wanted.username}（{wanted.name}），{place}")
        return
    if there.last_name != wanted.name:
        line.edit("姓名", there.last_name, wanted.name)
    if (there.role, there.unit, there.facility) != (wanted.role, wanted.unit, wanted.facility):
        line.edit("角色和单位", f"{there.get_role_display()}，{there.facility or there.unit or '全市'}", place)
    if not line.edits:
        return
    line.kind = CHANGED
    if there.pk == by.pk:
        line.refuse("", "不能改自己的账号，请另一位管理员来办")


def apply(by: Officer, lines: Sequence[Line]) -> list[Any]:
    """Raises officers.Refused where a line no longer holds."""
    for line in lines:
        there, wanted = line.wanted
        if there is not None:
            officers.change(by, there, wanted)
    return list(officers.create_many(by, [line.wanted[1] for line in lines if line.wanted[0] is None]))


KIND = Kind(
    "officers",
    "账号",
    COLUMNS,
    (
        ("怎么填", "一行一人。用户名在系统里有的按表调动，没有的新建；表里没有的不动，停用请到账号页。"),
        ("新建", f"一次最多 {MOST_NEW} 个。导入后打印初始密码单，只显示一次；本人第一次登录要改密码。"),
    ),
    may,
    may,
    current,
    compare,
    apply,
)
