"""季报: whose are there, and who has not reported."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.models import Period
from facilities.models import Officer
from reports.returns.found import OF_CITY, period_or_404, reader_or_404, units_read_by
from reports.returns.listing import newest_ended, quarters, quarters_of_unit, units_of_quarter


@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """A reviewer's own quarters; for who reads the city all units of ``?period=``, by default the one reported now."""
    officer = reader_or_404(request)
    if officer.role == Officer.REVIEWER and officer.unit:
        return render(request, "reports/returns.html", {"unit": officer.unit, "rows": quarters_of_unit(officer.unit)})
    known = quarters()
    period = _asked(request) or newest_ended(known)
    rows = units_of_quarter(units_read_by(officer), period) if period else []
    context = {
        "rows": rows,
        "period": period,
        "periods": known,
        "missing": sum(row.is_missing for row in rows),
        "reads_city": officer.role in OF_CITY,
    }
    return render(request, "reports/returns.html", context)


def _asked(request: HttpRequest) -> Period | None:
    key = request.GET.get("period", "")
    return period_or_404(key) if key else None
