"""整改 from what a finished check found: by the city, or by who reviews the facility."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments import rectifying
from assessments.models import Rectification, SpotCheck
from assessments.rectifying import Source, mendable
from assessments.reviewers import may_review
from assessments.spot_checks.surveying import standard_of
from facilities.models import Officer


def may_open(officer: Officer, check: SpotCheck) -> bool:
    if check.state != SpotCheck.DONE or not officer.is_active:
        return False
    return officer.role == Officer.CITY or may_review(officer, check.facility)


def source_of(check: SpotCheck) -> Source:
    results = mendable(check.judged["judgement"])
    return Source(check.snapshot, standard_of(check), check.answers, results, check)


@transaction.atomic
def open_all(
    check: SpotCheck, officer: Officer, keys: Sequence[str], responsible: str, days: str, text: str = ""
) -> list[Rectification]:
    """As ``rectifying.open_all``. What was found does not change any more, so nothing is locked. Raises Refused,
    Overtaken, PermissionDenied."""
    if not may_open(officer, check):
        raise PermissionDenied("整改在检查办结以后，由市局或所属报送单位的审核员提出。")
    return rectifying.open_from(source_of(check), officer, keys, responsible, days, text)
