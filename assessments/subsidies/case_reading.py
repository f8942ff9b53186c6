"""The fields of a subsidy case, each refused with a sentence that names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from assessments.subsidies.tenures import KINDS, Tenure
from standards.cases import Wrong
from standards.rules.flaws import close_to, is_day, is_number

KEYS = (
    *("id", "kind", "start", "end", "community", "filed", "public_servant", "paid_per_month"),
    *("extra", "approved"),
)
LARGEST = 10**12


def tenure_of(raw: Any, number: int, served: Decimal | None) -> Tenure:
    """One of ``persons``; ``served`` is the case's."""
    try:
        return _tenure_of(raw, served)
    except Wrong as wrong:
        raise Wrong(f"persons 第{number}人{_called(raw)}：{wrong}") from None


def _called(raw: Any) -> str:
    name = raw.get("id") if isinstance(raw, dict) else None
    return f"（{name}）" if isinstance(name, str) else ""


def _tenure_of(raw: Any, served: Decimal | None) -> Tenure:
    if not isinstance(raw, dict):
        raise Wrong('应是一张表，例如 { id = "甲", kind = "专职", start = 2025-07-01 }')
    known(raw, KEYS, "键")
    start, end = day_of(raw, "start", needed=True), day_of(raw, "end") if "end" in raw else None
    if end is not None and end < start:
        raise Wrong(f"end（{end}）早于 start（{start}）；改正起止日")
    return Tenure(
        person=_text(raw, "id"),
        kind=_kind(raw),
        start=start,
        end=end,
        community=_text(raw, "community") if "community" in raw else "",
        filed=truth_of(raw, "filed", True),
        public_servant=truth_of(raw, "public_servant", False),
        pay=figure_of(raw, "paid_per_month", places=2),
        extra=truth_of(raw, "extra", False),
        approved=truth_of(raw, "approved", False),
        served=served,
    )


def known(given: Iterable[str], words: tuple[str, ...], what: str) -> None:
    for word in given:
        if word not in words:
            raise Wrong(f"{what}“{word}”不认识；{close_to(word, words)}")


def required(raw: Mapping[str, Any], key: str, kind: type, remedy: str) -> Any:
    if key not in raw:
        raise Wrong(f"没有 {key}；{key} {remedy}")
    if not isinstance(raw[key], kind):
        raise Wrong(f"{key} {remedy}")
    return raw[key]


def day_of(raw: Mapping[str, Any], key: str, needed: bool = False) -> date:
    if needed and key not in raw:
        raise Wrong(f"没有 {key}；写成 {key} = 2026-01-01，不加引号")
    if not is_day(raw[key]):
        raise Wrong(f"{key} 不是日期；写成 {key} = 2026-01-01，不加引号、不带时刻")
    return raw[key]  # type: ignore[no-any-return]


def figure_of(raw: Mapping[str, Any], key: str, places: int) -> Decimal | None:
    """A number from 0 with at most so many places; None where absent."""
    if key not in raw:
        return None
    if not is_number(raw[key]):
        raise Wrong(f"{key} 不是数字；写成 {key} = 3000，不加引号")
    number = Decimal(raw[key])
    if not 0 <= number < LARGEST:
        raise Wrong(f"{key} 应在 0 以上、一万亿以下")
    if number != round(number, places):
        raise Wrong(f"{key} 应是整数" if places == 0 else f"{key} 最多{places}位小数，不代为四舍五入")
    return number


def truth_of(raw: Mapping[str, Any], key: str, default: bool) -> bool:
    value = raw.get(key, default)
    if not isinstance(value, bool):
        raise Wrong(f"{key} 应是 true 或 false，不加引号")
    return value


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Wrong(f'{key} 缺失或不是文字；写成 {key} = "…"')
    return value.strip()


def _kind(raw: Mapping[str, Any]) -> str:
    kind = _text(raw, "kind")
    if kind not in KINDS:
        raise Wrong(f"kind“{kind}”不认识；只可用：{'、'.join(KINDS)}")
    return kind
