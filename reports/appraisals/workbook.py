"""An appraisal → Excel: scores, what each figure is made of, adjustments, and the policy. Numbers stay numbers; what is
not known is a word or an empty cell, never 0."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reports.appraisals.showing import ABSENT, SCORES, Figure, Row, Shown
from reports.documents import DEMO_NOTICE
from reports.returns.statement import Proof
from reports.workbook import Cells, Column, add_sheet, bytes_of, new_workbook
from reports.workbook import Figure as Cell

PERCENT, SCORE, SIGNED = "0.0%", "0.00", "+0.00;-0.00"


def workbook_of(shown: Shown, proof: Proof | None) -> bytes:
    notes = list(_notes(shown, proof))
    workbook = new_workbook(shown.title, shown.policy.issuer, "；".join(notes[1:]))
    widths = [18, *[12] * len(SCORES), *[14] * len(shown.policy.indicators), 40]
    heads = [
        Column(label.replace("（%）", ""), width) for label, width in zip((*shown.head, "说明"), widths, strict=True)
    ]
    add_sheet(workbook, "考核结果", shown.title, notes, heads, _results(shown), 1)
    heads = [Column("报送单位", 18), Column("指标", 14), Column("季度", 18), Column("数据", 10), Column("分子", 10)]
    heads += [Column("分母", 10), Column("比率", 10), Column("权重", 10), Column("得分", 10), Column("说明", 40)]
    add_sheet(workbook, "依据", f"{shown.title}（依据）", notes, heads, _parts(shown), 2)
    heads = [
        Column("报送单位", 18),
        Column("调整（分）", 12),
        Column("理由", 60),
        Column("调整人", 14),
        Column("时间", 20),
    ]
    add_sheet(workbook, "人工调整", f"{shown.title}（人工调整）", notes, heads, _adjustments(shown), 1)
    heads = [Column("指标", 14), Column("权重", 8), Column("含义", 40), Column("算法", 70), Column("依据", 12)]
    heads += [Column("原文", 60)]
    add_sheet(workbook, "指标", f"{shown.title}（指标和权重）", notes, heads, _policy(shown), 1)
    return bytes_of(workbook)


def _notes(shown: Shown, proof: Proof | None) -> Iterator[str]:
    yield f"{shown.span}。{shown.policy.absent}。"
    yield (
        f"{shown.content['numbered']}　核验码 {proof.spaced}　快照 SHA-256 {proof.content_hash}"
        if proof
        else "稿，未发布"
    )
    if shown.is_demo:
        yield DEMO_NOTICE


def _results(shown: Shown) -> Iterator[Cells]:
    yield ["全市", *[ABSENT] * len(SCORES), *map(_rate, shown.total), "各单位合计，总数除以总数"]
    for row in shown.rows:
        yield [row.name, *_scores(row), *map(_rate, row.figures), row.remark]


def _rate(figure: Figure) -> Cell | str:
    """As the page says it, to one decimal of a per cent."""
    rate = figure.count.rate
    return ABSENT if rate is None else Cell(rate / 100, PERCENT)


def _scores(row: Row) -> tuple[Cell | str, ...]:
    adjusted = Cell(row.adjusted, SIGNED) if row.adjustments else ABSENT
    place = row.place if row.shared or not row.rank else Cell(row.rank)
    return place, _score(row.final), _score(row.score), adjusted


def _score(value: Decimal | None) -> Cell | str:
    return ABSENT if value is None else Cell(value, SCORE)


def _parts(shown: Shown) -> Iterator[Cells]:
    """Of each unit and indicator its sum, then the lines that it is made of."""
    for row in shown.rows:
        for figure in row.figures:
            name, count = figure.indicator.label, figure.count
            counted = [count.number, count.of] if count.of else [ABSENT, ABSENT]
            scores = [_score(figure.weight), _score(figure.points)]
            remark = figure.weight_text if figure.is_raised or figure.weight is None else ""
            yield [row.name, name, "合计", "", *counted, _rate(figure), *scores, remark and f"权重 {remark}"]
            for part in figure.parts:
                known = [part.said, part.said] if part.number is None else [part.number, part.of]
                yield [row.name, name, part.name, part.what, *known, "", "", "", part.said]


def _adjustments(shown: Shown) -> Iterator[Cells]:
    for row in shown.adjusted:
        for each in row.adjustments:
            at = each["at"][:16].replace("T", " ")
            yield [row.name, Cell(Decimal(each["points"]), SIGNED), each["reason"], each["by"], at]


def _policy(shown: Shown) -> Iterator[Cells]:
    for each in shown.policy.indicators:
        source = f"方案{each.source}"
        yield [each.label, Cell(each.weight, "0.##"), each.meaning, each.counts, source, each.quote]
