"""A board, or the list behind a number, as tables: the same numbers for CSV, Excel and the tables under the charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.spot_checks.rates import Rates
from reports.dashboards.behind import Behind
from reports.dashboards.board import Board
from reports.dashboards.figures import ABSENT, Rate
from reports.dashboards.trends import short

Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Table:
    """``texts`` are the columns that are words or codes; in all others a number stays a number."""

    key: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Value]]


def tables_of(board: Board) -> list[Table]:
    tables = [
        _headlines(board),
        _heat(board),
        _league(board),
        _gaps(board),
        _trends(board),
        _moves(board),
        _waiting(board),
        _mending(board),
        _mending_below(board),
        *_checking(board),
    ]
    return [table for table in tables if table.rows]


def notes_of(board: Board) -> list[str]:
    asked = board.asked
    page = f"第 {min(asked.page, board.below.pages)} / {board.below.pages} 页，" if board.below.pages > 1 else ""
    return [
        f"{board.place.name}　{asked.period}　{asked.subject_word}",
        f"数据截至 {board.at:%Y-%m-%d %H:%M}　{page}“{ABSENT}”表示没有已通过的核查表，不是 0",
    ]


def _percent(rate: Rate) -> Value:
    return rate.percent if rate.percent is not None else ABSENT


def _headlines(board: Board) -> Table:
    rows = [[h.label, h.figure, h.unit, h.note, h.change.text if h.change else ABSENT] for h in board.headlines]
    return Table("headlines", "主要数字", ["指标", "数值", "单位", "说明", "较上季"], rows)


def _heat(board: Board) -> Table:
    heat = board.matter.heat
    title = f"规范事项达标率（{board.matter.word}）"
    if heat is None:
        return Table("heat", title, [], [])
    names = [heat.own.name, *(column.name for column in heat.columns)]
    head = ["项", "规范事项", *(f"{name}{word}" for name in names for word in (" 达标", " 家数", " 达标率%"))]
    rows = []
    for row in heat.rows:
        cells = [row.total, *row.cells]
        figures = [value for cell in cells for value in (cell.rate.part, cell.rate.whole, _percent(cell.rate))]
        rows.append([row.clause.number, row.clause.title, *figures])
    return Table("heat", title, head, rows)


def _league(board: Board) -> Table:
    word = board.place.below_word
    head = [
        "名次",
        word,
        "达标率%",
        "达标",
        "已通过",
        "较上季",
        "平均得分",
        "应报",
        "覆盖%",
        "按时",
        "按时%",
        "逾期",
        "未报",
    ]
    rows = [
        [
            line.rank,
            line.place.name,
            _percent(line.rate),
            line.rate.part,
            line.rate.whole,
            line.change.text if line.change else ABSENT,
            line.mean,
            line.standing.count.due,
            _percent(line.standing.count.coverage),
            line.standing.count.on_time,
            _percent(line.standing.count.timely),
            line.standing.count.late,
            line.standing.count.missing,
        ]
        for line in board.below.league
    ]
    return Table("league", f"各{word}名次", head, rows)


def _gaps(board: Board) -> Table:
    head = ["项目", "单位", "合计还差", "涉及家数", *(area.name for _, area in board.below.shown)]
    rows = [
        [
            line.gap.label,
            line.gap.unit,
            line.gap.total.gap,
            line.gap.total.lacking,
            *(cell.gap if cell.lacking else None for cell in line.cells),
        ]
        for line in board.matter.gaps
    ]
    return Table("gaps", "补齐还差", head, rows)


def _trends(board: Board) -> Table:
    trends = board.trends
    if trends is None:
        return Table("trends", "八个季度达标率", [], [])
    head = ["", *(short(quarter) for quarter in trends.quarters)]
    rows = [[trend.name, *(_percent(rate) for rate in trend.rates)] for trend in trends.drawn]
    return Table("trends", "八个季度达标率", head, rows)


def _moves(board: Board) -> Table:
    rows = [
        [move.name, _percent(move.before), _percent(move.now), move.change.text if move.change else ABSENT]
        for move in (*board.moves.up, *board.moves.down)
    ]
    return Table("moves", "较上季变化最大", ["", "上季%", "本季%", "变化"], rows)


def _waiting(board: Board) -> Table:
    return Table("waiting", "要办的", ["状态", "家数"], [[each.label, each.number] for each in board.waiting])


def _mending(board: Board) -> Table:
    counts = board.mending.counts if board.mending.number else ()
    return Table("mending", "整改（到今天）", ["状态", "条数"], [[each.label, each.number] for each in counts])


def _mending_below(board: Board) -> Table:
    rows: list[list[Value]] = [[line.name, line.going, line.overdue] for line in board.mending.lines]
    return Table("mending_below", f"各{board.place.below_word}整改（到今天）", ["", "未销号", "逾期"], rows)


def _checking(board: Board) -> Iterator[Table]:
    """By unit, row and surveyor."""
    rates = board.checking.rates if board.checking else Rates()
    for key, head, listed in (
        ("checking", "单位", rates.units),
        ("checking_rows", "规范事项", rates.rows),
        ("checking_by", "填报人", rates.surveyors),
    ):
        rows: list[list[Value]] = [[each.name, each.percent, each.differing, each.compared] for each in listed]
        yield Table(key, f"抽查差异率（按{head}）", [head, "差异率%", "不一致", "比较"], rows)


def table_of_list(behind: Behind) -> Table:
    head = ["代码", "机构", "类别", "报送单位", "街道（镇）", "状态", "判定", "得分", "未达到的要求"]
    return Table("list", behind.wanted.said, head, list(_listed(behind)))


def _listed(behind: Behind) -> Iterator[Sequence[Value]]:
    for line in behind.lines:
        facility = line.due.facility
        found = "；".join(" ".join(filter(None, (each.label, each.word, each.short))) for each in line.found)
        subject = line.due.get_subject_display()
        yield [facility.code, facility.name, subject, line.unit, line.town, line.state, line.grade, line.score, found]
