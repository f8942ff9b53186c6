"""Notices by e-mail, where a mail server is set: the portal holds them anyway, so a failure loses nothing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from assessments.models import Notice

TRIED_FOR = timedelta(days=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mailed:
    sent: int
    failed: tuple[str, ...]  # a sentence each


def mail_digests() -> Mailed:
    """One mail a notice of the last day that was not mailed and whose officer has an address. What fails is tried
    again at the next run within the day."""
    if not settings.MAIL:
        return Mailed(0, ())
    waiting = Notice.objects.filter(mailed_at=None, at__gte=timezone.now() - TRIED_FOR).exclude(officer__email="")
    sent, failed = 0, []
    for notice in waiting.select_related("officer"):
        if not Notice.objects.filter(pk=notice.pk, mailed_at=None).update(mailed_at=timezone.now()):
            continue  # another run has taken it
        try:
            _mail(notice)
            sent += 1
        except Exception as wrong:  # whatever the mail server does, the notices stay
            Notice.objects.filter(pk=notice.pk).update(mailed_at=None)
            log.exception("mail not sent")
            failed.append(f"{notice.officer.display_name}：邮件没有发出（{type(wrong).__name__}），消息已在门户里")
    return Mailed(sent, tuple(failed))


def _mail(notice: Notice) -> None:
    link = f"\n\n{settings.PORTAL_URL.rstrip('/')}{notice.link}" if settings.PORTAL_URL and notice.link else ""
    EmailMessage(notice.title, f"{notice.text}{link}", None, [notice.officer.email]).send()
