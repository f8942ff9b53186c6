"""What the frame of every page says: navigation by role, whose portal it is, whether its data are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from facilities.models import Officer


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str
    current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Asks the database nothing that log-in has not asked already."""
    return {
        "demo": settings.DEMO,
        "host_unit": settings.HOST_UNIT,
        "support": settings.SUPPORT,
        "filings": settings.FILINGS,
        "navigation": [link(request, name, label) for name, label in places(request)],
    }


def places(request: HttpRequest) -> list[tuple[str, str]]:
    """URL name and word of each entry."""
    officer = getattr(request, "user", None)
    if officer is None or not officer.is_authenticated:
        return [("help", "帮助")]
    home = ("home", "我的任务" if officer.role == Officer.SURVEYOR else "首页")
    periods = [("assessments:periods", "季度")] if officer.role == Officer.ADMIN else []
    return [home, ("facilities:facilities", "机构"), ("standards:standards", "规范"), *periods, ("help", "帮助")]


def link(request: HttpRequest, name: str, label: str) -> Link:
    url = reverse(name)
    current = request.path == url if name == "home" else request.path.startswith(url)
    return Link(url, label, current)
