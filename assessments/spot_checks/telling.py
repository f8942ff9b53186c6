"""An inspector is told of what was assigned: which facilities, of which quarter. Nothing of what they reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import uuid4

from django.urls import reverse

from assessments.inbox import Letter, Told, tell
from assessments.models import SpotCheck
from facilities.models import Officer


def tell_inspectors(checks: Iterable[SpotCheck], by: Officer) -> Told:
    """One letter to each inspector, within the caller's transaction. A handful of queries, however many checks."""
    assigned: dict[int, list[SpotCheck]] = {}
    for check in checks:
        if check.inspector_id is not None:
            assigned.setdefault(check.inspector_id, []).append(check)
    return tell([_letter(own, by) for own in assigned.values()])


def _letter(checks: Sequence[SpotCheck], by: Officer) -> Letter:
    first, number = checks[0], len(checks)
    assert first.inspector is not None  # noqa: S101 - narrows the type
    names = "\n".join(f"{each.facility.name}（{each.unit}）" for each in checks)
    text = f"请到现场填写核查情况；办结以前看不到填报的数。\n{names}"
    link = reverse("assessments:spot_checks")
    if number == 1:
        link = reverse("assessments:spot_check", args=[first.draw_id, first.pk])
    title = f"抽查：{first.draw.period}，指派给您 {number} 家"
    return Letter(first.inspector, f"inspect {uuid4()}", title, text, link, by)
