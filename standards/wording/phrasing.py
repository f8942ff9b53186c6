"""A check in plain Chinese: as what must be (``duty``) and as that on which something depends (``condition``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from standards.edition import All, Any_, Cases, Check, ClauseMeasure, Compare, Edition, Indicator, Not, OfNorm, Row
from standards.outcomes import OUTCOMES
from standards.wording.figures import NO, YES, indicator_of, is_rate, measure_name, norm_in_words, quoted
from standards.wording.patterns import pattern_in_words

#: what is demanded: the name, these words, the norm in the braces
DUTIES = {
    "at_least": "不少于 {}",
    "at_most": "不超过 {}",
    "more_than": "超过 {}",
    "less_than": "少于 {}",
    "is": "应为{}",
    "is_not": "不得为{}",
    "one_of": "应为{}",
    "only": "只限于：{}",
    "on_or_before": "不晚于 {}",
    "on_or_after": "不早于 {}",
}
CONDITIONS = {
    "at_least": " {}以上",
    "at_most": "不超过 {}",
    "more_than": "超过 {}",
    "less_than": "不足 {}",
    "is": "为{}",
    "is_not": "不是{}",
    "one_of": "为{}",
    "includes": "包括{}",
    "only": "只限于{}",
    "on_or_before": "不晚于 {}",
    "on_or_after": "不早于 {}",
}
#: the contrary of a condition that no other comparison says
CONTRARIES = {
    "one_of": "不是{}",
    "includes": "没有全部包括{}",
    "only": "超出了{}",
    "on_or_before": "晚于 {}",
    "on_or_after": "早于 {}",
}
OPPOSITES = {
    "at_least": "less_than",
    "less_than": "at_least",
    "at_most": "more_than",
    "more_than": "at_most",
    "is": "is_not",
    "is_not": "is",
}
#: a question, and its answer no
NOT_SO = {"是否有": "没有", "是否已": "尚未", "是否为": "不是", "是否是": "不是", "是否": "未"}
Say = Callable[[Edition, Check], str]


def duty(edition: Edition, check: Check) -> str:
    """「计算机不少于 7 台」."""
    match check:
        case Compare():
            return "".join(demanded(edition, check))
        case All(children=children):
            return _alike(edition, children) or _joined(edition, children, "并且", duty)
        case Any_(children=children):
            return _joined(edition, children, "或者", duty)
        case Cases(rows=rows):
            return table(edition, rows)
        case Not(child=child):
            return f"不得有下列情形：{condition(edition, child)}"


def condition(edition: Edition, check: Check) -> str:
    """「常住人口 60,000 人以上」."""
    match check:
        case Compare():
            return _together(*supposed(edition, check))
        case All(children=children):
            return _joined(edition, _telling(children, Any_), "并且", condition)
        case Any_(children=children):
            return _joined(edition, _telling(children, All), "或者", condition)
        case Cases(rows=rows):
            return table(edition, rows)
        case Not(child=child):
            return contrary(edition, child)


def contrary(edition: Edition, check: Check) -> str:
    """That a check does not hold: 「常住人口不足 60,000 人」."""
    match check:
        case Compare(operator=operator, norm=bool(norm)) if operator in ("is", "answered"):
            return condition(edition, replace(check, norm=not norm))
        case Compare(operator=operator) if operator in OPPOSITES:
            return condition(edition, replace(check, operator=OPPOSITES[operator]))
        case Compare():
            return _together(*supposed(edition, check, holds=False))
        case All(children=children):
            return _joined(edition, _telling(children, Any_), "或者", contrary)
        case Any_(children=children):
            return _joined(edition, _telling(children, All), "并且", contrary)
        case Cases():
            return f"不符合（{condition(edition, check)}）"
        case Not(child=child):
            return condition(edition, child)


def _together(name: str, words: str) -> str:
    return name + (words.lstrip() if name.endswith("）") else words)


def demanded(edition: Edition, compare: Compare) -> tuple[str, str]:
    """The name of what is measured, and what is demanded of it."""
    name, norm = _name(edition, compare), _norm(edition, compare)
    if isinstance(compare.measure, ClauseMeasure):
        return name, f"应{_outcome(compare)}"
    match compare.operator, compare.norm:
        case "answered", wanted:
            return name, "应填写" if wanted else "应留空"
        case "matches", str(pattern):
            return name, f"的格式应为{_form(pattern)}"
        case "includes", tuple(items) if len(items) > 1:
            return name, f"应包括：{norm}（共 {len(items)} 项）"
        case "includes", _:
            return name, f"应包括{norm}"
        case "is", bool(truth):
            return _truth(name, truth, "应")
        case operator, _:
            return name, _beside(_demand(edition, compare) or DUTIES[operator], compare).format(norm)


def supposed(edition: Edition, compare: Compare, holds: bool = True) -> tuple[str, str]:
    """The name of what is measured, and what is supposed of it (``holds`` false: that it is not so)."""
    name, norm = _name(edition, compare), _norm(edition, compare)
    if isinstance(compare.measure, ClauseMeasure):
        return name, _outcome(compare)
    match compare.operator, compare.norm:
        case "answered", wanted:
            return name, "已填写" if wanted else "未填写"
        case "matches", str(pattern):
            return name, f"的格式{'' if holds else '不'}为{_form(pattern)}"
        case "is", bool(truth):
            return _truth(name, truth)
        case operator, _:
            words = _wanted(compare) if holds else CONTRARIES[operator]
            return name, _beside(words, compare).format(norm)


def _demand(edition: Edition, compare: Compare) -> str:
    """What plain words would say badly: a rate is not low, another fact is equalled, at most nothing is 0."""
    if compare.operator == "at_least" and is_rate(indicator_of(edition, compare.measure)):
        return "不低于 {}"
    if compare.operator == "is" and isinstance(compare.norm, OfNorm):
        return "应等于{}"
    return "应为 {}" if compare.operator == "at_most" and compare.norm == 0 else ""


def _wanted(compare: Compare) -> str:
    """「服务对象 60,000 人以上」, but 「不少于服务对象 ÷ 6,000」."""
    table = DUTIES if isinstance(compare.norm, OfNorm) and compare.operator == "at_least" else CONDITIONS
    return table[compare.operator]


def _beside(words: str, compare: Compare) -> str:
    """A space stands before a figure, not before the name of what gives one."""
    return words.replace(" ", "") if isinstance(compare.norm, OfNorm) else words


def _truth(question: str, truth: bool, must: str = "") -> tuple[str, str]:
    """A question made a statement: 是否已设立 → 应已设立, 已设立, 尚未设立; others 「甲：应为“是”」."""
    if "是否" not in question:
        return (question, "") if truth and not must else (question, f"：{must}为{quoted(YES if truth else NO)}")
    if must:
        return "", question.replace("是否", "应" if truth else "不应", 1)
    asked = next(words for words in NOT_SO if words in question)
    return "", question.replace(asked, asked.removeprefix("是否") if truth else NOT_SO[asked], 1)


def table(edition: Edition, rows: Sequence[Row]) -> str:
    """A decision table, a part a row; a name that the row before gave is not said again."""
    said, on, of = [], "", ""
    for row in rows:
        when = condition(edition, row.when) if row.when else "其余"
        asked = duty(edition, row.check)
        said.append(f"{_unnamed(when, on)}：{_unnamed(asked, of)}")
        on, of = _name(edition, row.when), _name(edition, row.check)
    return "；".join(said if rows[-1].when is None else [*said, "其余：标准未规定"])


def _unnamed(said: str, name: str) -> str:
    return said.removeprefix(name).lstrip(" ：") if name else said


def _name(edition: Edition, check: Check | None) -> str:
    """Of a comparison, the name of what is measured; one that is itself a question in quotation marks."""
    if not isinstance(check, Compare):
        return ""
    name = measure_name(edition, check.measure)
    return quoted(name) if "是否" in name and not isinstance(check.norm, bool) else name


def _joined(edition: Edition, children: Sequence[Check], last: str, say: Say) -> str:
    """「甲，乙，并且丙」, what is itself joined in brackets."""
    parts = [_bracketed(child, say(edition, child)) for child in children]
    return f"{'，'.join(parts[:-1])}，{last}{parts[-1]}" if len(parts) > 1 else parts[0]


def _telling(children: Sequence[Check], other: type[All | Any_]) -> list[Check]:
    """Without those that a neighbour makes idle: of 「甲，并且（甲，或者乙）」 only 「甲」."""
    idle = [child for child in children if isinstance(child, other) and not set(child.children).isdisjoint(children)]
    return [child for child in children if child not in idle]


def _alike(edition: Edition, children: Sequence[Check]) -> str:
    """「甲、乙均应填写」 where the same is demanded of several; else empty."""
    asked = [demanded(edition, child) for child in children if isinstance(child, Compare)]
    names, demands = [name for name, _ in asked], {words for _, words in asked}
    if len(asked) < max(2, len(children)) or len(demands) > 1 or not all(names):
        return ""
    return f"{'、'.join(names)}均{demands.pop().lstrip('：')}"


def _bracketed(child: Check, said: str) -> str:
    return f"（{said}）" if isinstance(child, (All, Any_, Cases)) else said


def _norm(edition: Edition, compare: Compare) -> str:
    if compare.operator == "one_of" and isinstance(compare.norm, tuple):
        return either(indicator_of(edition, compare.measure), compare.norm)
    spaced = compare.operator in ("is", "is_not") and isinstance(compare.norm, Decimal)
    return (" " if spaced else "") + norm_in_words(edition, compare)


def either(indicator: Indicator | None, values: Sequence[str]) -> str:
    """「“一站式”“一条龙”或“两者”」."""
    labels = [quoted(indicator.choice_label(value) if indicator else value) for value in values]
    return f"{''.join(labels[:-1])}或{labels[-1]}" if len(labels) > 1 else "".join(labels)


def _form(pattern: str) -> str:
    form = pattern_in_words(pattern)
    return quoted(form) if form else "原文写明的样式"


def _outcome(compare: Compare) -> str:
    """Another clause's outcome: 「达标」「为“达标”或“酌减达标”」."""
    wanted = compare.norm if isinstance(compare.norm, tuple) else (str(compare.norm),)
    turned = compare.operator == "is_not"
    if wanted == ("pass",):
        return "未达标" if turned else "达标"
    return f"{'不' if turned else ''}为{either(None, [OUTCOMES.get(key, key) for key in wanted])}"
