"""What holds for every request: headers, no stored pages, log-in before all but a few, passwords that grow old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url

from facilities.access import today
from facilities.existence import settle_names
from facilities.models import Officer
from portal.accounts import LoginForm, is_too_old
from portal.demo import trial_accounts
from portal.kept import fields_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
FEATURES = ("camera", "geolocation", "microphone", "payment", "usb")
PERMISSIONS = ", ".join(f"{feature}=()" for feature in FEATURES)
OPEN_TO_OLD_PASSWORDS = {"set_password", "password", "logout", "login", "healthz", "help"}


class Headers:
    """Permissions-Policy on every response, static files and errors too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS
        return response


class NoStore:
    """Pages hold data of places and people: no browser or proxy keeps a copy. Static files never get here."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class NamesOfTheDay:
    """Names of facilities that begin today are put in their place before the first request of a day is answered: a
    question to the database once a day and process."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.settled: date | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.settled != (day := today()):
            settle_names(day)
            self.settled = day
        return self.get_response(request)


class NoPageHere:
    """An address that only saves, opened in a browser: a page says so, instead of a blank one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET":
            return response
        page = render(request, "errors/405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


class LoginRequired(LoginRequiredMiddleware):
    """Every view asks for a log-in unless it is marked ``login_not_required``.

    A page goes to the log-in page and comes back. A script gets 401 and keeps what was typed. A form sent after the
    session ended is kept through the log-in."""

    def handle_no_permission(  # type: ignore[override]  # the stubs know only the redirect
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if request.headers.get("X-Requested-With"):
            return HttpResponse("登录已过期，请重新登录。", status=401, content_type="text/plain; charset=utf-8")
        if request.method == "POST":
            return ask_again(request)
        return redirect(login_url(request, request.get_full_path()))


def login_url(request: HttpRequest, next_path: str) -> str:
    """The log-in page that leads back; ``expired`` where the browser still held a session."""
    query = {"next": next_path}
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        query["expired"] = "1"
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query)}"


def ask_again(request: HttpRequest) -> HttpResponse:
    context = {
        "form": LoginForm(request),
        "expired": True,
        "kept": fields_of(request.POST),
        "kept_path": request.get_full_path(),
        **trial_accounts(),
    }
    return render(request, "registration/login.html", context, status=401)


class PasswordAge:
    """An officer whose password another set, or is too old, comes to the change page first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        if not isinstance(request.user, Officer):
            return None
        if request.resolver_match and request.resolver_match.url_name in OPEN_TO_OLD_PASSWORDS:
            return None
        if not is_too_old(request.user):
            return None
        if request.headers.get("X-Requested-With"):
            return HttpResponse("请先修改密码。", status=403, content_type="text/plain; charset=utf-8")
        return redirect("password")
