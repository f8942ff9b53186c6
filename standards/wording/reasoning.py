"""怎么得出的: the steps from the facts to an outcome, a sentence each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from standards.edition import (
    Cases,
    Check,
    Clause,
    ClauseMeasure,
    Compare,
    Edition,
    OfNorm,
    Relaxation,
    Requirement,
    Row,
    indicators_of,
)
from standards.outcomes import Judgement, Result
from standards.values import computed
from standards.wording.comparing import comparisons
from standards.wording.deciding import Facts
from standards.wording.explaining import UNSCORED, always_referred
from standards.wording.figures import ROUNDINGS, Scale, grouped, measure_name, percent, value_in_words
from standards.wording.phrasing import condition, contrary, duty

MISSING = "缺数据不按 0 或“否”算；补齐以前这一条不得分，补齐后重新判定"


def reasons(
    edition: Edition,
    requirement: Requirement,
    result: Result,
    facts: Facts,
    judgement: Judgement | None = None,
) -> list[str]:
    """``judgement``, where it is at hand, tells a relaxation refused by the reviewer from one never open."""
    said = [
        *_scope(edition, requirement, result, facts),
        *_band(edition, requirement, result, facts),
        *_arithmetic(edition, requirement, result, facts),
        *_reduction(edition, requirement, result, judgement),
        *_referral(edition, requirement, result),
        *_consequence(requirement, result),
        *result.notices,
    ]
    return [each if each.endswith("。") else f"{each}。" for each in said]


def band_notes(edition: Edition, clause: Clause, judgement: Judgement, facts: Facts) -> list[str]:
    """Which bands of a clause are in force for this subject, each once: 「常住人口 136,000 人，属…一档」."""
    said = (
        note
        for requirement in clause.requirements
        if (result := judgement.results.get(requirement.key))
        for note in _which_band(edition, requirement, result, facts)
    )
    return list(dict.fromkeys(said))


def _scope(edition: Edition, requirement: Requirement, result: Result, facts: Facts) -> list[str]:
    if result.outcome != "not_applicable" or requirement.applies is None:
        return []
    only = f"这一条只适用于：{condition(edition, requirement.applies)}"
    return ["；".join([*_given(edition, [requirement.applies], facts), only])]


def _band(edition: Edition, requirement: Requirement, result: Result, facts: Facts) -> list[str]:
    band = _which_band(edition, requirement, result, facts)
    if not band or not isinstance(requirement.check, Cases) or result.row is None:
        return []
    return [f"{band[0]}：{duty(edition, requirement.check.rows[result.row].check)}"]


def _which_band(edition: Edition, requirement: Requirement, result: Result, facts: Facts) -> list[str]:
    check = requirement.check
    if not isinstance(check, Cases) or result.row is None:
        return []
    asked = [row.when for row in check.rows[: result.row + 1] if row.when is not None]
    return ["，".join([*_given(edition, asked, facts), f"属“{band_name(edition, check.rows, result.row)}”一档"])]


def band_name(edition: Edition, rows: Sequence[Row], row: int) -> str:
    """「60,000 人以上、不足 90,000 人」: a row's condition, and that the row above it did not fit, where both
    are of one measure."""
    own, above = rows[row].when, rows[row - 1].when if row else None
    if own is None:
        return _bare(edition, above, contrary(edition, above)) if isinstance(above, Compare) else "其余"
    said = [_bare(edition, own, condition(edition, own))]
    if isinstance(own, Compare) and isinstance(above, Compare) and own.measure == above.measure:
        said.append(_bare(edition, above, contrary(edition, above)))
    return "、".join(said)


def _bare(edition: Edition, check: Check, said: str) -> str:
    name = measure_name(edition, check.measure) if isinstance(check, Compare) else ""
    return said.removeprefix(name).strip()


def _given(edition: Edition, checks: Sequence[Check], facts: Facts) -> list[str]:
    """The facts that conditions read: 「常住人口 136,000 人」."""
    keys = dict.fromkeys(key for check in checks for key in indicators_of(check))
    found = [(edition.indicators[key], facts[key]) for key in keys if facts.get(key) is not None]
    said = ((each.label, value_in_words(each, value), isinstance(value, Decimal)) for each, value in found)
    return [f"{label}{' ' if number else '：'}{words}" for label, words, number in said]


def _arithmetic(edition: Edition, requirement: Requirement, result: Result, facts: Facts) -> list[str]:
    """「服务对象 98,600 人 ÷ 10,000 ＝ 9.86，有余数进一，为 10 人」."""
    for comparison in comparisons(edition, requirement, result, facts):
        norm, found = comparison.compare.norm, comparison.measured.norm
        if isinstance(norm, OfNorm) and norm != OfNorm(norm.of) and found is not None:
            base = facts.get(norm.of)
            return [_steps(edition, norm, base, found, comparison.scale)] if isinstance(base, Decimal) else []
    return []


def _steps(edition: Edition, norm: OfNorm, base: Decimal, found: Decimal, scale: Scale) -> str:
    of = edition.indicators[norm.of]
    said = f"{of.label} {value_in_words(of, base)}"
    for sign, part in (("÷", norm.per), ("×", norm.times), ("＋", norm.plus)):
        said += f" {sign} {grouped(part)}" if part is not None else ""
    exact = Fraction(computed(replace(norm, round=None, minimum=None, maximum=None), base))
    rounded = Fraction(computed(replace(norm, minimum=None, maximum=None), base))
    said += f" {_equals(exact)}"
    if rounded != exact and norm.round:
        said += f"，{ROUNDINGS[norm.round]}，为 {grouped(Decimal(rounded.numerator))}"
    if rounded < Fraction(found):
        said += f"，低于最少数，按 {grouped(found)}"
    if rounded > Fraction(found) and norm.maximum is not None:
        said += f"，高于最多数，按 {grouped(found)}"
    return f"{said}{' ' + scale.unit if scale.unit else ''}"


def _equals(exact: Fraction) -> str:
    shown = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.0001"))
    return f"{'＝' if Fraction(shown) == exact else '≈'} {grouped(shown)}"


def _reduction(edition: Edition, requirement: Requirement, result: Result, judgement: Judgement | None) -> list[str]:
    relaxation, main = requirement.relaxation, result.main
    if relaxation is None or main is None or not main.shortfall or not main.norm or result.outcome == "pass":
        return []
    share = Fraction(main.shortfall) / Fraction(main.norm)
    scale = next(each.scale for each in comparisons(edition, requirement, result, {}))
    within = percent(relaxation.within).replace(".0%", "%")
    said = f"减少 {scale.actual(main.shortfall)}，占 {percent(share, relaxation.within)}"
    if share > Fraction(relaxation.within):
        return [f"{said}，超过 {within}，不能酌减"]
    return [f"{said}，不超过 {within}；{_condition_met(edition, relaxation, result, judgement)}"]


def _condition_met(edition: Edition, relaxation: Relaxation, result: Result, judgement: Judgement | None) -> str:
    when = relaxation.when
    if result.outcome == "relaxed":
        return condition(edition, when)
    if result.outcome == "missing":
        return f"能否酌减，要看{condition(edition, when)}与否"
    if judgement is not None and isinstance(when, Compare) and isinstance(when.measure, ClauseMeasure):
        found = judgement.clauses.get(when.measure.clause)
        if found is not None and when.norm == found.outcome:
            return f"{condition(edition, when)}，但审核人没有同意酌减"
        return f"但{contrary(edition, when)}，不能酌减"
    return f"但须{condition(edition, when)}并经审核人同意，现不能酌减"


def _referral(edition: Edition, requirement: Requirement, result: Result) -> list[str]:
    if result.outcome != "pending" or requirement.refer is None:
        return []
    if always_referred(requirement):
        return ["这一条未达到的，一律由审核人认定"]
    return [f"{condition(edition, requirement.refer)}，须由审核人认定"]


def _consequence(requirement: Requirement, result: Result) -> list[str]:
    match result.outcome:
        case "fail":
            stops = "；机构未设立，其余各项不评" if requirement.foundation else ""
            return [f"这是硬性要求，未达到判“不达标”{stops}"]
        case "deviation" if result.accepted:
            return ["这是一般要求，未达到判“偏离”；审核人已认可所作的说明"]
        case "deviation":
            return ["这是一般要求，未达到判“偏离”；说明理由并经审核人认可的，不影响达标"]
        case "relaxed":
            return ["酌减须审核人认定，认定前暂按达标计分" if result.provisional else "审核人已同意酌减"]
        case "missing":
            return [MISSING]
        case "info":
            return [UNSCORED.get(requirement.force, "只记录，不计分")]
    return []
