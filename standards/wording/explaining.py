"""A rule in plain Chinese (说明), made from the rule itself so that the two can never disagree."""

from __future__ import annotations

from standards.edition import All, Edition, Relaxation, Requirement
from standards.wording.figures import day_in_words, percent
from standards.wording.phrasing import condition, duty

SUBJECTS = {
    "county": "县（市、区）综合服务中心",
    "township": "街道（乡镇）服务所",
    "village": "村（社区）服务站",
    "district": "区",
    "city": "市",
}
FORCES_EXPLAINED = {
    "mandatory": "原文用“应”“要”“不得”或者直接规定，必须做到",
    "norm": "原文用“一般”“原则上”，通常要做到；做不到的须说明理由",
    "permissive": "原文用“可”，是允许，不是义务",
    "aspirational": "原文用“力争”“努力”“推行”，是努力方向",
}
CONSEQUENCES = {"mandatory": "未达到的，判“不达标”", "norm": "未达到的，判“偏离”，须说明理由"}
UNSCORED = {"permissive": "授权性规定，不是义务，不计分", "aspirational": "力争目标，只显示进展，不计分"}


def rule_in_words(edition: Edition, requirement: Requirement) -> str:
    """说明: to whom it applies, what it asks, what may excuse a shortfall and what follows from one."""
    parts = [
        *_scope(edition, requirement),
        *_demand(edition, requirement),
        *_unscored(edition, requirement),
        *_referral(edition, requirement),
        *_consequences(requirement),
        *_records(edition, requirement),
    ]
    return "".join(f"{part}。" for part in parts)


def scope_in_words(edition: Edition, requirement: Requirement) -> str:
    """To whom a requirement applies: 「街道（乡镇）服务所；常住人口 60,000 人以上」."""
    subjects = "、".join(SUBJECTS[key] for key in requirement.subjects or edition.subjects)
    return f"{subjects}；{condition(edition, requirement.applies)}" if requirement.applies else subjects


def _scope(edition: Edition, requirement: Requirement) -> list[str]:
    if requirement.subjects and set(requirement.subjects) < set(edition.subjects):
        return [f"适用于：{scope_in_words(edition, requirement)}"]
    return [f"适用于：{condition(edition, requirement.applies)}"] if requirement.applies else []


def _demand(edition: Edition, requirement: Requirement) -> list[str]:
    if requirement.check is None:
        return []
    if requirement.force == "permissive":
        return [f"前提：{condition(edition, requirement.check)}"]
    said = ("目标：" if requirement.force == "aspirational" else "") + duty(edition, requirement.check)
    return [f"{said}；{_relaxation(edition, requirement.relaxation)}" if requirement.relaxation else said]


def _relaxation(edition: Edition, relaxation: Relaxation) -> str:
    within = percent(relaxation.within).replace(".0%", "%")
    return f"不足时，若{condition(edition, relaxation.when)}且减少不超过 {within}，可酌减达标（须审核人认定）"


def _unscored(edition: Edition, requirement: Requirement) -> list[str]:
    if requirement.check is None:
        aimed = "力争目标，" if requirement.force == "aspirational" else ""
        return [f"{aimed}只记录{_recorded(edition, requirement)}，不计分"]
    return [UNSCORED[requirement.force]] if requirement.force in UNSCORED else []


def _referral(edition: Edition, requirement: Requirement) -> list[str]:
    if requirement.refer is None:
        return []
    if always_referred(requirement):
        return ["未达到的，一律由审核人认定，不直接判“不达标”"]
    return [f"未达到，但{condition(edition, requirement.refer)}的，由审核人认定"]


def always_referred(requirement: Requirement) -> bool:
    """Whether what is referred to a person is a condition of the requirement itself: then nothing else is left."""
    applies = requirement.applies
    conditions = applies.children if isinstance(applies, All) else (applies,)
    return requirement.refer is not None and requirement.refer in conditions


def _consequences(requirement: Requirement) -> list[str]:
    rest = "其余" if requirement.refer else ""
    own = requirement.scored and not always_referred(requirement)
    said = [rest + CONSEQUENCES[requirement.force]] if own else []
    said += ["未设立的，其余各项不评"] if requirement.foundation else []
    said += ["一票否决：未达到的，整体判“未达标”"] if requirement.veto else []
    if requirement.deadline is None:
        return said
    late = "逾期只作提示，不因此判不达标" if requirement.scored else "逾期仍显示进展"
    return [*said, f"期限：{day_in_words(requirement.deadline)}，{late}"]


def _records(edition: Edition, requirement: Requirement) -> list[str]:
    if requirement.check is None or not requirement.record:
        return []
    return [f"另记录：{_recorded(edition, requirement)}（不计分）"]


def _recorded(edition: Edition, requirement: Requirement) -> str:
    return "、".join(edition.indicators[key].label for key in requirement.record)
