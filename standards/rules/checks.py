"""Parse checks: a comparison of one measure with one norm, or checks joined, each against the types of its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from standards.edition import (
    All,
    Any_,
    Cases,
    Check,
    ClauseMeasure,
    Compare,
    CountMeasure,
    Indicator,
    IndicatorMeasure,
    Measure,
    Not,
    Row,
    SumMeasure,
)
from standards.rules.flaws import Table, Where, close_to
from standards.rules.norms import Measured, parse_norm
from standards.rules.reachability import CLAUSE_OUTCOMES, unreachable_rows

MEASURES = ("indicator", "sum", "count", "clause")
JOINS = ("all", "any", "not", "cases")
NUMBERS = ("integer", "decimal")
#: comparison → the kinds of measure that it fits
FITS = {
    **dict.fromkeys(("at_least", "at_most", "more_than", "less_than"), ("number",)),
    **dict.fromkeys(("is", "is_not"), ("number", "boolean", "choice", "clause")),
    "one_of": ("choice", "clause"),
    **dict.fromkeys(("includes", "only"), ("choices",)),
    "matches": ("text",),
    **dict.fromkeys(("on_or_before", "on_or_after"), ("date",)),
    "answered": ("number", "boolean", "choice", "choices", "date", "text"),
}
KINDS = {
    "number": "数字",
    "boolean": "是否",
    "choice": "单选",
    "choices": "多选",
    "date": "日期",
    "text": "文字",
    "clause": "条款结论",
}


@dataclass
class Words:
    """What a check may name, and which indicators of it were used."""

    dictionary: Mapping[str, Indicator]
    lists: Mapping[str, tuple[str, ...]]
    clauses: tuple[str, ...]
    used: dict[str, Indicator] = field(default_factory=dict)

    def indicator(self, key: Any, where: Where) -> Indicator | None:
        found = self.dictionary.get(key) if isinstance(key, str) else None
        if found is None:
            where.refuse(f"数据项“{key}”不在数据项字典里", close_to(str(key), self.dictionary.keys()))
        else:
            self.used[found.key] = found
        return found


def parse_check(data: Any, words: Words, where: Where, name: str = "check") -> Check | None:
    """None where it was refused; the flaws are with ``where``."""
    table = Table(data, where, name)
    quotes = table.texts("quote", one=True)
    check = _check(table, words, quotes)
    table.close()
    return check


def _check(table: Table, words: Words, quotes: tuple[str, ...]) -> Check | None:
    """The check that a table holds beside its other keys; exactly one kind."""
    kinds = [kind for kind in (*JOINS, *FITS) if kind in table]
    if len(kinds) != 1:
        found = f"同时写了 {'、'.join(kinds)}" if kinds else "没有比较，也没有 all、any、not、cases"
        table.where.refuse(f"{table.name}{found}", "一个判断只写一种比较或一种组合")
        table.read.extend(table.data)
        return None
    if kinds[0] not in JOINS:
        return _compare(table, kinds[0], words, quotes)
    if kinds[0] == "not":
        child = parse_check(table.take("not"), words, table.where, "not")
        return Not(child, quotes) if child else None
    if kinds[0] == "cases":
        return _cases(table, words, quotes)
    return _joined(table, kinds[0], words, quotes)


def _joined(table: Table, kind: str, words: Words, quotes: tuple[str, ...]) -> Check:
    listed = table.listing(kind)
    if not listed:
        table.where.refuse(f"{kind} 里没有判断", "列出至少一个判断，或删去")
    parsed = [parse_check(child, words, table.where, f"{kind} 第{at}项") for at, child in enumerate(listed, 1)]
    children = tuple(child for child in parsed if child is not None)
    return All(children, quotes) if kind == "all" else Any_(children, quotes)


def _cases(table: Table, words: Words, quotes: tuple[str, ...]) -> Check:
    listed = table.listing("cases")
    if not listed:
        table.where.refuse("cases 里没有行", "列出至少一行，或删去")
    parsed = [_row(row, words, table.where, f"cases 第{at}行") for at, row in enumerate(listed, 1)]
    rows = tuple(row for row in parsed if row is not None)
    if len(rows) == len(listed):
        for index in unreachable_rows(rows, words.dictionary):
            remedy = "删去这一行，或把条件较窄的行移到前面（例如 90000 以上写在 60000 以上之前）"
            table.where.refuse(f"cases 第{index + 1}行永远轮不到：前面的行已经覆盖了它的条件，或条件自相矛盾", remedy)
    return Cases(rows, quotes)


def _row(data: Any, words: Words, where: Where, name: str) -> Row | None:
    table = Table(data, where, name)
    when = parse_check(table.take("when"), words, where, f"{name} 的 when") if "when" in table else None
    quotes = table.texts("quote", one=True)
    check = _check(table, words, ())
    table.close()
    return Row(when, check, quotes) if check and (when or "when" not in table) else None


def _compare(table: Table, comparison: str, words: Words, quotes: tuple[str, ...]) -> Check | None:
    raw = table.take(comparison)
    found = _measured(table, words)
    if found is None:
        return None
    measure, measured = found
    whole = isinstance(measure, IndicatorMeasure) or comparison != "answered"
    if measured.kind not in FITS[comparison] or not whole:
        kind = KINDS[measured.kind] if whole else "合计、计数"
        fitting = [word for word, kinds in FITS.items() if measured.kind in kinds and (whole or word != "answered")]
        table.where.refuse(f"比较 {comparison} 不适用于{kind}（{measured.name}）", f"可用：{'、'.join(fitting)}")
        return None
    parsed = parse_norm(raw, comparison, measured, words, table.where)
    return None if parsed is None else Compare(measure, comparison, parsed.norm, quotes, parsed.list_name)


def _measured(table: Table, words: Words) -> tuple[Measure, Measured] | None:
    kinds = [kind for kind in MEASURES if kind in table]
    if len(kinds) != 1:
        found = f"同时写了 {'、'.join(kinds)}" if kinds else "没有写比较什么"
        table.where.refuse(f"{table.name}{found}", "在 indicator、sum、count、clause 中写一个")
        table.read.extend(MEASURES)
        return None
    raw = table.take(kinds[0])
    match kinds[0]:
        case "indicator":
            return _of_indicator(raw, words, table.where)
        case "sum":
            return _of_sum(raw, words, table.where)
        case "count":
            return _of_count(raw, words, table.where)
    return _of_clause(raw, words, table.where)


def _of_indicator(raw: Any, words: Words, where: Where) -> tuple[Measure, Measured] | None:
    indicator = words.indicator(raw, where)
    if indicator is None:
        return None
    kind = "number" if indicator.type in NUMBERS else indicator.type
    choices = tuple(choice.value for choice in indicator.choices)
    return IndicatorMeasure(indicator.key), Measured(indicator.label, kind, indicator.places, choices)


def _of_sum(raw: Any, words: Words, where: Where) -> tuple[Measure, Measured] | None:
    if not isinstance(raw, list) or not raw or not all(isinstance(term, str) for term in raw):
        where.refuse("sum 应列出数据项", '写成 sum = ["甲", "-乙"]，减去的前面加减号')
        return None
    signed = [(-1 if term.startswith("-") else 1, words.indicator(term.removeprefix("-"), where)) for term in raw]
    terms = [(sign, indicator) for sign, indicator in signed if indicator is not None]
    for _, indicator in terms:
        if indicator.type not in NUMBERS:
            where.refuse(f"sum 里的 {indicator.key} 不是数字型数据项", "只把整数和小数相加减")
    if len(terms) < len(raw) or any(indicator.type not in NUMBERS for _, indicator in terms):
        return None
    places = max(indicator.places for _, indicator in terms)
    return SumMeasure(tuple((sign, indicator.key) for sign, indicator in terms)), Measured("合计", "number", places)


def _of_count(raw: Any, words: Words, where: Where) -> tuple[Measure, Measured] | None:
    indicator = words.indicator(raw, where)
    if indicator is None:
        return None
    if indicator.type != "choices":
        where.refuse(f"count 只能数多选数据项，{indicator.key} 不是", "改用 indicator，或换成 choices 型数据项")
        return None
    return CountMeasure(indicator.key), Measured(f"{indicator.label}项数", "number", 0)


def _of_clause(raw: Any, words: Words, where: Where) -> tuple[Measure, Measured] | None:
    if raw not in words.clauses:
        where.refuse(f"条款“{raw}”不在本标准里", close_to(str(raw), words.clauses))
        return None
    return ClauseMeasure(raw), Measured(f"条款 {raw}", "clause", 0, CLAUSE_OUTCOMES)
