"""本季度无变化: what was prefilled is read, the few facts that age are looked at, and one act confirms and submits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from assessments import workflow
from assessments.adopting import InForce, in_force_on
from assessments.answering import Conflict, save_locked
from assessments.beginning import prefills, require_surveyor, start
from assessments.earlier import last_snapshots
from assessments.forms import Question
from assessments.locking import require_writable
from assessments.models import Answer, Period, Snapshot, Survey
from assessments.posting import posted_edits
from assessments.scoring import Standing, stand
from facilities.models import Facility, Officer

#: people, money and training change from quarter to quarter: numbers counted in these are looked at each time
AGEING_UNITS = frozenset(("人", "万元", "次"))


class NotUnchanged(Exception):
    """There is nothing to carry over, or something that is needed has no answer."""


@dataclass(frozen=True)
class Carried:
    """A facility's quarter as it would stand unchanged; its survey may not be begun yet."""

    facility: Facility
    period: Period
    survey: Survey | None
    standing: Standing
    last: Snapshot

    @cached_property
    def ageing(self) -> tuple[Question, ...]:
        """Numbers of people, money and training that matter here and have an answer."""
        asked = self.standing.questionnaire.questions.values()
        return tuple(q for q in asked if is_ageing(q) and q.key in self.standing.relevant and q.key in self._held)

    @cached_property
    def _held(self) -> frozenset[str]:
        return frozenset(key for key, answer in self.standing.answers.items() if answer.value is not None)

    @property
    def unread(self) -> int:
        """Answers that one confirmation covers."""
        return sum(a.is_unread and key in self.standing.relevant for key, a in self.standing.answers.items())


def is_ageing(question: Question) -> bool:
    return question.is_number and question.indicator.unit in AGEING_UNITS


def carried_of(facility: Facility, period: Period, officer: Officer) -> Carried:
    """Raises NotUnchanged where there is no earlier submission or something is still to be filled."""
    survey = Survey.objects.filter(facility=facility, period__year=period.year, period__quarter=period.quarter).first()
    if survey is not None and survey.state == Survey.RETURNED:
        raise NotUnchanged("这份核查表是退回来修改的，请改好退回的事项，再检查提交。")
    standards = in_force_on(period.last_day)
    last = last_snapshots([facility], period).get(facility.pk)
    if not standards.of(facility) or last is None:
        raise NotUnchanged("这家机构以前没有提交过，没有可以沿用的数据，请逐项填写。")
    standing = _standing(facility, period, survey, standards, officer)
    if standing.needed:
        raise NotUnchanged(f"还有 {len(standing.needed)} 处没有填，不能整份沿用，请先填完。")
    return Carried(facility, period, survey, standing, last)


def _standing(
    facility: Facility, period: Period, survey: Survey | None, standards: InForce, officer: Officer
) -> Standing:
    if survey is None:
        survey = Survey(facility=facility, period=period)
        answers: Sequence[Answer] = prefills([survey], standards, officer)
    else:
        survey.facility, survey.period = facility, period
        answers = list(survey.answers.all())
    return stand(survey, standards.of(facility), {answer.indicator: answer for answer in answers})


@transaction.atomic
def submit_unchanged(
    facility: Facility, period: Period, officer: Officer, data: QueryDict
) -> tuple[Snapshot | None, dict[str, str], list[Conflict]]:
    """Saves what was changed of the ageing facts, records that all the rest was confirmed as it was, and submits, all
    or nothing. With errors or conflicts nothing is kept. Raises NotUnchanged, Locked, PermissionDenied."""
    require_surveyor(officer, facility)
    carried_of(facility, period, officer)
    survey = start(facility, period, officer)
    survey = (
        Survey.objects.select_for_update(of=("self",)).select_related("facility__division", "period").get(pk=survey.pk)
    )
    require_writable(survey)
    carried = carried_of(facility, survey.period, officer)
    edits, errors = posted_edits(data, carried.standing, carried.ageing)
    saved = save_locked(survey, officer, edits)
    if errors or saved.conflicts:
        transaction.set_rollback(True)
        return None, errors, saved.conflicts
    survey.unchanged_at, survey.unchanged_by = timezone.now(), officer
    survey.save(update_fields=["unchanged_at", "unchanged_by"])
    return workflow.submit(survey, officer), {}, []
