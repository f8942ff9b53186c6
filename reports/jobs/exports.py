"""Exports that may take long. Each asks the gate again when it is made: a reach that has ended gives nothing."""

from __future__ import annotations

from django.utils import timezone

from assessments.models import Snapshot
from assessments.periods import parse_key, period_by_key, period_of
from assessments.workbooks.present import present_of
from assessments.workbooks.scope import Scope, scope_named
from assessments.workbooks.template import file_name, workbook_of
from assessments.workflow import surveys_visible_to
from facilities.access import inspects, sees_whole_city, units_visible_to
from facilities.models import Officer
from reports import facility_files
from reports.documents import report_of
from reports.issued import Damaged
from reports.jobs.work import CannotMake, Made, Running, work
from reports.models import ReturnVersion
from reports.pdf import PdfUnavailable
from reports.returns.city import city_statement
from reports.returns.files import TYPES, file_of
from reports.returns.found import INSPECTING, return_or_none, shown_to, units_read_by
from reports.returns.statement import Statement
from reports.unit_results import UnitResults, results_of
from reports.unit_workbook import title_of, unit_workbook_of

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OUT_OF_REACH = "您现在看不到这个范围，没有生成文件。"
NOTHING_HERE = "这个范围里没有要填的机构，请换一个范围再下载。"


@work("facility_pdf")
def facility_pdf(job: Running) -> Made:
    """``snapshot``: the result of one survey, as it was submitted or accepted."""
    snapshots = Snapshot.objects.select_related("survey__facility", "survey__period")
    seen = snapshots.filter(survey__in=surveys_visible_to(job.officer))
    snapshot = seen.filter(pk=job.wanted["snapshot"]).first()
    if snapshot is None:
        raise CannotMake(OUT_OF_REACH)
    try:
        body = facility_files.file_of(snapshot, "pdf")
    except (PdfUnavailable, Damaged) as why:
        raise CannotMake(str(why)) from why
    return Made(body, f"{report_of(snapshot).name}.pdf", PDF)


@work("unit_results")
def unit_results(job: Running) -> Made:
    """``unit``, ``period``: every result of a reporting unit and quarter."""
    unit = units_visible_to(job.officer).filter(code=job.wanted["unit"]).first()
    if unit is None:
        raise CannotMake(OUT_OF_REACH)
    return results_workbook(results_of(unit, period_by_key(job.wanted["period"])))


def results_workbook(results: UnitResults) -> Made:
    return Made(unit_workbook_of(results), f"{title_of(results).replace(' ', '_')}.xlsx", XLSX)


@work("template")
def template(job: Running) -> Made:
    """``subject``, ``place``, ``period``: a 核查表 for many facilities."""
    period = period_of(*parse_key(job.wanted["period"]))
    scope = scope_named(job.officer, job.wanted["subject"], job.wanted["place"], period)
    if scope is None:
        raise CannotMake(OUT_OF_REACH)
    return template_workbook(scope, job.officer)


def template_workbook(scope: Scope, officer: Officer) -> Made:
    """Raises CannotMake."""
    present = present_of(scope.facilities(officer), scope.period, officer)
    if not present:
        raise CannotMake(NOTHING_HERE)
    return Made(workbook_of(scope, present, officer, timezone.now()), file_name(scope), XLSX)


@work("return_file")
def return_file(job: Running) -> Made:
    """``unit``, ``period``, ``format`` and, of what was sent, ``version``."""
    unit = units_read_by(job.officer).filter(code=job.wanted["unit"]).first()
    found = return_or_none(unit, period_by_key(job.wanted["period"])) if unit else None
    if found is None:
        raise CannotMake(OUT_OF_REACH)
    statement, version = shown_to(job.officer, found, str(job.wanted.get("version", "")))
    if statement is None:
        raise CannotMake("这份季报还没有报送。")
    return _filed(job, statement, version)


@work("city_file")
def city_file(job: Running) -> Made:
    """``period``, ``format``: the city's report."""
    if not sees_whole_city(job.officer):
        raise CannotMake(OUT_OF_REACH)
    if inspects(job.officer):
        raise CannotMake(INSPECTING)
    return _filed(job, city_statement(period_by_key(job.wanted["period"])), None)


def _filed(job: Running, statement: Statement, version: ReturnVersion | None) -> Made:
    format = job.wanted["format"]
    try:
        body = file_of(statement, version, format, job.progress)
    except (PdfUnavailable, Damaged) as why:
        raise CannotMake(str(why)) from why
    return Made(body, f"{statement.name}.{format}", TYPES[format])
