"""manage.py export_return 440402 2026Q3 --format pdf --output FILE: a return as it was sent."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from facilities.models import ReportingUnit
from reports.issued import Damaged
from reports.management.commands.export_facility import period_for
from reports.models import ReturnVersion
from reports.pdf import PdfUnavailable
from reports.returns.files import TYPES, file_of
from reports.returns.found import statement_of


class Command(BaseCommand):
    help = "导出一个报送单位某季度的季报（PDF、Excel 或 JSON）"

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's own --version makes room for a return's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("unit", metavar="UNIT", help="报送单位代码，例如 440402")
        parser.add_argument("period", metavar="PERIOD", help="季度，例如 2026Q3")
        parser.add_argument("--format", default="pdf", choices=list(TYPES), help="json、pdf 或 xlsx，默认 pdf")
        parser.add_argument("--version", dest="number", type=int, metavar="N", help="第几版，默认最新一版")
        parser.add_argument("--output", required=True, metavar="FILE", type=Path, help="写到哪个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        version = version_for(options["unit"], options["period"], options["number"])
        try:
            options["output"].write_bytes(file_of(statement_of(version), version, options["format"]))
        except (PdfUnavailable, Damaged) as missing:
            raise CommandError(str(missing)) from missing
        except OSError as refused:
            raise CommandError(f"写不进 {options['output']}：{refused.strerror}。请换一个能写的位置。") from refused
        self.stdout.write(f"{version} → {options['output']}")


def version_for(code: str, key: str, number: int | None) -> ReturnVersion:
    unit = ReportingUnit.objects.filter(code=code).first()
    if unit is None:
        known = "、".join(f"{each.code} {each.name}" for each in ReportingUnit.objects.all())
        raise CommandError(f"没有代码为“{code}”的报送单位。现有：{known}")
    versions = ReturnVersion.objects.filter(report__unit=unit, report__period=period_for(key))
    chosen = versions.filter(number=number) if number is not None else versions
    version = chosen.select_related("report__unit", "report__period").order_by("-number").first()
    if version is None:
        which = "还没有报送" if number is None else f"没有第{number}版"
        raise CommandError(f"{unit.name} {key} 的季报{which}。")
    return version
