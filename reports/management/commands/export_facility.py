"""manage.py export_facility 440402001 --period 2026Q3 --format pdf --output FILE: the result of a submitted survey."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.models import Period, Survey
from assessments.periods import period_by_key
from facilities.models import Facility
from reports.documents import json_of, newest_report
from reports.facility_workbook import workbook_of
from reports.pdf import PdfUnavailable, pdf_of
from reports.report import Report


class Command(BaseCommand):
    help = "导出一个单位某季度的达标评估结果（PDF、Excel 或 JSON）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="单位代码，例如 440402001")
        parser.add_argument("--period", required=True, help="季度，例如 2026Q3")
        parser.add_argument(
            "--format", default="pdf", choices=["json", "pdf", "xlsx"], help="json、pdf 或 xlsx，默认 pdf"
        )
        parser.add_argument("--output", required=True, metavar="FILE", type=Path, help="写到哪个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        report = report_for(options["code"], options["period"])
        body = written(report, options["format"])
        try:
            options["output"].write_bytes(body)
        except OSError as refused:
            raise CommandError(f"写不进 {options['output']}：{refused.strerror}。请换一个能写的位置。") from refused
        self.stdout.write(f"{report.facility.name} {report.period.name} → {options['output']}")


def report_for(code: str, key: str) -> Report:
    facility = Facility.objects.filter(code=code).first()
    if facility is None:
        raise CommandError(f"没有代码为“{code}”的单位。代码是区划代码，例如翠香街道服务所是 440402001。")
    survey = Survey.objects.filter(facility=facility, period=period_for(key)).first()
    if survey is None:
        raise CommandError(f"{facility.name}在 {key} 没有填报。")
    report = newest_report(survey)
    if report is None:
        raise CommandError(f"{facility.name} {key} 的核查表还没有提交，没有结果可以导出。")
    return report


def period_for(key: str) -> Period:
    try:
        return period_by_key(key)
    except Period.DoesNotExist as unknown:
        raise CommandError(f"没有季度“{key}”，或这一季度还没有任何填报。季度请写成 2026Q3 这样。") from unknown


def written(report: Report, form: str) -> bytes:
    if form == "json":
        return json_of(report)
    if form == "xlsx":
        return workbook_of(report)
    try:
        return pdf_of(report)
    except PdfUnavailable as missing:
        raise CommandError(str(missing)) from missing
