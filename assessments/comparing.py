"""One survey's facts under two editions, side by side: what each asks, what each finds, and why they differ."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from assessments.lines import Line, line_of
from assessments.scoring import Standing, stand
from standards.edition import Requirement
from standards.grading import worst
from standards.models import Standard

SAME, APART, OPEN, ALONE = "same", "apart", "open", "alone"
VERDICTS = {SAME: "结论相同", APART: "结论不同", OPEN: "数据不全，还不能比", ALONE: "只有一份作判定"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of the table: the requirements of both that speak of the same thing. ``why`` explains it."""

    key: str
    label: str
    why: str
    left: tuple[Line, ...]
    right: tuple[Line, ...]

    @property
    def verdict(self) -> str:
        """How the worst of both sides compare over these facts."""
        left, right = worst_of(self.left), worst_of(self.right)
        if not left or not right:
            return ALONE
        if "missing" in (left, right):
            return OPEN
        return SAME if left == right else APART

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


def worst_of(lines: Iterable[Line]) -> str:
    """Of what is judged; what does not apply, or is only recorded, weighs nothing. Empty where nothing is."""
    judged = [line.outcome for line in lines if line.outcome not in ("not_applicable", "info")]
    return worst(judged) if judged else ""


def others_of(standing: Standing) -> list[Standard]:
    """Editions that speak of the same subject as the one that judges the survey, newest first: one query."""
    subject = standing.survey.facility.subject
    found = Standard.objects.exclude(pk=standing.standard.pk).order_by("key", "-effective")
    return [standard for standard in found if subject in standard.subjects]


def compared(standing: Standing, other: Standard) -> Comparison:
    """The same answers, judged by ``other`` as well. Nothing is stored."""
    determined = standing.determinations.values()
    left = stand(standing.survey, (standing.standard,), standing.answers, determined)
    right = stand(standing.survey, (other,), standing.answers)
    pairs = _in_time(left, right) if other.key == standing.standard.key else _as_read(left, right)
    return Comparison(left, right, tuple(each for each in pairs if each.left or each.right))


def _as_read(left: Standing, right: Standing) -> list[Difference]:
    """The rows of the legal reading; of each what speaks of the facility's subject."""
    keys = left.standard.key, right.standard.key
    rows = [row for row in _rows() if all(key in row for key in keys)]
    return [
        Difference(row["key"], row["label"], row["why"], _lines(left, row[keys[0]]), _lines(right, row[keys[1]]))
        for row in rows
    ]


def _in_time(left: Standing, right: Standing) -> list[Difference]:
    """Two editions of one standard: what was changed, taken out or put in."""
    keys = dict.fromkeys((*left.edition.by_key, *right.edition.by_key))
    changed = [key for key in keys if left.edition.by_key.get(key) != right.edition.by_key.get(key)]
    return [_changed(key, _lines(left, [key]), _lines(right, [key])) for key in changed]


def _changed(key: str, left: tuple[Line, ...], right: tuple[Line, ...]) -> Difference:
    label = (left or right)[0].requirement.label if left or right else key
    why = "两个版本都有，要求改了。" if left and right else "只有左边的版本有。" if left else "只有右边的版本有。"
    return Difference(key, label, why, left, right)


def _lines(standing: Standing, keys: Iterable[str]) -> tuple[Line, ...]:
    subject = standing.survey.facility.subject
    known: Mapping[str, Requirement] = standing.edition.by_key
    asked = [known[key] for key in keys if key in known and subject in known[key].subjects]
    return tuple(line_of(standing, requirement) for requirement in asked)


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    """``fixtures/differences.toml``, read once a process."""
    file = settings.BASE_DIR / "fixtures" / "differences.toml"
    return tuple(tomllib.loads(file.read_text(encoding="utf-8"))["difference"])
