"""A unit's results → Excel: a line a facility, every gap in real units, and a matrix for each standard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openpyxl import Workbook

from facilities.access import SHANGHAI
from facilities.models import SUBJECTS
from reports.documents import DEMO_NOTICE
from reports.facility_workbook import SCORE, quantity, with_determinations
from reports.report import Determined
from reports.unit_results import COUNTED, WORDS, Gap, Line, Part, UnitResults, gaps_of
from reports.workbook import Cells, Column, Figure, add_sheet, bytes_of, new_workbook
from standards.edition import Edition, Requirement
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
SHORT = {"township": "街道（镇）", "village": "社区（村）"}  # a sheet's name has little room
MOMENT = "yyyy-mm-dd hh:mm"


def unit_workbook_of(results: UnitResults) -> bytes:
    name = title_of(results)
    workbook = new_workbook(name, results.unit.name, DEMO_NOTICE if results.is_demo else "")
    notes = list(_notes(results))
    gaps = (gap for line in results.submitted for gap in gaps_of(line))
    add_sheet(workbook, "汇总", name, notes, LINES, map(_lined, results.lines), 2)
    add_sheet(workbook, "差距", name, notes, *with_determinations(GAPS, map(_gapped, gaps)), 2)
    for part in results.own:
        edition = part.edition
        head = [*notes, _cited(edition)]
        columns, lines = _matrix(edition.requirements, part.lines)
        add_sheet(workbook, f"{edition.source} 逐句判定", name, head, columns, lines, 3)
    for part in results.adopted:
        _add_adopted(workbook, part, name, results.is_demo)
    return bytes_of(workbook)


def _add_adopted(workbook: Workbook, part: Part, name: str, is_demo: bool) -> None:
    """By an edition adopted beside the first: sheets of its own, its figures are in no sum."""
    source = part.edition.source
    head = f"{name}（按{source}评定）"
    notes = [
        _cited(part.edition),
        "指定适用的规范另行评定，不计入“汇总”和“差距”两表。",
        *([DEMO_NOTICE] if is_demo else []),
    ]
    add_sheet(workbook, f"{source} 得分", head, notes, LINES, map(_lined, part.lines), 2)
    add_sheet(workbook, f"{source} 差距", head, notes, *with_determinations(GAPS, map(_gapped, part.gaps)), 2)
    for subject, judged in part.subjects:
        own = [each for each in part.edition.requirements if subject in each.subjects]
        columns, lines = _matrix(own, judged)
        kind = SHORT.get(subject, SUBJECTS[subject])
        add_sheet(workbook, f"{source} {kind}逐句判定", head, notes, columns, lines, 3)


def _cited(edition: Edition) -> str:
    return f"依据 {edition.source}《{edition.title}》（{edition.effective:%Y-%m-%d} 起施行）"


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


def _gapped(gap: Gap) -> tuple[Cells, Determined | None]:
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
    ], gap.determined


def _matrix(requirements: Iterable[Requirement], lines: Iterable[Line]) -> tuple[list[Column], list[Cells]]:
    own = list(requirements)
    found = [(line, line.judgement.results) for line in lines if line.judgement is not None]
    columns = [*WHOSE, *(Column(f"{each.label}", 9) for each in own)]
    return columns, [[*_whose(line), *(OUTCOMES[told[each.key].outcome] for each in own)] for line, told in found]
