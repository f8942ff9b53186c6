"""Texts to begin with: problems and next steps as the figures suggest them. The officer edits them; nothing here says
why something is so, since the figures do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from reports.returns.figures import Block, Line
from reports.returns.items import AMOUNT, BLANK, DEVICES, ITEMS, SHARE, Item
from reports.returns.statement import Statement, exact

NUMERALS = "一二三四五六七八九十"
MOST, NAMED = 6, 3
NONE = "无。"
SAID = {
    "set_up": "机构没有设立",
    "named": "名称不符合规定写法",
    "network": "没有按要求联网",
    "software": "没有安装使用业务软件",
    "ledger": "台账不全",
    "rules": "制度、流程、标准不全",
    "budget": "经费没有落实",
    "training": "没有按要求组织培训",
}


def drafted(content: Mapping[str, Any]) -> tuple[str, str]:
    """problems and next_steps."""
    statement = Statement(content)
    problems = list(_problems(statement))[:MOST]
    written = [f"{NUMERALS[place]}是{said}" for place, said in enumerate(problems)]
    return "\n".join(written) or NONE, "\n".join(_steps(statement)) or NONE


def _problems(statement: Statement) -> Iterator[str]:
    """Worst first: what most facilities lack."""
    total = statement.total
    found = [(total.figure(item.key).lacking, item) for item in ITEMS if item.key in SAID or item.kind == AMOUNT]
    found.sort(key=lambda each: -each[0])
    for lacking, item in found:
        if lacking:
            yield _problem(statement, item, lacking)
    if total.accepted < total.due:
        yield f"{total.due - total.accepted}家的核查表还没有审核通过。"


def _problem(statement: Statement, item: Item, lacking: int) -> str:
    named = _named([line for line in statement.lines if _is_short(line, item.key)])
    if item.kind == SHARE:
        return f"{lacking}家{SAID[item.key]}（{named}）。"
    short = exact(statement.total.figure(item.key).short, item.places)
    return f"{item.label}不足，{lacking}家共差{short}{item.unit}（{named}）。"


def _is_short(line: Line, key: str) -> bool:
    part = line.parts.get(key)
    return bool(part and part.short)


def _named(lines: list[Line]) -> str:
    names = "、".join(line.name for line in lines[:NAMED])
    return f"{names}等" if len(lines) > NAMED else names


def _steps(statement: Statement) -> Iterator[str]:
    """What there is to do, by the end of the next quarter; who answers for it is the officer's to fill in."""
    total, day = statement.total, _next_end(statement.last_day)
    told = [said for said in _needs(total) if said]
    if total.accepted < total.due:
        told.insert(0, f"完成其余{total.due - total.accepted}家核查表的填报和审核")
    for place, said in enumerate(told[:MOST]):
        yield f"（{NUMERALS[place]}）{day.year}年{day.month}月底前{said}，责任单位和责任人：{BLANK}。"


def _needs(total: Block) -> Iterator[str]:
    if lacking := total.figure("set_up").lacking:
        yield f"设立{lacking}家机构"
    if short := total.figure("staff").short:
        yield f"补充工作人员{exact(short)}人"
    if short := total.figure("area").short:
        yield f"解决场所面积不足{exact(short, 2)}平方米"
    devices = [(total.figure(item.key).short, item) for item in DEVICES]
    if lines := [f"{item.label}{exact(short, item.places)}{item.unit}" for short, item in devices if short]:
        yield f"补齐{'、'.join(lines)}"
    for key in ("network", "ledger", "rules", "budget", "training"):
        if lacking := total.figure(key).lacking:
            yield f"解决{lacking}家{SAID[key]}的问题"


def _next_end(last_day: date) -> date:
    """The last month of the next quarter."""
    month = last_day.month + 3
    return date(last_day.year + (month > 12), (month - 1) % 12 + 1, 1)
