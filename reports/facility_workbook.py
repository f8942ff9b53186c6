"""Report → Excel: the result, every answer as given, and the words of the standard, each on a sheet of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from openpyxl import Workbook

from facilities.access import SHANGHAI
from facilities.spreadsheets.writing import Written, in_unit
from reports.documents import DEMO_NOTICE
from reports.report import Determined, Finding, Given, Report, Row
from reports.workbook import Cells, Column, Figure, add_sheet, bytes_of, new_workbook
from standards.marking import NOW

SCORE = "0.0"
RATE = "0.0%"
ROWS = [
    Column("项", 5),
    Column("规范事项", 16),
    Column("得分", 9),
    Column("上次", 9),
    Column("判定", 12),
    Column("未达标的要求", 60),
]
FINDINGS = [
    Column("项", 5),
    Column("规范事项", 14),
    Column("要求", 22),
    Column("约束", 11),
    Column("判定", 12),
    Column("实有", 13),
    Column("应有", 13),
    Column("差", 13),
    Column("完成率", 9),
    Column("结果", 44),
    Column("依据原文", 48),
    Column("读法", 10),
]
ANSWERS = [
    Column("项", 5),
    Column("规范事项", 14),
    Column("数据项", 26),
    Column("填报", 20),
    Column("单位", 7),
    Column("来源", 14),
    Column("无法提供的原因", 26),
    Column("说明", 30),
]
DETERMINED = [Column("认定", 12), Column("认定理由", 36), Column("认定人", 12), Column("认定日期", 12)]
WORDS = [Column("项", 5), Column("规范事项", 14), Column("具体要求", 90), Column("备注", 40)]


def workbook_of(report: Report) -> bytes:
    name = f"{report.facility.name} {report.period.name} {report.title}"
    workbook = new_workbook(name, report.facility.unit, DEMO_NOTICE if report.demo else "")
    notes = list(_notes(report))
    add_sheet(workbook, "各项得分", name, [*_verdict(report), *notes], ROWS, map(_scored, report.rows), 2)
    add_sheet(workbook, "逐句判定", name, notes, *with_determinations(FINDINGS, _found(report)), 3)
    add_sheet(workbook, "填报数据", name, notes, ANSWERS, list(_answered(report)), 3)
    add_sheet(workbook, "规范原文", name, notes, WORDS, map(_worded, report.rows), 2)
    for part in report.beside:
        _add_beside(workbook, part, name)
    return bytes_of(workbook)


def _add_beside(workbook: Workbook, part: Report, name: str) -> None:
    """The result by another edition, on sheets of its own: its figures are not mixed with the first one's."""
    source, notes = part.edition.source, list(_notes(part))
    head = f"{name}（另按{source}评定）"
    add_sheet(workbook, f"{source}得分", head, [*_verdict(part), *notes], ROWS, map(_scored, part.rows), 2)
    add_sheet(workbook, f"{source}逐句判定", head, notes, *with_determinations(FINDINGS, _found(part)), 3)
    add_sheet(workbook, f"{source}原文", head, notes, WORDS, map(_worded, part.rows), 2)


# ── What stands above ─────────────────────────────────────────────────────────


def _verdict(report: Report) -> Iterator[str]:
    verdict = report.verdict
    score = "不计分" if verdict.score is None else f"{verdict.score} 分"
    yield f"{verdict.grade}　{score}　{verdict.why}"
    if verdict.lacking:
        yield f"{verdict.lacking}。"
    yield "　".join(f"{count.word} {count.number}" for count in report.tally)


def _notes(report: Report) -> Iterator[str]:
    facility, period, submission, edition = report.facility, report.period, report.submission, report.edition
    place = "　".join(facility.place)
    yield f"{place}　单位代码 {facility.code}　报送单位 {facility.unit}　数据截至 {period.last_day:%Y-%m-%d}"
    sent = f"{submission.at:%Y-%m-%d %H:%M} {submission.by}"
    yield f"回执 {submission.receipt}　提交 {sent}　快照 {submission.content_hash}"
    since = f"{edition.effective:%Y-%m-%d} 起施行"
    yield f"依据 {edition.source}《{edition.title}》（{since}）　规范内容 {edition.content_hash}"
    if report.demo:
        yield DEMO_NOTICE


# ── Lines ─────────────────────────────────────────────────────────────────────


def _scored(row: Row) -> Cells:
    wanting = "、".join(finding.label for finding in row.wanting) or "—"
    return [row.number, row.title, Figure(row.score, SCORE), Figure(row.previous, SCORE), row.word, wanting]


def _found(report: Report) -> Iterator[tuple[Cells, Determined | None]]:
    for row in report.rows:
        for finding in row.findings:
            yield _finding(row, finding), finding.determined


def with_determinations(
    columns: Sequence[Column], lines: Iterable[tuple[Cells, Determined | None]]
) -> tuple[list[Column], list[Cells]]:
    """Columns and lines with what a person decided of each; as they are where nothing was."""
    told = list(lines)
    if not any(determined for _, determined in told):
        return [*columns], [cells for cells, _ in told]
    return [*columns, *DETERMINED], [[*cells, *_decided(determined)] for cells, determined in told]


def _decided(determined: Determined | None) -> Cells:
    if determined is None:
        return [""] * len(DETERMINED)
    day = determined.at.astimezone(SHANGHAI).date()
    return [determined.word, determined.reason, determined.by, Figure(day, "yyyy-mm-dd")]


def _finding(row: Row, finding: Finding) -> Cells:
    unit = finding.unit
    return [
        row.number,
        row.title,
        finding.label,
        finding.force,
        finding.word,
        quantity(finding.actual if finding.listed is None else finding.held, unit),
        quantity(finding.norm if finding.listed is None else finding.listed, unit),
        _short(finding),
        Figure(finding.progress, RATE),
        " ".join([finding.sentence, *finding.notices]),
        _deciding(finding),
        "、".join(each.key for each in finding.interpretations),
    ]


def _short(finding: Finding) -> Figure:
    """差 in real units; of a checklist the items that it lacks; an excess is a 差 below zero."""
    if finding.listed is not None and finding.held is not None:
        lacking = finding.listed - finding.held
        return quantity(lacking, finding.unit) if lacking > 0 else Figure(None)
    if finding.shortfall is None:
        return Figure(None)
    return quantity(-finding.shortfall if finding.over else finding.shortfall, finding.unit)


def quantity(value: Decimal | int | None, unit: str) -> Figure:
    if value is None:
        return Figure(None)
    exact = Decimal(value)
    places = max(0, -int(exact.normalize().as_tuple().exponent))
    return Figure(exact, in_unit(unit, places))


def _deciding(finding: Finding) -> str:
    """The deciding words of the standard, in the order of print."""
    marked = [mark.text for mark in (*finding.law.text, *finding.law.remark) if mark.state == NOW]
    return "……".join(marked)


def _answered(report: Report) -> Iterator[Cells]:
    shown: set[str] = set()
    for row in (row for part in (report, *report.beside) for row in part.rows):
        for given in row.answers:
            if given.indicator not in shown:
                shown.add(given.indicator)
                yield [row.number, row.title, given.label, *_typed(given), given.origin, given.reason, given.note]


def _typed(given: Given) -> tuple[Written | Figure, str]:
    """The value as Excel knows it, a number or a date, else in words; and its unit."""
    if given.raw is None:
        return given.value, ""
    if given.type in ("integer", "decimal"):
        number = Decimal(given.raw)
        return Figure(number, in_unit("", max(0, -int(number.as_tuple().exponent)))), given.unit
    if given.type == "date":
        return Figure(date.fromisoformat(given.raw), "yyyy-mm-dd"), ""
    return given.value, ""


def _worded(row: Row) -> Cells:
    return [row.number, row.title, row.text, row.remark]
