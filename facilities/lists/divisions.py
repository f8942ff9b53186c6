"""区划名单: codes, names, levels and what lies in what. Kept by the administrator; no list removes any."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from facilities.lists.lines import CHANGED, NEW, Cells, Column, Kind, Line, Row, begun
from facilities.models import Act, Division, Officer

LEVEL_OF = {label: level for level, label in Division.LEVELS.items()} | {key: key for key in Division.LEVELS}
LENGTHS = {"city": 4, "district": 6, "street": 9, "town": 9, "functional_zone": 9}
OF_A_VILLAGE = 12
LONGEST_NAME = 60
COLUMNS = (
    Column("code", "区划代码", 18, "统计用区划代码：市 4 位，区 6 位，街道、镇 9 位，社区、村 12 位", type="code"),
    Column("name", "名称", 34, "全称，不超过 60 个字"),
    Column("level", "级别", 12, "从列表里选", choices=tuple(Division.LEVELS.values())),
    Column(
        "parent_code",
        "上级区划代码",
        18,
        "上一级的代码，本级代码以它开头；市空着",
        aliases=("上级代码",),
        type="code",
    ),
)


def may(by: Officer) -> bool:
    return by.role == Officer.ADMIN


def current(_: Officer) -> Iterable[Cells]:
    for each in Division.objects.select_related("parent"):
        yield {
            "code": each.code,
            "name": each.name,
            "level": each.get_level_display(),
            "parent_code": each.parent.code if each.parent else "",
        }


def compare(_: Officer, rows: Sequence[Row], hold: bool) -> list[Line]:
    codes = {row.get("code") for row in rows}
    parents = {row.get("parent_code") for row in rows}
    own: QuerySet[Division] = Division.objects.filter(code__in=codes | parents).select_related("parent")
    stored = {each.code: each for each in (own.select_for_update(of=("self",)) if hold else own)}
    seen: dict[str, int] = {}
    lines = [_line(row, stored, codes, seen) for row in rows]
    _refuse_orphans(lines, stored)
    return lines


def _line(row: Row, stored: dict[str, Division], codes: set[str], seen: dict[str, int]) -> Line:
    code, name = row.get("code"), row.get("name")
    line = begun(row, name, seen, code, "code")
    level = LEVEL_OF.get(row.get("level"), "")
    if not 1 <= len(name) <= LONGEST_NAME:
        line.refuse("name", "请填名称，不超过 60 个字")
    if not level:
        line.refuse("level", f"级别请从这几种里选：{'、'.join(Division.LEVELS.values())}")
    elif not (code.isascii() and code.isdecimal()) or len(code) != LENGTHS.get(level, OF_A_VILLAGE):
        line.refuse("code", f"{Division.LEVELS[level]}的区划代码是 {LENGTHS.get(level, OF_A_VILLAGE)} 位数字")
    parent = row.get("parent_code") if level != "city" else ""
    if level and level != "city" and (not parent or not code.startswith(parent) or parent == code):
        line.refuse("parent_code", "请填上级区划代码，本级代码要以它开头")
    elif parent and parent not in stored and parent not in codes:
        line.refuse("parent_code", "没有这个上级区划。请核对，或者把上级也列在表里")
    if not line.refused:
        _difference(line, stored.get(code), (code, name, level, parent))
    return line


def _difference(line: Line, there: Division | None, wanted: tuple[str, str, str, str]) -> None:
    line.wanted = wanted
    code, name, level, parent = wanted
    if there is None:
        line.kind = NEW
        line.edit("区划", "", f"{code} {name}（{Division.LEVELS[level]}）")
        return
    above = there.parent.code if there.parent and level != "city" else ""
    for label, before, after in (
        ("名称", there.name, name),
        ("级别", there.get_level_display(), Division.LEVELS[level]),
        ("上级区划代码", above, parent),
    ):
        if before != after:
            line.edit(label, before, after)
            line.kind = CHANGED


def _refuse_orphans(lines: Sequence[Line], stored: dict[str, Division]) -> None:
    """What lies in a new division that is refused cannot come in either; parents have shorter codes."""
    taken = stored.keys() | {line.row.get("code") for line in lines if not line.refused}
    for line in sorted(lines, key=lambda each: len(each.row.get("code"))):
        parent = line.wanted[3] if line.wanted else ""
        if not line.refused and parent and parent not in taken:
            line.refuse("parent_code", "上级区划在表里，但那一行不能导入，请先改好那一行")
            taken -= {line.row.get("code")}


def apply(by: Officer, lines: Sequence[Line]) -> list[Any]:
    """Parents before children, one tier of codes at a time."""
    for length in sorted({len(line.wanted[0]) for line in lines}):
        tier = [line.wanted for line in lines if len(line.wanted[0]) == length]
        codes = {parent for *_, parent in tier} | {code for code, *_ in tier}
        ids = dict(Division.objects.filter(code__in=codes).values_list("code", "pk"))
        rows = [
            Division(pk=ids.get(code), code=code, name=name, level=level, parent_id=ids.get(parent))
            for code, name, level, parent in tier
        ]
        Division.objects.bulk_create([row for row in rows if row.code not in ids], batch_size=500)
        changed = [row for row in rows if row.code in ids]
        Division.objects.bulk_update(changed, ["name", "level", "parent"], batch_size=500)
    Act.objects.bulk_create([_act(by, line) for line in lines], batch_size=500)
    return []


def _act(by: Officer, line: Line) -> Act:
    edits = "；".join(f"{label} {before} → {after}" if before else after for label, before, after in line.edits)
    return Act(by=by, verb="新增区划" if line.kind == NEW else "修改区划", said=f"{line.wanted[0]} {edits}"[:400])


KIND = Kind(
    "divisions",
    "区划",
    COLUMNS,
    (
        ("怎么填", "一行一个区划。代码在系统里有的按表修改，没有的新增；表里没有的不动，也不会删除。"),
        ("先后", "上级和下级可以在同一张表里，先后不限。"),
    ),
    may,
    may,
    current,
    compare,
    apply,
)
