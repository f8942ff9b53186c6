"""机构名单: what the city keeps itself: new ones, new names, closings and mergers, each from its day on, as an approved
request would do it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from facilities import existence
from facilities.access import today, units_of, visible_to
from facilities.existence import Unfit
from facilities.lists.lines import CHANGED, NEW, Cells, Column, Kind, Line, Row, begun
from facilities.models import SUBJECTS, Act, Division, Existence, Facility, Officer
from facilities.requests import SUBJECT_AT, effective_day, facility_name

CLOSE, MERGE = "撤销", "合并"
COLUMNS = (
    Column("code", "机构代码", 18, "系统里的机构照原样；新设的空着，代码由区划代码生成", type="code"),
    Column("name", "机构名称", 44, "全称，4 到 60 个字；改了就是更名，要填生效日期"),
    Column("subject", "类别", 24, "由所在区划决定，不用填", told=True, needed=False),
    Column("division", "区划代码", 18, "机构所在的街道、镇、社区或村；新设必填", type="code", needed=False),
    Column("unit", "报送单位", 14, "供核对，不用填", told=True, needed=False),
    Column("act", "办理", 10, "要撤销或合并时从列表里选，其余空着", choices=(CLOSE, MERGE), needed=False),
    Column("heir", "并入机构代码", 18, "合并时填保留的那一家", type="code", needed=False),
    Column("effective", "生效日期", 16, "新设、更名、撤销、合并从哪一天起，前后一年以内", type="date", needed=False),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    verb: str  # 新设, 更名, 撤销, 合并
    facility: Facility | None
    division: Division | None
    heir: Facility | None
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class There:
    """What the rows speak of, read at once."""

    facilities: Mapping[str, Facility]
    divisions: Mapping[str, Division]
    last: Mapping[int, Existence]


def may_import(by: Officer) -> bool:
    return by.role in (Officer.CITY, Officer.ADMIN)


def may_export(by: Officer) -> bool:
    return by.role != Officer.SURVEYOR


def current(by: Officer) -> Iterable[Cells]:
    seen = visible_to(by).exclude(existence.closed_by(today())).select_related("division").order_by("code")
    facilities = list(seen)
    units = units_of(facilities)
    coming = _last(facilities)
    for each in facilities:
        unit, last = units.get(each.code), coming.get(each.pk)
        if last and last.ends:
            continue
        yield {
            "code": each.code,
            "name": last.name if last else each.name,
            "subject": SUBJECTS[each.subject],
            "division": each.division.code,
            "unit": unit.name if unit else "",
        }


def _last(facilities: Iterable[Facility]) -> dict[int, Existence]:
    """facility → its newest interval."""
    own = Existence.objects.filter(facility__in=[each.pk for each in facilities]).select_related("heir", "facility")
    return {each.facility_id: each for each in own.order_by("facility", F("starts").asc(nulls_first=True))}


# ── Comparing ─────────────────────────────────────────────────────────────────


def compare(_: Officer, rows: Sequence[Row], hold: bool) -> list[Line]:
    there = _there(rows, hold)
    seen: dict[str, int] = {}
    return [_line(row, there, seen) for row in rows]


def _there(rows: Sequence[Row], hold: bool) -> There:
    places = {row.get("division") for row in rows}
    codes = {row.get(key).upper() for row in rows for key in ("code", "heir")}
    codes |= {place + mark for place in places for mark in ("", "C")}
    own = Facility.objects.filter(code__in=codes).order_by("pk")
    facilities = {each.code: each for each in (own.select_for_update(of=("self",)) if hold else own)}
    divisions = {each.code: each for each in Division.objects.filter(code__in=places)}
    return There(facilities, divisions, _last(facilities.values()))


def _line(row: Row, there: There, seen: dict[str, int]) -> Line:
    code, place = row.get("code").upper(), there.divisions.get(row.get("division"))
    if not code and place and place.level in SUBJECT_AT:
        code = place.code + existence.MARKS[SUBJECT_AT[place.level]]
    facility = there.facilities.get(code)
    line = begun(row, row.get("name") or code, seen, code, "code")
    if not code and not row.get("division"):
        line.refuse("code", "请填机构代码；新设的请填区划代码")
    elif facility is None and place is None:
        line.refuse("division" if row.get("division") else "code", "没有这家机构；新设的请填系统里有的区划代码")
    elif row.get("code") and facility is None and place and code != _code_at(place):
        line.refuse("code", "代码与区划不符。新设的机构代码请空着")
    elif facility and place and facility.division_id != place.pk:
        line.refuse("division", "机构不在这个区划。机构不能换区划，请撤销后另设")
    if not line.refused:
        _difference(line, there, facility, place)
    return line


def _code_at(place: Division) -> str:
    return place.code + existence.MARKS.get(SUBJECT_AT.get(place.level, ""), "")


def _difference(line: Line, there: There, facility: Facility | None, place: Division | None) -> None:
    row = line.row
    name, last = _name(line), there.last.get(facility.pk) if facility else None
    heir = there.facilities.get(row.get("heir").upper())
    act = row.get("act")
    if act and act not in (CLOSE, MERGE):
        line.refuse("act", f"办理请从这几种里选：{CLOSE}、{MERGE}；新设和更名空着")
    if (act == MERGE) != bool(row.get("heir")) or (act == MERGE and heir is None):
        line.refuse("heir", "合并要填系统里有的机构代码；不合并请空着")
    if line.refused:
        return
    if last and last.ends and not row.get("effective"):
        gone = f"{existence.said(last.ends + existence.DAY)}起{existence.ending(last)}"
        line.refuse("code", f"这家机构已定于{gone}，请删掉这一行；要重新设立请填生效日期")
        return
    verb = act or _verb(facility, last, name)
    if verb and (day := _day(line, verb)):
        line.wanted = Wanted(verb, facility, place, heir, name, day)
        line.kind = NEW if verb == "新设" else CHANGED
        _say(line, line.wanted)
        _require_fit(line, line.wanted)


def _verb(facility: Facility | None, last: Existence | None, name: str) -> str:
    if facility is None or (last and last.ends):
        return "新设"
    return "更名" if name != (last.name if last else facility.name) else ""


def _name(line: Line) -> str:
    try:
        return facility_name(line.row.get("name"))
    except ValueError as wrong:
        line.refuse("name", str(wrong).rstrip("。"))
        return ""


def _day(line: Line, verb: str) -> date | None:
    if not line.row.get("effective"):
        line.refuse("effective", f"{verb}要填从哪一天起")
        return None
    try:
        return effective_day(line.row.get("effective"))
    except ValueError as wrong:
        line.refuse("effective", str(wrong).rstrip("。"))
        return None


def _say(line: Line, wanted: Wanted) -> None:
    before = wanted.facility.name if wanted.facility and wanted.verb != "新设" else ""
    after = {CLOSE: "撤销", MERGE: f"并入{wanted.heir}"}.get(wanted.verb, wanted.name)
    line.edit(wanted.verb, before, f"{after}（自{existence.said(wanted.day)}起）")


def _require_fit(line: Line, wanted: Wanted) -> None:
    """A handful of queries for a line that changes something."""
    try:
        if wanted.verb == "新设":
            if wanted.facility is None and (wanted.division is None or wanted.division.level not in SUBJECT_AT):
                raise Unfit("这一级区划不设机构")
            existence.require_none(wanted.facility, wanted.day)
        elif wanted.facility and wanted.verb == "更名":
            existence.require_another_name(wanted.facility, wanted.name, wanted.day)
        elif wanted.facility:
            existence.require_end(wanted.facility, wanted.day, wanted.heir)
    except Unfit as unfit:
        line.refuse("effective" if wanted.verb == "新设" else "", str(unfit).rstrip("。"))


# ── Applying ──────────────────────────────────────────────────────────────────


def apply(by: Officer, lines: Sequence[Line]) -> list[Any]:
    """Line by line, in order. Raises Unfit where two lines of the list do not go together."""
    acts = [_applied(by, line.wanted) for line in lines]
    Act.objects.bulk_create(acts, batch_size=500)
    return []


def _applied(by: Officer, wanted: Wanted) -> Act:
    facility, before = wanted.facility, wanted.facility.name if wanted.facility else ""
    division = wanted.division or (facility.division if facility else None)
    said = f"{before}{'并入' + str(wanted.heir) if wanted.heir else wanted.verb}"
    if wanted.verb == "新设" and division:
        subject = facility.subject if facility else SUBJECT_AT[division.level]
        facility = existence.establish(division, subject, wanted.name, wanted.day, today())
        said = f"新设“{wanted.name}”"
    elif facility and wanted.verb == "更名":
        existence.rename(facility, wanted.name, wanted.day, today())
        said = f"“{before}”更名为“{wanted.name}”"
    elif facility:
        existence.end(facility, wanted.day, wanted.heir)
    said = f"{said}，自{existence.said(wanted.day)}起（名单导入）"
    return Act(by=by, facility=facility, verb=wanted.verb, said=said[:400])


KIND = Kind(
    "facilities",
    "机构",
    COLUMNS,
    (
        ("怎么填", "一行一家机构。没有改动的行保持原样；表里没有的不动，也不会撤销。"),
        ("新设", "机构代码空着，填名称、区划代码和生效日期。"),
        ("更名", "直接改名称，填生效日期：从这一天起用新名称，以前的核查仍用旧名称。"),
        ("撤销、合并", "在“办理”里选，填生效日期：从这一天起不再填报；合并再填并入机构代码。"),
    ),
    may_export,
    may_import,
    current,
    compare,
    apply,
)
