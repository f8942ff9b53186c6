"""对照: the facts of one survey under two editions."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.comparing import compared, others_of
from assessments.standings import standing_of
from assessments.views.found import officer_of, survey_or_404


@require_safe
def comparison(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """``?with=KEY.DATE`` chooses the other edition; without it the first that there is."""
    survey = survey_or_404(officer_of(request), code, period)
    standing = standing_of(survey)
    others = {f"{standard.key}.{standard.effective}": standard for standard in others_of(standing)}
    asked = request.GET.get("with", "")
    other = others.get(asked) if asked else next(iter(others.values()), None)
    if asked and other is None:
        raise Http404("没有这个版本，或者它不涉及这类机构。")
    context = {
        "survey": survey,
        "facility": survey.facility,
        "period": survey.period,
        "others": others,
        "other": other,
        "comparison": compared(standing, other) if other else None,
    }
    return render(request, "assessments/comparison.html", context)
