"""What a comparison's address asks for. Whatever it asks that does not exist is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from assessments.adopting import in_force_on
from assessments.comparing import name_of
from assessments.models import Period
from assessments.models.summaries import TOWN
from facilities.models import SUBJECTS
from reports.dashboards.asked import asked_of as dashboard_asked_of
from reports.dashboards.places import Place
from standards.models import Standard

OF_TOWNS = ("township", "village")


@dataclass(frozen=True)
class Asked:
    """``subjects`` are those of which more than one edition speaks here; ``editions`` by name all that speak of the
    subject. ``left`` and ``right`` are None where there are not two."""

    period: Period
    periods: Iterable[Period]
    subject: str
    subjects: Mapping[str, str]
    editions: Mapping[str, Standard]
    left: Standard | None
    right: Standard | None
    row: str
    kind: str
    page: int

    @property
    def subject_word(self) -> str:
        return SUBJECTS.get(self.subject, "")

    @property
    def is_twice_the_same(self) -> bool:
        return self.left is not None and self.left == self.right

    def address(self, **more: str | int) -> str:
        """The query string, with more asked for or other things: ``?period=2026Q3&subject=village&left=…``."""
        own: dict[str, str | int] = {"period": self.period.key, "subject": self.subject}
        own |= {side: name_of(each) for side, each in (("left", self.left), ("right", self.right)) if each}
        return "?" + urlencode({key: value for key, value in (own | more).items() if value != ""})

    @property
    def of_one(self) -> str:
        """The query string of one facility's own comparison: ``of=…&with=…``."""
        sides = (("of", self.left), ("with", self.right))
        return urlencode({key: name_of(each) for key, each in sides if each})

    @property
    def title_left(self) -> str:
        return self._title(self.left, self.right)

    @property
    def title_right(self) -> str:
        return self._title(self.right, self.left)

    @staticmethod
    def _title(standard: Standard | None, other: Standard | None) -> str:
        """附表2; two editions in time are told apart by their day."""
        if standard is None:
            return ""
        in_time = other is not None and other.key == standard.key
        return f"{standard.source}（{standard.effective}版）" if in_time else standard.source


def asked_of(get: Mapping[str, str], place: Place) -> Asked | None:
    """None where no quarter was ever opened. Four queries."""
    found = dashboard_asked_of(get)
    if found is None:
        return None
    standards = list(Standard.objects.order_by("key", "-effective"))
    subjects = _subjects(standards, place)
    subject = get.get("subject", "")
    if subject not in subjects:
        subject = "village" if place.kind == TOWN and "village" in subjects else next(iter(subjects), "")
    editions = {name_of(each): each for each in standards if subject in each.subjects}
    left, right = _sides(found.period, subject, editions, get)
    told = get.get("row", ""), get.get("kind", "")
    return Asked(found.period, found.periods, subject, subjects, editions, left, right, *told, found.page)


def _subjects(standards: Iterable[Standard], place: Place) -> dict[str, str]:
    times = Counter(subject for standard in standards for subject in standard.subjects)
    here = OF_TOWNS if place.kind == TOWN else SUBJECTS
    order = ("township", "village", "county", "district", "city")
    return {key: SUBJECTS[key] for key in order if times[key] > 1 and key in here}


def _sides(
    period: Period, subject: str, editions: Mapping[str, Standard], get: Mapping[str, str]
) -> tuple[Standard | None, Standard | None]:
    """Where not asked for: what judges by itself, then what is adopted anywhere, then whatever else there is."""
    judging = in_force_on(period.last_day).anywhere(subject)
    usual = list(dict.fromkeys((*judging, *editions.values())))
    if len(usual) < 2:
        return None, None
    left = editions.get(get.get("left", ""), usual[0])
    others = [each for each in usual if each != left]
    return left, editions.get(get.get("right", ""), others[0])
