"""登记数据: dated facts of places are registered with their source, by form or by list. Every act is recorded (Act).

Rows are dated and stay. What is registered for a day that has a row already is a correction (更正): it must name the
row that it corrects as it was seen, the row takes the new value, and the act keeps the old one with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from facilities.access import today, visible_to
from facilities.existence import lock, said
from facilities.facts import FACT_KINDS, FactKind, in_words
from facilities.models import Act, Facility, Fact, Officer
from facilities.requests import clean
from facilities.spreadsheets.cells import as_boolean, as_date, as_number

LARGEST = 10_000_000
LONGEST_TEXT, LONGEST_SOURCE = 120, 100
EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Given:
    """``corrects`` is the version (``version_of``) of the row of that day that it corrects; empty where there is
    none."""

    facility: Facility
    kind: FactKind
    value: Any
    since: date
    source: str
    corrects: str = ""


class Collides(ValueError):
    """Rows of that day are there already, with another value or changed since they were seen: what is wanted and what
    is there."""

    def __init__(self, pairs: Sequence[tuple[Given, Fact]]) -> None:
        super().__init__("这一天已经登记过")
        self.pairs = pairs


def may_register(by: Officer) -> bool:
    """Of what the officer sees at all."""
    return by.role in (Officer.REVIEWER, Officer.CITY, Officer.ADMIN)


def version_of(fact: Fact | None) -> str:
    return fact.at.isoformat() if fact else ""


# ── Reading what was typed ────────────────────────────────────────────────────


def value_of(kind: FactKind, words: str) -> Any:
    """In the form in which it is kept. Raises ValueError with the sentence."""
    if kind.type == "boolean":
        return as_boolean(words)
    if kind.type == "integer":
        return _count(kind, words)
    text = clean(words)
    if kind.type == "choice" and text not in kind.choices:
        raise ValueError(f"{kind.label}请从这几种里选：{'、'.join(kind.choices)}")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{kind.label}不超过 {LONGEST_TEXT} 个字")
    return text


def _count(kind: FactKind, words: str) -> int:
    number = as_number(words.strip().removesuffix(kind.unit))
    if number != number.to_integral_value() or number < 0:
        raise ValueError(f"{kind.label}要填整数，例如 12000，不写“万”")
    if number > LARGEST:
        raise ValueError(f"{kind.label}太大了，请核对，单位是{kind.unit}")
    return int(number)


def doubt_about(kind: FactKind, value: Any) -> str:
    """A question where the value is not plausible."""
    if kind.norm and not kind.norm[0] <= value <= kind.norm[1]:
        low, high = kind.norm
        return f"{kind.label}一般在 {low:,} 到 {high:,} {kind.unit}之间，填的是 {value:,}，请核对"
    return ""


def since_of(words: str) -> date:
    """Raises ValueError."""
    day = as_date(words.strip())
    if day > today():
        raise ValueError("生效日期不能晚于今天")
    if day < EARLIEST:
        raise ValueError("生效日期太早了，请核对年份")
    return day


def source_of(words: str) -> str:
    """Raises ValueError."""
    source = clean(words)
    if not 2 <= len(source) <= LONGEST_SOURCE:
        raise ValueError(f"请写数据来源，例如 2025年统计年鉴，不超过 {LONGEST_SOURCE} 个字")
    return source


# ── Registering ───────────────────────────────────────────────────────────────


@transaction.atomic
def register(by: Officer, wanted: Sequence[Given]) -> int:
    """All or none; how many rows were written. What is registered so already is not again. Raises Collides."""
    facilities = {given.facility.pk: given.facility for given in wanted}
    require_register(by, facilities.values())
    lock(facilities.values())
    there = rows_of_days(wanted)
    differing = [given for given in wanted if not _is_same(given, there.get(_what(given)))]
    pairs = [(given, row) for given in differing if (row := there.get(_what(given)))]
    if colliding := [(given, row) for given, row in pairs if given.corrects != version_of(row)]:
        raise Collides(colliding)
    Act.objects.bulk_create([_act(by, given, there.get(_what(given))) for given in differing], batch_size=500)
    for given, row in pairs:
        _correct(by, given, row)
    new = [_fact(by, given) for given in differing if _what(given) not in there]
    Fact.objects.bulk_create(new, batch_size=500)
    return len(differing)


def require_register(by: Officer, facilities: Iterable[Facility]) -> None:
    keys = {facility.pk for facility in facilities}
    if not may_register(by):
        raise PermissionDenied("登记数据由区审核员和市局登记。")
    if visible_to(by).filter(pk__in=keys).count() < len(keys):
        raise PermissionDenied("有的机构不在您管理的范围内。")


def rows_of_days(wanted: Sequence[Given]) -> dict[tuple[int, str, date], Fact]:
    """What is registered for the same days already: one query."""
    rows = Fact.objects.filter(
        facility__in={given.facility.pk for given in wanted}, since__in={given.since for given in wanted}
    )
    return {(row.facility_id, row.indicator, row.since): row for row in rows}


def _what(given: Given) -> tuple[int, str, date]:
    return given.facility.pk, given.kind.key, given.since


def _is_same(given: Given, row: Fact | None) -> bool:
    return row is not None and (row.value, row.source) == (given.value, given.source)


def _fact(by: Officer, given: Given) -> Fact:
    return Fact(
        facility=given.facility,
        indicator=given.kind.key,
        value=given.value,
        since=given.since,
        source=given.source,
        is_demo=settings.DEMO,
        by=by,
    )


def _correct(by: Officer, given: Given, row: Fact) -> None:
    row.value, row.source, row.by, row.at = given.value, given.source, by, timezone.now()
    row.save(update_fields=["value", "source", "by", "at"])


def _act(by: Officer, given: Given, row: Fact | None) -> Act:
    """What is corrected stands first, so that it is kept whole."""
    words = (
        f"{given.kind.label} {said(given.since)}起：{in_words(given.value)}{given.kind.unit}（来源：{given.source}）"
    )
    if row is not None:
        old = f"原为{in_words(row.value)}{given.kind.unit}（来源：{row.source}）"
        words = (
            f"{given.kind.label} {said(given.since)}起：{old}，更正为{in_words(given.value)}（来源：{given.source}）"
        )
    return Act(by=by, facility=given.facility, verb="更正数据" if row else "登记数据", said=words[:400])


def kind_named(words: str) -> FactKind | None:
    return next((kind for kind in FACT_KINDS.values() if words in (kind.key, kind.label)), None)
