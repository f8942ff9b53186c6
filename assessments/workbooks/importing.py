"""A confirmed workbook goes in, some facilities at a time: each whole or not at all, in a transaction of its own, with
the form's validation and revisions. Pressed twice or broken off, it goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

from django.db import transaction

from assessments.adopting import in_force_on
from assessments.answering import Edit, Given, accepted, save
from assessments.beginning import begin_all
from assessments.forms import Question
from assessments.locking import Locked
from assessments.models import Period, Survey
from assessments.periods import opened_period, parse_key, quarter_of
from assessments.scoring import asked_by
from assessments.workbooks.scope import hash_of, kept
from facilities.access import today
from facilities.models import Facility, Officer, Upload

AT_ONCE = 40
SECONDS = 2.0
OTHER_EDITION = "规范的版本变了，请重新下载模板再填"
NOT_YOURS = "这家机构现在不归您填报"
OVERTAKEN = "确认之前别人改了“{}”等 {} 项，这家没有导入。请重新下载这些行再填"


class Overtaken(Exception):
    """Somebody changed an answer between the comparison and the confirmation."""


def importable(upload: Upload) -> list[dict[str, Any]]:
    """Lines that are imported, in order."""
    return [line for line in upload.rows if line["edits"] and not line["why"] and not line["refused"]]


def import_some(upload: Upload, officer: Officer) -> None:
    """The next facilities, so many or so long; the upload counts them."""
    until = monotonic() + SECONDS
    lines = importable(upload)[upload.done : upload.done + AT_ONCE]
    batch = _Batch(upload, officer, [line["code"] for line in lines])
    for index, line in enumerate(lines, upload.done):
        if not _import_one(upload, index, line, batch) or monotonic() > until:
            break


class _Batch:
    """What the next lines need, read at once; surveys that are not there are begun."""

    def __init__(self, upload: Upload, officer: Officer, codes: Sequence[str]) -> None:
        self.officer, scope = officer, upload.scope
        self.period = opened_period(*parse_key(scope["period"]))
        own = kept(officer).filter(code__in=codes, subject=scope["subject"]).select_related("division")
        facilities = {facility.code: facility for facility in own}
        standards = in_force_on(self.period.last_day).anywhere(scope["subject"])
        self.why = "" if standards and hash_of(standards) == scope["content_hash"] else OTHER_EDITION
        self.questions: Mapping[str, Question] = asked_by(standards, scope["subject"]).questions if standards else {}
        self.why = self.why or self._begun(list(facilities.values()))
        self.surveys = surveys_of(facilities.values(), self.period)

    def _begun(self, facilities: Sequence[Facility]) -> str:
        if (self.period.year, self.period.quarter) != quarter_of(today()):
            return ""
        try:
            begin_all(facilities, self.period, self.officer)
        except Locked as locked:
            return str(locked)
        return ""


def surveys_of(facilities: Any, period: Period) -> dict[str, Survey]:
    """Facility's code → its survey of the quarter."""
    found = Survey.objects.filter(period=period, facility__in=[each.pk for each in facilities])
    return {survey.facility.code: survey for survey in found.select_related("facility__division", "period")}


@transaction.atomic
def _import_one(upload: Upload, index: int, line: Mapping[str, Any], batch: _Batch) -> bool:
    """Whether it was this line's turn: another request may have taken it meanwhile."""
    held = Upload.objects.select_for_update().defer("rows").get(pk=upload.pk)
    if held.done != index or held.state != Upload.CHECKED:
        return False
    if why := _refused(upload, line, batch):
        held.outcome["late"][line["code"]] = why
    held.done += 1
    held.state = Upload.DONE if held.done >= held.total else Upload.CHECKED
    held.save(update_fields=["done", "state", "outcome"])
    return True


def _refused(upload: Upload, line: Mapping[str, Any], batch: _Batch) -> str:
    """Saves the line; or gives the sentence why not, and nothing of it is saved."""
    survey = batch.surveys.get(line["code"])
    if batch.why or survey is None:
        return batch.why or NOT_YOURS
    try:
        with transaction.atomic():
            saved = save(survey, batch.officer, [_edit(upload, each, batch.questions) for each in line["edits"]])
            if saved.conflicts:
                labels = [conflict.edit.question.indicator.label for conflict in saved.conflicts]
                raise Overtaken(OVERTAKEN.format(labels[0], len(labels)))
    except (Overtaken, Locked, ValueError) as why:
        return str(why)
    return ""


def _edit(upload: Upload, said: Mapping[str, Any], questions: Mapping[str, Question]) -> Edit:
    """One operation for the whole workbook. Raises ValueError where the value no longer fits."""
    question = questions[said["key"]]
    value = None if said["value"] is None else accepted(question, said["value"])
    return Edit(question, Given(value, said["reason"], said["note"]), said["base"], upload.pk)
