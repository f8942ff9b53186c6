"""The comparison, or the list behind a number, as a table for Excel."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.comparing import Row
from reports.comparisons.counting import KINDS, Area, Line
from reports.dashboards.tables import Table, Value


def table_of(area: Area) -> Table:
    words = area.words
    rows: list[list[Value]] = [
        [each.row.label, each.row.why, *(each.counts[kind] for kind in KINDS)] for each in area.counted
    ]
    return Table("rows", "规定不同的地方", ["事项", "怎么不同", *(words[kind] for kind in KINDS)], rows)


def table_of_list(area: Area, row: Row | None, word: str, lines: Sequence[Line]) -> Table:
    asked = area.asked
    head = ["机构代码", "机构", f"{asked.title_left}判定", f"{asked.title_right}判定"] if row else ["机构代码", "机构"]
    rows = [[line.body.code, line.body.name, *(said for _, said in line.words if row)] for line in lines]
    return Table("facilities", f"{row.label}：{word}" if row else word, head, rows)


def notes_of(area: Area) -> list[str]:
    asked = area.asked
    notes = [
        f"{area.place.name}　{asked.period}　{asked.subject_word}　{asked.title_left}与{asked.title_right}",
        f"已提交或已通过 {len(area.bodies)} 家，没有提交或退回未再提交 {len(area.unsent)} 家不在内",
    ]
    return notes + [
        f"{number} 家提交时没有按{title}评定，用提交的数据现判，没有问过的算缺数据" for title, number in area.anew
    ]
