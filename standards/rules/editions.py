"""An edition from its file: its clauses, the requirements under them, its policy and lists.

A standard is data: under each sentence of its words stands the rule that the sentence justifies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from standards.edition import Clause, Edition, Indicator, Interpretation, Unruled
from standards.rules.checks import Words, parse_check
from standards.rules.circles import refuse_circles
from standards.rules.flaws import Flaws, Table, Where
from standards.rules.quoting import raw_quotes, refuse_quotes, refuse_sentences
from standards.rules.requirements import Context, parse_requirement, subjects_of, weight_of

CREDITED = ("pass", "relaxed", "accepted", "deviation", "pending", "fail", "missing")


def parse_edition(
    data: Mapping[str, Any],
    dictionary: Mapping[str, Indicator],
    interpretations: Mapping[str, Interpretation],
    file: str,
) -> Edition:
    """The edition with only the indicators and interpretations that it uses. Raises ``Flaws`` with every flaw.

    ``data`` is TOML read with ``parse_float=Decimal``."""
    where = Where(file)
    table = Table(data, where, "标准")
    subjects = subjects_of(table, ())
    credit, basic = _policy(table.take("policy"), where.at("policy"))
    raw_clauses = table.listing("clause")
    words = Words(dictionary, _lists(table.take("lists"), where.at("lists")), _keys(raw_clauses))
    context = Context(words, interpretations, subjects)
    effective, until = table.day("effective", required=True), table.day("until")
    if effective and until and until < effective:
        where.refuse(f"until {until} 早于 effective {effective}", "改正其中一个日期")
    by_adoption = table.flag("by_adoption")
    heading = [table.own_key(40), table.text("title", 100), table.text("source", 40)]
    clauses = tuple(_clause(raw, context, where) for raw in raw_clauses)
    table.close()
    _refuse_whole(clauses, where)
    where.finish()
    if effective is None:
        raise Flaws([f"{file}: effective 缺失"])  # told above; here for the type
    return Edition(
        key=heading[0],
        effective=effective,
        title=heading[1],
        source=heading[2],
        subjects=subjects,
        credit=credit,
        basic_compliance=basic,
        clauses=clauses,
        indicators=words.used,
        interpretations=context.cited,
        lists=words.lists,
        until=until,
        by_adoption=by_adoption,
    )


def _keys(raw_clauses: Iterable[Any]) -> tuple[str, ...]:
    return tuple(raw["key"] for raw in raw_clauses if isinstance(raw, dict) and isinstance(raw.get("key"), str))


def _policy(raw: Any, where: Where) -> tuple[dict[str, Decimal], Decimal]:
    table = Table(raw if raw is not None else {}, where, "policy")
    basic = table.number("basic_compliance")
    if basic is None or not 0 <= basic <= 100:
        where.refuse("basic_compliance 缺失或不在 0 至 100 之间", "写成 basic_compliance = 90")
    credits = Table(table.take("credit") or {}, where, "credit")
    found = {outcome: credits.number(outcome) for outcome in CREDITED}
    for outcome, credit in found.items():
        if credit is None or not 0 <= credit <= 1:
            where.refuse(f"credit 里的 {outcome} 缺失或不在 0 至 1 之间", f"写成 {outcome} = 1 或 0.5 等")
    credits.close()
    table.close()
    return {outcome: credit or Decimal(0) for outcome, credit in found.items()}, basic or Decimal(0)


def _lists(raw: Any, where: Where) -> dict[str, tuple[str, ...]]:
    table = Table(raw if raw is not None else {}, where, "lists")
    return {name: table.texts(name) for name in table.data}


def _clause(raw: Any, context: Context, where: Where) -> Clause:
    table = Table(raw, where, "条款")
    key = table.own_key(60)
    where = table.where = where.at(key or "（条款缺 key）")
    raw_applies = table.take("applies")
    applies = None if raw_applies is None else parse_check(raw_applies, context.words, where, "applies")
    raw_requirements = table.listing("requirement")
    clause = Clause(
        key=key,
        number=table.text("number", limit=20),
        title=table.text("title", limit=60),
        text=table.text("text"),
        remark=table.text("remark", required=False, blank=True),
        weight=weight_of(table),
        requirements=tuple(parse_requirement(one, key, applies, context, where) for one in raw_requirements),
        unruled=tuple(_unruled(one, where) for one in table.listing("unruled")),
    )
    table.close()
    if clause.text:
        _refuse_words(clause, raw_requirements, where)
    return clause


def _refuse_words(clause: Clause, raw_requirements: list[Any], where: Where) -> None:
    """Sentences are asked for once all quotes are found, else one wrong quote would be told twice."""
    sound = [refuse_quotes(each, clause.text, clause.remark, where.at(each.key)) for each in clause.requirements]
    if all(sound):
        refuse_sentences(clause, raw_quotes(raw_requirements), where)


def _unruled(raw: Any, where: Where) -> Unruled:
    table = Table(raw, where, "unruled")
    entry = Unruled(table.text("sentence"), table.text("reason"))
    table.close()
    return entry


def _refuse_whole(clauses: tuple[Clause, ...], where: Where) -> None:
    """What only the whole file shows: nothing in it, keys used twice, clauses that wait for one another."""
    if not clauses:
        where.refuse("没有条款", "用 [[clause]] 写出至少一个条款")
    _refuse_twice("条款 key", [((clause.key,), clause.key) for clause in clauses], where)
    _refuse_twice("条款 number", [((clause.key,), clause.number) for clause in clauses], where)
    requirements = [each for clause in clauses for each in clause.requirements]
    _refuse_twice("要求 key", [((each.clause, each.key), each.key) for each in requirements], where)
    refuse_circles(clauses, where)


def _refuse_twice(what: str, placed: list[tuple[tuple[str, ...], str]], where: Where) -> None:
    """``placed`` is where each name stands, and the name; the second of two alike is refused."""
    seen: set[str] = set()
    for path, name in placed:
        if name and name in seen:
            where.at(*path).refuse(f"{what}“{name}”用了不止一次", "改成各不相同的名称")
        seen.add(name)
