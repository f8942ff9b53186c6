"""Sessions in the database that end when idle (SESSION_COOKIE_AGE) and after SESSION_LONGEST in any case.

A request prolongs its session at most once in SESSION_RENEWED_AFTER, so that browsing costs no write a page."""

from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

BEGAN = "_began"  # seconds since the epoch


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        row: Session | None = self._get_session_from_db()  # type: ignore[attr-defined]  # the stubs lack it
        if row is None:
            return {}
        data = self.decode(row.session_data)
        if _lasted(data) > settings.SESSION_LONGEST.total_seconds():
            self.delete(row.session_key)
            self._session_key = None
            return {}
        if _idle(row) > settings.SESSION_RENEWED_AFTER.total_seconds():
            self.modified = True
        return data

    def encode(self, session_dict: dict[str, Any]) -> str:
        session_dict.setdefault(BEGAN, int(timezone.now().timestamp()))
        return super().encode(session_dict)


def _lasted(data: dict[str, Any]) -> float:
    return timezone.now().timestamp() - float(data.get(BEGAN, 0))


def _idle(row: Session) -> float:
    """Seconds since the session was last prolonged."""
    return float(settings.SESSION_COOKIE_AGE) - (row.expire_date - timezone.now()).total_seconds()
