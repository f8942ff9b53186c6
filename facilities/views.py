from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilities.access import divisions_above, facility_or_404, today, unit_of
from facilities.facts import registered
from facilities.listing import listing


@require_safe
def facilities(request: HttpRequest) -> HttpResponse:
    return render(request, "facilities/facilities.html", {"listing": listing(request.user, request.GET)})


@require_safe
def facility(request: HttpRequest, code: str) -> HttpResponse:
    found = facility_or_404(request.user, code)
    context = {
        "facility": found,
        "path": divisions_above(found),
        "unit": unit_of(found),
        "facts": registered(found, today()),
    }
    return render(request, "facilities/facility.html", context)
