"""A prescribed form of a name, written as the standards write it: 「××街道（乡、镇）人力资源和社会保障服务所」."""

from __future__ import annotations

import re

ANYTHING = "××"
ANY_CHARACTERS = re.compile(r"(?:\[[^\]]+\]|\.)(?:\{\d+(?:,\d*)?\}|[+*])\??")
INNERMOST_GROUP = re.compile(r"\((?:\?:)?([^()]*)\)(\??)")
OPTIONAL_BRACKET = re.compile(r"([（）])\?")  # brackets may be left out; they are shown
OPTIONAL_CHARACTER = re.compile(r"([一-鿿])\?")
NOT_WORDS = re.compile(r"[\[\]{}()*+?|^$.\\]")
DIVISIONS = {
    "{city}": "（本市名称）",
    "{county}": "（本县、市、区名称）",
    "{township}": "（本街道、乡、镇名称）",
    "{village}": "（本村、社区名称）",
}


def pattern_in_words(pattern: str) -> str | None:
    """The form that a regular expression asks for: alternatives and what may be left out in brackets, as in
    ××县（市、区）; None where the expression is too intricate to be said so."""
    said = pattern.removeprefix("^").removesuffix("$")
    for mark, words in DIVISIONS.items():
        said = said.replace(mark, words)
    said = OPTIONAL_BRACKET.sub(r"\1", ANY_CHARACTERS.sub(ANYTHING, said))
    while (simpler := INNERMOST_GROUP.sub(_alternatives, said)) != said:
        said = simpler
    said = OPTIONAL_CHARACTER.sub(r"（\1）", said)
    return None if NOT_WORDS.search(said) else said


def _alternatives(group: re.Match[str]) -> str:
    """甲（乙、丙）; what may be left out （甲）; brackets that a name has itself are not doubled."""
    first, *others = group[1].split("|")
    aside = "、".join([first, *others] if group[2] else others)
    if aside and not (aside.startswith("（") and aside.endswith("）")):
        aside = f"（{aside}）"
    return aside if group[2] else first + aside
