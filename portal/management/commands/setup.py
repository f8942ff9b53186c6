"""``manage.py setup``: everything between an empty database and a portal that answers, in one process.

Done again it does only what has changed: the files it depends on are fingerprinted, and the database is asked
whether it is migrated and filled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from portal.serving import paper_note
from standards.models import Standard

FOLDERS = ("fixtures", "portal", "standards", "facilities", "assessments", "reports")
ENDINGS = {".py", ".toml", ".csv", ".css", ".js", ".svg"}


class Command(BaseCommand):
    help = "建库、载入规范与区划、收集静态文件；没有变化就不重做。"

    def handle(self, *args: Any, **options: Any) -> None:
        settings.DATA_DIR.mkdir(exist_ok=True)
        stamp = settings.DATA_DIR / "setup.sha256"
        print_of_now = fingerprint()
        if not (stamp.exists() and stamp.read_text() == print_of_now and is_filled()):
            self.set_up()
            stamp.write_text(print_of_now)
        if note := paper_note():
            self.stderr.write(note)

    def set_up(self) -> None:
        for words, command, *arguments in steps():
            self.stdout.write(words)
            self.stdout.flush()
            call_command(command, *arguments, verbosity=0)


def steps() -> Iterator[tuple[str, ...]]:
    """Words, command and its arguments, in order."""
    yield "建立或更新数据库……", "migrate", "--no-input"
    yield "载入规范……", "load_standards"
    yield "载入区划和机构……", "load_places"
    yield "载入适用关系……", "load_adoptions"
    yield "载入工作日历……", "load_calendar"
    yield "开启已有的季度……", "open_quarter", "--stored"
    if settings.DEMO:
        yield "载入演示账号……", "load_demo_accounts"
    if not settings.DEBUG:
        yield "收集静态文件……", "collectstatic", "--no-input", "--clear"


def fingerprint() -> str:
    """Of every file that set-up reads, and of what decides how it reads them."""
    digest = hashlib.sha256(f"{settings.DATABASES['default']['NAME']} {settings.DEMO} {settings.DEBUG}".encode())
    for path in sorted(dependencies(settings.BASE_DIR)):
        digest.update(path.relative_to(settings.BASE_DIR).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def dependencies(root: Path) -> Iterator[Path]:
    yield from root.glob("requirements.lock")
    for folder in FOLDERS:
        yield from (path for path in (root / folder).rglob("*") if path.suffix in ENDINGS and path.is_file())


def is_filled() -> bool:
    """Whether the database has every migration and its standards, and the static files are there."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        filled = not pending and Standard.objects.exists()
    except DatabaseError:
        return False
    return filled and (settings.DEBUG or (settings.STATIC_ROOT / "staticfiles.json").exists())
