"""One comparison of a finding in words: 「计算机：实有 5 台，应有 7 台，差 2 台」."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from standards.edition import (
    All,
    Any_,
    Cases,
    Check,
    ClauseMeasure,
    Compare,
    CountMeasure,
    Edition,
    IndicatorMeasure,
    ItemsOf,
    Not,
    Requirement,
)
from standards.outcomes import Measured, Result
from standards.wording.deciding import Facts
from standards.wording.figures import (
    BLANK,
    NO,
    YES,
    Scale,
    indicator_of,
    is_rate,
    items_in_words,
    measure_name,
    norm_in_words,
    percent,
    quoted,
    scale_for,
    value_in_words,
)
from standards.wording.patterns import pattern_in_words
from standards.wording.phrasing import OPPOSITES, either

#: the norm of a comparison: plainly, and as a 一般
NORMS = {
    "at_least": "应有 {}",
    "at_most": "应不超过 {}",
    "more_than": "应超过 {}",
    "less_than": "应少于 {}",
    "is": "应为 {}",
    "is_not": "应不是 {}",
}
RATES = NORMS | {"at_least": "应不低于 {}"}
ON_THE_LINE = {"more_than": "未超过", "less_than": "未少于"}
DATES = {"on_or_before": "不晚于 {}", "on_or_after": "不早于 {}", "is": "为 {}", "is_not": "不是 {}"}


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison's part of a sentence; without a gap nothing is lacking."""

    name: str
    said: str = ""
    gap: str = ""

    def __str__(self) -> str:
        return f"{self.name}：{'，'.join(part for part in (self.said, self.gap) if part)}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of the rule with the figures found: what one line is made of. ``usually``: the force is 一般."""

    edition: Edition
    compare: Compare
    measured: Measured
    facts: Facts
    holds: bool
    usually: bool = False
    limit: Decimal | None = None  # what a relaxation lets go, where one was asked

    @property
    def name(self) -> str:
        return measure_name(self.edition, self.compare.measure)

    @property
    def scale(self) -> Scale:
        return scale_for(self.edition, self.compare.measure)

    @property
    def fact(self) -> str:
        """The fact as given, in words; empty where it was not handed over."""
        indicator = indicator_of(self.edition, self.compare.measure)
        value = self.facts.get(indicator.key) if indicator else None
        return value_in_words(indicator, value) if indicator and value is not None else ""

    @property
    def should(self) -> str:
        return "一般应" if self.usually else "应"


def line(comparison: Comparison) -> Line:
    compare, measured = comparison.compare, comparison.measured
    if isinstance(compare.measure, ClauseMeasure):
        return _of_clause(comparison)
    if measured.actual is not None and compare.operator in NORMS:
        return _of_number(comparison, measured.actual)
    match compare.operator, compare.norm:
        case (("includes" | "only"), _):
            return _of_items(comparison)
        case "answered", wanted:
            return _of_answer(comparison, bool(wanted))
        case "matches", str(pattern):
            return _of_form(comparison, pattern)
        case operator, date() if operator in DATES:
            return _of_date(comparison)
        case "is", bool(norm):
            return _of_truth(comparison, norm)
        case _:
            return _of_word(comparison)


def _of_number(comparison: Comparison, actual: Decimal) -> Line:
    have = "实为" if is_rate(indicator_of(comparison.edition, comparison.compare.measure)) else "实有"
    norm, said = comparison.measured.norm, f"{have} {comparison.scale.actual(actual)}"
    if norm is None:
        return Line(comparison.name, said)
    gap = "" if comparison.holds else _gap(comparison, actual, norm)
    return Line(comparison.name, f"{said}，{_norm(comparison, norm)}", gap)


def _norm(comparison: Comparison, amount: Decimal) -> str:
    """「应有 7 台」「一般应有 10 人」「一般在 200 ㎡以上」."""
    operator, norm = comparison.compare.operator, comparison.scale.norm(amount)
    if comparison.usually and comparison.scale.places and operator == "at_least":
        return f"一般在 {norm}以上"
    if operator == "at_most" and not amount:
        operator = "is"
    words = RATES if is_rate(indicator_of(comparison.edition, comparison.compare.measure)) else NORMS
    return ("一般" if comparison.usually else "") + words[operator].format(norm)


def _gap(comparison: Comparison, actual: Decimal, norm: Decimal) -> str:
    """「差 2 台」「少 14.00 ㎡（7.0%）」「超 3 人」; exactly on a line that is excluded: 「未超过」."""
    if actual == norm:
        return ON_THE_LINE.get(comparison.compare.operator, "不符")
    share = ""
    if comparison.limit is not None and norm:
        share = f"（{percent((Fraction(norm) - Fraction(actual)) / Fraction(norm), comparison.limit)}）"
    less = "少" if comparison.usually and comparison.scale.places else "差"
    return f"{'超' if actual > norm else less} {_amount(comparison, abs(norm - actual))}{share}"


def _amount(comparison: Comparison, amount: Decimal) -> str:
    """What lies between two rates is 个百分点."""
    rate = is_rate(indicator_of(comparison.edition, comparison.compare.measure))
    return comparison.scale.actual(amount).replace("%", " 个百分点" if rate else "%")


def _of_items(comparison: Comparison) -> Line:
    compare, measured = comparison.compare, comparison.measured
    lacking = items_in_words(indicator_of(comparison.edition, compare.measure), measured.lacking)
    if compare.operator == "only":
        return Line(comparison.name, "" if lacking else "没有超出所列", f"多出 {lacking}" if lacking else "")
    if not lacking and measured.listed is None:
        return Line(comparison.name, "齐全")
    if measured.listed == 1 or measured.listed is None:
        return Line(comparison.name, "" if lacking else f"有 {_items(comparison)}", f"缺 {lacking}" if lacking else "")
    said = f"实有 {measured.held} 项，{comparison.should}有 {measured.listed} 项"
    return Line(comparison.name, said, f"缺 {lacking}" if lacking else "")


def _items(comparison: Comparison) -> str:
    norm = norm_in_words(comparison.edition, comparison.compare)
    return "所列事项" if isinstance(comparison.compare.norm, ItemsOf) else norm


def _of_answer(comparison: Comparison, wanted: bool) -> Line:
    if comparison.holds:
        return Line(comparison.name, comparison.fact or ("已填写" if wanted else BLANK))
    return Line(
        comparison.name, BLANK if wanted else comparison.fact, f"{comparison.should}{'填写' if wanted else '留空'}"
    )


def _of_form(comparison: Comparison, pattern: str) -> Line:
    given = quoted(comparison.fact) if comparison.fact not in ("", BLANK) else comparison.fact
    if comparison.holds:
        return Line(comparison.name, given or "符合规定的格式")
    form = pattern_in_words(pattern)
    return Line(comparison.name, given, f"{comparison.should}为{quoted(form)}" if form else "与原文写明的样式不一致")


def _of_date(comparison: Comparison) -> Line:
    wanted = DATES[comparison.compare.operator].format(norm_in_words(comparison.edition, comparison.compare))
    gap = "" if comparison.holds else f"{comparison.should}{wanted}"
    return Line(comparison.name, comparison.fact or ("符合" if comparison.holds else ""), gap)


def _of_truth(comparison: Comparison, norm: bool) -> Line:
    wanted, other = (YES, NO) if norm else (NO, YES)
    if comparison.holds:
        return Line(comparison.name, wanted)
    return Line(comparison.name, other, f"{comparison.should}为{wanted}")


def _of_word(comparison: Comparison) -> Line:
    """A choice or a text: what was chosen, and what may be."""
    compare, indicator = comparison.compare, indicator_of(comparison.edition, comparison.compare.measure)
    norms = compare.norm if isinstance(compare.norm, tuple) else (str(compare.norm),)
    if comparison.holds:
        return Line(comparison.name, comparison.fact or "符合")
    if compare.operator != "is_not" or indicator is None or not indicator.choices:
        refused = "不得" if compare.operator == "is_not" else comparison.should
        return Line(comparison.name, comparison.fact, f"{refused}为{either(indicator, norms)}")
    others = [choice.value for choice in indicator.choices if choice.value not in norms]
    chosen = comparison.fact or items_in_words(indicator, norms)
    return Line(comparison.name, chosen, f"{comparison.should}为{either(indicator, others)}")


def _of_clause(comparison: Comparison) -> Line:
    return Line(comparison.name, "符合条件") if comparison.holds else Line(comparison.name, "", "不符合条件")


# ── Which comparison the figures belong to ────────────────────────────────────


def comparisons(edition: Edition, requirement: Requirement, result: Result, facts: Facts) -> list[Comparison]:
    """The comparisons that speak for a result, the rule's own where the result gives no figures."""
    asked = list(compares(requirement.check, result.row))
    pairs = [(_compare_of(asked, measured), measured) for measured in result.measured]
    if not pairs and result.outcome == "pass":
        pairs = [(compare, _unmeasured(edition, compare)) for compare in asked]
    limit = requirement.relaxation.within if requirement.relaxation and result.reduction is not None else None
    holds = result.outcome == "pass"
    return [Comparison(edition, c, m, facts, holds, requirement.force == "norm", limit) for c, m in pairs]


def compares(check: Check | None, row: int | None = None) -> Iterator[Compare]:
    """The comparisons of a check; of a decision table those of one row, or of all."""
    match check:
        case Compare():
            yield check
        case All(children=children) | Any_(children=children):
            for child in children:
                yield from compares(child)
        case Cases(rows=rows):
            for each in rows if row is None else (rows[row],):
                yield from compares(each.check)
        case Not(child=child):
            yield from (_turned(compare) for compare in compares(child))


def _turned(compare: Compare) -> Compare:
    if isinstance(compare.norm, bool):
        return replace(compare, norm=not compare.norm)
    return replace(compare, operator=OPPOSITES.get(compare.operator, compare.operator))


def _compare_of(asked: list[Compare], measured: Measured) -> Compare:
    """The comparison that gave the figures: the same operator on the same indicator, and where several are, the
    same norm."""
    alike = [compare for compare in asked if _is_alike(compare, measured)] or asked
    exact = [compare for compare in alike if measured.norm is not None and compare.norm == measured.norm]
    listing = [c for c in alike if isinstance(c.norm, tuple) and measured.lacking and {*measured.lacking} <= {*c.norm}]
    return (exact or listing or alike)[0]


def _is_alike(compare: Compare, measured: Measured) -> bool:
    measure = compare.measure
    own = measure.indicator if isinstance(measure, (IndicatorMeasure, CountMeasure)) else None
    operators = (compare.operator, OPPOSITES.get(compare.operator))  # under a `not` the figures keep their own
    return measured.operator in operators and own == measured.indicator


def _unmeasured(edition: Edition, compare: Compare) -> Measured:
    indicator = indicator_of(edition, compare.measure)
    listed = len(compare.norm) if compare.operator == "includes" and isinstance(compare.norm, tuple) else None
    return Measured(indicator.key if indicator else None, compare.operator, held=listed, listed=listed)
