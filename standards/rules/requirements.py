"""Parse one requirement of a clause: its force, its checks, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from standards.edition import (
    All,
    Cases,
    Check,
    Compare,
    Interpretation,
    Notice,
    Relaxation,
    Requirement,
)
from standards.outcomes import FORCES
from standards.rules.checks import Words, parse_check
from standards.rules.flaws import Table, Where, close_to
from standards.rules.quoting import quotes_of
from standards.values import SHORT

SUBJECTS = ("county", "township", "village", "district", "city")


@dataclass
class Context:
    """What the requirements of a file may name, and which interpretations they cited."""

    words: Words
    interpretations: Mapping[str, Interpretation]
    subjects: tuple[str, ...]
    cited: dict[str, Interpretation] = field(default_factory=dict)


def parse_requirement(
    raw: Any, clause: str, clause_applies: Check | None, context: Context, where: Where
) -> Requirement:
    """The flaws are with ``where``; what is returned beside a flaw is never loaded."""
    table = Table(raw, where, "要求")
    key = table.own_key(80) or "（要求缺 key）"
    where = table.where = where.at(key)
    quotes = table.texts("quote", one=True)
    own_applies, check, refer = (_optional(table, name, context.words) for name in ("applies", "check", "refer"))
    applies = All((clause_applies, own_applies)) if clause_applies and own_applies else clause_applies or own_applies
    relaxation = _relaxation(table, context.words)
    requirement = Requirement(
        key=key,
        clause=clause,
        label=table.text("label", limit=60),
        force=_force(table),
        quotes=_all_quotes(quotes, (applies, check, refer), relaxation),
        check=check,
        applies=applies,
        subjects=subjects_of(table, context.subjects),
        relaxation=relaxation,
        refer=refer,
        foundation=table.flag("foundation"),
        veto=table.flag("veto"),
        gap=table.text("gap", limit=40, required=False) or None,
        evidence=table.texts("evidence"),
        deadline=table.day("deadline"),
        notice=_notices(table, context.words),
        weight=weight_of(table),
        record=_record(table, context.words),
        interpretations=_interpretations(table, context),
    )
    table.close()
    if requirement.force in FORCES:
        _refuse_useless(requirement, "check" in table, where)
    return requirement


def subjects_of(table: Table, default: tuple[str, ...]) -> tuple[str, ...]:
    """A requirement may narrow its edition's subjects, and an edition must have some."""
    subjects = table.texts("subjects") or default
    if not subjects:
        table.where.refuse("subjects 缺失", f"列出对象：{'、'.join(SUBJECTS)}")
    for subject in subjects:
        if subject not in SUBJECTS:
            table.where.refuse(f"对象“{subject}”不认识", close_to(subject, SUBJECTS))
        elif default and subject not in default:
            table.where.refuse(f"对象“{subject}”不在本标准的 subjects 里", "只可在标准的对象中缩小范围")
    return subjects


def weight_of(table: Table) -> Decimal:
    weight = table.number("weight")
    if weight is not None and weight <= 0:
        table.where.refuse(f"weight 不能是 {weight}", "写大于 0 的数，或删去（即为 1）")
    return Decimal(1) if weight is None else weight


def _optional(table: Table, name: str, words: Words) -> Check | None:
    raw = table.take(name)
    return None if raw is None else parse_check(raw, words, table.where, name)


def _force(table: Table) -> str:
    force = table.text("force")
    if force and force not in FORCES:
        table.where.refuse(f"force 不能是“{force}”", close_to(force, FORCES.keys()))
    return force


def _all_quotes(own: Iterable[str], checks: Iterable[Check | None], relaxation: Relaxation | None) -> tuple[str, ...]:
    """Its own, those of its checks and rows, then its relaxation's; each once."""
    carried = [quote for check in checks if check is not None for quote in quotes_of(check)]
    relaxing = (*relaxation.quotes, *quotes_of(relaxation.when)) if relaxation else ()
    return tuple(dict.fromkeys((*own, *carried, *relaxing)))


def _relaxation(table: Table, words: Words) -> Relaxation | None:
    if "relaxation" not in table:
        return None
    inner = Table(table.take("relaxation"), table.where, "relaxation")
    when = parse_check(inner.take("when"), words, table.where, "relaxation 的 when")
    within = inner.number("within")
    if within is None or not 0 < within < 1:
        table.where.refuse("relaxation 的 within 缺失或不在 0 与 1 之间", "写成 within = 0.10（即最多少一成）")
    quotes = inner.texts("quote", one=True)
    inner.close()
    return None if when is None or within is None else Relaxation(when, within, quotes)


def _notices(table: Table, words: Words) -> tuple[Notice, ...]:
    """One table or a list of them."""
    if isinstance(table.data.get("notice"), dict):
        found = [_notice(table.take("notice"), words, table.where)]
    else:
        found = [_notice(raw, words, table.where) for raw in table.listing("notice")]
    return tuple(notice for notice in found if notice is not None)


def _notice(raw: Any, words: Words, where: Where) -> Notice | None:
    table = Table(raw, where, "notice")
    when = parse_check(table.take("when"), words, where, "notice 的 when")
    hint = table.text("hint")
    table.close()
    return None if when is None else Notice(when, hint)


def _record(table: Table, words: Words) -> tuple[str, ...]:
    keys = table.texts("record")
    return tuple(key for key in keys if words.indicator(key, table.where) is not None)


def _interpretations(table: Table, context: Context) -> tuple[str, ...]:
    keys = table.texts("interpretation", one=True)
    for key in keys:
        if key in context.interpretations:
            context.cited[key] = context.interpretations[key]
        else:
            remedy = "改正编号，或在 interpretations.toml 补写"
            table.where.refuse(f"解释“{key}”不在 interpretations.toml 里", remedy)
    return keys


def _refuse_useless(requirement: Requirement, has_check: bool, where: Where) -> None:
    """What could never take effect is a slip of the pen."""
    scored = has_check and requirement.force in ("mandatory", "norm")
    for name in ("relaxation", "refer", "foundation", "veto"):
        if getattr(requirement, name) and not scored:
            where.refuse(f"{name} 写在不判定的要求上，不会起作用", f"删去 {name}，或补写 check 并改用 mandatory、norm")
    if (requirement.foundation or requirement.veto) and requirement.force == "norm":
        where.refuse("foundation、veto 写在 norm 上，不会起作用", "一般要求未达只是偏离；删去，或改为 mandatory")
    if requirement.deadline and not has_check:
        where.refuse("deadline 写在没有 check 的要求上", "补写 check，或删去 deadline")
    if scored and requirement.relaxation and requirement.check and not _has_norm(requirement.check):
        where.refuse(
            "relaxation 所在的判断没有可酌减的标准数", "只用于 at_least、more_than 的数字比较（可在 cases 里）"
        )
    asked = has_check or requirement.record or requirement.evidence
    if not asked and requirement.force in ("mandatory", "norm"):
        where.refuse("既没有 check，也没有 record", "写明判断，或列出只作记录的数据项")


def _has_norm(check: Check) -> bool:
    """Whether what falls short of it falls short by a number of the norm."""
    deciding = [row.check for row in check.rows] if isinstance(check, Cases) else [check]
    return any(isinstance(one, Compare) and one.operator in SHORT for one in deciding)
