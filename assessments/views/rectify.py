"""整改 is opened from findings: of a survey, or of a spot check of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessments import rectifying
from assessments.models import Rectification, Survey
from assessments.rectifying import Source
from assessments.refusals import Overtaken, Refused
from assessments.views.found import officer_of, survey_or_404
from standards.loading import edition_of
from standards.outcomes import OUTCOMES


@require_http_methods(["GET", "HEAD", "POST"])
def rectify(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """The findings of a survey, to be ticked. ``?row=town.7.computer`` ticks one; ``?standard=zhuhai_2011`` asks for
    those of an edition that judged it beside the first."""
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    rectifying.require_office(officer, survey.facility)
    if request.method != "POST":
        return _ask(request, survey)
    said = request.POST
    try:
        items = rectifying.open_all(
            survey,
            officer,
            said.getlist("row"),
            said.get("responsible", ""),
            said.get("days", ""),
            said.get("text", ""),
            _standard_in(request),
        )
    except (Refused, Overtaken) as wrong:
        survey.refresh_from_db(fields=["state"])
        return _ask(request, survey, wrong)
    return opened(request, items)


def opened(request: HttpRequest, items: Sequence[Rectification]) -> HttpResponse:
    messages.success(request, f"已对{items[0].facility.name}提出 {len(items)} 条整改。")
    if len(items) == 1:
        return redirect("assessments:rectification", items[0].pk)
    return redirect("assessments:rectifications")


def _ask(request: HttpRequest, survey: Survey, wrong: Refused | Overtaken | None = None) -> HttpResponse:
    try:
        source = rectifying.source_of(survey, _standard_in(request))
    except Overtaken as gone:
        wrong, source = wrong or gone, None
    where = (survey.facility.code, survey.period.key)
    page = reverse("assessments:rectify", args=where)
    action = f"{page}?standard={source.standard.key}" if source else page
    asked = {"page": page, "action": action, "above": reverse("assessments:review", args=where)}
    return ask_what(request, survey, source, asked, wrong)


def _standard_in(request: HttpRequest) -> str:
    return request.GET.get("standard", "")


def ask_what(
    request: HttpRequest,
    survey: Survey,
    source: Source | None,
    asked: dict[str, Any],
    wrong: Refused | Overtaken | None = None,
) -> HttpResponse:
    """``asked``: where the form goes (``action``) and the page that it came from (``above``)."""
    typed = request.POST if wrong else request.GET
    context = asked | {
        "survey": survey,
        "facility": survey.facility,
        "findings": _findings(source) if source else [],
        "standard": source.standard if source else None,
        "standards": source.standards if source else (),
        "ticked": typed.getlist("row"),
        "responsible": typed.get("responsible", survey.facility.name),
        "days": typed.get("days", rectifying.PROPOSED_DAYS),
        "text": typed.get("text", ""),
        "longest": rectifying.LONGEST_DAYS,
        "errors": [(getattr(wrong, "field", ""), str(wrong))] if wrong else [],
    }
    return render(request, "assessments/rectify.html", context, status=status_of(wrong))


def _findings(source: Source) -> list[dict[str, Any]]:
    edition = edition_of(source.standard)
    going = Rectification.objects.filter(facility=source.facility, requirement__standard=source.standard)
    open_ = dict(going.exclude(state=Rectification.CLOSED).values_list("requirement__key", "pk"))
    return [
        {
            "key": key,
            "label": edition.by_key[key].label,
            "outcome": result.outcome,
            "word": OUTCOMES[result.outcome],
            "said": source.told(key),
            "open": open_.get(key),
        }
        for key, result in source.results.items()
    ]


def status_of(wrong: Refused | Overtaken | None) -> int:
    return 200 if wrong is None else 409 if isinstance(wrong, Overtaken) else 422
