"""Where questions were that do not matter here: one line for neighbours with one reason, and what was said before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assessments.forms import Question
from assessments.saying import answer_in_words
from assessments.scoring import Standing

MOST_NAMES = 3


@dataclass(frozen=True)
class Vanished:
    """One question that is not asked. The first of neighbours speaks for all (``names``); the others are still."""

    reason: str
    names: str = ""
    kept: str = ""  # an own answer of before: stored, not judged

    @property
    def speaks(self) -> bool:
        return bool(self.names)

    @property
    def said(self) -> str:
        """「不适用：尚未设立服务站（机构标识、标识名称不必填）」"""
        if self.reason.endswith("不必再填"):
            return self.reason
        return f"不适用：{self.reason}（{self.names}不必填）"


def vanished_among(questions: Sequence[Question], standing: Standing) -> dict[str, Vanished]:
    """Of a block's questions, those that are not asked."""
    found: dict[str, Vanished] = {}
    for reason, run in groupby(questions, key=lambda question: standing.why_not(question.key)):
        neighbours = list(run)
        if reason:
            first, *others = neighbours
            found[first.key] = Vanished(reason, _names(neighbours), "；".join(_kept(neighbours, standing)))
            found |= {question.key: Vanished(reason) for question in others}
    return found


def _names(questions: Sequence[Question]) -> str:
    names = "、".join(question.indicator.label for question in questions[:MOST_NAMES])
    return names if len(questions) <= MOST_NAMES else f"{names}等 {len(questions)} 项"


def _kept(questions: Sequence[Question], standing: Standing) -> Iterator[str]:
    for question in questions:
        answer = standing.answers.get(question.key)
        if answer is not None and (answer.value is not None or answer.reason):
            yield f"{question.indicator.label} {answer_in_words(standing, question.key)}"
