"""机构变更申请: the list, a new one, one with its decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from facilities import requests as verbs
from facilities.access import divisions_reporting_to, reporting_to, today
from facilities.existence import closed_by
from facilities.models import FacilityRequest, Officer

PER_PAGE = 30


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """``?state=waiting``"""
    by = _by(request)
    if by.role == Officer.SURVEYOR:
        raise PermissionDenied("机构变更由区审核员申请，市局审批。需要变更请联系区审核员。")
    found, state = verbs.requests_visible_to(by), request.GET.get("state", "")
    if state in FacilityRequest.STATES:
        found = found.filter(state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [(each, verbs.change_in_words(each)) for each in page.object_list],
        "page": page,
        "state": state,
        "states": FacilityRequest.STATES,
        "may_ask": verbs.may_ask(by),
    }
    return render(request, "facilities/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """``?kind=rename&facility=440402001``; without a kind, the choice of one."""
    by = _by(request)
    if not verbs.may_ask(by):
        raise PermissionDenied("机构变更由区审核员申请，市局审批。")
    if request.method != "POST":
        return _form(request, request.GET, {})
    try:
        asked = verbs.ask(by, request.POST.get("kind", ""), request.POST.dict())
    except verbs.Refused as refused:
        return _form(request, request.POST, refused.errors)
    messages.success(request, "申请已提交，等市局审批。审批以前可以撤回。")
    return redirect("facilities:request", asked.pk)


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return _one(request, _request_or_404(request, pk), {})


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, verbs.withdraw, "申请已撤回。")


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    answer = request.POST.get("answer", "")
    return _decided(request, pk, lambda by, asked: verbs.approve(by, asked, answer), "已同意，变更按生效日期生效。")


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    answer = request.POST.get("answer", "")
    return _decided(request, pk, lambda by, asked: verbs.refuse(by, asked, answer), "已退回申请，区里会看到理由。")


# ── Beats of the views ────────────────────────────────────────────────────────


def _by(request: HttpRequest) -> Officer:
    assert isinstance(request.user, Officer)  # noqa: S101 - narrows the type
    return request.user


def _request_or_404(request: HttpRequest, pk: int) -> FacilityRequest:
    return get_object_or_404(verbs.requests_visible_to(_by(request)), pk=pk)


def _decided(
    request: HttpRequest, pk: int, verb: Callable[[Officer, FacilityRequest], FacilityRequest], done: str
) -> HttpResponse:
    asked = _request_or_404(request, pk)
    try:
        verb(_by(request), asked)
    except verbs.Refused as refused:
        return _one(request, _request_or_404(request, pk), refused.errors)
    messages.success(request, done)
    return redirect("facilities:request", pk)


def _one(request: HttpRequest, asked: FacilityRequest, errors: Mapping[str, str]) -> HttpResponse:
    by, waits = _by(request), verbs.is_waiting(asked)
    context = {
        "asked": asked,
        "change": verbs.change_in_words(asked),
        "may_withdraw": waits and verbs.may_ask(by) and by.unit_id == asked.unit_id,
        "may_decide": waits and verbs.may_decide(by),
        "errors": _listed(errors),
        "answer": request.POST.get("answer", ""),
    }
    return render(request, "facilities/request.html", context, status=422 if errors else 200)


def _form(request: HttpRequest, typed: Mapping[str, str], errors: Mapping[str, str]) -> HttpResponse:
    unit, kind = _by(request).unit_id or 0, typed.get("kind", "")
    fields = verbs.fields_of(kind) if kind in FacilityRequest.KINDS else []
    own = reporting_to(unit).exclude(closed_by(today())).order_by("code").values_list("code", "name")
    context = {
        "kind": kind if fields else "",
        "kinds": FacilityRequest.KINDS,
        "kind_name": FacilityRequest.KINDS.get(kind, ""),
        "fields": fields,
        "typed": typed,
        "wrong": errors,
        "errors": _listed(errors),
        "facilities": own if "facility" in fields else [],
        "divisions": divisions_reporting_to(unit).order_by("code").values_list("code", "name")
        if "division" in fields
        else [],
        "asked_for": typed.get("facility", ""),
    }
    return render(request, "facilities/request_new.html", context, status=422 if errors else 200)


def _listed(errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of a field's id and the sentence, for the summary on top."""
    return list(errors.items())
