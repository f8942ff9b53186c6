"""Why a subject has its grade, and what is left to do: the sentence under the grade."""

from __future__ import annotations

from collections.abc import Iterable

from standards.edition import Edition
from standards.outcomes import BASICALLY, COMPLIANT, INCOMPLETE, NOT_SET_UP, OUTCOMES, Judgement, Result
from standards.wording.lacking import count, waiting_in_words

#: what is to be done about an outcome, in the order it is said
REMEDIES = {
    "fail": "不达标要补齐",
    "deviation": "偏离要说明并获审核认可",
    "missing": "缺数据要补填",
    "pending": "待认定",
}


def outcome_in_words(result: Result) -> str:
    """The word of an outcome with where it stands: 「酌减达标，待认定」「酌减达标，已认定」「偏离，已认可」."""
    if result.provisional:
        return f"{OUTCOMES[result.outcome]}，待认定"
    if result.outcome == "relaxed":
        return f"{OUTCOMES[result.outcome]}，已认定"
    return f"{OUTCOMES[result.outcome]}，已认可" if result.accepted else OUTCOMES[result.outcome]


def grade_in_words(edition: Edition, judgement: Judgement) -> str:
    """「得分不低于 90.0。离达标还差：4 项不达标要补齐，2 项偏离要说明并获审核认可。」"""
    return f"{_why(edition, judgement)}{_provisional(judgement)}"


def _why(edition: Edition, judgement: Judgement) -> str:
    match judgement.grade:
        case None:
            return "没有要计分的项目，不评分，也不定等级。"
        case grade if grade == NOT_SET_UP:
            return "机构还没有设立，得 0 分，其余各项不评。"
        case grade if grade == COMPLIANT:
            return _compliant(judgement)
        case grade if grade == INCOMPLETE:
            return (
                f"还有 {waiting_in_words(judgement)}，补齐后才能定等级。{_remaining(judgement, ('fail', 'deviation'))}"
            )
        case grade if grade == BASICALLY:
            return f"{_basically(edition)}{_remaining(judgement, REMEDIES)}"
    return f"{_below(edition, judgement)}{_remaining(judgement, REMEDIES)}"


def _compliant(judgement: Judgement) -> str:
    if any(result.accepted for result in judgement.results.values()):
        return "没有不达标项，偏离的都已说明并获审核认可。"
    return "没有不达标项，也没有偏离。"


def _basically(edition: Edition) -> str:
    vetoed = any(requirement.veto for requirement in edition.requirements)
    return f"得分不低于 {_line(edition)}{'，且没有一票否决项不达标' if vetoed else ''}。"


def _below(edition: Edition, judgement: Judgement) -> str:
    failed = {key for key, result in judgement.results.items() if result.outcome == "fail"}
    if vetoes := [each.label for each in edition.requirements if each.veto and each.key in failed]:
        return f"一票否决项不达标：{'、'.join(vetoes)}。"
    if waiting := waiting_in_words(judgement):
        return f"即使 {waiting}的都达标，得分也到不了 {_line(edition)}。"
    return f"得分低于 {_line(edition)}。"


def _line(edition: Edition) -> str:
    return f"{edition.basic_compliance:.1f}"


def _remaining(judgement: Judgement, outcomes: Iterable[str]) -> str:
    accepted = sum(result.accepted for result in judgement.results.values())
    counts = {each: count(judgement, each) - (accepted if each == "deviation" else 0) for each in outcomes}
    said = "，".join(f"{number} 项{REMEDIES[each]}" for each, number in counts.items() if number)
    return f"离达标还差：{said}。" if said else ""


def _provisional(judgement: Judgement) -> str:
    number = sum(result.provisional for result in judgement.results.values())
    return f"{number} 项酌减达标，待审核人认定。" if number else ""
