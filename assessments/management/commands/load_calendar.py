"""``manage.py load_calendar``: seeds the work calendar; rows that are there already are left as they are."""

from django.core.management.base import BaseCommand

from assessments.deadlines import announced_days
from assessments.models import WorkDay


class Command(BaseCommand):
    help = "载入工作日历（节假日与调休），已有的日期不改"

    def handle(self, **options: object) -> None:
        known = set(WorkDay.objects.values_list("day", flat=True))
        new = [row for row in announced_days() if row.day not in known]
        WorkDay.objects.bulk_create(new)
        self.stdout.write(f"工作日历：新增 {len(new)} 天，共 {len(known) + len(new)} 天")
