"""Parse the dictionary of facts and the interpretations (``fixtures/indicators.toml``, ``interpretations.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from standards.edition import Choice, Indicator, Interpretation
from standards.rules.flaws import KEY, Table, Where, close_to, is_number

TYPES = ("integer", "decimal", "boolean", "choice", "choices", "date", "text")
SOURCES = ("survey", "place", "roster", "rollup", "prior")


def parse_dictionary(data: Mapping[str, Any], file: str) -> dict[str, Indicator]:
    """Raises ``Flaws`` with every flaw."""
    where = Where(file)
    dictionary = {key: _indicator(key, raw, where.at(key)) for key, raw in data.items()}
    for key in dictionary:
        if not KEY.fullmatch(key):
            where.refuse(f"数据项的键“{key}”里有不能用的字符", "只用英文字母、数字、点、下划线和连字符")
    where.finish()
    return dictionary


def parse_interpretations(data: Mapping[str, Any], file: str) -> dict[str, Interpretation]:
    """Raises ``Flaws`` with every flaw."""
    where = Where(file)
    readings = {key: _interpretation(key, raw, where.at(key)) for key, raw in data.items()}
    where.finish()
    return readings


def _interpretation(key: str, raw: object, where: Where) -> Interpretation:
    table = Table(raw, where, "解释")
    reading = Interpretation(key, table.text("question"), table.text("reading"), table.text("ground"))
    table.close()
    return reading


def _indicator(key: str, raw: object, where: Where) -> Indicator:
    table = Table(raw, where, "数据项")
    kind = _word(table, "type", TYPES, "")
    low, high = _range(table, kind)
    indicator = Indicator(
        key=key,
        label=table.text("label", limit=60),
        type=kind,
        meaning=table.text("meaning", required=False),
        unit=table.text("unit", required=False, blank=True),
        places=_places(table, kind),
        choices=_choices(table, kind),
        source=_word(table, "from", SOURCES, "survey"),
        low=low,
        high=high,
    )
    table.close()
    return indicator


def _word(table: Table, key: str, words: tuple[str, ...], default: str) -> str:
    """One of ``words``; without a default it must be there."""
    word = table.text(key, required=not default) or default
    if word and word not in words:
        table.where.refuse(f"{key} 不能是“{word}”", close_to(word, words))
    return word


def _places(table: Table, kind: str) -> int:
    """Decimal places, 1–6; two where a decimal does not say."""
    places = table.number("places")
    if places is not None and (kind != "decimal" or places not in range(1, 7)):
        table.where.refuse(f"places 不能是 {places}", "只有 type = decimal 才写 places，取 1 至 6")
        return 0
    return int(places or 2) if kind == "decimal" else 0


def _range(table: Table, kind: str) -> tuple[Decimal | None, Decimal | None]:
    bounds = table.listing("range")
    if not bounds:
        return None, None
    if kind not in ("integer", "decimal") or len(bounds) != 2 or not all(is_number(bound) for bound in bounds):
        table.where.refuse("range 应是数字型数据项的两个数", "写成 range = [0, 200]，或删去")
        return None, None
    low, high = Decimal(bounds[0]), Decimal(bounds[1])
    if low > high:
        table.where.refuse(f"range 的下限 {low} 大于上限 {high}", "把小的写在前面")
    return low, high


def _choices(table: Table, kind: str) -> tuple[Choice, ...]:
    """``["甲", "乙"]`` (value = label) or ``[{ value = "a", label = "甲" }]``."""
    raw = table.listing("choices")
    if bool(raw) != (kind in ("choice", "choices")):
        table.where.refuse("choices 与 type 不符", "type 为 choice 或 choices 时须列出选项，其他类型不得有选项")
    choices = tuple(_choice(item, table.where) for item in raw)
    values = [choice.value for choice in choices]
    for value in {value for value in values if values.count(value) > 1}:
        table.where.refuse(f"选项“{value}”重复", "删去重复的一项")
    return choices


def _choice(raw: object, where: Where) -> Choice:
    if isinstance(raw, str) and raw.strip():
        return Choice(raw, raw)
    table = Table(raw, where, "选项")
    choice = Choice(table.text("value"), table.text("label"))
    table.close()
    return choice
