"""适用: which standard judges whom from when; to read. It is changed by ``manage.py load_adoptions``."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.adopting import standards_in_force
from assessments.models import Adoption
from facilities.access import today
from facilities.models import SUBJECTS
from standards.models import Standard


@require_safe
def adoptions(request: HttpRequest) -> HttpResponse:
    """First what judges by itself, then what is adopted, also of days past and to come."""
    titles = {standard.key: standard for standard in Standard.objects.order_by("effective")}
    own = [(SUBJECTS[subject], standard) for subject, standard in standards_in_force(today()).items()]
    adopted = Adoption.objects.select_related("division").order_by("standard", "division__code", "starts", "pk")
    rows = [(adoption, titles.get(adoption.standard)) for adoption in adopted]
    return render(request, "assessments/adoptions.html", {"own": own, "rows": rows, "today": today()})
