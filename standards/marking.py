"""The standard's words with the parts marked on which a requirement rests, and greyed the parts that decide nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from standards.edition import All, Any_, Cases, Check, Clause, Not, Requirement, Row
from standards.outcomes import Judgement

PLAIN, INFORCE, OTHER, NOW = "plain", "inforce", "other", "now"
SENTENCE = re.compile(r"[^；。]*[；。]|[^；。]+$")
OMITTED = "……"
Quotes = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Marked:
    """A run of text as shown: plain, in force (underlined), other (grey) or now (under the marker).
    ``keys`` are the requirements it carries, in the clause's order; only in force and now carry any."""

    text: str
    state: str = PLAIN
    keys: tuple[str, ...] = ()

    @property
    def requirements(self) -> str:
        """For ``data-requirements``, by which the page's script finds what belongs to the question in focus."""
        return " ".join(self.keys)


@dataclass(frozen=True, slots=True)
class Law:
    """The words of one clause as shown: 具体要求 and 备注."""

    text: tuple[Marked, ...]
    remark: tuple[Marked, ...]


Sentences = Iterator[list[Marked]]  # of each sentence, its characters


def law(clause: Clause, judgement: Judgement | None = None) -> Law:
    """The clause's words with every requirement's part marked; judged, what is not in force here is grey."""
    return Law(_all_marked(clause, clause.text, judgement), _all_marked(clause, clause.remark, judgement))


def law_of(clause: Clause, requirement: Requirement, judgement: Judgement | None = None, whole: bool = True) -> Law:
    """The clause's words with one requirement's deciding part under the marker. ``whole`` false keeps only the
    sentences that hold such a part; what is left out reads 「……」."""
    text, remark = (list(_one_marked(clause, words, requirement, judgement)) for words in (clause.text, clause.remark))
    if whole or not any(mark.state == NOW for sentence in (*text, *remark) for mark in sentence):
        return Law(_runs(chain(*text)), _runs(chain(*remark)))
    return Law(_excerpt(text), _excerpt(remark))


# ── One text ──────────────────────────────────────────────────────────────────


def _all_marked(clause: Clause, text: str, judgement: Judgement | None) -> tuple[Marked, ...]:
    live = {requirement.key: _live(requirement, judgement) for requirement in clause.requirements}
    painted = _painted(clause, text, judgement, live, INFORCE)
    return _runs(mark for sentence in painted for mark in sentence)


def _one_marked(clause: Clause, text: str, requirement: Requirement, judgement: Judgement | None) -> Sentences:
    return _painted(clause, text, judgement, {requirement.key: _deciding(requirement, judgement)}, NOW)


def _painted(clause: Clause, text: str, judgement: Judgement | None, live: Quotes, state: str) -> Sentences:
    """Each sentence of a text, character by character: what lives gets ``state``, what decides nothing is other."""
    idle = {requirement.key: _idle(requirement, judgement) for requirement in clause.requirements}
    sentences = SENTENCE.findall(text)
    characters = zip(text, _coverage(text, live), _coverage(text, idle), strict=True)
    for sentence in sentences:
        out = _is_out(clause, sentence, sentences, judgement)
        yield [_mark(next(characters), live, state, out) for _ in sentence]


def _mark(character: tuple[str, frozenset[str], frozenset[str]], live: Quotes, state: str, out: bool) -> Marked:
    text, carried, idle = character
    if out or (idle and not carried):
        return Marked(text, OTHER)
    return Marked(text, state, tuple(key for key in live if key in carried)) if carried else Marked(text)


def _coverage(text: str, quotes: Quotes) -> list[frozenset[str]]:
    """Of each character, the keys whose quotes cover it."""
    covered: list[frozenset[str]] = [frozenset()] * len(text)
    for key, parts in quotes.items():
        own = frozenset((key,))
        for at in {at for quote in parts for start in _found(text, quote) for at in range(start, start + len(quote))}:
            covered[at] |= own
    return covered


def _found(text: str, quote: str) -> Iterator[int]:
    at = text.find(quote) if quote else -1
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)


def _runs(marks: Iterable[Marked]) -> tuple[Marked, ...]:
    """Neighbours of one kind become one run."""
    runs = groupby(marks, key=lambda mark: (mark.state, mark.keys))
    return tuple(Marked("".join(mark.text for mark in run), state, keys) for (state, keys), run in runs)


def _excerpt(sentences: Sequence[list[Marked]]) -> tuple[Marked, ...]:
    """The sentences that hold what is marked; nothing where none does."""
    kept = [any(mark.state == NOW for mark in sentence) for sentence in sentences]
    if not any(kept):
        return ()
    shown: list[Marked] = []
    for keep, run in groupby(zip(kept, sentences, strict=True), key=lambda pair: pair[0]):
        shown += [mark for _, sentence in run for mark in sentence] if keep else [Marked(OMITTED)]
    return _runs(shown)


# ── What is in force ──────────────────────────────────────────────────────────


def _live(requirement: Requirement, judgement: Judgement | None) -> Sequence[str]:
    idle = _idle(requirement, judgement)
    return [quote for quote in requirement.quotes if quote not in idle]


def _idle(requirement: Requirement, judgement: Judgement | None) -> Sequence[str]:
    """Quotes that decide nothing here: of a requirement that does not apply, of bands that lost."""
    result = judgement.results.get(requirement.key) if judgement else None
    if result is not None and result.outcome == "not_applicable":
        return requirement.quotes
    return tuple(_bands(requirement, judgement)[1])


def _deciding(requirement: Requirement, judgement: Judgement | None) -> Sequence[str]:
    """The words of the row that decided, else the requirement's; a relaxation's only where it was asked."""
    result = judgement.results.get(requirement.key) if judgement else None
    if result is None:
        return requirement.quotes
    idle = requirement.relaxation.quotes if requirement.relaxation and result.reduction is None else ()
    return [quote for quote in result.quotes or requirement.quotes if quote not in idle]


def _bands(requirement: Requirement, judgement: Judgement | None) -> tuple[frozenset[str], frozenset[str]]:
    """Of a decision table, the words of the row that decided and those of the others; empty while none has."""
    result = judgement.results.get(requirement.key) if judgement else None
    if result is None or result.row is None:
        return frozenset(), frozenset()
    rows = [frozenset(row.quotes) for row in _rows(requirement.check)]
    won = rows[result.row]
    return won, frozenset[str]().union(*rows) - won


def _is_out(clause: Clause, sentence: str, sentences: Sequence[str], judgement: Judgement | None) -> bool:
    """It holds words of a band that lost, and none of a band that won, save such as stand in other sentences too."""
    bands = [_bands(requirement, judgement) for requirement in clause.requirements]
    if not any(quote in sentence for _, lost in bands for quote in lost):
        return False
    won = {quote for quotes, _ in bands for quote in quotes if quote in sentence}
    return not any(sum(quote in other for other in sentences) == 1 for quote in won)


def _rows(check: Check | None) -> Sequence[Row]:
    match check:
        case Cases(rows=rows):
            return rows
        case All(children=children) | Any_(children=children):
            return [row for child in children for row in _rows(child)]
        case Not(child=child):
            return _rows(child)
    return ()
