"""A job's page: how far it has come, its result, cancelling; and the list of the officer's own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.views.found import officer_of
from reports.jobs.running import cancel, jobs_of
from reports.models import Job

EVERY = 2  # seconds between two looks


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/jobs.html", {"jobs": jobs_of(officer_of(request))[:50]})


@require_safe
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Without scripts the page loads itself again while the job is not over; a script asks for the part alone."""
    found = _own(request, pk)
    part = request.headers.get("X-Requested-With") == "fetch"
    return render(request, "reports/_job.html" if part else "reports/job.html", {"job": found, "every": EVERY})


@require_POST
def job_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _own(request, pk)
    if cancel(found):
        messages.success(request, "已取消。")
    else:
        messages.info(request, "这项工作已经结束，没有可以取消的。")
    return redirect("reports:job", found.pk)


@require_safe
def job_result(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file, as often as wanted while it is kept; before it is there, the page."""
    found = _own(request, pk)
    if found.state != Job.DONE:
        return redirect("reports:job", found.pk)
    return FileResponse(found.file.open(), as_attachment=True, filename=found.name, content_type=found.content_type)


def _own(request: HttpRequest, pk: UUID) -> Job:
    return get_object_or_404(jobs_of(officer_of(request)), pk=pk)
