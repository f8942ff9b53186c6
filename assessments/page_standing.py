"""How one page of a survey stands."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.forms import Page, Question
from standards.outcomes import ClauseResult

NOT_BEGUN, DOING, CHECK, DONE, SPARED = "todo", "doing", "check", "done", "spared"
STATUS = {NOT_BEGUN: "未开始", DOING: "填写中", CHECK: "待核对", DONE: "已完成", SPARED: "不适用"}


@dataclass(frozen=True)
class PageStanding:
    """How one page stands. ``open`` are its questions that keep the survey from being submitted; ``waits`` says that
    its outcome still depends on such a question, here or on another page."""

    page: Page
    status: str
    result: ClauseResult
    open: tuple[Question, ...]
    waits: bool
    asked: int  # questions that matter here
    answered: int  # of those
    unconfirmed: int  # carried or known facts that nobody has looked at here
    beside: str = ""  # the short name of the edition, where it is adopted beside the first
    spared: str = ""  # why nothing at all is asked here, 未设立 or 不适用

    @property
    def status_word(self) -> str:
        return STATUS[self.status]

    @property
    def is_complete(self) -> bool:
        return self.status in (DONE, CHECK, SPARED)


def status_of(begun: bool, waits: bool, unconfirmed: int) -> str:
    if not begun:
        return NOT_BEGUN
    if waits:
        return DOING
    return CHECK if unconfirmed else DONE
