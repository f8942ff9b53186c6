from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilities.access import divisions_above, facility_or_404, today, unit_of
from facilities.existence import DAY, ending, intervals_of, state_in_words
from facilities.facts import registered
from facilities.listing import listing
from facilities.models import Act, Existence, Facility, Officer
from facilities.registering import may_register
from facilities.requests import change_in_words, may_ask, requests_visible_to, waiting_for
from facilities.roster import may_see


@require_safe
def facilities(request: HttpRequest) -> HttpResponse:
    by = request.user
    context = {
        "listing": listing(by, request.GET),
        "may_ask": isinstance(by, Officer) and may_ask(by),
        "waiting": waiting_for(by) if isinstance(by, Officer) else 0,
        "reads_all": isinstance(by, Officer) and by.role != Officer.SURVEYOR,
    }
    return render(request, "facilities/facilities.html", context)


@require_safe
def facility(request: HttpRequest, code: str) -> HttpResponse:
    found = facility_or_404(request.user, code)
    by, intervals = request.user, intervals_of(found)
    assert isinstance(by, Officer)  # noqa: S101 - narrows the type
    waiting = requests_visible_to(by).filter(facility=found, state="waiting").first()
    context = {
        "facility": found,
        "state": state_in_words(intervals, today()),
        "intervals": [
            (each, _ended(each, after)) for each, after in zip(intervals, [*intervals[1:], None], strict=True)
        ],
        "has_history": len(intervals) > 1 or intervals[0].pk,
        "waiting": waiting,
        "waiting_change": change_in_words(waiting) if waiting else "",
        "may_ask": may_ask(by) and intervals[-1].ends is None,
        "may_register": may_register(by),
        "may_see_roster": may_see(by),
        "acts": _acts(found, by),
        "path": divisions_above(found),
        "unit": unit_of(found),
        "facts": registered(found, today()),
    }
    return render(request, "facilities/facility.html", context)


def _ended(interval: Existence, after: Existence | None) -> str:
    """How an interval ended, in words."""
    if interval.ends is None:
        return ""
    return "更名" if after and after.starts == interval.ends + DAY and not interval.heir else ending(interval)


def _acts(facility: Facility, by: Officer) -> list[Act]:
    """What was done to the place and its facts; surveyors see what holds, not who did what."""
    if by.role == Officer.SURVEYOR:
        return []
    return list(facility.acts.filter(officer=None).select_related("by")[:20])
