"""Parse norms: what a measure is compared with, and refuse what cannot be compared or computed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from standards.edition import ItemsOf, Norm, OfNorm
from standards.rules.flaws import Table, Where, close_to, is_day, is_number
from standards.values import ROUNDINGS, filled

if TYPE_CHECKING:
    from standards.rules.checks import Words

NESTED = re.compile(r"\([^()]*[+*}][^()]*\)[+*{]")  # (a+)+ takes time without end
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
DIVISIONS = {"county": "某县", "township": "某镇", "village": "某村", "city": "某市"}


class Measured(NamedTuple):
    """What a norm must fit: number, boolean, choice, choices, date, text or clause; places of a number;
    the values that a choice, the items or the outcome may have."""

    name: str
    kind: str
    places: int
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parsed:
    norm: Norm
    list_name: str | None = None


def parse_norm(raw: Any, comparison: str, measured: Measured, words: Words, where: Where) -> Parsed | None:
    """None where it was refused."""
    if comparison == "answered":
        return _answered(raw, where)
    if comparison == "matches":
        return _pattern(raw, where)
    if comparison in ("includes", "only", "one_of"):
        return _items(raw, comparison, measured, words, where)
    if isinstance(raw, dict):
        return _computed(raw, comparison, measured, words, where)
    return _literal(raw, comparison, measured, where)


def _answered(raw: Any, where: Where) -> Parsed | None:
    if raw is True:
        return Parsed(True)
    where.refuse("answered 只能写 true", "写成 answered = true；要反过来，用 not 包住")
    return None


def _pattern(raw: Any, where: Where) -> Parsed | None:
    if not isinstance(raw, str) or not raw:
        where.refuse("matches 应是正则表达式文字", "写成 matches = '…'")
        return None
    for place in PLACEHOLDER.findall(raw):
        if place not in DIVISIONS:
            where.refuse(f"matches 里的 {{{place}}} 没有这个区划名", close_to(place, DIVISIONS.keys()))
            return None
    try:
        re.compile(filled(raw, DIVISIONS) or "")
    except re.error as error:
        where.refuse(f"matches 的正则表达式有误（{error}）", "改正后再装载")
        return None
    if NESTED.search(raw):
        where.refuse("matches 的正则表达式里，重复的括号内又有重复，遇到长文字会算不完", "去掉里层或外层的 + * {}")
        return None
    return Parsed(raw)


def _literal(raw: Any, comparison: str, measured: Measured, where: Where) -> Parsed | None:
    if measured.kind == "number" and is_number(raw):
        return _number(Decimal(raw), measured, where)
    if measured.kind == "boolean" and isinstance(raw, bool):
        return Parsed(raw)
    if measured.kind == "date" and is_day(raw):
        return Parsed(raw)
    if measured.kind in ("choice", "clause") and isinstance(raw, str):
        return Parsed(raw) if _offered([raw], measured, where) else None
    wanted = {"number": "数字", "boolean": "true 或 false", "date": "日期，如 2016-01-01"}.get(measured.kind, "选项值")
    where.refuse(f"{comparison} 的值“{raw}”与“{measured.name}”的类型不符", f"应写 {wanted}")
    return None


def _number(number: Decimal, measured: Measured, where: Where) -> Parsed | None:
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > measured.places:
        remedy = f"最多写 {measured.places} 位小数，或改数据项的 places"
        where.refuse(f"标准值 {number} 的小数位多于“{measured.name}”的 {measured.places} 位", remedy)
        return None
    return Parsed(number)


def _offered(values: list[str], measured: Measured, where: Where) -> bool:
    strange = [value for value in values if value not in measured.values]
    for value in strange:
        where.refuse(f"“{value}”不是“{measured.name}”可取的值", close_to(value, measured.values))
    return not strange


def _items(raw: Any, comparison: str, measured: Measured, words: Words, where: Where) -> Parsed | None:
    """A literal list, a named list of the file, or (not for ``one_of``) what another indicator holds."""
    list_name = None
    if isinstance(raw, dict):
        table = Table(raw, where, comparison)
        if "of" in table and comparison != "one_of":
            return _items_of(table, measured, words)
        raw = list_name = table.text("list")
        table.close()
        if list_name not in words.lists:
            if list_name:
                where.refuse(f"[lists] 里没有“{list_name}”", close_to(list_name, words.lists.keys()))
            return None
        raw = list(words.lists[list_name])
    if not isinstance(raw, list) or not raw or not all(isinstance(item, str) for item in raw):
        where.refuse(f"{comparison} 应列出至少一项", f'写成 {comparison} = ["…", "…"] 或 {{ list = "…" }}')
        return None
    for item in {item for item in raw if raw.count(item) > 1}:
        where.refuse(f"{comparison} 重复列出“{item}”", "删去重复的一项")
    return Parsed(tuple(raw), list_name) if _offered(raw, measured, where) else None


def _items_of(table: Table, measured: Measured, words: Words) -> Parsed | None:
    other = words.indicator(table.take("of"), table.where)
    table.close()
    if other is None:
        return None
    if other.type != "choices" or not {choice.value for choice in other.choices} & set(measured.values):
        table.where.refuse(f"{other.key} 没有可与“{measured.name}”相比的选项", "of 应指向选项相同的多选数据项")
        return None
    return Parsed(ItemsOf(other.key))


def _computed(raw: dict[str, Any], comparison: str, measured: Measured, words: Words, where: Where) -> Parsed | None:
    """``{ of = "…" }``: of a number with its parts, or the date of another indicator as it is."""
    table = Table(raw, where, comparison)
    other = words.indicator(table.take("of"), where)
    norm = OfNorm(
        of=other.key if other else "",
        per=table.number("per"),
        times=table.number("times"),
        plus=table.number("plus"),
        round=table.text("round", required=False) or None,
        minimum=table.number("minimum"),
        maximum=table.number("maximum"),
    )
    table.close()
    if other is None or not _computable(norm, comparison, measured, other.type, where):
        return None
    return Parsed(norm)


def _computable(norm: OfNorm, comparison: str, measured: Measured, of_type: str, where: Where) -> bool:
    wrong: list[tuple[str, str]] = []
    bare = norm == OfNorm(norm.of)
    numeric = measured.kind == "number" and of_type in ("integer", "decimal")
    if not numeric and not (measured.kind == of_type == "date" and bare):
        wrong.append((f"{comparison} 的标准值无法由 {norm.of} 算出", "of 应指向数字型数据项（日期比日期时只写 of）"))
    if norm.per is not None and norm.per <= 0:
        wrong.append((f"per = {norm.per} 无法作除数", "per 应大于 0"))
    if norm.times is not None and norm.times <= 0:
        wrong.append((f"times = {norm.times} 使标准值不再随数据变化或成为负数", "times 应大于 0"))
    if norm.round is not None and norm.round not in ROUNDINGS:
        wrong.append((f"round 不能是“{norm.round}”", close_to(norm.round, tuple(ROUNDINGS))))
    if norm.minimum is not None and norm.maximum is not None and norm.minimum > norm.maximum:
        wrong.append((f"minimum {norm.minimum} 大于 maximum {norm.maximum}", "对调两个数"))
    for flaw in wrong:
        where.refuse(*flaw)
    return not wrong
