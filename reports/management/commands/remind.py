"""``manage.py remind [--on 2026-10-12]``: everybody's digest of what is left, in the portal and by e-mail where one is
set. Run it every day; done twice it tells nobody twice, done late it tells what was missed."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assessments.mailing import mail_digests
from assessments.opening import open_quarter
from assessments.periods import quarter_of
from assessments.reminding import remind
from facilities.access import today
from reports.models import QuarterlyReturn

SENT = (QuarterlyReturn.SUBMITTED, QuarterlyReturn.ACCEPTED)


class Command(BaseCommand):
    help = "催报：给还有事没办完的人发消息（每人每次一条），设了邮箱的同时发邮件；可以每天运行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="当作这一天，例如 2026-10-12")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["on"] or today()
        if day > today() and not settings.DEMO:
            raise CommandError("不能替将来的日子催报。")
        open_quarter(*quarter_of(today()))
        told = remind(day, sent_returns())
        self.stdout.write(f"{day}：新发 {len(told.new)} 条，已发过 {len(told.before)} 条")
        mailed = mail_digests()
        if mailed.sent:
            self.stdout.write(f"邮件：发出 {mailed.sent} 封")
        for sentence in mailed.failed:
            self.stderr.write(sentence)


def sent_returns() -> dict[int, frozenset[int]]:
    """period → units whose return is on the way or accepted."""
    units: dict[int, set[int]] = {}
    for period, unit in QuarterlyReturn.objects.filter(state__in=SENT).values_list("period", "unit"):
        units.setdefault(period, set()).add(unit)
    return {period: frozenset(found) for period, found in units.items()}
