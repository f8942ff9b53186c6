"""登记数据名单: a row is a facility, a day and a source, with as many facts as are filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from facilities import registering
from facilities.access import today, visible_to
from facilities.existence import closed_by, lock
from facilities.facts import FACT_KINDS, FactKind, in_words
from facilities.lists.lines import CHANGED, NEW, Cells, Column, Kind, Line, Row, begun
from facilities.models import Facility, Fact, Officer

VALUE_COLUMNS = tuple(
    Column(
        kind.key,
        f"{kind.label}（{kind.unit}）" if kind.unit else kind.label,
        40 if kind.type == "text" else 18,
        {"integer": "整数，写全，不写“万”", "boolean": "从列表里选", "choice": "从列表里选"}.get(
            kind.type, f"不超过 {registering.LONGEST_TEXT} 个字"
        ),
        ("是", "否") if kind.type == "boolean" else kind.choices,
        (kind.label,),
        "number" if kind.type == "integer" else "text",
        needed=False,
    )
    for kind in FACT_KINDS.values()
)
COLUMNS = (
    Column("code", "机构代码", 18, "照原样，不要改", type="code"),
    Column("name", "机构名称", 44, "供核对，不用填", told=True, needed=False),
    Column("since", "生效日期", 16, "数据是哪一天的，不晚于今天", type="date"),
    Column("source", "来源", 30, f"例如 2025年统计年鉴，不超过 {registering.LONGEST_SOURCE} 个字"),
    *VALUE_COLUMNS,
)
There = Mapping[tuple[int, str, date], Fact]


def may(by: Officer) -> bool:
    return registering.may_register(by)


def current(by: Officer) -> Iterable[Cells]:
    """What is in force today, a row for each day and source; a facility without any has a row to be filled."""
    facilities = list(visible_to(by).exclude(closed_by(today())).order_by("code"))
    newest: dict[tuple[int, str], Fact] = {}
    for fact in Fact.objects.filter(facility__in=[f.pk for f in facilities], since__lte=today()).order_by("since"):
        newest[fact.facility_id, fact.indicator] = fact
    grouped: dict[int, dict[tuple[date, str], dict[str, Any]]] = {}
    for (key, indicator), fact in newest.items():
        if indicator in FACT_KINDS:
            is_count = FACT_KINDS[indicator].type == "integer"
            cells = grouped.setdefault(key, {}).setdefault((fact.since, fact.source), {})
            cells[indicator] = fact.value if is_count else in_words(fact.value)
    for each in facilities:
        fixed = {"code": each.code, "name": each.name}
        days = sorted(grouped.get(each.pk, {}).items(), reverse=True)
        yield from ({**fixed, "since": day, "source": source, **cells} for (day, source), cells in days)
        if not days:
            yield fixed


# ── Comparing ─────────────────────────────────────────────────────────────────


def compare(by: Officer, rows: Sequence[Row], hold: bool) -> list[Line]:
    seen = visible_to(by).filter(code__in={row.get("code").upper() for row in rows}).order_by("pk")
    facilities = {each.code: each for each in seen}
    if hold:
        lock(facilities.values())
    times: dict[str, int] = {}
    lines = [_line(row, facilities, times) for row in rows]
    wanted = [given for line in lines for given in line.wanted or ()]
    there = registering.rows_of_days(wanted)
    for line in lines:
        _difference(line, there)
    _refuse_doubles(lines)
    return lines


def _line(row: Row, facilities: Mapping[str, Facility], times: dict[str, int]) -> Line:
    facility = facilities.get(row.get("code").upper())
    line = begun(row, facility.name if facility else row.get("code"), times, "", "code")
    filled = [kind for kind in FACT_KINDS.values() if row.get(kind.key)]
    if facility is None:
        line.refuse("code", "没有这个代码的机构，或者不在您管理的范围内")
    if facility is None or not (filled or line.refused):
        return line  # an empty row of the template: nothing is wanted
    since, source = _read(line, "since", registering.since_of), _read(line, "source", registering.source_of)
    values = {kind: _value(line, facility, kind) for kind in filled}
    if not line.refused:
        line.wanted = [registering.Given(facility, kind, value, since, source) for kind, value in values.items()]
    return line


def _read(line: Line, key: str, read: Any) -> Any:
    if key in line.row.barred:
        return None
    try:
        return read(line.row.get(key))
    except ValueError as wrong:
        line.refuse(key, str(wrong))
        return None


def _value(line: Line, facility: Facility, kind: FactKind) -> Any:
    if facility.subject not in kind.subjects:
        line.refuse(kind.key, f"{facility.get_subject_display()}不登记这一项，请空着")
        return None
    value = _read(line, kind.key, lambda words: registering.value_of(kind, words))
    if value is not None and (doubt := registering.doubt_about(kind, value)):
        line.doubts.append(doubt)
    return value


def _difference(line: Line, there: There) -> None:
    """Keeps of what is wanted what is not registered so already; a correction names the row that it corrects."""
    kept = []
    for given in line.wanted or ():
        row = there.get((given.facility.pk, given.kind.key, given.since))
        if row and (row.value, row.source) == (given.value, given.source):
            continue
        before = f"{in_words(row.value)}（来源：{row.source}）" if row else ""
        line.edit(given.kind.label, before, in_words(given.value))
        line.kind = CHANGED if row else NEW if line.kind != CHANGED else line.kind
        fields = (given.facility, given.kind, given.value, given.since, given.source)
        kept.append(registering.Given(*fields, registering.version_of(row)))
    line.wanted = kept


def _refuse_doubles(lines: Sequence[Line]) -> None:
    """The same fact of the same day in two rows."""
    seen: dict[tuple[int, str, date], int] = {}
    for line in lines:
        for given in line.wanted or ():
            what = (given.facility.pk, given.kind.key, given.since)
            if what in seen:
                line.refuse(given.kind.key, f"与第 {seen[what]} 行是同一天的同一项，请只留一处")
            seen.setdefault(what, line.row.number)


def apply(by: Officer, lines: Sequence[Line]) -> list[Any]:
    registering.register(by, [given for line in lines for given in line.wanted])
    return []


KIND = Kind(
    "facts",
    "登记数据",
    COLUMNS,
    (
        ("怎么填", "一行是一家机构在一个生效日期、同一来源的数据。空着的格不登记，也不会清掉登记过的。"),
        ("新的数据", "改生效日期和来源，填新的数值：旧的数据留着，从新的日期起用新的。"),
        ("更正", "生效日期不变、数值或来源变了，就是更正；导入前会列出来，原来的数据留在办理记录里。"),
    ),
    may,
    may,
    current,
    compare,
    apply,
)
