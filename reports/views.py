"""The result of a submitted survey: as a page, as PDF, workbook and JSON. What is not submitted yet leads to the
survey."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments.answering import revision_in
from assessments.history import trail_of
from assessments.locking import by_the_city
from assessments.models import Period, Snapshot
from assessments.periods import parse_key, period_of
from assessments.reviewing import may_be_withdrawn
from assessments.standings import edition_judging
from assessments.views.found import officer_of, survey_or_404
from facilities.access import facility_or_404, may_survey
from facilities.models import Officer
from reports.checklist import NothingToCheck, checklist_of
from reports.documents import json_of, report_of, snapshot_of
from reports.downloads import download
from reports.facility_files import file_of, takes_long
from reports.filtering import shown
from reports.issued import Damaged
from reports.jobs.asking import in_background
from reports.pdf import PdfUnavailable, printed, unavailable
from reports.photos import doubled_in
from reports.report import Report

PDF = "application/pdf"
TYPES = {"pdf": PDF, "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_safe
def result(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """``?outcome=fail`` keeps the requirements with that outcome."""
    report = report_or_none(request, code, period)
    if report is None:
        return redirect("assessments:survey", code, period)
    view = shown(report, request.GET.get("outcome", ""))
    context = {"report": report, "view": view, "no_pdf": unavailable(), "stays": _stays(request)} | _history(
        request, code, period, report
    )
    return render(request, "reports/result.html", context | {"doubled": doubled_in(report, officer_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def report_pdf(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """What was issued comes at once, else it is made in the background. 503 with what to install where no PDF can be
    made."""
    return _file(request, code, period, "pdf")


@require_safe
def report_xlsx(request: HttpRequest, code: str, period: str) -> HttpResponse:
    return _file(request, code, period, "xlsx")


def _file(request: HttpRequest, code: str, period: str, format: str) -> HttpResponse:
    snapshot = snapshot_or_none(request, code, period)
    if snapshot is None:
        return redirect("assessments:survey", code, period)
    report = report_of(snapshot)
    lacking = unavailable() if format == "pdf" else ""
    if takes_long(snapshot, format) and not lacking:
        return in_background(request, "facility_pdf", f"{report.name}（PDF）", {"snapshot": snapshot.pk})
    try:
        return download(file_of(snapshot, format), TYPES[format], f"{report.name}.{format}")
    except (PdfUnavailable, Damaged) as missing:
        return render(request, "reports/no_pdf.html", {"report": report, "no_pdf": str(missing)}, status=503)


@require_safe
def report_json(request: HttpRequest, code: str, period: str) -> HttpResponse:
    report = report_or_none(request, code, period)
    if report is None:
        return redirect("assessments:survey", code, period)
    return download(json_of(report), "application/json; charset=utf-8", f"{report.name}.json")


@require_safe
def checklist_pdf(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """现场核查表, of any quarter from the last that was surveyed to the current one."""
    facility = facility_or_404(request.user, code)
    try:
        checklist = checklist_of(facility, period_of(*parse_key(period)))
        return download(printed("reports/checklist_paper.html", {"sheet": checklist}), PDF, f"{checklist.name}.pdf")
    except (Period.DoesNotExist, NothingToCheck) as none:
        raise Http404(str(none)) from none
    except PdfUnavailable as missing:
        return render(request, "reports/no_pdf.html", {"facility": facility, "no_pdf": str(missing)}, status=503)


def snapshot_or_none(request: HttpRequest, code: str, period: str) -> Snapshot | None:
    """The newest; None while nothing was submitted; ``?version=2`` asks for an earlier one. Raises Http404 alike for a
    stranger's survey and for one never begun, and for a version that there is not."""
    survey = survey_or_404(officer_of(request), code, period)
    asked = request.GET.get("version")
    snapshot = snapshot_of(survey, revision_in(asked) if asked else None)
    if asked and snapshot is None:
        raise Http404("没有这一版结果。")
    return snapshot


def report_or_none(request: HttpRequest, code: str, period: str) -> Report | None:
    """``?standard=zhuhai_2011`` asks for the result by another edition that judged it. Raises Http404 where none of
    that key did."""
    snapshot = snapshot_or_none(request, code, period)
    try:
        return report_of(snapshot, request.GET.get("standard", "")) if snapshot else None
    except KeyError as unknown:
        raise Http404("这份核查表没有按这份规范评定。") from unknown


def _stays(request: HttpRequest) -> str:
    """What of the address a link on the page keeps."""
    kept = {name: request.GET[name] for name in ("version", "standard") if request.GET.get(name)}
    return urlencode(kept)


def _history(request: HttpRequest, code: str, period: str, report: Report) -> dict[str, Any]:
    """What was done to the survey, and its versions; which of them is shown."""
    officer = officer_of(request)
    survey = survey_or_404(officer, code, period)
    versions = list(survey.snapshots.select_related("by").defer("content"))
    asked, mine = request.GET.get("version"), may_survey(officer, survey.facility)
    return {
        "survey": survey,
        "trail": trail_of(survey, edition_judging(survey)),
        "versions": versions,
        "is_old": bool(asked) and any(each.number > report.submission.version for each in versions),
        "version": f"?version={report.submission.version}" if asked else "",
        "by_the_city": by_the_city(survey.facility),
        "may_withdraw": mine and may_be_withdrawn(survey),
        "is_reviewer": officer.role != Officer.SURVEYOR,
    }
