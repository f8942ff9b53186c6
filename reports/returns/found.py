"""Find and permit: the first beat of every view of a return. Surveyors read no returns; a draft is its unit's own."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from assessments.models import Period
from assessments.periods import period_by_key
from assessments.views.found import officer_of
from facilities.access import inspects, units_visible_to
from facilities.models import Officer, ReportingUnit
from reports.models import QuarterlyReturn, ReturnVersion
from reports.returns.content import content_of
from reports.returns.statement import Proof, Statement
from reports.returns.workflow import OPEN, may_write

READERS = (Officer.REVIEWER, Officer.CITY, Officer.VIEWER, Officer.ADMIN)
INSPECTING = "您正在抽查，办结以前不能看各机构填报的数。"
OF_CITY = (Officer.CITY, Officer.VIEWER, Officer.ADMIN)


def reader_or_404(request: HttpRequest) -> Officer:
    officer = officer_of(request)
    if officer.role not in READERS:
        raise Http404("没有这一页，或者您无权查看。")
    return officer


def city_reader_or_404(request: HttpRequest) -> Officer:
    officer = officer_of(request)
    if officer.role not in OF_CITY:
        raise Http404("没有这一页，或者您无权查看。")
    return officer


def facilities_reader_or_404(request: HttpRequest) -> Officer:
    """Of the whole city, facility by facility: closed to who inspects one of them and is not to know its report."""
    officer = city_reader_or_404(request)
    if inspects(officer):
        raise PermissionDenied(INSPECTING)
    return officer


def units_read_by(officer: Officer) -> QuerySet[ReportingUnit]:
    """Whose returns the officer reads."""
    return units_visible_to(officer) if officer.role in READERS else ReportingUnit.objects.none()


def unit_or_404(officer: Officer, code: str) -> ReportingUnit:
    """Raises Http404 alike for a stranger's unit and for one that does not exist."""
    return get_object_or_404(units_read_by(officer), code=code)


def period_or_404(key: str) -> Period:
    try:
        return period_by_key(key)
    except Period.DoesNotExist as unknown:
        raise Http404("没有这个季度。") from unknown


def return_or_none(unit: ReportingUnit, period: Period) -> QuarterlyReturn | None:
    report = QuarterlyReturn.objects.filter(unit=unit, period=period).first()
    if report is not None:
        report.unit, report.period = unit, period
    return report


def return_or_404(officer: Officer, unit: str, period: str) -> QuarterlyReturn:
    report = return_or_none(unit_or_404(officer, unit), period_or_404(period))
    if report is None:
        raise Http404("没有这份季报，或者您无权查看。")
    return report


def version_or_404(report: QuarterlyReturn, number: str) -> ReturnVersion:
    if not number.isdecimal() or len(number) > 4:
        raise Http404("没有这一版。")
    return get_object_or_404(report.versions.select_related("by"), number=int(number))


def statement_of(version: ReturnVersion) -> Statement:
    return Statement(version.content, Proof(version.number, version.content_hash, version.code))


def shown_to(officer: Officer, report: QuarterlyReturn, asked: str) -> tuple[Statement | None, ReturnVersion | None]:
    """What the officer is shown: the version that was ``asked`` for; of an open return its own unit's draft as it
    stands; else the newest version. Nothing where nothing was sent."""
    if asked:
        version: ReturnVersion | None = version_or_404(report, asked)
    elif report.state in OPEN and may_write(officer, report.unit):
        return Statement(content_of(report.unit, report.period, report)), None
    else:
        version = report.versions.select_related("by").order_by("-number").first()
    return (statement_of(version), version) if version else (None, None)
