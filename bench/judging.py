"""What one judgement costs, and how that compares with two engines that others made, on requirements whose outcomes
agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bench import in_cel, in_openfisca
from bench.facts import Raw, full_answers, offices
from bench.ground import ROOT
from bench.table import figure, say, table, times, title
from bench.timing import turn_about
from standards.edition import Edition, Value
from standards.engine import judge
from standards.files import read_fixtures
from standards.values import parse_value

ON, SUBJECT = date(2026, 3, 31), "township"
COMPARED, ROUNDS, REPEATED = 300, 9, 50
OURS, CEL, CEL_DICT, OPENFISCA, BATCH = "本门户", "CEL", "CEL，逐条传字典", "OpenFisca", f"OpenFisca，{COMPARED} 所一批"


def show_judging() -> None:
    edition = next(each for each in read_fixtures(ROOT / "fixtures").editions if each.key == "town_office")
    show_one(edition)
    show_compared(narrowed(edition))


def show_one(edition: Edition) -> None:
    number, full, half = len(edition.by_key), *(facts_of(edition, raw) for raw in (full_answers(), half_answers()))
    acts = {
        "资料齐全": lambda: [judge(edition, full, ON, SUBJECT) for _ in range(REPEATED)],
        "只填一半": lambda: [judge(edition, half, ON, SUBJECT) for _ in range(REPEATED)],
    }
    costs = turn_about(acts, ROUNDS)
    title(f"判定一次附表2（{number} 项要求，每轮 {REPEATED} 次，{ROUNDS} 轮的中位数）")
    rows = [(name, figure(cost.cpu / REPEATED), figure(cost.least / REPEATED), "≤ 1") for name, cost in costs.items()]
    table(("", "CPU 毫秒", "最少", "目标"), rows)


def half_answers() -> Raw:
    return dict(list(full_answers().items())[::2])


def narrowed(edition: Edition) -> Edition:
    """The edition with only the requirements that the other two also have: none of them is judged for more."""
    clauses = [
        replace(clause, requirements=tuple(r for r in clause.requirements if r.key in in_cel.EXPRESSIONS))
        for clause in edition.clauses
    ]
    return replace(edition, clauses=tuple(clause for clause in clauses if clause.requirements))


def facts_of(edition: Edition, raw: Raw) -> dict[str, Value]:
    return {key: parse_value(edition.indicators[key], value) for key, value in raw.items()}


def show_compared(edition: Edition) -> None:
    """Parsed rules, compiled expressions, the built system and each engine's own form of the facts are made before;
    timed is from those facts to the outcome of every requirement."""
    raws = offices(COMPARED)
    programs, system = in_cel.compiled(), in_openfisca.system()
    ours = [facts_of(edition, raw) for raw in raws]
    for_cel = [in_cel.native(raw) for raw in raws]
    for_openfisca = [in_openfisca.native([raw]) for raw in raws]
    batch = in_openfisca.native(raws)
    acts = {
        OURS: lambda: [judge(edition, facts, ON, SUBJECT) for facts in ours],
        CEL: lambda: [in_cel.judge(programs, facts) for facts in for_cel],
        CEL_DICT: lambda: [in_cel.judge_by_dict(programs, facts) for facts in for_cel],
        OPENFISCA: lambda: [in_openfisca.judge(system, inputs, 1) for inputs in for_openfisca],
        BATCH: lambda: in_openfisca.judge(system, batch, COMPARED),
    }
    costs = turn_about(acts, ROUNDS)
    title(f"同样的 {len(edition.by_key)} 项要求，三种引擎（{COMPARED} 所虚构的服务所，{ROUNDS} 轮的中位数）")
    rows = [
        (
            name,
            figure(cost.cpu / COMPARED * 1000),
            figure(cost.least / COMPARED * 1000),
            times(costs[OURS].cpu, cost.cpu) if name != OURS else "",
        )
        for name, cost in costs.items()
    ]
    table(("", "每所 CPU 微秒", "最少", "本门户 ÷ 它"), rows)
    say_what_is_inside()
    say_agreement(edition, raws)


def say_what_is_inside() -> None:
    say("解析、编译、事实换成各自的形式都在计时之外。CEL 只得出真假，OpenFisca 只得出结果代号；")
    say("本门户另得出实有、应有、差额、决定的原文、哪些数据还缺、分数和等级。数字：本门户精确小数，另两家整数。")


def say_agreement(edition: Edition, raws: Sequence[Raw]) -> None:
    compared = list(outcomes(edition, raws))
    differing = [each for each in compared if len(set(each[2:])) > 1]
    words = [each[2] for each in compared]
    counted = "，".join(f"{word} {words.count(word)}" for word in sorted(set(words)))
    say(f"结果对照 {len(compared)} 个：不一致 {len(differing)} 个（{counted}）。")
    say("缺数据：CEL 中是没有绑定的名字，出错即缺；OpenFisca 中是 −1。偏离（一般要求）与不达标在另两家同为 fail。")
    for office, key, *found in differing[:5]:
        say(f"  不一致：第 {office} 所 {key}：本门户 {found[0]}，CEL {found[1]}，OpenFisca {found[2]}")


def outcomes(edition: Edition, raws: Sequence[Raw]) -> Iterator[tuple[int, str, str, str, str]]:
    """Office, requirement, and its outcome by ours, by CEL, by OpenFisca."""
    programs = in_cel.compiled()
    batch = in_openfisca.judge(in_openfisca.system(), in_openfisca.native(raws), len(raws))
    for number, raw in enumerate(raws):
        ours = judge(edition, facts_of(edition, raw), ON, SUBJECT).results
        by_cel = in_cel.judge(programs, in_cel.native(raw))
        for key in edition.by_key:
            word = ours[key].outcome.replace("deviation", "fail")
            yield number, key, word, by_cel[key], in_openfisca.WORDS[batch[key][number]]
