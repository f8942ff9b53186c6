"""整改 in a return: what was found and closed in the quarter, and what of it was still going on when it was drawn up.

It tells the state of that day, frozen with the return; a return of before there was such a thing has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q

from assessments.deadlines import ONE_DAY
from assessments.models import Period, Rectification, RectificationAct
from assessments.rectification_list import Entry, entries_of, going
from facilities.access import SHANGHAI, today
from facilities.models import ReportingUnit

NAMED = 3
NUMBERS = ("opened", "closed", "going", "overdue", "again")


@dataclass(frozen=True, slots=True)
class Item:
    """One that is not closed; ``late``: working days since it was due."""

    code: str
    facility: str
    requirement: str
    outcome: str
    responsible: str
    due: str
    state: str
    overdue: bool
    late: int
    again: bool
    group: str = ""  # code of the township, or of the unit in the city's report


@dataclass(frozen=True)
class Mending:
    day: date  # as of
    opened: int
    closed: int
    going: int
    overdue: int
    again: int
    items: tuple[Item, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Mending:
        items = tuple(Item(**each) for each in told["items"])
        return cls(day=date.fromisoformat(told["day"]), items=items, **{key: told[key] for key in NUMBERS})

    @property
    def is_any(self) -> bool:
        return bool(self.opened or self.closed or self.going)

    @property
    def said(self) -> Iterator[str]:
        """「本季度提出整改5条，销号2条。截至2026年10月9日，未销号3条，其中逾期1条（…）。」"""
        yield f"本季度提出整改{self.opened}条，销号{self.closed}条。{self._still}"

    @property
    def _still(self) -> str:
        day = f"截至{self.day.year}年{self.day.month}月{self.day.day}日"
        if not self.going:
            return f"{day}，已全部销号。"
        told = f"{day}，未销号{self.going}条"
        if self.overdue:
            told += f"，其中逾期{self.overdue}条（{_named(item for item in self.items if item.overdue)}）"
        return told + (f"；整改过又再次出现的{self.again}条。" if self.again else "。")


def _named(items: Iterable[Item]) -> str:
    names = list(dict.fromkeys(item.facility for item in items))
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")


def mending_json(unit: ReportingUnit, period: Period) -> dict[str, Any]:
    """Four queries at most."""
    rows, day = going(Rectification.objects.filter(unit=unit)), today()
    read = rows.select_related("facility", "requirement__standard").order_by("facility__code", "requirement__key", "pk")
    items = [_item(entry, day) for entry in entries_of(read, day)]
    told = {"day": day.isoformat(), "items": [asdict(item) for item in items]}
    return told | _numbers(unit, period) | _counts(items)


def _item(entry: Entry, day: date) -> Item:
    item = entry.item
    return Item(
        code=item.facility.code,
        facility=item.facility.name,
        requirement=entry.requirement.label,
        outcome=entry.word,
        responsible=item.responsible,
        due=item.due.isoformat(),
        state=item.get_state_display(),
        overdue=item.due < day,
        late=entry.late,
        again=item.earlier_id is not None,
        group=item.facility.code[:9] if item.facility.subject in ("township", "village") else "",
    )


def _numbers(unit: ReportingUnit, period: Period) -> dict[str, int]:
    """What was done within the quarter."""
    first, after = (datetime.combine(day, time(), SHANGHAI) for day in (period.first_day, period.last_day + ONE_DAY))
    acts = RectificationAct.objects.filter(rectification__unit=unit, at__gte=first, at__lt=after)
    verbs = {"opened": RectificationAct.OPENED, "closed": RectificationAct.CLOSED}
    return acts.aggregate(**{key: Count("pk", filter=Q(verb=verb)) for key, verb in verbs.items()})


def _counts(items: Sequence[Item]) -> dict[str, int]:
    overdue, again = sum(item.overdue for item in items), sum(item.again for item in items)
    return {"going": len(items), "overdue": overdue, "again": again}


def joined(told: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Any] | None:
    """Of several units (code, content), as of the newest of their days; None where none tells of it."""
    parts = [(code, content["mending"]) for code, content in told if content.get("mending")]
    if not parts:
        return None
    sums = {key: sum(part[key] for _, part in parts) for key in NUMBERS}
    items = [item | {"group": code} for code, part in parts for item in part["items"]]
    return {"day": max(part["day"] for _, part in parts), **sums, "items": items}
