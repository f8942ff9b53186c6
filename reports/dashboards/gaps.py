"""补齐还差: people, square metres, machines, in real units, by item and by area. What one facility lacks by several
requirements is counted once (see assessments/summaries/counting.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assessments.models import Summary
from assessments.summaries.counting import BODIES, ITEMS
from reports.dashboards.asked import SUBJECTS, Asked
from reports.dashboards.figures import amount
from reports.dashboards.league import Standing
from reports.dashboards.places import Place
from standards.edition import Edition

FIRST = 8  # as tall as the rows of the standard beside them
WORDS = {"staff": "工作人员", "area": "服务场所面积", "budget": "工作经费"}
ITEM, REQUIREMENT = "item", "requirement"
Key = tuple[str, str]  # item or requirement, and which


@dataclass(slots=True)
class Lack:
    """How much one area lacks of a thing, and how many facilities lack it."""

    gap: Decimal = Decimal(0)
    lacking: int = 0
    url: str = ""

    @property
    def text(self) -> str:
        return amount(self.gap) if self.gap else "—"


@dataclass(slots=True)
class Gap:
    key: Key
    label: str
    unit: str
    total: Lack
    by_area: dict[str, Lack] = field(default_factory=dict)

    @property
    def is_measured(self) -> bool:
        return self.unit not in (BODIES, ITEMS)

    @property
    def lacking_said(self) -> str:
        return "" if self.unit == BODIES else f"{self.total.lacking} 家{'不足' if self.is_measured else '不全'}"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the bar of one item: the two areas that lack most, and the others together."""

    name: str
    text: str
    x: str
    width: str
    ink: int


@dataclass(frozen=True, slots=True)
class GapLine:
    gap: Gap
    shares: tuple[Share, ...]
    cells: tuple[Lack, ...]  # of the areas shown, in their order


def gaps_of(own: Iterable[Summary], asked: Asked, editions: Mapping[str, Edition], place: Place) -> list[Gap]:
    """What is measured comes first, then lists and what is simply not there; most facilities first."""
    found: dict[Key, Gap] = {}
    for row in own:
        key = _key(row, editions)
        if key is None or row.period_id != asked.period.pk or (asked.subject and row.subject != asked.subject):
            continue
        gap = found.get(key)
        if gap is None:
            gap = found[key] = Gap(key, _label(key, row, editions[row.standard]), row.unit_word, Lack())
        gap.total.gap += row.gap
        gap.total.lacking += row.lacking
    for gap in found.values():
        gap.total.url = _url(place, asked, gap.key)
    return sorted(found.values(), key=lambda gap: (not gap.is_measured, -gap.total.lacking, gap.key))


def _key(row: Summary, editions: Mapping[str, Edition]) -> Key | None:
    """None for what is no gap, and for a requirement that is counted under the thing it names."""
    if not row.lacking or row.standard not in editions:
        return None
    if row.item:
        return ITEM, row.item
    requirement = editions[row.standard].by_key.get(row.requirement)
    return (REQUIREMENT, row.requirement) if requirement and not requirement.gap else None


def _label(key: Key, row: Summary, edition: Edition) -> str:
    kind, name = key
    if kind == ITEM:
        named = (each.label for each in edition.requirements if each.gap == name)
        return WORDS.get(name) or next(named, name)
    return f"{edition.by_key[name].label}（{SUBJECTS.get(row.subject, '')}）"


def _url(place: Place, asked: Asked, key: Key) -> str:
    return place.list_url + asked.address(page="", order="", **{key[0]: key[1]})


def lines_of(
    gaps: Sequence[Gap], below: Iterable[Summary], shown: Sequence[tuple[Standing, Place]], asked: Asked
) -> list[GapLine]:
    by_key = {gap.key: gap for gap in gaps}
    for row in below:
        gap = by_key.get((ITEM, row.item) if row.item else (REQUIREMENT, row.requirement))
        if gap is not None and row.lacking:
            lack = gap.by_area.setdefault(row.area, Lack())
            lack.gap += row.gap
            lack.lacking += row.lacking
    for gap in gaps:
        for each, area in shown:
            if each.code in gap.by_area:
                gap.by_area[each.code].url = _url(area, asked, gap.key)
    names = {each.code: area.name for each, area in shown}
    codes = [each.code for each, _ in shown]
    return [GapLine(gap, tuple(_shares(gap, names)), tuple(gap.by_area.get(c, Lack()) for c in codes)) for gap in gaps]


def _shares(gap: Gap, names: Mapping[str, str]) -> Iterable[Share]:
    if not gap.total.gap or not names:
        return
    most = sorted(gap.by_area.items(), key=lambda each: (-each[1].gap, each[0]))[:2]
    parts = [(names[code], lack.gap) for code, lack in most if lack.gap]
    rest = gap.total.gap - sum((part for _, part in parts), Decimal(0))
    if rest:
        parts.append(("其他", rest))
    x = Decimal(0)
    for ink, (name, part) in enumerate(parts, 1):
        width = part / gap.total.gap * 100
        yield Share(
            name, amount(part), f"{x:.2f}", f"{max(width - 1, Decimal('0.5')):.2f}", ink if name != "其他" else 3
        )
        x += width
