"""Ways in, shown once: the answer to the act that made them. No other page learns of them, none is stored."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from facilities.officers import LINK, Entry


@sensitive_variables()
def entry(request: HttpRequest, made: Entry, what: str) -> HttpResponse:
    """Of one officer, after ``what`` was done."""
    link = request.build_absolute_uri(reverse("set_password", args=[made.secret])) if made.way == LINK else ""
    context = {"entry": made, "link": link, "what": what}
    return render(request, "facilities/officer_entry.html", context)


@sensitive_variables()
def slips(request: HttpRequest, made: Sequence[Entry]) -> HttpResponse:
    """Slips of many officers, several a sheet, with lines to cut along."""
    return render(request, "facilities/officer_slips.html", {"entries": made})
