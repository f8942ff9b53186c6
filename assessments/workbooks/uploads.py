"""An officer's own sent workbooks, and what their page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from assessments.periods import parse_key, period_of
from assessments.workbooks.importing import importable
from assessments.workbooks.returning import refused_lines
from assessments.workbooks.sending import CLOSED, LACKING, ODD, READY, SENT, Readiness, codes_of, readiness_of
from facilities.models import SUBJECTS, Officer, Upload

LINES_A_PAGE = 20
MOST_REFUSALS = 300
LONGEST_VALUE = 60


def uploads_of(officer: Officer) -> QuerySet[Upload]:
    """Nobody else sees what an officer has sent."""
    return Upload.objects.filter(kind="answers", by=officer)


def drop(upload: Upload) -> None:
    """放弃: what was read is forgotten; that it was sent stays on record. What is imported stays imported."""
    Upload.objects.filter(pk=upload.pk, state=Upload.CHECKED).update(state=Upload.DROPPED, rows=[])


@dataclass(frozen=True)
class Refusal:
    where: str
    code: str
    name: str
    label: str
    value: str
    why: str


@dataclass(frozen=True)
class ShownUpload:
    """Everything that the page of an upload prints."""

    upload: Upload
    officer: Officer
    page_number: str = "1"

    @property
    def period(self) -> str:
        return str(period_of(*parse_key(self.upload.scope["period"])))

    @property
    def subject(self) -> str:
        return SUBJECTS[self.upload.scope["subject"]]

    @property
    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = self.upload.outcome["counts"]
        return counts

    @property
    def percent(self) -> int:
        return 100 * self.upload.done // self.upload.total if self.upload.total else 100

    @cached_property
    def importable(self) -> list[dict[str, Any]]:
        return importable(self.upload)

    @cached_property
    def page(self) -> Page[Any]:
        return Paginator(self.importable, LINES_A_PAGE).get_page(self.page_number)

    @cached_property
    def refused(self) -> list[dict[str, Any]]:
        return refused_lines(self.upload)

    @cached_property
    def refusals(self) -> list[Refusal]:
        return [refusal for line in self.refused for refusal in _refusals(line)]

    @property
    def shown_refusals(self) -> Sequence[Refusal]:
        return self.refusals[:MOST_REFUSALS]

    @property
    def hidden_refusals(self) -> int:
        return len(self.refusals) - len(self.shown_refusals)

    @cached_property
    def blanked(self) -> list[str]:
        return [cell for line in self.upload.rows for cell in line["blanked"]]

    @property
    def imported(self) -> int:
        return self.upload.done - len(self.upload.outcome["late"])

    # ── After the import ──────────────────────────────────────────────────────

    @cached_property
    def codes(self) -> list[str]:
        return codes_of(self.upload)

    @cached_property
    def readiness(self) -> list[Readiness]:
        return readiness_of(self.upload, self.officer, self.codes)

    def _of(self, *kinds: str) -> list[Readiness]:
        return [each for each in self.readiness if each.kind in kinds]

    @property
    def ready(self) -> list[Readiness]:
        return self._of(READY)

    @property
    def unread(self) -> int:
        return sum(each.present.unread for each in self.ready)

    @property
    def open(self) -> list[Readiness]:
        return self._of(LACKING, ODD, CLOSED)

    @property
    def sent(self) -> list[Readiness]:
        return self._of(SENT)


def _refusals(line: dict[str, Any]) -> list[Refusal]:
    if line["why"] or not line["refused"]:
        return [Refusal(f"第 {line['row']} 行", line["code"], line["name"], "整行", "", line["why"])]
    return [
        Refusal(each["where"], line["code"], line["name"], each["label"], _short(each["value"]), each["why"])
        for each in line["refused"]
    ]


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"
