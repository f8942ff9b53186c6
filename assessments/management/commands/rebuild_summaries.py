"""``manage.py rebuild_summaries [--period 2026Q3] [--check]``: the summaries counted anew from the judgements."""

from __future__ import annotations

from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments import summaries
from assessments.models import Period
from assessments.periods import period_by_key

SHOWN = 50


class Command(BaseCommand):
    help = "从判定重算各季度的汇总；--check 只比对，不一致时列出并以 1 退出"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", default="", help="只算这个季度，例如 2026Q3")
        parser.add_argument("--check", action="store_true", help="只比对，不改动")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            periods = [period_by_key(options["period"])] if options["period"] else list(Period.objects.all())
        except Period.DoesNotExist as unknown:
            raise CommandError(str(unknown) or f"没有 {options['period']} 这个季度。") from unknown
        act = self._check if options["check"] else self._rebuild
        if sum(act(period) for period in periods):
            raise CommandError("汇总与判定不一致。运行 manage.py rebuild_summaries 重算。", returncode=1)

    def _rebuild(self, period: Period) -> int:
        self.stdout.write(f"{period}：重算了 {summaries.rebuild(period)} 家应报单位的汇总")
        return 0

    def _check(self, period: Period) -> int:
        found = list(islice(summaries.differences(period), SHOWN + 1))
        for sentence in found[:SHOWN]:
            self.stdout.write(sentence)
        if len(found) > SHOWN:
            self.stdout.write("…（只列前 50 处）")
        self.stdout.write(f"{period}：{'不一致' if found else '一致'}")
        return len(found)
