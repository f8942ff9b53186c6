from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from facilities.loading import Loaded, UnreadablePlacesError, load_places


class Command(BaseCommand):
    help = "导入行政区划、报送单位和服务机构；可重复执行，第二次不改任何数据"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures" / "divisions")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            loaded = load_places(folder)
        except UnreadablePlacesError as flaw:
            raise CommandError(str(flaw)) from flaw
        self.stdout.write(_said(loaded))


def _said(loaded: Loaded) -> str:
    if not loaded.anything:
        return "区划、报送单位和服务机构没有变化。"
    return (
        f"区划 {loaded.divisions} 条，报送单位 {loaded.units} 个，隶属关系 {loaded.memberships} 条，"
        f"服务机构 {loaded.facilities} 家已写入。"
    )
