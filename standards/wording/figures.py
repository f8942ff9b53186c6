"""Facts, measures and norms as a person writes them: 「5 台」「186.00 ㎡」「是」「2012年3月1日」."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from standards.edition import (
    ClauseMeasure,
    Compare,
    CountMeasure,
    Edition,
    Indicator,
    IndicatorMeasure,
    ItemsOf,
    Measure,
    OfNorm,
    SumMeasure,
    Value,
)
from standards.values import half_up

YES, NO = "是", "否"
NOTHING_TICKED = "以上都没有"
BLANK = "空白"
ROUNDINGS = {"up": "有余数进一", "down": "余数舍去", "half_up": "四舍五入"}


@dataclass(frozen=True, slots=True)
class Scale:
    """How the numbers of one measure are written."""

    unit: str = ""
    places: int = 0

    def actual(self, amount: Decimal) -> str:
        """With the indicator's places: 「186.00 ㎡」. 0 stays 0."""
        return self._with_unit(grouped(amount, self.places))

    def norm(self, amount: Decimal) -> str:
        """A norm as the text gives it, without empty places: 「200 ㎡」「96.40 万元」."""
        return self._with_unit(grouped(amount, 0 if is_whole(amount) else self.places))

    def _with_unit(self, digits: str) -> str:
        return f"{digits}{self.unit}" if self.unit in ("", "%") else f"{digits} {self.unit}"


def is_whole(amount: Decimal) -> bool:
    return amount == amount.to_integral_value()


def grouped(amount: Decimal, places: int = 0) -> str:
    """「136,000」「1,799.99」: at least ``places`` decimals, and never fewer than the number has."""
    exponent = amount.normalize().as_tuple().exponent
    own = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"{amount:,.{max(places, own)}f}"


def percent(part: Fraction | Decimal, limit: Decimal | None = None) -> str:
    """「7.0%」, half up; with as many places as it takes not to hide on which side of ``limit`` it lies, nor that
    it is more than nothing."""
    exact = Fraction(part) * 100
    for places in range(1, 7):
        rounded = half_up(exact, places)
        beside = limit is None or (Fraction(rounded) > limit * 100) == (exact > limit * 100)
        if beside and (rounded or not exact):
            break
    return f"{rounded:,}%"


def day_in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def value_in_words(indicator: Indicator, value: Value | None) -> str:
    """The fact as shown beside its label; an absent one is 「未填写」, never 0."""
    match value:
        case None:
            return "未填写"
        case bool():
            return YES if value else NO
        case Decimal():
            return scale_of(indicator).actual(value)
        case frozenset():
            return items_in_words(indicator, value) or NOTHING_TICKED
        case date():
            return day_in_words(value)
        case _:
            return indicator.choice_label(value).strip() or BLANK


def items_in_words(indicator: Indicator | None, values: frozenset[str] | tuple[str, ...]) -> str:
    """「就业、人力资源」: a set in the order of the indicator's choices, a list in its own."""
    if indicator is None:
        return "、".join(values)
    order = [choice.value for choice in indicator.choices]
    shown = [value for value in order if value in values] if isinstance(values, frozenset) else values
    return "、".join(indicator.choice_label(value) for value in shown)


def scale_of(indicator: Indicator) -> Scale:
    return Scale(indicator.unit, indicator.places if indicator.type == "decimal" else 0)


def indicator_of(edition: Edition, measure: Measure) -> Indicator | None:
    """The indicator that a measure reads; of a sum its first; None for another clause's outcome."""
    match measure:
        case IndicatorMeasure(indicator=key) | CountMeasure(indicator=key):
            return edition.indicators[key]
        case SumMeasure(terms=terms):
            return edition.indicators[terms[0][1]]
        case ClauseMeasure():
            return None


def is_rate(indicator: Indicator | None) -> bool:
    """A share in per cent: it is low or high, and nobody has so many of it."""
    return indicator is not None and indicator.unit == "%"


def scale_for(edition: Edition, measure: Measure) -> Scale:
    indicator = indicator_of(edition, measure)
    if indicator is None or isinstance(measure, CountMeasure):
        return Scale("" if indicator is None else "项")
    return scale_of(indicator)


def measure_name(edition: Edition, measure: Measure) -> str:
    match measure:
        case IndicatorMeasure(indicator=key):
            return edition.indicators[key].label
        case CountMeasure(indicator=key):
            return f"{edition.indicators[key].label}的项数"
        case SumMeasure(terms=terms):
            return _sum_name(edition, terms)
        case ClauseMeasure(clause=key):
            return clause_name(edition, key)


def clause_name(edition: Edition, key: str) -> str:
    clause = edition.clause_by_key[key]
    return f"第{clause.number}项{clause.title}"


def _sum_name(edition: Edition, terms: tuple[tuple[int, str], ...]) -> str:
    """「编制内人员与购买服务人员合计」「在岗人数减去借调人数」."""
    added = "与".join(edition.indicators[key].label for sign, key in terms if sign > 0)
    taken = "与".join(edition.indicators[key].label for sign, key in terms if sign < 0)
    total = f"{added}合计" if sum(sign > 0 for sign, _ in terms) > 1 else added
    return f"{total}减去{taken}" if taken else total


def of_norm_in_words(edition: Edition, norm: OfNorm, scale: Scale) -> str:
    """「服务对象 ÷ 10,000（有余数进一，最少 5 人）」."""
    said = edition.indicators[norm.of].label
    for sign, part in (("÷", norm.per), ("×", norm.times), ("＋", norm.plus)):
        said += f" {sign} {grouped(part)}" if part is not None else ""
    asides = [ROUNDINGS[norm.round]] if norm.round else []
    asides += [f"最少 {scale.norm(norm.minimum)}"] if norm.minimum is not None else []
    asides += [f"最多 {scale.norm(norm.maximum)}"] if norm.maximum is not None else []
    return f"{said}（{'，'.join(asides)}）" if asides else said


def norm_in_words(edition: Edition, compare: Compare) -> str:
    """What a comparison compares with, quoted where it is a word rather than a number."""
    norm, indicator = compare.norm, indicator_of(edition, compare.measure)
    match norm:
        case bool():
            return quoted(YES if norm else NO)
        case Decimal():
            return scale_for(edition, compare.measure).norm(norm)
        case OfNorm():
            return of_norm_in_words(edition, norm, scale_for(edition, compare.measure))
        case ItemsOf(of=key):
            return f"“{edition.indicators[key].label}”所列各项"
        case tuple():
            return items_in_words(indicator, norm)
        case date():
            return day_in_words(norm)
        case _:
            return quoted(indicator.choice_label(norm) if indicator else norm)


def quoted(words: str) -> str:
    return f"“{words}”"
