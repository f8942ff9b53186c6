"""The tables of a return: one description, from which page, paper and workbook are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reports.returns.figures import ACCEPTED, STATES, Block, Line
from reports.returns.items import AMOUNT, DEVICES, ITEM, ITEMS, SHARE
from reports.returns.statement import SHORT, Statement

UNREPORTED, NO_DATA, NONE = "未报", "无数据", "—"
Value = Decimal | int | str | None


@dataclass(frozen=True, slots=True)
class Column:
    """``sum``: its 合计 adds up the rows. ``rate``: its 合计 is one column over another, by their keys.
    ``opens``: the figure and the part of it whose facilities a number opens to."""

    key: str
    group: str
    label: str
    value: Callable[[Block], Value]
    places: int = 0
    rate: tuple[str, str] | None = None
    opens: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    name: str
    values: tuple[Value, ...]
    subject: str = ""


@dataclass(frozen=True)
class Table:
    """``total`` first, ``parts`` by subject (其中), then ``rows``, of which the total is the sum."""

    mark: str
    title: str
    first: str  # what the rows are
    units: str
    columns: tuple[Column, ...]
    total: Row
    parts: tuple[Row, ...]
    rows: tuple[Row, ...]
    note: str


# ── Columns ───────────────────────────────────────────────────────────────────


def _number(key: str, group: str, label: str, opens: str = "met") -> Column:
    """实有 of a figure."""
    return Column(f"{key}.number", group, label, _reader(key, "number"), ITEM[key].places, opens=(key, opens))


def _of(key: str, group: str, label: str) -> Column:
    return Column(f"{key}.of", group, label, _reader(key, "of"), ITEM[key].places, opens=(key, "all"))


def _short(key: str, group: str, label: str) -> Column:
    return Column(f"{key}.short", group, label, _reader(key, "short"), ITEM[key].places, opens=(key, "lacking"))


def _rate(key: str, group: str, label: str) -> Column:
    def rate(block: Block) -> Value:
        figure = block.figure(key)
        return figure.rate if figure.rate is not None else NONE if not figure.unknown else NO_DATA

    return Column(f"{key}.rate", group, label, rate, 1, rate=(f"{key}.number", f"{key}.of"))


def _lacking(key: str, group: str, label: str) -> Column:
    def count(block: Block) -> Value:
        figure = block.figure(key)
        return figure.lacking if figure.known else NO_DATA if figure.unknown else NONE

    return Column(f"{key}.lacking", group, label, count, opens=(key, "lacking"))


def _reader(key: str, name: str) -> Callable[[Block], Value]:
    """A sum of a figure; 无数据 where it applies and nothing is known, — where it does not apply."""

    def read(block: Block) -> Value:
        figure = block.figure(key)
        if not figure.known and not (name == "of" and figure.of):
            return NO_DATA if figure.unknown else NONE
        value: Decimal = getattr(figure, name)
        return value

    return read


def _counted(key: str, group: str, label: str, value: Callable[[Block], Value]) -> Column:
    return Column(key, group, label, value, opens=("due", key))


BODIES = (
    _counted("due", "填报（家）", "应评估", lambda block: block.due),
    _counted("accepted", "填报（家）", "已审核", lambda block: block.accepted),
    _counted("waiting", "填报（家）", "未审核", lambda block: block.waiting),
    _counted("missing", "填报（家）", "未报", lambda block: block.missing),
    _counted("compliant", "达标（家、%）", "家数", lambda block: block.compliant),
    Column(
        "compliant.rate", "达标（家、%）", "率",
        lambda block: block.rate if block.rate is not None else NONE, 1, rate=("compliant", "due"),
    ),
    _of("set_up", "机构（家）", "应设"),
    _number("set_up", "机构（家）", "已设"),
    _number("named", "机构（家）", "名称规范"),
    _of("staff", "人员（人）", "应配"),
    _number("staff", "人员（人）", "实有"),
    _short("staff", "人员（人）", "差"),
    _number("staffed", "人员（人）", "配齐家数"),
    _of("area", "场所（㎡）", "标准"),
    _number("area", "场所（㎡）", "实有"),
    _short("area", "场所（㎡）", "差"),
    _number("relaxed", "场所（㎡）", "酌减家数"),
)  # fmt: skip
WORKS = (
    _of("equipped", "设施（家、台）", "应配"),
    _number("equipped", "设施（家、台）", "配齐"),
    _short("computer", "设施（家、台）", "差计算机"),
    _of("network", "联网（家、%）", "应联"),
    _number("network", "联网（家、%）", "已联"),
    _rate("network", "联网（家、%）", "率"),
    _of("software", "业务软件（家、%）", "应用"),
    _number("software", "业务软件（家、%）", "在用"),
    _rate("software", "业务软件（家、%）", "率"),
    _number("ledger", "制度（家）", "台账齐全"),
    _number("rules", "制度（家）", "制度齐全"),
    _number("budget", "经费（家、万元）", "落实"),
    _number("county_money", "经费（家、万元）", "区级", "all"),
    _number("town_money", "经费（家、万元）", "街镇", "all"),
    _number("training", "培训（家、人）", "开展"),
    _number("trained", "培训（家、人）", "受训", "all"),
    _of("qualified", "资质（人、%）", "在岗"),
    _number("qualified", "资质（人、%）", "具备", "all"),
    _rate("qualified", "资质（人、%）", "率"),
)
NOTE = (
    "注：达标含基本达标，达标率以应评估家数为分母；其余数字只计已审核通过的核查表。率为合计数之比，不是各行率的平均。"
    "“差”为各家缺额之和，不以超出的抵补，不含酌减达标和已认可的偏离。“无数据”不是0，“—”为不适用。"
)


def summaries_of(statement: Statement) -> tuple[Table, Table]:
    what = f"{statement.unit}公共服务平台建设情况汇总表"
    return (
        _summary(statement, "附件1", f"{what}（一）", BODIES),
        _summary(statement, "附件2", f"{what}（二）", WORKS),
    )


def _summary(statement: Statement, mark: str, title: str, columns: tuple[Column, ...]) -> Table:
    parts = [_row(subject, SHORT.get(subject, subject), block, columns, subject)
             for subject, block in statement.subjects.items()]  # fmt: skip
    return Table(
        mark,
        title,
        "报送单位" if statement.is_city else "街道（镇）",
        "单位：家、人、㎡、台、万元、%",
        columns,
        _row("", "合计", statement.total, columns),
        tuple(parts),
        tuple(_row(group.code, group.name, group.block, columns) for group in statement.groups),
        NOTE,
    )


def _row(code: str, name: str, block: Block | None, columns: Sequence[Column], subject: str = "") -> Row:
    values = tuple(UNREPORTED if block is None else column.value(block) for column in columns)
    return Row(code, name, values, subject)


# ── Devices ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class DeviceRow:
    key: str
    label: str
    unit: str
    places: int
    values: tuple[Value, ...]  # 应配, 实有, 差, 缺的家数: of all, then of each subject


ASPECTS = ("应配", "实有", "差", "缺的家数")


def devices_of(statement: Statement) -> tuple[list[str], list[DeviceRow]]:
    """The names of the blocks, and a row a device."""
    kinds = {subject: block for subject, block in statement.subjects.items() if subject != "county"}
    blocks = [statement.total, *kinds.values()]
    rows = []
    for item in DEVICES:
        readers = [_of(item.key, "", ""), _number(item.key, "", ""), _short(item.key, "", ""),
                   _lacking(item.key, "", "")]  # fmt: skip
        values = tuple(reader.value(block) for block in blocks for reader in readers)
        rows.append(DeviceRow(item.key, item.label, item.unit, item.places, values))
    return ["合计", *(SHORT[subject] for subject in kinds)], rows


# ── Facilities ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FacilityRow:
    number: int
    code: str
    group: str
    name: str
    kind: str
    state: str
    score: Decimal | None
    grade: str
    staff: tuple[Value, Value]  # 应配, 实有
    area: tuple[Value, Value]  # 实有, 差
    lacking: str


@dataclass(frozen=True, slots=True)
class GapRow:
    """One thing that one facility lacks."""

    code: str
    group: str
    name: str
    item: str
    unit: str
    places: int
    actual: Decimal | None
    norm: Decimal | None
    short: Decimal


def facilities_of(statement: Statement) -> Iterator[FacilityRow]:
    names = statement.group_names
    for number, line in enumerate(statement.lines, 1):
        yield FacilityRow(
            number,
            line.code,
            names.get(statement.group_of(line), ""),
            line.name,
            SHORT.get(line.subject, line.subject),
            STATES[line.state],
            line.score,
            (line.grade or "不评定") if line.state == ACCEPTED else "",
            (_told(line, "staff", "of"), _told(line, "staff", "number")),
            (_told(line, "area", "number"), _told(line, "area", "short")),
            lacking_of(line),
        )


def _told(line: Line, key: str, name: str) -> Value:
    """None of what is not accepted; 无数据 and — as in the summaries."""
    if line.state != ACCEPTED:
        return None
    if key not in line.parts:
        return NONE
    part = line.parts[key]
    if part is None:
        return NO_DATA
    value: Decimal | None = getattr(part, name)
    return value


def lacking_of(line: Line) -> str:
    """「工作人员1人、台账」; — where nothing is short; empty of what is not accepted."""
    if line.state != ACCEPTED:
        return ""
    said = []
    for item in ITEMS:
        part = line.parts.get(item.key)
        if item.short and part and part.short:
            amount = f"{part.short:.{item.places}f}{item.unit}" if item.kind == AMOUNT else ""
            said.append(f"{item.short}{amount}")
    return "、".join(said) or NONE


def gaps_of(statement: Statement) -> Iterator[GapRow]:
    names = statement.group_names
    for line in statement.lines:
        for item in ITEMS:
            part = line.parts.get(item.key)
            if item.short and part and part.short:
                share = item.kind == SHARE
                yield GapRow(
                    line.code,
                    names.get(statement.group_of(line), ""),
                    line.name,
                    item.short if share else item.label,
                    "项" if share else item.unit,
                    item.places,
                    None if share else part.number,
                    None if share else part.of,
                    part.short,
                )
