from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from facilities.demo import Loaded, NotDemoError, load_demo


class Command(BaseCommand):
    help = "载入演示账号和虚构的人口数据；仅限演示模式，可重复执行"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures" / "demo.toml")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            loaded = load_demo(file)
        except NotDemoError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_said(loaded))
        for name in loaded.held:
            self.stderr.write(f"账号 {name} 已由正式用户使用，未建演示账号。")


def _said(loaded: Loaded) -> str:
    if not (loaded.accounts or loaded.facts):
        return "演示账号和演示数据没有变化。"
    return f"演示账号 {loaded.accounts} 个、演示数据 {loaded.facts} 条已写入。"
