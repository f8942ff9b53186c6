"""``manage.py load_adoptions [FILE]``: which standard judges which area and subject, from the file; and the bodies
that govern these areas. Done again it writes nothing."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.adopting import UnreadableAdoptions, load_adoptions


class Command(BaseCommand):
    help = "载入适用关系：哪份规范从何时起评定哪里的哪类机构；已有的不改，文件写了终止日期的才终止；在页面上定的为准"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures" / "adoptions.toml")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            adoptions, bodies = load_adoptions(file)
        except (UnreadableAdoptions, OSError) as flaw:
            raise CommandError(str(flaw)) from flaw
        said = f"适用关系写入 {adoptions} 条，区、市 {bodies} 个" if adoptions or bodies else "适用关系没有变化"
        self.stdout.write(said + "。")
