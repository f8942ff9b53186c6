"""A scratch portal: its own folder, embedded database and collected static files, set up as ``make demo`` does."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.table import say

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def scratch_portal() -> Iterator[None]:
    """Django is ready inside: DEBUG off, templates cached, static files hashed, SQLite in WAL with FULL."""
    with TemporaryDirectory(prefix="portal-bench-", ignore_cleanup_errors=True) as folder:
        os.environ |= {
            "DEMO": "1",
            "DEBUG": "0",
            "ENV_FILE": os.devnull,
            "LOG_LEVEL": "CRITICAL",
            "DATA_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
        manage("setup")
        manage("load_demo")
        import django

        django.setup()
        yield


def manage(command: str) -> None:
    began, before = perf_counter(), cpu_of_children()
    subprocess.run([sys.executable, "manage.py", command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    say(f"manage.py {command}：{perf_counter() - began:.1f} 秒，CPU {cpu_of_children() - before:.1f} 秒")


def cpu_of_children() -> float:
    """Seconds of CPU of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
