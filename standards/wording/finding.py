"""The one sentence of a finding, always in the order 名称：实有 n，应有 n，差 n."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from standards.edition import Any_, Cases, Edition, Indicator, OfNorm, Requirement, indicators_of
from standards.outcomes import Result
from standards.wording.comparing import Comparison, Line, comparisons, line
from standards.wording.deciding import Facts, denied
from standards.wording.figures import day_in_words, percent, value_in_words
from standards.wording.phrasing import contrary

#: what an absent fact is not taken for, by type
NOT_TAKEN_FOR = {
    "integer": "不按 0 算",
    "decimal": "不按 0 算",
    "boolean": "不按“否”算",
    "choices": "不按“没有”算",
}
ALLOWED = {True: "条件具备", False: "条件不具备", None: "条件是否具备，还不能判断"}
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """``said`` and then ``gap``, the part set in bold; without a gap nothing is lacking."""

    said: str
    gap: str = ""

    def __str__(self) -> str:
        return self.said + self.gap


def sentence(
    edition: Edition,
    requirement: Requirement,
    result: Result,
    facts: Facts | None = None,
    withheld: Collection[str] = (),
) -> Sentence:
    """``facts`` are those that were judged; without them a word or a date that was given is not repeated.
    ``withheld`` are the indicators stated as 无法提供: what is missing is then not called unfilled."""
    known = facts or {}
    match result.outcome:
        case "not_applicable":
            return Sentence(not_applicable(edition, requirement, known))
        case "missing":
            return _missing(edition, requirement, result, known, withheld)
        case "info":
            return _informed(edition, requirement, result, known)
        case "pending":
            return Sentence(f"{_judged(edition, requirement, result, known)}，", "由审核人认定")
    return _judged(edition, requirement, result, known)


def not_applicable(edition: Edition, requirement: Requirement, facts: Facts) -> str:
    """「常住人口不足 60,000 人，不适用」; of several conditions those that the facts deny."""
    if requirement.applies is not None:
        return f"{contrary(edition, denied(requirement.applies, facts))}，不适用"
    if isinstance(requirement.check, Cases):
        return "标准对这种情形没有规定，不适用"
    return "不适用于本单位"


def _judged(edition: Edition, requirement: Requirement, result: Result, facts: Facts) -> Sentence:
    spoken = _merged([line(comparison) for comparison in comparisons(edition, requirement, result, facts)])
    if not spoken:
        return Sentence(f"{requirement.label}：{'符合' if result.outcome == 'pass' else '不符合'}")
    judged = _spoken(spoken)
    one_of = len(spoken) > 1 and isinstance(requirement.check, Any_) and result.outcome != "pass"
    return Sentence(f"下列有一项即可，现都不符合。{judged.said}", judged.gap) if one_of else judged


def _merged(lines: Sequence[Line]) -> list[Line]:
    """Neighbours of one answer share it: 「甲、乙：否，应为是」; figures stand each for itself."""
    merged = []
    for (said, gap), run in groupby(lines, key=lambda each: (each.said, each.gap)):
        group = list(run)
        shared = len(group) > 1 and not any(character.isdigit() for character in said)
        names = dict.fromkeys(each.name for each in group)
        merged += [Line("、".join(names), said, gap)] if shared else group
    return merged


def _spoken(lines: Sequence[Line]) -> Sentence:
    """The lines in one sentence; the last one's gap is its gap."""
    *before, last = lines
    said = "".join(f"{each}；" for each in before) + f"{last.name}："
    said += last.said + ("，" if last.said and last.gap else "")
    return Sentence(said, last.gap)


# ── What is missing ───────────────────────────────────────────────────────────


def _missing(
    edition: Edition, requirement: Requirement, result: Result, facts: Facts, withheld: Collection[str]
) -> Sentence:
    """「计算机：还没填，不按 0 算」; what is short and may yet be let pass: 「…；能否酌减，还缺…」."""
    order = [*requirement.judged, *sorted(result.unknown.difference(requirement.judged))]
    absent = [edition.indicators[key] for key in order if key in result.unknown]
    if not absent:
        return Sentence(f"{requirement.label}：", "还缺数据")
    if requirement.relaxation is not None and result.reduction is not None:
        return Sentence(f"{_judged(edition, requirement, result, facts)}；能否酌减，", f"还缺“{_names(absent)}”")
    alike = groupby(absent, key=lambda each: (_unfilled(each, withheld), NOT_TAKEN_FOR.get(each.type, "")))
    return _spoken([_absent(list(run), *said) for said, run in alike])


def _unfilled(indicator: Indicator, withheld: Collection[str]) -> str:
    if indicator.key in withheld:
        return "无法提供"
    return "还没填" if indicator.source == "survey" else "还没有数据"


def _names(indicators: Sequence[Indicator]) -> str:
    names = "、".join(indicator.label for indicator in indicators[:MOST_NAMES])
    return f"{names}等 {len(indicators)} 项" if len(indicators) > MOST_NAMES else names


def _absent(indicators: Sequence[Indicator], unfilled: str, not_for: str) -> Line:
    return Line(_names(indicators), unfilled, not_for) if not_for else Line(_names(indicators), "", unfilled)


# ── What is only recorded ─────────────────────────────────────────────────────


def _informed(edition: Edition, requirement: Requirement, result: Result, facts: Facts) -> Sentence:
    if requirement.force == "permissive" and requirement.check is not None:
        return Sentence(f"{requirement.label}：{ALLOWED[result.allowed]}")
    said = _progress(edition, requirement, result, facts) or _recorded(edition, requirement, facts)
    if result.overdue and requirement.deadline:
        return Sentence(f"{said}，", f"已过期限（{day_in_words(requirement.deadline)}）")
    return Sentence(said)


def _progress(edition: Edition, requirement: Requirement, result: Result, facts: Facts) -> str:
    """「具备资质人数 6 人，工作人员 8 人，完成 75.0%」; empty where there is none."""
    spoken = comparisons(edition, requirement, result, facts)
    if result.progress is None or not spoken:
        return ""
    return f"{_reached(spoken[0])}，完成 {percent(result.progress)}"


def _reached(comparison: Comparison) -> str:
    measured, norm, scale = comparison.measured, comparison.compare.norm, comparison.scale
    if measured.listed is not None:
        return f"{comparison.name}：已有 {measured.held} 项，共 {measured.listed} 项"
    reached = scale.actual(measured.actual or Decimal(0))
    wanted = scale.norm(measured.norm or Decimal(0))
    if isinstance(norm, OfNorm) and norm == OfNorm(norm.of):
        return f"{_amount(comparison.name, reached)}，{_amount(comparison.edition.indicators[norm.of].label, wanted)}"
    return f"{_amount(comparison.name, reached)}，目标 {wanted}"


def _amount(name: str, figure: str) -> str:
    return f"{name}{figure}" if name.endswith("）") else f"{name} {figure}"


def _recorded(edition: Edition, requirement: Requirement, facts: Facts) -> str:
    """「其他设备：复印机」, or that it is only recorded where nothing was given."""
    checked = indicators_of(requirement.check) if requirement.check else ()
    asked = [edition.indicators[key] for key in dict.fromkeys((*checked, *requirement.record))]
    given = [
        f"{each.label}：{value_in_words(each, facts[each.key])}" for each in asked if facts.get(each.key) is not None
    ]
    return "；".join(given) or f"{requirement.label}：只记录，还没填"
