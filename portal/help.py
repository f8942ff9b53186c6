"""The help page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from standards.outcomes import OUTCOMES

MEANINGS = {
    "pass": "符合规范的要求。",
    "relaxed": "没有达到一般标准，但符合规范允许酌减的条件，按达标计。",
    "deviation": "与规范的一般要求有出入，须写明原因，由审核员看是否成立。",
    "pending": "规范没有给出数字，要由上级部门认定。",
    "missing": "没有填，或填写为“无法提供”，暂时不能判定。",
    "fail": "没有达到规范的要求，页面会写明还差多少。",
    "not_applicable": "这一句不适用于本机构，不计分。",
    "info": "只作记录，不计分。",
}


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    legend = [(outcome, label, MEANINGS[outcome]) for outcome, label in OUTCOMES.items()]
    return render(request, "help.html", {"legend": legend})
