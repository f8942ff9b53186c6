"""A return, or the city's report over returns, as page, paper and workbook read it. Knows no format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from facilities.models import SUBJECTS
from reports.returns.figures import Block, Line, block_from, line_from
from reports.returns.mending import Mending

TOPIC = "基层人力资源社会保障公共服务平台建设情况"
SHORT = {"county": "区级综合服务中心", "township": "街道（镇）服务所", "village": "社区（村）服务站"}


@dataclass(frozen=True, slots=True)
class Group:
    """A township of a return, or a unit of the city's report. ``block`` None: 未报."""

    code: str
    name: str
    block: Block | None
    source: Mapping[str, Any] = field(default_factory=dict)  # of a unit: version, hash, state …


@dataclass(frozen=True, slots=True)
class Proof:
    """What paper and workbook are proved by."""

    version: int
    content_hash: str
    code: str

    @property
    def spaced(self) -> str:
        """XXXX-XXXX-XXXX."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))


@dataclass(frozen=True)
class Statement:
    """``proof`` None: a draft, or what is put together anew each time."""

    content: Mapping[str, Any]
    proof: Proof | None = None

    @property
    def is_city(self) -> bool:
        return bool(self.content["kind"] == "city")

    @property
    def is_demo(self) -> bool:
        return bool(self.content["demo"])

    @property
    def unit(self) -> str:
        name: str = self.content["unit"]["name"]
        return name

    @property
    def office(self) -> str:
        """Who sends it: a district's 人社局, a zone under its own name."""
        told = self.content["unit"]
        return f"{told['name']}人力资源和社会保障局" if told["kind"] in ("district", "city") else told["name"]

    @property
    def period(self) -> str:
        name: str = self.content["period"]["name"]
        return name

    @property
    def key(self) -> str:
        key: str = self.content["period"]["key"]
        return key

    @property
    def title(self) -> str:
        return f"{self.unit}{self.period}{TOPIC}报告"

    @property
    def last_day(self) -> date:
        return date.fromisoformat(self.content["period"]["last_day"])

    @property
    def sent_at(self) -> datetime | None:
        sent = self.content.get("submitted")
        return datetime.fromisoformat(sent["at"]) if sent else None

    @property
    def texts(self) -> Mapping[str, str]:
        texts: Mapping[str, str] = self.content["texts"]
        return texts

    @property
    def name(self) -> str:
        """Of a file: 单位_表名_期别_版本."""
        version = f"第{self.proof.version}版" if self.proof else "汇总" if self.is_city else "草稿"
        return f"{self.unit}_平台建设情况{'汇总' if self.is_city else '季报'}_{self.key}_{version}"

    @cached_property
    def total(self) -> Block:
        return block_from(self.content["total"])

    @cached_property
    def subjects(self) -> dict[str, Block]:
        told = self.content["subjects"]
        return {subject: block_from(told[subject]) for subject in SUBJECTS if subject in told}

    @cached_property
    def groups(self) -> list[Group]:
        return [_group(told) for told in self.content["groups"]]

    @cached_property
    def lines(self) -> list[Line]:
        return [line_from(told, told.get("unit", "")) for told in self.content["facilities"]]

    @cached_property
    def previous(self) -> Block | None:
        previous = self.content["previous"]
        return block_from(previous["total"]) if previous else None

    @cached_property
    def mending(self) -> Mending | None:
        """None where nothing is or was mended, and of what was sent before returns told of it."""
        told = self.content.get("mending")
        mending = Mending.of(told) if told else None
        return mending if mending and mending.is_any else None

    @cached_property
    def group_names(self) -> dict[str, str]:
        return {group.code: group.name for group in self.groups}

    def group_of(self, line: Line) -> str:
        """Code of the group in whose row the line is counted."""
        return line.unit if self.is_city else line.town


def _group(told: Mapping[str, Any]) -> Group:
    reported = "due" in told
    source = {key: told[key] for key in ("version", "hash", "code_of_version", "state") if key in told}
    return Group(told["code"], told["name"], block_from(told) if reported else None, source)


def exact(value: Decimal | int, places: int = 0) -> str:
    """As it is written in a sentence: 1,200 → 1200, with the places that its unit asks for."""
    return f"{Decimal(value):.{places}f}" if places else f"{Decimal(value):f}"
