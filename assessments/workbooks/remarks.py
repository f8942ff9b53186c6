"""说明 to warnings: one cell for a row of the standard, a line for each question, 「计算机：本季新购 3 台」."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from assessments.answering import remark
from assessments.forms import Page, Question
from assessments.models import Answer
from assessments.workbooks.spelling import TAKE_BACK, Misspelt

WHICH = "请写明是哪一项的说明，例如“{}：本季有变动”"
_LABELLED = re.compile(r"\s*([^：:]{1,60})[：:]\s*(.*)")


def cell_of(page: Page, answers: Mapping[str, Answer]) -> str | None:
    noted = [q for q in page.questions if (a := answers.get(q.key)) and a.note]
    if len(page.questions) == 1 and noted:
        return answers[noted[0].key].note
    return "\n".join(f"{q.indicator.label}：{answers[q.key].note}" for q in noted) or None


def notes_of(page: Page, said: str, warned: Collection[str]) -> dict[str, str]:
    """Indicator → its note, for those that the cell speaks of. A line without a name is for whatever is ``warned`` of.
    Raises Misspelt."""
    if said.strip() == TAKE_BACK:
        return {question.key: "" for question in page.questions}
    try:
        return dict(_spoken(page, said, warned))
    except Misspelt:
        raise
    except ValueError as wrong:
        raise Misspelt(str(wrong)) from wrong


def _spoken(page: Page, said: str, warned: Collection[str]) -> Iterator[tuple[str, str]]:
    named = {question.indicator.label: question for question in page.questions}
    open_ = []
    for line in filter(None, (line.strip() for line in said.splitlines())):
        question, text = _one(line, named)
        if question:
            yield question.key, remark(text, f"{question.indicator.label}的说明")
        else:
            open_.append(line)
    if open_:
        text = remark("；".join(open_), "说明")
        yield from ((key, text) for key in _meant(page, warned))


def _one(line: str, named: Mapping[str, Question]) -> tuple[Question | None, str]:
    found = _LABELLED.fullmatch(line)
    if found is None or found[1].strip() not in named:
        return None, line
    return named[found[1].strip()], found[2]


def _meant(page: Page, warned: Collection[str]) -> Collection[str]:
    if len(page.questions) == 1:
        return [page.questions[0].key]
    if not warned:
        raise Misspelt(WHICH.format(page.questions[0].indicator.label))
    return warned
