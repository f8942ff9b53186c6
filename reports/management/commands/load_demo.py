"""``manage.py load_demo``: surveys of the whole city for the demonstration; refused outside demo mode."""

from __future__ import annotations

import gc
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assessments.demo.checking import check_city
from assessments.demo.city import fill_city
from assessments.demo.governed import fill_governed
from assessments.demo.rectifying import mend_before, mend_city
from assessments.demo.reviewing import review_city
from assessments.demo.rosters import fill_rosters
from assessments.demo.street import fill_street
from assessments.demo.summing import summed_once
from facilities.access import today
from reports.demo import appraise_city, report_city


class Command(BaseCommand):
    help = "载入演示核查表（演示数据）：前三个季度已提交并审核，本季度填了一部分；已有的不改"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, default=None, help="当作这一天来填，例如 2026-11-22")
        parser.add_argument("--street", action="store_true", help="只载入翠香街道服务所的两份")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("演示数据只能在演示模式（DEMO=1）下载入。")
        day = options["as_of"] or today()
        for said in filled(settings.BASE_DIR / "fixtures" / "demo_surveys.toml", day, options["street"]):
            self.stdout.write(said)


def filled(file: Path, day: date, street: bool) -> Iterator[str]:
    if street:
        yield from fill_street(file, day)
        return
    with without_collecting(), summed_once(day):
        yield from fill_city(file, day)
        yield from fill_street(file, day)
        yield from review_city(file, day)
    yield from mend_before(file, day)
    yield from report_city(day)
    yield from fill_governed(file, day)
    yield from check_city(day)
    yield from appraise_city(day)
    yield from mend_city(file, day)
    yield from fill_rosters(day)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Millions of short-lived rows, hardly one in a circle: to look for circles takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
