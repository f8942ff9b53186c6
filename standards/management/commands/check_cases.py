"""``manage.py check_cases FILE...``: run cases against the fixtures, without the database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from standards.case_files import Outcome, outcomes_of, tell
from standards.cases import failures_of
from standards.files import read_fixtures
from standards.rules.flaws import Flaws


class Command(BaseCommand):
    help = "用例核对：逐个运行用例文件里的用例，与应有的结论比较"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="用例文件（TOML）")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "fixtures", help="标准所在文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        if not tell(_outcomes(options["files"], options["folder"], timezone.localdate()), self.stdout.write):
            sys.exit(1)


def _outcomes(files: list[Path], folder: Path, today: date) -> Iterator[Outcome]:
    """Each case with what failed; fixtures that cannot be read count as one that failed."""
    try:
        fixtures = read_fixtures(folder)
    except Flaws as flaws:
        yield "标准文件", flaws.sentences
        return
    for path in files:
        yield from outcomes_of(path, lambda raw: failures_of(raw, fixtures, today))
