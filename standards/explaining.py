"""A rule in plain Chinese (说明), made from the rule itself so that the two can never disagree."""

from __future__ import annotations

from standards.edition import Edition, Relaxation, Requirement
from standards.figures import day_in_words, percent
from standards.phrasing import condition, duty

SUBJECTS = {
    "county": "县（市、区）服务中心",
    "township": "街道（乡镇）服务所",
    "village": "村（社区）服务站",
    "district": "区",
    "city": "市",
}
CONSEQUENCES = {"mandatory": "未达到的，判“不达标”", "norm": "未达到的，判“偏离”，须说明理由"}
UNSCORED = {"permissive": "授权性规定，不是义务，不计分", "aspirational": "力争目标，只显示进展，不计分"}


def rule_in_words(edition: Edition, requirement: Requirement) -> str:
    """说明: to whom it applies, what it asks, what may excuse a shortfall and what follows from one."""
    parts = [
        *_scope(edition, requirement),
        *_demand(edition, requirement),
        *_unscored(requirement),
        *_referral(edition, requirement),
        *_consequences(requirement),
        *_records(edition, requirement),
    ]
    return "".join(f"{part}。" for part in parts)


def notices_in_words(edition: Edition, requirement: Requirement) -> list[str]:
    """What is pointed out beside a finding without being part of it, and when."""
    return [f"{condition(edition, notice.when)}时提示：{notice.hint}" for notice in requirement.notice]


def _scope(edition: Edition, requirement: Requirement) -> list[str]:
    said = []
    if requirement.subjects and set(requirement.subjects) < set(edition.subjects):
        said.append(f"适用对象：{'、'.join(SUBJECTS[key] for key in requirement.subjects)}")
    if requirement.applies is not None:
        said.append(f"适用于：{condition(edition, requirement.applies)}")
    return said


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


def _unscored(requirement: Requirement) -> list[str]:
    if requirement.force in UNSCORED:
        return [UNSCORED[requirement.force]]
    return [] if requirement.check else ["只记录，不计分"]


def _referral(edition: Edition, requirement: Requirement) -> list[str]:
    if requirement.refer is None:
        return []
    return [f"未达到，但{condition(edition, requirement.refer)}的，由审核人认定"]


def _consequences(requirement: Requirement) -> list[str]:
    said = [CONSEQUENCES[requirement.force]] if requirement.scored else []
    said += ["未设立的，其余各项不评"] if requirement.foundation else []
    said += ["一票否决：未达到的，整体判“未达标”"] if requirement.veto else []
    if requirement.deadline is None:
        return said
    late = "逾期只作提示，不因此判不达标" if requirement.scored else "逾期仍显示进展"
    return [*said, f"期限：{day_in_words(requirement.deadline)}，{late}"]


def _records(edition: Edition, requirement: Requirement) -> list[str]:
    labels = "、".join(edition.indicators[key].label for key in requirement.record)
    if not labels:
        return []
    return [f"另记录：{labels}（不计分）" if requirement.check else f"记录：{labels}"]
