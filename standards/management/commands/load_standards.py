"""``manage.py load_standards [--check]``: publish the editions of the fixtures."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from standards.loading import load_standards
from standards.rules.flaws import Flaws


class Command(BaseCommand):
    help = "装载标准：发布 fixtures/standards 里的版本；有一处不合格，就一个也不装载"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只检查，不写入数据库")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "fixtures", help="标准所在文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sentences = load_standards(options["folder"], options["check"])
        except Flaws as flaws:
            for sentence in flaws.sentences:
                self.stderr.write(sentence)
            raise CommandError(f"共 {len(flaws.sentences)} 处不合格，没有装载任何内容。") from None
        for sentence in sentences:
            self.stdout.write(sentence)
