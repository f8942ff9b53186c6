"""Ways in for an officer without a password of his own: a one-time link, or an initial password on a slip.

Of a link only a hash is kept; it works once and for three days. A slip passes through more hands, by post to a
village: its password is good for two weeks and opens nothing but the page that changes it. Every verb here and in
``officers`` locks the officer's row first, so that of two at once one wins."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from facilities.models import Officer, OneTimeLink

VALID = timedelta(hours=72)
SLIP_VALID = timedelta(days=14)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another


def make(officer: Officer, by: Officer) -> str:
    """The token, which is told once and kept nowhere."""
    token = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(officer=officer, made_by=by, token_hash=_hash(token), expires_at=timezone.now() + VALID)
    return token


def initial_password() -> str:
    """Of 60 bits, in three groups to be typed from paper."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def is_past(officer: Officer) -> bool:
    """Whether the officer's initial password was never changed and is good no longer."""
    set_at = officer.password_set_at
    return officer.must_change_password and (set_at is None or timezone.now() >= set_at + SLIP_VALID)


def void(officer: Officer) -> None:
    """Unused links of the officer end now."""
    OneTimeLink.objects.filter(officer=officer, used_at=None).update(expires_at=timezone.now())


def officer_of(token: str) -> Officer | None:
    """None alike for a link that was used, has run out, was replaced or never was."""
    link = _open(token).select_related("officer").first()
    return link.officer if link else None


def use(token: str, password: str) -> bool:
    """Sets the password, once."""
    known = officer_of(token)
    if known is None:
        return False
    with transaction.atomic():
        officer = Officer.objects.select_for_update().get(pk=known.pk)
        if not _still_open(token):
            return False
        OneTimeLink.objects.filter(token_hash=_hash(token)).update(used_at=timezone.now())
        officer.set_password(password)
        officer.must_change_password = False
        officer.password_set_at = timezone.now()
        officer.save(update_fields=["password", "must_change_password", "password_set_at"])
    return True


def _still_open(token: str) -> bool:
    """Asked under the lock: another may have used or replaced it while this one waited."""
    return _open(token).exists()


def _open(token: str) -> QuerySet[OneTimeLink]:
    now = timezone.now()
    return OneTimeLink.objects.filter(
        token_hash=_hash(token), used_at=None, expires_at__gt=now, officer__is_active=True
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
