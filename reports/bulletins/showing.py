"""A bulletin as page and paper read it: its table in words, who is criticised, its paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reports.models import CriticismDecision
from reports.publishable import Publishable
from reports.returns.figures import Block, block_from
from reports.returns.narrative import NUMERALS, Section
from reports.returns.statement import exact

ABSENT = "—"
HEAD = (
    "报送单位", "季报", "及时", "应评估（家）", "已审核（家）", "达标和基本达标（家）", "达标率（%）", "位次",
    "未设立（家）", "缺工作人员（人）", "缺面积（㎡）",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableRow:
    name: str
    cells: tuple[str, ...]
    code: str = ""


class Shown(Publishable):
    """``content`` as ``workflow.content_shown`` gives it."""

    @property
    def period(self) -> str:
        name: str = self.content["period"]["name"]
        return name

    @property
    def texts(self) -> Mapping[str, str]:
        texts: Mapping[str, str] = self.content["texts"]
        return texts

    @cached_property
    def total(self) -> Block:
        return block_from(self.content["total"])

    @cached_property
    def reported(self) -> int:
        return sum(unit["figures"] is not None for unit in self.content["units"])

    @property
    def candidates(self) -> list[Mapping[str, Any]]:
        return list(self.content["candidates"])

    @property
    def criticised(self) -> list[Mapping[str, Any]]:
        return [each for each in self.candidates if _is_criticised(each)]

    @cached_property
    def rows(self) -> list[TableRow]:
        """合计 first, then the units by place; those without figures last, in the order of their codes."""
        units = sorted(self.content["units"], key=lambda unit: (unit["rank"] is None, unit["rank"] or 0, unit["code"]))
        total = TableRow(
            "合计", (f"已接收{self.reported}份", ABSENT, *_numbers(self.total), ABSENT, *_gaps(self.total))
        )
        return [total, *map(_row, units)]

    @cached_property
    def sections(self) -> list[Section]:
        """The running text below the opening, numbered."""
        titled = [
            ("总体情况", list(self._overall())),
            ("好的做法", self.texts["praise"].splitlines()),
            ("进度较慢的单位", list(self._criticism())),
            ("存在问题", self.texts["problems"].splitlines()),
            ("下一步要求", self.texts["demands"].splitlines()),
        ]
        told = [(title, paragraphs) for title, paragraphs in titled if paragraphs]
        return [Section(f"{NUMERALS[n]}、{title}", tuple(paragraphs)) for n, (title, paragraphs) in enumerate(told)]

    def _overall(self) -> Iterator[str]:
        total, units = self.total, self.content["units"]
        yield f"应报季报{len(units)}个单位，已接收{self.reported}份。" + _unreported(units)
        if total.due:
            yield (
                f"已接收的季报涉及应评估机构{total.due}家，已审核{total.accepted}家，达标和基本达标{total.compliant}家，"
                f"达标率{ABSENT if total.rate is None else f'{total.rate}%'}。各单位情况见附件。"
            )

    def _criticism(self) -> Iterator[str]:
        """Only what a person decided."""
        for each in self.criticised:
            yield f"{each['name']}：{''.join(ground['sentence'] for ground in each['grounds'])}予以通报批评。"


def _is_criticised(candidate: Mapping[str, Any]) -> bool:
    decision = candidate["decision"]
    return bool(decision and decision["decision"] == CriticismDecision.CRITICISE)


def _unreported(units: list[Mapping[str, Any]]) -> str:
    names = [unit["name"] for unit in units if unit["state"] == "未报"]
    return f"{'、'.join(names)}未报。" if names else ""


def _row(unit: Mapping[str, Any]) -> TableRow:
    timely = f"{unit['timely']}，已过{unit['late']}个工作日" if unit["late"] else unit["timely"]
    said = (unit["state"], timely)
    if unit["figures"] is None:
        empty = "未报" if unit["state"] == "未报" else ABSENT
        return TableRow(unit["name"], (*said, *[empty] * (len(HEAD) - 3)), unit["code"])
    block = block_from(unit["figures"])
    place = f"{unit['rank']}{'（并列）' if unit['shared'] else ''}" if unit["rank"] else ABSENT
    return TableRow(unit["name"], (*said, *_numbers(block), place, *_gaps(block)), unit["code"])


def _numbers(block: Block) -> tuple[str, ...]:
    rate = ABSENT if block.rate is None else str(block.rate)
    return str(block.due), str(block.accepted), str(block.compliant), rate


def _gaps(block: Block) -> tuple[str, ...]:
    """无数据 and 0 differ."""
    set_up, staff, area = (block.figure(key) for key in ("set_up", "staff", "area"))
    return (
        str(set_up.lacking) if set_up.known else "无数据",
        exact(staff.short) if staff.known else "无数据",
        exact(area.short, 2) if area.known else "无数据",
    )
