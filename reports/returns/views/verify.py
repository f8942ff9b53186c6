"""核验, for whoever holds the paper: no log-in, and nothing but what identifies a version."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from reports.returns.verifying import tidy, verified


@login_not_required
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    code = tidy(request.GET.get("code", "")[:60])
    return (
        redirect("reports:verified", code)
        if code.isalnum() and code.isascii()
        else render(request, "reports/verify.html")
    )


@login_not_required
@require_safe
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """404 with a kind page for a code that was never given out. 60 bits: nobody guesses one."""
    found = verified(code[:60])
    context = {"found": found, "code": code[:60], "unknown": found is None}
    return render(request, "reports/verify.html", context, status=200 if found else 404)
