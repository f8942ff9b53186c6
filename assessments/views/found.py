"""Find and permit: the first beat of every view of a survey."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from assessments.forms import Page, Questionnaire
from assessments.locking import locked_in_words
from assessments.mending import mending_of
from assessments.models import Period, Survey
from assessments.periods import parse_key
from assessments.scoring import Standing
from assessments.workflow import surveys_visible_to
from facilities.access import may_survey
from facilities.models import Officer


def officer_of(request: HttpRequest) -> Officer:
    """The officer who is logged in (the middleware sees to it)."""
    assert isinstance(request.user, Officer)  # noqa: S101 - narrows the type
    return request.user


def survey_or_none(officer: Officer, code: str, period: str, lock: bool = False) -> Survey | None:
    """The survey, if the officer may see its facility and it was begun; with ``lock`` its row is held until the
    transaction ends. Raises Http404 for what is no quarter."""
    try:
        year, quarter = parse_key(period)
    except Period.DoesNotExist as unknown:
        raise Http404(str(unknown)) from unknown
    surveys = surveys_visible_to(officer).select_related("facility__division", "period")
    if lock:
        surveys = surveys.select_for_update(of=("self",))
    return surveys.filter(facility__code=code, period__year=year, period__quarter=quarter).first()


def survey_or_404(officer: Officer, code: str, period: str, lock: bool = False) -> Survey:
    survey = survey_or_none(officer, code, period, lock)
    if survey is None:
        raise Http404("没有这份核查表，或者您无权查看。")
    return survey


def page_or_404(asked: Questionnaire, number: str) -> Page:
    page = asked.page(number)
    if page is None:
        raise Http404("规范里没有这一项。")
    return page


def frame_of(officer: Officer, survey: Survey, standing: Standing) -> dict[str, Any]:
    """What every page of a survey shows around its matter."""
    mine, locked = may_survey(officer, survey.facility), locked_in_words(survey)
    return {
        "survey": survey,
        "facility": survey.facility,
        "period": survey.period,
        "standing": standing,
        "locked": locked,
        "mending": mending_of(survey, standing.edition),
        "writable": mine and not locked,
        "may_survey": mine,
    }
