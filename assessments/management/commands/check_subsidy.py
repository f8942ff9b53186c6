"""``manage.py check_subsidy FILE...``: run subsidy cases against the dated rates, without the database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from assessments.subsidies.cases import failures_of
from assessments.subsidies.policy import read_policy
from standards.case_files import Outcome, outcomes_of, tell
from standards.rules.flaws import Flaws

POLICY = Path(settings.BASE_DIR) / "fixtures" / "subsidy.toml"


class Command(BaseCommand):
    help = "补助用例核对：逐个计算用例文件里的补助，与应有的金额比较"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="用例文件（TOML）")
        parser.add_argument("--policy", type=Path, default=POLICY, help="补助标准文件（TOML）")

    def handle(self, *args: Any, **options: Any) -> None:
        if not tell(_outcomes(options["files"], options["policy"]), self.stdout.write):
            sys.exit(1)


def _outcomes(files: list[Path], path: Path) -> Iterator[Outcome]:
    """Each case with what failed; rates that cannot be read count as one case that failed."""
    try:
        policy = read_policy(path)
    except Flaws as flaws:
        yield "补助标准", flaws.sentences
        return
    for file in files:
        yield from outcomes_of(file, lambda raw: failures_of(raw, policy))
