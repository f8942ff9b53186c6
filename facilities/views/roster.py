"""人员名册 of one facility: the list, a new post, one post with its end, 备案 and phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from facilities import roster as verbs
from facilities.access import facility_or_404, today
from facilities.models import Facility, Officer, Post
from facilities.post_words import typed_of

Verb = Callable[[Officer, Post, Mapping[str, str]], Post]


@require_safe
def roster(request: HttpRequest, code: str) -> HttpResponse:
    by, facility = _by(request), facility_or_404(request.user, code)
    posts, day = verbs.roster_of(by, facility), today()
    rows = [(post, post.unfiled_days(day) if facility.subject == "village" else None) for post in posts]
    unfiled = [days for post, days in rows if days is not None and not post.has_left(day)]
    context = {
        "facility": facility,
        "there": [(post, days) for post, days in rows if not post.has_left(day)],
        "left": [(post, days) for post, days in rows if post.has_left(day)],
        "files": facility.subject == "village",
        "reminder": settings.FILING_REMINDER_DAYS,
        "unfiled": len(unfiled),
        "late": sum(days > settings.FILING_REMINDER_DAYS for days in unfiled),
        "may_keep": verbs.may_keep(by),
    }
    return render(request, "facilities/roster.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    by, facility = _by(request), facility_or_404(request.user, code)
    if not verbs.may_keep(by):
        raise PermissionDenied("名册由本机构的填报员和区审核员登记。")
    if request.method != "POST":
        return _form(request, facility, {}, {})
    try:
        verbs.add(by, facility, request.POST)
    except verbs.Refused as refused:
        return _form(request, facility, request.POST, refused.errors, 422)
    messages.success(request, "已登记。")
    return redirect("facilities:roster", code)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, code: str, post: int) -> HttpResponse:
    if request.method == "POST":
        return _done(request, code, post, verbs.change, "已保存。")
    return _one(request, _post_or_404(request, code, post), {}, {})


@require_POST
def end(request: HttpRequest, code: str, post: int) -> HttpResponse:
    return _done(request, code, post, verbs.end, "离任日期已保存。")


@require_POST
def filing(request: HttpRequest, code: str, post: int) -> HttpResponse:
    return _done(request, code, post, verbs.file, "备案已保存。")


@require_POST
def phone(request: HttpRequest, code: str, post: int) -> HttpResponse:
    """Shown in the answer to the act that was recorded, at no address of its own."""
    found = _post_or_404(request, code, post)
    return _one(request, found, {}, {}, phone=verbs.phone_for(_by(request), found))


# ── Beats of the views ────────────────────────────────────────────────────────


def _by(request: HttpRequest) -> Officer:
    assert isinstance(request.user, Officer)  # noqa: S101 - narrows the type
    return request.user


def _post_or_404(request: HttpRequest, code: str, pk: int) -> Post:
    facility = facility_or_404(request.user, code)
    if not verbs.may_see(request.user):
        raise PermissionDenied(verbs.ONLY)
    posts = verbs.posts_visible_to(request.user).select_related("facility__division", "by")
    return get_object_or_404(posts, facility=facility, pk=pk)


def _done(request: HttpRequest, code: str, pk: int, verb: Verb, done: str) -> HttpResponse:
    post = _post_or_404(request, code, pk)
    try:
        verb(_by(request), post, request.POST)
    except verbs.Stale as stale:
        return _one(request, post, request.POST, stale.errors, 409)
    except verbs.Refused as refused:
        return _one(request, post, request.POST, refused.errors, 422)
    messages.success(request, done)
    return redirect("facilities:roster", code)


def _one(
    request: HttpRequest,
    post: Post,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    status: int = 200,
    phone: str = "",
) -> HttpResponse:
    """``typed`` is of one of the forms; the others show what is kept."""
    return _form(request, post.facility, _over(post, typed), errors, status, {"post": post, "phone": phone})


def _over(post: Post, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed over what is kept. A form that was sent says also which boxes are empty."""
    kept = typed_of(post)
    if "name" in typed:
        kept = {key: value for key, value in kept.items() if key not in ("is_public_servant", "extra")}
    return {**kept, "seen": str(post.revision), **{key: typed[key] for key in typed if key != "seen"}}


def _form(
    request: HttpRequest,
    facility: Facility,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    status: int = 200,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    by = _by(request)
    context = {
        "facility": facility,
        "typed": typed,
        "wrong": errors,
        "errors": list(errors.items()),
        "kinds": Post.KINDS,
        "may_keep": verbs.may_keep(by),
        "may_file": verbs.may_file(by),
        "files": facility.subject == "village",
        **(more or {}),
    }
    return render(request, "facilities/post.html", context, status=status)
