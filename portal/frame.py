"""What the frame of every page says: navigation by role, whose portal it is, whether its data are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from facilities.models import Officer

TABS = 4  # places at the foot of a phone, beside 我, whose page names them all


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str
    current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Asks the database nothing that log-in has not asked already."""
    navigation = [link(request, name, label) for name, label in places(request)]
    return {
        "demo": settings.DEMO,
        "host_unit": settings.HOST_UNIT,
        "support": settings.SUPPORT,
        "filings": settings.FILINGS,
        "navigation": navigation,
        "tabs": navigation[:TABS],
    }


def places(request: HttpRequest) -> list[tuple[str, str]]:
    """URL name and word of each entry."""
    officer = getattr(request, "user", None)
    if officer is None or not officer.is_authenticated:
        return [("help", "帮助")]
    home = ("home", "我的任务" if officer.role == Officer.SURVEYOR else "首页")
    periods = [("assessments:periods", "季度")] if officer.role == Officer.ADMIN else []
    people = [("facilities:officers", "账号")] if officer.role in (Officer.ADMIN, Officer.REVIEWER) else []
    reviews = [] if officer.role == Officer.SURVEYOR else [("assessments:reviews", "审核")]
    board = [("reports:dashboard", "看板")] if officer.has_area else []
    returns = [] if officer.role == Officer.SURVEYOR else [("reports:returns", "季报")]
    return [
        home,
        *reviews,
        *board,
        *returns,
        ("facilities:facilities", "机构"),
        ("standards:standards", "规范"),
        *people,
        *periods,
        ("help", "帮助"),
    ]


def link(request: HttpRequest, name: str, label: str) -> Link:
    url = reverse(name)
    current = request.path == url if name == "home" else request.path.startswith(url)
    return Link(url, label, current)
