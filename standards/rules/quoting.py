"""Every rule stands under words: quotes are verbatim, and every sentence has its rule or the reason why not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from standards.edition import All, Any_, Cases, Check, Clause, Not, Requirement
from standards.rules.flaws import Where

SENTENCE = re.compile(r"[^。；]+[。；]?")
_SAID = re.compile(r"\w")


def quotes_of(check: Check) -> Iterator[str]:
    """Quotes that a check and what is in it carry, in reading order, with repeats."""
    yield from check.quotes
    match check:
        case All(children=children) | Any_(children=children):
            for child in children:
                yield from quotes_of(child)
        case Not(child=child):
            yield from quotes_of(child)
        case Cases(rows=rows):
            for row in rows:
                yield from row.quotes
                yield from (*(quotes_of(row.when) if row.when else ()), *quotes_of(row.check))


def raw_quotes(data: Any) -> Iterator[str]:
    """Every quote written anywhere below, whether or not what it stands in was refused."""
    if isinstance(data, list):
        for item in data:
            yield from raw_quotes(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            listed = value if isinstance(value, list) else [value]
            yield from (item for item in listed if isinstance(item, str)) if key == "quote" else raw_quotes(value)


def refuse_quotes(requirement: Requirement, text: str, remark: str, where: Where) -> bool:
    """A requirement must rest on words, and on these words. Whether it does."""
    if not requirement.quotes:
        where.refuse("没有引用原文", "用 quote 逐字写出它所依据的原文")
    strange = [quote for quote in requirement.quotes if quote not in text and quote not in remark]
    for quote in strange:
        where.refuse(f"引文“{quote}”不在本条的具体要求或备注里", "逐字照原文改正引文")
    return bool(requirement.quotes) and not strange


def refuse_sentences(clause: Clause, quotes: Iterable[str], where: Where) -> None:
    """Each sentence of the text is quoted from, or listed as unruled with its reason."""
    sentences = list(SENTENCE.finditer(clause.text))
    quoted = list(_spans(clause.text, quotes))
    unruled = {_bare(entry.sentence) for entry in clause.unruled}
    for found in sentences:
        begin, end = found.span()
        silent = not _SAID.search(found[0]) or _bare(found[0]) in unruled
        if not silent and not any(start < end and begin < stop for start, stop in quoted):
            where.refuse(f"原文“{found[0].strip()}”没有要求引用", "补写一条要求，或连同理由列入 unruled")
    for sentence in unruled - {_bare(found[0]) for found in sentences}:
        where.refuse(f"unruled 的“{sentence}”不是具体要求里的一句", "逐字照原文写出整句（以。或；断句）")


def _spans(text: str, quotes: Iterable[str]) -> Iterator[tuple[int, int]]:
    for quote in quotes:
        start = text.find(quote)
        while start >= 0:
            yield start, start + len(quote)
            start = text.find(quote, start + 1)


def _bare(sentence: str) -> str:
    return sentence.strip().rstrip("。；").strip()
