"""``manage.py work``: does the long work that was asked for, takes up what a dead worker left, tidies."""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from reports.jobs import running

EVERY = 15.0  # seconds
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "做排队的长工作（大的导出），直到被停止。"

    def handle(self, *args: Any, **options: Any) -> None:
        Thread(target=look_after, args=(Event(),), daemon=True).start()
        call_command("db_worker", interval=0.5, reload=False, verbosity=0)


def look_after(over: Event) -> None:
    """A database that does not answer now may do so the next time."""
    while not over.is_set():
        try:
            running.reap()
            running.expire()
        except DatabaseError:
            log.exception("jobs could not be looked after")
        finally:
            connection.close()  # of this thread
        over.wait(EVERY)
