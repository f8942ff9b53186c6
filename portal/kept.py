"""What was typed when the session had already ended: kept through the log-in page, and offered for sending again.

Only a request that passed the CSRF check gets here, so the fields come from a page of ours."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

PREFIX = "kept."
PATH = "kept_path"
NOT_KEPT = {"csrfmiddlewaretoken", "username", "password", PATH}


def fields_of(posted: QueryDict) -> list[tuple[str, str]]:
    """Name and value of each posted field, but for tokens and passwords."""
    return [
        (name, str(value))
        for name, values in posted.lists()
        if name not in NOT_KEPT and "password" not in name and not name.startswith(PREFIX)
        for value in values
    ]


def kept_fields(posted: QueryDict) -> list[tuple[str, str]]:
    """The fields that the log-in page carried."""
    return [
        (name.removeprefix(PREFIX), str(value))
        for name, values in posted.lists()
        if name.startswith(PREFIX)
        for value in values
    ]


def kept_path(request: HttpRequest) -> str:
    """Where to send them again: a path of ours, else the home page."""
    path = request.POST.get(PATH, "")
    allowed = url_has_allowed_host_and_scheme(
        path, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return path if allowed else "/"
