"""The demonstration of spot checks: one draw of the last quarter that has ended, inspected by reviewers of other units.
What they find is mostly what was reported; here and there a count is one less or an area somewhat smaller."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction

from assessments.answering import Edit, Given
from assessments.deadlines import due_of
from assessments.demo.chance import share
from assessments.demo.clock import clock
from assessments.forms import Question
from assessments.models import Draw, Period, SpotCheck
from assessments.periods import period_of, quarter_before, quarter_of
from assessments.spot_checks import draws, inspectors, surveying
from facilities.access import SHANGHAI
from facilities.models import Officer

SEED, PLACE = "20261015", "演示数据"
UNITS = ("440402", "440404", "Z01")
WRONG = 0.06  # of the answers that were reported
LEFT = 2  # checks that still wait


def check_city(day: date) -> Iterator[str]:
    """A quarter that was drawn from already stays as it is."""
    period = period_of(*quarter_before(*quarter_of(day)))
    city = Officer.objects.filter(is_demo=True, role=Officer.CITY).first()
    if period.pk and city is not None and not period.draws.exists() and draws.framed(period, UNITS):
        _draw(period, city, min(due_of(period).day + timedelta(days=3), day))
    done = SpotCheck.objects.filter(draw__period__pk=period.pk, state=SpotCheck.DONE).count()
    yield f"{period}：抽查办结 {done} 家"


@transaction.atomic
def _draw(period: Period, city: Officer, day: date) -> Draw:
    at = datetime.combine(day, time(10), SHANGHAI)
    with clock(at):
        made = draws.draw(period, city, SEED, UNITS, "演示数据")
        inspectors.assign_all(made, city)
    related = ("draw__period", "facility__division", "unit", "snapshot", "inspector")
    assigned = list(made.checks.exclude(inspector=None).select_related(*related))
    for check in assigned[: len(assigned) - LEFT]:
        with clock(at + timedelta(hours=5)):
            _inspect(check)
    return made


def _inspect(check: SpotCheck) -> None:
    """Page by page as it comes: what an answer makes needful is answered next."""
    assert check.inspector is not None  # noqa: S101 - narrows the type
    standing = surveying.standing_of(check)
    told, asked = check.snapshot.content["answers"], standing.questionnaire.questions
    edits = [
        Edit(asked[key], _seen(check, asked[key], each["value"]), 0, uuid4())
        for key, each in told.items()
        if key in asked and (each["value"] is not None or each["reason"])
    ]
    saved = surveying.save(check, check.inspector, edits).check
    while needed := surveying.standing_of(saved).needed:
        unable = [Edit(asked[key], Given(None, "现场没有找到台账"), 0, uuid4()) for key in sorted(needed)]
        saved = surveying.save(saved, check.inspector, unable).check
    surveying.finish(saved, check.inspector, PLACE)


def _seen(check: SpotCheck, question: Question, value: Any) -> Given:
    if value is None:
        return Given(None, "现场没有找到台账")
    number = question.is_number and question.indicator.source == "survey"
    if not number or share(SEED, check.facility.code, question.key) >= WRONG:
        return Given(value)
    places = question.indicator.places
    less = (Decimal(str(value)) * Decimal("0.95")).quantize(Decimal(1).scaleb(-places)) if places else None
    return Given(str(less) if less is not None else max(0, int(value) - 1))
