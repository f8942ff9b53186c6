"""An appraisal as page, paper and workbook read it: its table in words, its paragraphs, what each figure is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from reports.appraisals.counting import Count
from reports.appraisals.gathering import CHECKS, ITEMS
from reports.appraisals.policy import Indicator, Policy, policy_from
from reports.publishable import Publishable
from reports.returns.narrative import NUMERALS, Section

ABSENT = "—"
SCORES = ("名次", "考核得分", "计算得分", "人工调整")


@dataclass(frozen=True, slots=True)
class Part:
    """A line of what a figure is made of; ``number`` and ``of`` None where nothing is known."""

    quarter: str
    name: str  # of the quarter
    what: str
    number: int | None
    of: int | None
    said: str
    proof: Mapping[str, Any] | None

    @property
    def figures(self) -> tuple[str, str]:
        return (self.said or ABSENT,) * 2 if self.number is None else (str(self.number), str(self.of))

    @property
    def is_check(self) -> bool:
        return self.what == CHECKS

    @property
    def is_item(self) -> bool:
        return self.what == ITEMS


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one unit (or, without weight, of all)."""

    indicator: Indicator
    count: Count
    weight: Decimal | None
    points: Decimal | None
    parts: tuple[Part, ...] = ()

    @property
    def rate(self) -> str:
        return ABSENT if self.count.rate is None else f"{self.count.rate}"

    @property
    def is_raised(self) -> bool:
        """Whether another's weight was shared out to it."""
        return self.weight is not None and self.weight != self.indicator.weight

    @property
    def weight_text(self) -> str:
        if self.weight is None:
            return f"不评分（原 {self.indicator.weight:f}）"
        return f"{self.weight:f}（原 {self.indicator.weight:f}）" if self.is_raised else f"{self.weight:f}"

    @property
    def points_text(self) -> str:
        return ABSENT if self.points is None else f"{self.points:f}"


@dataclass(frozen=True, slots=True)
class Row:
    """A unit. ``score`` and ``final`` None where nothing can be computed."""

    code: str
    name: str
    figures: tuple[Figure, ...]
    score: Decimal | None
    adjusted: Decimal
    adjustments: tuple[Mapping[str, str], ...]
    final: Decimal | None
    rank: int | None
    shared: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """As the table says them: ``SCORES``, then the rates."""
        return (*self.scores, *(figure.rate for figure in self.figures))

    @property
    def scores(self) -> tuple[str, ...]:
        return (self.place, self.final_text, self.score_text, self.adjusted_text)

    @property
    def score_text(self) -> str:
        return _plain(self.score)

    @property
    def final_text(self) -> str:
        return _plain(self.final)

    @property
    def adjusted_text(self) -> str:
        return f"{self.adjusted:+.2f}" if self.adjustments else ABSENT

    @property
    def place(self) -> str:
        return f"{self.rank}{'（并列）' if self.shared else ''}" if self.rank else ABSENT

    @property
    def absent(self) -> tuple[str, ...]:
        """Labels of what is not scored."""
        return tuple(figure.indicator.label for figure in self.figures if figure.points is None)

    @property
    def remark(self) -> str:
        """That weights were shared out."""
        if not self.absent or self.score is None:
            return "" if self.score is not None else "没有可以计算的指标"
        return f"{'、'.join(self.absent)}不评分，权重分给其余指标"


class Shown(Publishable):
    """``content`` as ``workflow.content_shown`` gives it."""

    @cached_property
    def policy(self) -> Policy:
        return policy_from(self.content["policy"])

    @property
    def year(self) -> int:
        return int(self.content["year"])

    @property
    def quarters(self) -> list[Mapping[str, Any]]:
        return list(self.content["quarters"])

    @property
    def counted(self) -> list[str]:
        """第一季度, 第二季度 …"""
        return [each["name"].split("年")[1] for each in self.quarters if each["counted"]]

    @property
    def span(self) -> str:
        """Which quarters are in, and why the others are not."""
        left: dict[str, list[str]] = {}
        for each in self.quarters:
            if not each["counted"]:
                left.setdefault(each["said"], []).append(each["name"].split("年")[1])
        return "；".join(
            [f"计入{'、'.join(self.counted)}", *(f"{'、'.join(names)}{said}" for said, names in left.items())]
        )

    @property
    def until(self) -> str:
        """截至第三季度, where the year is not over."""
        until: str = self.content["until"]
        return until

    @property
    def head(self) -> tuple[str, ...]:
        labels = (f"{each.label}（%）" for each in self.policy.indicators)
        return ("报送单位", *SCORES, *labels)

    @cached_property
    def total(self) -> tuple[Figure, ...]:
        told = self.content["total"]
        return tuple(Figure(each, _count(told[each.key]), None, None) for each in self.policy.indicators)

    @property
    def total_cells(self) -> tuple[str, ...]:
        """Total over total, not scored."""
        return (*[ABSENT] * len(SCORES), *(figure.rate for figure in self.total))

    @cached_property
    def rows(self) -> list[Row]:
        """By place; those without one last, in the order of their codes."""
        rows = [self._row(unit) for unit in self.content["units"]]
        return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.code))

    def row_of(self, code: str) -> Row | None:
        return next((row for row in self.rows if row.code == code), None)

    def _row(self, unit: Mapping[str, Any]) -> Row:
        names = {each["key"]: each["name"] for each in self.quarters}
        figures = tuple(_figure(each, unit["indicators"][each.key], names) for each in self.policy.indicators)
        score, final = (None if unit[key] is None else Decimal(unit[key]) for key in ("score", "final"))
        adjusted, said = Decimal(unit["adjusted"]), tuple(unit["adjustments"])
        return Row(
            unit["code"], unit["name"], figures, score, adjusted, said, final, unit["rank"], unit["shared"]
        )  # fmt: skip

    @property
    def adjusted(self) -> list[Row]:
        return [row for row in self.rows if row.adjustments]

    @property
    def unreported(self) -> list[str]:
        """香洲区第三季度: whose return of a counted quarter is not in."""
        rows = sorted(self.rows, key=lambda row: row.code)
        parts = ((row, part) for row in rows for figure in row.figures for part in figure.parts)
        return [f"{row.name}{part.name.split('年')[1]}" for row, part in parts if part.number is None]

    @cached_property
    def sections(self) -> list[Section]:
        """The running text, numbered."""
        titled = [
            ("考核办法", list(self._method())),
            ("考核结果", list(self._results())),
            ("人工调整", list(self._adjustments())),
        ]
        told = [(title, paragraphs) for title, paragraphs in titled if paragraphs]
        return [Section(f"{NUMERALS[n]}、{title}", tuple(paragraphs)) for n, (title, paragraphs) in enumerate(told)]

    def _method(self) -> Iterator[str]:
        for n, each in enumerate(self.policy.indicators):
            yield f"（{NUMERALS[n]}）{each.label}，权重{each.weight:f}分：{each.meaning}。{each.counts}。"
        yield f"{self.policy.absent}。得分按各指标比率乘以权重相加，只在最后四舍五入到两位小数；相同的名次并列。"

    def _results(self) -> Iterator[str]:
        yield f"{self.year}年度{self.span}。" + (
            f"{'、'.join(self.unreported)}的季报没有接收。" if self.unreported else ""
        )
        ranked = [row for row in self.rows if row.rank]
        if ranked:
            said = (f"{row.name}{row.final}分（第{row.rank}名{'，并列' if row.shared else ''}）" for row in ranked)
            yield f"各单位考核得分依次为：{'；'.join(said)}。分项见附件。"

    def _adjustments(self) -> Iterator[str]:
        """Beside the computed score, never in it without a word."""
        for row in self.adjusted:
            said = "；".join(
                f"{Decimal(each['points']):+.2f}分，{each['reason'].rstrip('。')}" for each in row.adjustments
            )
            yield f"{row.name}：计算得分{row.score}分，调整{said}，考核得分{row.final}分。"


def _figure(indicator: Indicator, told: Mapping[str, Any], names: Mapping[str, str]) -> Figure:
    weight, points = (None if told[key] is None else Decimal(told[key]) for key in ("weight", "points"))
    parts = tuple(
        Part(each["quarter"], names[each["quarter"]], *(each[key] for key in ("what", "number", "of", "said", "proof")))
        for each in told["parts"]
    )
    return Figure(indicator, _count(told), weight, points, parts)


def _count(told: Mapping[str, Any]) -> Count:
    return Count(told["number"], told["of"])


def _plain(value: Decimal | None) -> str:
    return ABSENT if value is None else f"{value:.2f}"
