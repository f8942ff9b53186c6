"""Log lines: one JSON object a line, whatever a visitor put into it."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

# Control, zero-width and direction characters that JSON leaves alone but a terminal obeys.
OBEYED = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


# A one-time link is a secret as long as it works.
LINK = re.compile(r"(?<=/set-password/)[\w-]+")


class LineFormatter(logging.Formatter):
    """Time (UTC), level, logger, message, and the trace of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return OBEYED.sub(_escaped, LINK.sub("…", json.dumps(entry, ensure_ascii=False)))


def _escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"
