"""Who may log in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q

from facilities import links
from facilities.models import Officer


class OfficerBackend(ModelBackend):
    """Refuses who is switched off, demo accounts outside demo mode, and initial passwords that are past, both at log-in
    and at every request of a session begun before."""

    def user_can_authenticate(self, user: Officer | AnonymousUser | None) -> bool:
        if not super().user_can_authenticate(user) or not isinstance(user, Officer):
            return False
        return (settings.DEMO or not user.is_demo) and not links.is_past(user)

    def get_user(self, user_id: Any) -> Officer | None:
        """The officer with their place and with how many notices are unread (``unread``): every page says both."""
        unread = Count("notices", filter=Q(notices__read_at=None))
        officers = Officer.objects.select_related("unit", "facility__division").annotate(unread=unread)
        officer = officers.filter(pk=user_id).first()
        return officer if officer and self.user_can_authenticate(officer) else None
