"""增员 of one facility: how it stands, a request, its decision, the appointment."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from facilities import extra_staff as verbs
from facilities import roster
from facilities.access import facility_or_404
from facilities.models import ExtraRequest, ExtraStep, Facility, Officer, Post
from facilities.requests import Refused

OF_PERSON = ("name", "kind", "starts")  # fields of a form that may stand on the page more than once
Verb = Callable[[Officer, ExtraRequest, Mapping[str, str]], ExtraStep]


@require_http_methods(["GET", "HEAD", "POST"])
def extras(request: HttpRequest, code: str) -> HttpResponse:
    facility = _facility_or_404(request, code)
    if request.method != "POST":
        return _page(request, facility)
    try:
        verbs.ask(_by(request), facility, request.POST.dict())
    except Refused as refused:
        return _page(request, facility, refused.errors, 0)
    messages.success(request, "增员申请已提交，等区里审批。")
    return redirect("facilities:extras", code)


@require_POST
def decide(request: HttpRequest, code: str, extra: int) -> HttpResponse:
    return _done(request, code, extra, verbs.decide, "审批结果已登记。")


@require_POST
def appoint(request: HttpRequest, code: str, extra: int) -> HttpResponse:
    return _done(request, code, extra, verbs.appoint, "已登记到岗，人员已列入名册，请到名册登记备案。")


def _by(request: HttpRequest) -> Officer:
    assert isinstance(request.user, Officer)  # noqa: S101 - narrows the type
    return request.user


def _facility_or_404(request: HttpRequest, code: str) -> Facility:
    facility = facility_or_404(request.user, code)
    if facility.subject not in verbs.SUBJECTS:
        raise Http404("县级中心不在增员审批的范围内。")
    return facility


def _done(request: HttpRequest, code: str, extra: int, verb: Verb, done: str) -> HttpResponse:
    facility = _facility_or_404(request, code)
    asked = next((each for each in verbs.requests_of(facility) if each.pk == extra), None)
    if asked is None:
        raise Http404("没有这份申请。")
    try:
        verb(_by(request), asked, request.POST.dict())
    except Refused as refused:
        return _page(request, facility, refused.errors, extra)
    messages.success(request, done)
    return redirect("facilities:extras", code)


def _page(
    request: HttpRequest, facility: Facility, errors: Mapping[str, str] | None = None, of: int | None = None
) -> HttpResponse:
    """``of``: the request whose form was sent, 0 for a new one; what was typed is kept."""
    by = _by(request)
    asked = verbs.requests_of(facility)
    context = {
        "facility": facility,
        "ground": verbs.ground_of(facility),
        "rows": [(each, verbs.state_of(each)) for each in asked],
        "waits": any(verbs.state_of(each) == verbs.WAITING for each in asked),
        "waiting": verbs.WAITING,
        "approved": verbs.APPROVED,
        "may_ask": verbs.may_ask(by, facility),
        "may_decide": verbs.may_decide(by, facility),
        "may_appoint": verbs.may_appoint(by, facility),
        "may_see_roster": roster.may_see(by),
        "kinds": Post.KINDS,
        "of": of,
        "typed": request.POST if errors else {},
        "wrong": errors or {},
        "errors": [
            (f"{field}-{of}" if field in OF_PERSON else field, words) for field, words in (errors or {}).items()
        ],
    }
    return render(request, "facilities/extras.html", context, status=422 if errors else 200)
