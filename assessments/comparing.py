"""Two editions over the same facts, side by side: what each asks of one thing, what each finds, and why they differ.
Of one survey here; of an area in reports/comparisons."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from assessments.lines import Line, line_of
from assessments.scoring import Standing, stand
from facilities.existence import said
from standards.edition import Edition, Requirement
from standards.grading import worst
from standards.loading import edition_of
from standards.models import Standard

SAME, APART, OPEN, ALONE = "same", "apart", "open", "alone"
VERDICTS = {
    SAME: "结论相同",
    APART: "结论不同",
    OPEN: "数据不全或待认定，还不能比",
    ALONE: "不是两份都作判定",
}
UNSAID = ("missing", "pending")
NOT_JUDGED = ("not_applicable", "info")


@dataclass(frozen=True, slots=True)
class Row:
    """What two editions say of the same thing: the requirements of each that speak of the subject. ``why`` explains
    how they differ."""

    key: str
    label: str
    why: str
    left: tuple[Requirement, ...]
    right: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row over one survey's facts."""

    row: Row
    left: tuple[Line, ...]
    right: tuple[Line, ...]

    @property
    def verdict(self) -> str:
        """How the worst of both sides compare over these facts."""
        return verdict_of(*(worst_of(line.outcome for line in lines) for lines in (self.left, self.right)))

    @property
    def word(self) -> str:
        return VERDICTS[self.verdict]


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Standing
    right: Standing
    differences: tuple[Difference, ...]

    @property
    def apart(self) -> int:
        return sum(difference.verdict == APART for difference in self.differences)

    @property
    def open(self) -> int:
        return sum(difference.verdict == OPEN for difference in self.differences)


def worst_of(outcomes: Iterable[str]) -> str:
    """Of what is judged; what does not apply, or is only recorded, weighs nothing. Empty where nothing is."""
    judged = [outcome for outcome in outcomes if outcome not in NOT_JUDGED]
    return worst(judged) if judged else ""


def verdict_of(left: str, right: str) -> str:
    if not left or not right:
        return ALONE
    if left in UNSAID or right in UNSAID:
        return OPEN
    return SAME if left == right else APART


def editions_of(subject: str) -> list[Standard]:
    """That speak of a subject, newest first: one query."""
    return [each for each in Standard.objects.order_by("key", "-effective") if subject in each.subjects]


def name_of(standard: Standard) -> str:
    """An edition as an address names it: town_office.2016-01-01."""
    return f"{standard.key}.{standard.effective}"


def compared(standing: Standing, other: Standard, first: Standard | None = None) -> Comparison:
    """The same answers by two editions; without ``first`` the left is the one that judges the survey. Nothing is
    stored. What was determined holds for the editions that judged."""
    left, right = (_stand(standing, standard) for standard in (first or standing.standard, other))
    subject = standing.survey.facility.subject
    rows = rows_between(left.standard, right.standard, subject)
    return Comparison(
        left, right, tuple(Difference(row, _lines(left, row.left), _lines(right, row.right)) for row in rows)
    )


def _stand(standing: Standing, standard: Standard) -> Standing:
    determined = standing.determinations.values() if standard in standing.standards else ()
    return stand(standing.survey, (standard,), standing.answers, determined)


def _lines(standing: Standing, requirements: Iterable[Requirement]) -> tuple[Line, ...]:
    return tuple(line_of(standing, requirement) for requirement in requirements)


# ── What differs ──────────────────────────────────────────────────────────────


def rows_between(left: Standard, right: Standard, subject: str) -> list[Row]:
    """Between two standards the rows of the legal reading; between two editions in time what was changed, taken out or
    put in. Only what speaks of the subject."""
    editions = edition_of(left), edition_of(right)
    rows = _in_time(*editions, subject) if left.key == right.key else _as_read(*editions, subject)
    return [row for row in rows if row.left or row.right]


def _as_read(left: Edition, right: Edition, subject: str) -> list[Row]:
    return [
        Row(each["key"], each["label"], each["why"], *(_of(side, each[side.key], subject) for side in (left, right)))
        for each in _rows()
        if left.key in each and right.key in each
    ]


def _in_time(left: Edition, right: Edition, subject: str) -> list[Row]:
    keys = dict.fromkeys((*left.by_key, *right.by_key))
    changed = [key for key in keys if left.by_key.get(key) != right.by_key.get(key)]
    return [_changed(key, left, right, subject) for key in changed]


def _changed(key: str, left: Edition, right: Edition, subject: str) -> Row:
    before, after = _of(left, [key], subject), _of(right, [key], subject)
    only = left if before else right
    why = "两个版本都有，要求改了。" if before and after else f"只有{said(only.effective)}起的版本有。"
    label = (before or after)[0].label if before or after else key
    return Row(key, label, why, before, after)


def _of(edition: Edition, keys: Iterable[str], subject: str) -> tuple[Requirement, ...]:
    known = edition.by_key
    return tuple(known[key] for key in keys if key in known and subject in known[key].subjects)


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    """``fixtures/differences.toml``, read once a process."""
    file = settings.BASE_DIR / "fixtures" / "differences.toml"
    return tuple(tomllib.loads(file.read_text(encoding="utf-8"))["difference"])
