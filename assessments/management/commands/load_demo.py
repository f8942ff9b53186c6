"""``manage.py load_demo``: loads or refreshes the demonstration surveys; refused outside demo mode."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assessments.demo import load_demo


class Command(BaseCommand):
    help = "载入演示核查表（演示数据）；已有的不改"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("演示数据只能在演示模式（DEMO=1）下载入。")
        for said in load_demo(settings.BASE_DIR / "fixtures" / "demo_surveys.toml"):
            self.stdout.write(said)
