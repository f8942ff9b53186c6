"""账号: the list, a new one, one officer with what was done to him, and the acts."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from facilities import officers as verbs
from facilities.access import units_visible_to
from facilities.models import Officer
from facilities.views import entries

PER_PAGE = 50
FIELDS = ("username", "name", "role", "unit", "facility")
OFFERED = 1000  # facilities in the list of suggestions; the others are typed


@require_safe
def officers(request: HttpRequest) -> HttpResponse:
    asked = {key: request.GET.get(key, "").replace("\0", "").strip()[:60] for key in ("role", "state", "q")}
    found = _narrowed(verbs.managed_by(_by(request)), **asked)
    page = Paginator(found.order_by("role", "username"), PER_PAGE).get_page(request.GET.get("page"))
    narrowed = urlencode({key: value for key, value in asked.items() if value})
    context = {"page": page, "roles": _roles(request), "narrowed": narrowed, **asked}
    return render(request, "facilities/officers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    by = _by(request)
    verbs.managed_by(by)
    if request.method != "POST":
        return _form(request, {"role": Officer.SURVEYOR})
    try:
        made = verbs.create(by, _wanted(request), _way(request))
    except verbs.Refused as refused:
        return _form(request, request.POST, refused=refused)
    return entries.entry(request, made, "账号已建好")


@require_http_methods(["GET", "HEAD", "POST"])
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    by, found = _by(request), _managed(request, pk)
    if request.method != "POST":
        return _form(request, _as_kept(found), found)
    try:
        verbs.change(by, found, _wanted(request, found), request.POST.get("seen", ""))
    except verbs.Refused as refused:
        return _form(request, request.POST, found, refused)
    messages.success(request, "已保存。")
    return redirect("facilities:officer", pk)


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Off or on, as ``to`` says."""
    by, found = _by(request), _managed(request, pk)
    if request.POST.get("to") == "on":
        verbs.activate(by, found)
        messages.success(request, f"{found.display_name}的账号已启用。")
    else:
        verbs.deactivate(by, found)
        messages.success(request, f"{found.display_name}的账号已停用，正在使用的登录立即失效。")
    return redirect("facilities:officer", pk)


@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    found = _managed(request, pk)
    try:
        made = verbs.reset(_by(request), found, _way(request))
    except verbs.Refused as refused:
        messages.error(request, str(refused))
        return redirect("facilities:officer", pk)
    return entries.entry(request, made, "密码已重置")


# ── Beats of the views ────────────────────────────────────────────────────────


def _by(request: HttpRequest) -> Officer:
    assert isinstance(request.user, Officer)  # noqa: S101 - narrows the type
    return request.user


def _managed(request: HttpRequest, pk: int) -> Officer:
    return get_object_or_404(verbs.managed_by(_by(request)).select_related("unit", "facility"), pk=pk)


def _narrowed(found: QuerySet[Officer], role: str, state: str, q: str) -> QuerySet[Officer]:
    if role in Officer.ROLES:
        found = found.filter(role=role)
    if state in ("on", "off"):
        found = found.filter(is_active=state == "on")
    if q:
        named = Q(username__icontains=q) | Q(last_name__icontains=q)
        found = found.filter(named | Q(facility__name__icontains=q) | Q(unit__name__icontains=q))
    return found.select_related("unit", "facility")


def _roles(request: HttpRequest) -> dict[str, str]:
    every = Officer.ROLES
    return every if _by(request).role == Officer.ADMIN else {Officer.SURVEYOR: every[Officer.SURVEYOR]}


def _way(request: HttpRequest) -> str:
    return verbs.SLIP if request.POST.get("way") == verbs.SLIP else verbs.LINK


def _wanted(request: HttpRequest, own: Officer | None = None) -> verbs.NewOfficer:
    username, name, role, unit, facility = (request.POST.get(key, "") for key in FIELDS)
    return verbs.checked(_by(request), username, name, role, unit, facility, own)


def _as_kept(found: Officer) -> dict[str, str]:
    return {
        "name": found.last_name,
        "role": found.role,
        "unit": found.unit.code if found.unit else "",
        "facility": f"{found.facility.name}（{found.facility.code}）" if found.facility else "",
    }


def _form(
    request: HttpRequest, typed: Mapping[str, str], found: Officer | None = None, refused: verbs.Refused | None = None
) -> HttpResponse:
    by = _by(request)
    context: dict[str, object] = {
        "officer": found,
        "typed": typed,
        "refused": refused,
        "roles": _roles(request),
        "units": units_visible_to(by) if by.role == Officer.ADMIN else [],
        "facilities": verbs.facilities_for(by).order_by("code")[:OFFERED],
    }
    if found:
        acts = found.acts.select_related("by")[:50]
        context |= {"seen": verbs.state_of(found), "acts": acts, "is_self": found.pk == by.pk}
    return render(request, "facilities/officer.html", context, status=_status(refused))


def _status(refused: verbs.Refused | None) -> int:
    if refused is None:
        return 200
    return 409 if isinstance(refused, verbs.ChangedMeanwhile) else 422
