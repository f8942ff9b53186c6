"""Who may log in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from facilities.models import Officer


class OfficerBackend(ModelBackend):
    """Refuses demo accounts outside demo mode, both at log-in and at every request of a session begun before."""

    def user_can_authenticate(self, user: Officer | AnonymousUser | None) -> bool:
        return super().user_can_authenticate(user) and (settings.DEMO or not getattr(user, "is_demo", False))

    def get_user(self, user_id: Any) -> Officer | None:
        """The officer together with their place, since every page asks for it."""
        officer = Officer.objects.select_related("unit", "facility__division").filter(pk=user_id).first()
        return officer if officer and self.user_can_authenticate(officer) else None
