"""``manage.py open_quarter [2026Q4]``: opens the current quarter, or another that has begun, and every stored one that
was not opened yet. Run it daily, or before each quarter's first survey; done again it does nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.models import Period
from assessments.opening import open_quarter, open_stored
from assessments.periods import parse_key, quarter_of
from facilities.access import today


class Command(BaseCommand):
    help = "开启季度：定下截止日、应报名单和各单位的内部时限；已开启的不改"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("period", nargs="?", help="季度，例如 2026Q4；不写就是当前季度")
        parser.add_argument("--stored", action="store_true", help="只补开以前存下、还没有应报名单的季度")

    def handle(self, *args: Any, **options: Any) -> None:
        opened = open_stored()
        if not options["stored"]:
            opened.append(open_quarter(*_quarter(options["period"])))
        for period in opened:
            provisional = "（暂定）" if period.due_provisional else ""
            self.stdout.write(f"{period}：截止 {period.due_day}{provisional}，应报 {period.due_surveys.count()} 家")


def _quarter(key: str | None) -> tuple[int, int]:
    """Raises CommandError for what is no quarter or has not begun."""
    if not key:
        return quarter_of(today())
    try:
        year, quarter = parse_key(key)
    except Period.DoesNotExist as unknown:
        raise CommandError(str(unknown)) from unknown
    if (year, quarter) > quarter_of(today()):
        raise CommandError(f"{Period(year=year, quarter=quarter)}还没有开始，不能开启。")
    return year, quarter
