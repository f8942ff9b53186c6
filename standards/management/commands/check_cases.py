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

from standards.cases import failures_of, name_of
from standards.files import Fixtures, read_fixtures, text_of, toml_of
from standards.rules.flaws import Flaws


class Command(BaseCommand):
    help = "用例核对：逐个运行用例文件里的用例，与应有的结论比较"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="用例文件（TOML）")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "fixtures", help="标准所在文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        passed = failed = 0
        for name, failures in _outcomes(options["files"], options["folder"], timezone.localdate()):
            passed, failed = passed + (not failures), failed + bool(failures)
            if failures:
                self.stdout.write("\n".join((f"未通过：{name}", *(f"  {failure}" for failure in failures))))
        self.stdout.write(f"{passed} passed, {failed} failed")
        if failed:
            sys.exit(1)


def _outcomes(files: list[Path], folder: Path, today: date) -> Iterator[tuple[str, list[str]]]:
    """Each case with what failed; fixtures or a file that cannot be read count as one that failed."""
    try:
        fixtures = read_fixtures(folder)
    except Flaws as flaws:
        yield "标准文件", flaws.sentences
        return
    for path in files:
        yield from _of_file(path, fixtures, today)


def _of_file(path: Path, fixtures: Fixtures, today: date) -> Iterator[tuple[str, list[str]]]:
    try:
        data = toml_of(text_of(path), path.name)
    except Flaws as flaws:
        yield path.name, flaws.sentences
        return
    for key in data.keys() - {"case"}:
        yield path.name, [f"不认识的键“{key}”；用例写在 [[case]] 下"]
    cases = data.get("case")
    if not isinstance(cases, list) or not cases:
        yield path.name, ["没有用例；用例写在 [[case]] 下"]
        return
    for raw in cases:
        yield f"{path.name} {name_of(raw)}", failures_of(raw, fixtures, today)
