"""对照: the facts of one survey under two editions."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.comparing import compared, editions_of, name_of
from assessments.scoring import Standing
from assessments.standings import standing_of
from assessments.views.found import officer_of, survey_or_404
from standards.models import Standard


@require_safe
def comparison(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """``?with=KEY.DATE`` chooses the other edition; without it the first that there is. ``?of=`` another than the one
    that judges the survey."""
    survey = survey_or_404(officer_of(request), code, period)
    standing = standing_of(survey)
    own, other, others = _chosen(standing, request.GET.get("of", ""), request.GET.get("with", ""))
    context = {
        "survey": survey,
        "facility": survey.facility,
        "period": survey.period,
        "judging": standing.standard,
        "own": name_of(own),
        "sides": urlencode({"left": name_of(own), "right": name_of(other)}) if other else "",
        "others": {name_of(standard): standard for standard in others},
        "other": other,
        "comparison": compared(standing, other, own) if other else None,
    }
    return render(request, "assessments/comparison.html", context)


def _chosen(standing: Standing, of: str, asked: str) -> tuple[Standard, Standard | None, list[Standard]]:
    """Left, right, and what could stand on the right. Raises Http404 for what speaks of nobody here."""
    editions = {name_of(each): each for each in editions_of(standing.survey.facility.subject)}
    own = editions.get(of) if of else standing.standard
    others = {name: each for name, each in editions.items() if each != own}
    other = others.get(asked) if asked else next(iter(others.values()), None)
    if own is None or (asked and other is None):
        raise Http404("没有这个版本，或者它不涉及这类机构。")
    return own, other, list(others.values())
