"""What a dashboard's address asks for. Whatever it asks that does not exist is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef

from assessments.models import Period, Progress
from assessments.models.summaries import CITY
from assessments.periods import quarter_before
from facilities.access import today

SUBJECTS = {"county": "中心", "township": "所", "village": "站"}
WORST, BEST, BY_CODE = "worst", "best", "code"
ORDERS = {WORST: "差的在前", BEST: "好的在前", BY_CODE: "按代码"}
QUARTERS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """Every filter of the page. ``periods`` are all there are, newest first."""

    period: Period
    periods: Sequence[Period]
    subject: str = ""
    order: str = WORST
    page: int = 1
    all_gaps: bool = False

    def address(self, **changed: str | int) -> str:
        """The query string with some filters changed: ``?period=2026Q3&subject=village``."""
        own: dict[str, str | int] = {
            "period": self.period.key,
            "subject": self.subject,
            "order": "" if self.order == WORST else self.order,
            "page": "" if self.page == 1 else self.page,
            "gaps": "all" if self.all_gaps else "",
        }
        return "?" + urlencode({key: value for key, value in (own | changed).items() if value != ""})

    @property
    def city_address(self) -> str:
        """Of another area's page in the same quarter and subject."""
        return self.address(page="", gaps="")

    @property
    def subject_word(self) -> str:
        return SUBJECTS.get(self.subject, "中心、所、站")

    @property
    def before(self) -> Period | None:
        """The quarter before, where it is stored."""
        wanted = quarter_before(self.period.year, self.period.quarter)
        return next((each for each in self.periods if (each.year, each.quarter) == wanted), None)

    @property
    def quarters(self) -> list[Period]:
        """The last eight quarters up to this one, oldest first."""
        upto = [each for each in self.periods if each.key <= self.period.key]
        return upto[:QUARTERS][::-1]

    def on_page(self, page: int) -> Asked:
        return replace(self, page=page)


def asked_of(get: Mapping[str, str]) -> Asked | None:
    """None where no quarter was ever opened. Where none is asked for: the newest that is over and has accepted
    surveys, else the newest that has any. One query."""
    accepted = Progress.objects.filter(period=OuterRef("pk"), kind=CITY, accepted__gt=0)
    periods = list(Period.objects.annotate(has_accepted=Exists(accepted)))
    if not periods:
        return None
    accepting = [each for each in periods if getattr(each, "has_accepted", False)]
    over = [each for each in accepting if each.last_day < today()]
    usual = (over or accepting or periods)[0]
    period = next((each for each in periods if each.key == get.get("period")), usual)
    subject, order, page = get.get("subject", ""), get.get("order", WORST), get.get("page", "")
    return Asked(
        period,
        periods,
        subject if subject in SUBJECTS else "",
        order if order in ORDERS else WORST,
        int(page) if page.isascii() and page.isdecimal() and len(page) < 6 and int(page) else 1,
        get.get("gaps") == "all",
    )
