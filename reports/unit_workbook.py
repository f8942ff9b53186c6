"""A unit's results → Excel: a line a facility, every gap in real units, and a matrix for each standard."""

from __future__ import annotations

from collections.abc import Iterator

from facilities.access import SHANGHAI
from reports.documents import DEMO_NOTICE
from reports.facility_workbook import SCORE, quantity
from reports.unit_results import COUNTED, WORDS, Gap, Line, UnitResults
from reports.workbook import Cells, Column, Figure, add_sheet, bytes_of, new_workbook
from standards.edition import Edition
from standards.outcomes import OUTCOMES

WHOSE = [Column("代码", 15), Column("机构", 34), Column("街道（镇）", 12)]
LINES = [
    *WHOSE,
    Column("类别", 18),
    Column("状态", 14),
    Column("提交时间", 18),
    Column("得分", 8),
    Column("判定", 10),
    *(Column(WORDS[outcome], 10) for outcome in COUNTED),
]
GAPS = [
    *WHOSE,
    Column("项", 5),
    Column("规范事项", 14),
    Column("要求", 22),
    Column("判定", 12),
    Column("实有", 13),
    Column("应有", 13),
    Column("差", 13),
    Column("结果", 56),
]
MOMENT = "yyyy-mm-dd hh:mm"


def unit_workbook_of(results: UnitResults) -> bytes:
    name = title_of(results)
    workbook = new_workbook(name, results.unit.name, DEMO_NOTICE if results.is_demo else "")
    notes = list(_notes(results))
    add_sheet(workbook, "汇总", name, notes, LINES, map(_lined, results.lines), 2)
    add_sheet(workbook, "差距", name, notes, GAPS, map(_gapped, results.gaps), 2)
    for edition, lines in results.editions:
        columns = [*WHOSE, *(Column(f"{each.label}", 9) for each in edition.requirements)]
        head = [*notes, f"依据 {edition.source}《{edition.title}》（{edition.effective:%Y-%m-%d} 起施行）"]
        add_sheet(workbook, f"{edition.source} 逐句判定", name, head, columns, _matrix(edition, lines), 3)
    return bytes_of(workbook)


def title_of(results: UnitResults) -> str:
    return f"{results.unit.name} {results.period} 达标评估结果"


def _notes(results: UnitResults) -> Iterator[str]:
    sent, due = len(results.submitted), len(results.lines)
    yield f"应报 {due} 家，已提交 {sent} 家，未报 {due - sent} 家　数据截至 {results.period.last_day:%Y-%m-%d}"
    yield "未提交的记“未报”，不估算；空格表示没有，不是 0。“差”为负数表示超出。"
    if results.is_demo:
        yield DEMO_NOTICE


def _whose(line: Line) -> list[str]:
    return [line.facility.code, line.facility.name, line.town]


def _lined(line: Line) -> Cells:
    at = Figure(line.snapshot.at.astimezone(SHANGHAI), MOMENT) if line.snapshot else Figure(None)
    score, grade = (line.judged.score, line.judged.grade or "不评定") if line.judged else (None, "")
    counts = [line.counts.get(outcome) for outcome in COUNTED]
    return [*_whose(line), line.subject, line.state, at, Figure(score, SCORE), grade, *counts]


def _gapped(gap: Gap) -> Cells:
    clause = gap.line.edition.clause_by_key[gap.requirement.clause] if gap.line.edition else None
    return [
        *_whose(gap.line),
        clause.number if clause else "",
        clause.title if clause else "",
        gap.requirement.label,
        gap.word,
        quantity(gap.actual, gap.unit),
        quantity(gap.norm, gap.unit),
        quantity(gap.shortfall, gap.unit),
        gap.said,
    ]


def _matrix(edition: Edition, lines: list[Line]) -> Iterator[Cells]:
    for line in lines:
        if line.judgement is not None:
            found = line.judgement.results
            yield [*_whose(line), *(OUTCOMES[found[each.key].outcome] for each in edition.requirements)]
