"""工作日历: a year's days off and make-up days; an administrator changes them with source and reason."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessments import workdays as verbs
from assessments.refusals import Overtaken, Refused
from assessments.views.found import officer_of
from assessments.workflow import require_admin
from facilities.access import today
from facilities.models import Officer

DAY_FIELDS, YEAR_FIELDS = ("day", "works", "source", "reason"), ("lines", "source")


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    _require_reader(officer_of(request))
    return _show(request, _year(request.GET.get("year", "")))


@require_POST
def change_day(request: HttpRequest) -> HttpResponse:
    require_admin(officer_of(request))
    typed = _typed(request, DAY_FIELDS)
    return _change(request, _year(typed["day"][:4]), "day", typed, lambda: verbs.checked_day(**typed))


@require_POST
def enter_year(request: HttpRequest, year: int) -> HttpResponse:
    require_admin(officer_of(request))
    if not verbs.FIRST_YEAR <= year <= verbs.LAST_YEAR:
        raise Http404("日历没有这一年。")
    typed = _typed(request, YEAR_FIELDS)
    return _change(request, year, "year", typed, lambda: verbs.checked_year(year, **typed))


def _change(
    request: HttpRequest, year: int, form: str, typed: dict[str, str], checked: Callable[[], verbs.Wanted]
) -> HttpResponse:
    try:
        otherwise = verbs.change(checked(), officer_of(request), request.POST.get("seen", ""))
    except Refused as refused:
        return _show(request, year, form, typed, {refused.field: str(refused)}, 422)
    except Overtaken:
        sentence = "您打开本页以后，别人改过日历。下面是您填的；请看过最新的日历和修改记录，再保存一次。"
        return _show(request, year, form, typed, {"": sentence}, 409)
    messages.success(request, "已保存，记入修改记录。" + _frozen(otherwise))
    return redirect(f"{reverse('assessments:calendar')}?year={year}")


def _frozen(otherwise: verbs.Otherwise) -> str:
    if not otherwise:
        return "已开启的季度不受影响。"
    told = "、".join(f"{p}（{p.due_day}，按现在的日历是 {day}）" for p, day in otherwise)
    return f"这些季度开启时截止日已经定下，不变：{told}。"


def _show(
    request: HttpRequest,
    year: int,
    form: str = "",
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "year": verbs.year_of(year),
        "years": [number for number in range(year - 2, year + 3) if verbs.FIRST_YEAR <= number <= verbs.LAST_YEAR],
        "history": verbs.history(),
        "otherwise": verbs.otherwise_due(),
        "seen": verbs.version(),
        "form": form,
        "typed": typed or {},
        "errors": errors or {},
        "listed": [(f"{form}_{field}" if field else "", sentence) for field, sentence in (errors or {}).items()],
        "may_change": officer_of(request).role == Officer.ADMIN,
    }
    return render(request, "assessments/calendar.html", context, status=status)


def _require_reader(officer: Officer) -> None:
    if officer.role == Officer.SURVEYOR:
        raise PermissionDenied("工作日历供审核员和市局查看；您的截止日在“我的任务”里。")


def _year(typed: str) -> int:
    """This year for what is none."""
    number = int(typed) if typed.isdecimal() and len(typed) == 4 else today().year
    return number if verbs.FIRST_YEAR <= number <= verbs.LAST_YEAR else today().year


def _typed(request: HttpRequest, fields: tuple[str, ...]) -> dict[str, str]:
    return {field: request.POST.get(field, "").replace("\0", "")[:5000] for field in fields}
