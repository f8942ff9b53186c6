"""After an import: which facilities of the workbook are complete, and all of these submitted, some at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from assessments import workflow
from assessments.beginning import begin_all
from assessments.models import Survey
from assessments.periods import opened_period, parse_key, period_of, quarter_of
from assessments.workbooks.importing import AT_ONCE, surveys_of
from assessments.workbooks.present import Present, present_of
from assessments.workbooks.scope import kept
from facilities.access import today
from facilities.models import Officer, Upload

READY, LACKING, ODD, SENT, CLOSED = "ready", "lacking", "odd", "sent", "closed"
MOST_NAMES = 3
WORDS = {READY: "可以提交", LACKING: "还有必填的没填", ODD: "有提示没写说明", SENT: "已提交", CLOSED: "不能提交"}


@dataclass(frozen=True)
class Readiness:
    present: Present

    @property
    def kind(self) -> str:
        present = self.present
        if not present.survey.is_open:
            return SENT
        if present.survey.period.closed_at or not (present.is_begun or _is_current(present.survey)):
            return CLOSED
        if self.lacking:
            return LACKING
        return ODD if self.odd else READY

    @property
    def lacking(self) -> list[str]:
        return self._labels(self.present.standing.needed)

    @property
    def odd(self) -> list[str]:
        return self._labels(self.present.unexplained)

    def _labels(self, keys: Collection[str]) -> list[str]:
        questions = self.present.standing.questionnaire.questions
        return [question.indicator.label for key, question in questions.items() if key in keys]

    @property
    def words(self) -> str:
        if self.kind == LACKING:
            return f"还有 {len(self.lacking)} 项没填：{_some(self.lacking)}"
        return f"有 {len(self.odd)} 处提示没写说明：{_some(self.odd)}" if self.kind == ODD else WORDS[self.kind]


def _some(labels: list[str]) -> str:
    return "、".join(labels[:MOST_NAMES]) + ("等" if len(labels) > MOST_NAMES else "")


def _is_current(survey: Survey) -> bool:
    return (survey.period.year, survey.period.quarter) == quarter_of(today())


def codes_of(upload: Upload) -> list[str]:
    """Facilities whose lines were taken, changed or not."""
    late = upload.outcome.get("late", {})
    taken = (line for line in upload.rows if not line["refused"] and line["code"] not in late)
    return [line["code"] for line in taken if not line["why"]]


def readiness_of(upload: Upload, officer: Officer, codes: Iterable[str]) -> list[Readiness]:
    """A constant number of queries."""
    period = period_of(*parse_key(upload.scope["period"]))
    own = kept(officer).filter(code__in=list(codes), subject=upload.scope["subject"])
    return [Readiness(each) for each in present_of(list(own.select_related("division")), period, officer)]


def send_some(upload: Upload, officer: Officer, start: int) -> int:
    """Submits what is complete among the next facilities; gives where to go on (the end: as many as there are).
    What was carried over counts as read: the officer sees it in the workbook, and says so by pressing. Where somebody
    has taken an answer back in between it stays a draft, as the page will show."""
    batch = codes_of(upload)[start : start + AT_ONCE]
    ready = [each.present for each in readiness_of(upload, officer, batch) if each.kind == READY]
    workflow.submit_all(_begun(upload, officer, ready), officer)
    return start + len(batch)


def _begun(upload: Upload, officer: Officer, ready: Sequence[Present]) -> list[Survey]:
    facilities = [each.facility for each in ready]
    period = opened_period(*parse_key(upload.scope["period"]))
    fresh = [each.facility for each in ready if not each.is_begun]
    if fresh:
        begin_all(fresh, period, officer)
    return list(surveys_of(facilities, period).values())
