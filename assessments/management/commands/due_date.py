"""``manage.py due_date 2025Q3`` → 2025-10-14."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.deadlines import due_of
from assessments.models import Period
from assessments.periods import parse_key


class Command(BaseCommand):
    help = "打印某季度的报送截止日（季末次日起第5个工作日）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("period", help="季度，例如 2025Q3")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            year, quarter = parse_key(options["period"])
        except Period.DoesNotExist as unknown:
            raise CommandError(str(unknown)) from unknown
        due = due_of(Period(year=year, quarter=quarter))
        self.stdout.write(due.day.isoformat())
        if due.provisional:
            self.stderr.write(f"{due.day.year}年节假日安排尚未载入，此日期为暂定")
