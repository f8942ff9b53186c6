"""适用: which standard judges whom from when. Everyone reads it; an administrator adds an adoption or ends one, and is
told whom that concerns before it takes effect."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments import adoption_acts as verbs
from assessments.adopting import standards_in_force
from assessments.adoption_checks import Ending, Unfit, Wanted, adoptable, areas, checked, checked_end
from assessments.models import Adoption
from assessments.views.found import officer_of
from facilities.access import today
from facilities.models import SUBJECTS, Officer
from standards.models import Standard

FIELDS, END_FIELDS = ("standard", "area", "subject", "starts", "source"), ("ends", "source")
CONFIRM, BACK = "confirm", "back"


@require_safe
def adoptions(request: HttpRequest) -> HttpResponse:
    """First what judges by itself, then what is adopted, also of days past and to come."""
    titles = {standard.key: standard for standard in Standard.objects.order_by("effective")}
    own = [(SUBJECTS[subject], standard) for subject, standard in standards_in_force(today()).items()]
    adopted = Adoption.objects.select_related("division", "by").order_by("standard", "division__code", "starts", "pk")
    context = {
        "own": own,
        "rows": [(adoption, titles.get(adoption.standard)) for adoption in adopted],
        "today": today(),
        "history": verbs.history(),
        "may_decide": verbs.may_decide(officer_of(request)),
    }
    return render(request, "assessments/adoptions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form; sent once, what it would do; confirmed, it is done."""
    by = _decider(request)
    typed, step = _typed(request, FIELDS), request.POST.get("step", "")
    if request.method != "POST" or step == BACK:
        return _form(request, typed)
    try:
        if step != CONFIRM:
            return _confirm(request, typed, checked(typed))
        verbs.adopt(by, typed)
    except Unfit as unfit:
        return _form(request, typed, unfit.errors)
    messages.success(request, "已指定，记入修改记录。")
    return redirect("assessments:adoptions")


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, adoption: int) -> HttpResponse:
    """As ``new``."""
    by = _decider(request)
    found = get_object_or_404(Adoption.objects.select_related("division"), pk=adoption)
    typed, step = _typed(request, END_FIELDS), request.POST.get("step", "")
    if request.method != "POST" or step == BACK:
        return _end_form(request, found, typed)
    try:
        if step != CONFIRM:
            return _confirm(request, typed, checked_end(found, typed))
        verbs.end(by, found, typed)
    except Unfit as unfit:
        return _end_form(request, found, typed, unfit.errors)
    messages.success(request, "已定下终止日期，记入修改记录。")
    return redirect("assessments:adoptions")


# ── Beats of the views ────────────────────────────────────────────────────────


def _decider(request: HttpRequest) -> Officer:
    officer = officer_of(request)
    verbs.require_decider(officer)
    return officer


def _typed(request: HttpRequest, fields: tuple[str, ...]) -> dict[str, str]:
    return {field: request.POST.get(field, "").replace("\0", "")[:1000] for field in fields}


def _form(request: HttpRequest, typed: dict[str, str], errors: dict[str, str] | None = None) -> HttpResponse:
    standards = adoptable()
    only = next(iter(standards), "") if len(standards) == 1 else ""
    context = {
        "typed": typed | {"standard": typed["standard"] or only},
        "standards": standards,
        "areas": areas(),
        "subjects": SUBJECTS,
    }
    return _page(request, "assessments/adoption_new.html", context, errors)


def _end_form(
    request: HttpRequest, adoption: Adoption, typed: dict[str, str], errors: dict[str, str] | None = None
) -> HttpResponse:
    standard = Standard.objects.filter(key=adoption.standard).order_by("-effective").first()
    context = {"typed": typed, "adoption": adoption, "standard": standard}
    return _page(request, "assessments/adoption_end.html", context, errors)


def _page(
    request: HttpRequest, template: str, context: dict[str, object], errors: dict[str, str] | None
) -> HttpResponse:
    wrong = errors or {}
    more = {"wrong": wrong, "errors": list(wrong.items())}
    return render(request, template, context | more, status=422 if wrong else 200)


def _confirm(request: HttpRequest, typed: dict[str, str], decision: Wanted | Ending) -> HttpResponse:
    ending = decision if isinstance(decision, Ending) else None
    what = decision.adoption if isinstance(decision, Ending) else decision
    context = {
        "typed": typed,
        "decision": decision,
        "ending": ending,
        "area": what.division,
        "subject": SUBJECTS[what.subject],
        "concern": verbs.concern_of(decision),
    }
    return render(request, "assessments/adoption_confirm.html", context)
