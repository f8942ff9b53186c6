"""A download that is large: asked for by a link, begun by a form (a link changes nothing), made in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments.views.found import officer_of
from reports.jobs.running import start


def in_background(request: HttpRequest, kind: str, title: str, wanted: Mapping[str, Any]) -> HttpResponse:
    """GET asks (a script answers at once), POST begins and leads to the job."""
    if request.method != "POST":
        return render(request, "reports/job_ask.html", {"title": title})
    return redirect("reports:job", start(officer_of(request), kind, title, wanted).pk)
