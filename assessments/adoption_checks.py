"""What an administrator typed about an adoption, checked: the edition speaks of the subject, nothing overlaps, nothing
reaches back into a quarter in which surveys of that area and subject were accepted: what was accepted never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from assessments.adopting import lasting
from assessments.models import Adoption, Period, Snapshot
from assessments.periods import quarter_of
from facilities.access import TOWN_LEVELS, below
from facilities.existence import said
from facilities.models import SUBJECTS, Division
from facilities.requests import clean
from facilities.spreadsheets.cells import as_date
from standards.models import Standard

AREAS = ("city", "district", *TOWN_LEVELS)
LAST_DAY = date(2099, 12, 31)
LONGEST = 300
DAY = timedelta(days=1)
OVERLAPS = "这里的这类机构已自{}起适用{}，不能重叠。请先终止原来的，或者把起始日期改到它终止以后。"


class Unfit(ValueError):
    """``errors``: field (standard, area, subject, starts, ends, source, or empty) → sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = dict(errors)


@dataclass(frozen=True)
class Wanted:
    """A new adoption, checked; ``standard`` is the edition that judges in the first quarter."""

    standard: Standard
    division: Division
    subject: str
    starts: date
    source: str


@dataclass(frozen=True)
class Ending:
    adoption: Adoption
    standard: Standard
    ends: date
    source: str


def areas() -> QuerySet[Division]:
    """Of which a standard can be adopted: the city, districts, streets and towns, zones."""
    return Division.objects.filter(level__in=AREAS).order_by("code")


def adoptable() -> dict[str, Standard]:
    """Standards that judge only where they are adopted, by key; of each the newest edition. One query."""
    return {each.key: each for each in Standard.objects.filter(by_adoption=True).order_by("effective")}


def checked(typed: Mapping[str, str]) -> Wanted:
    """What was typed into the form of a new one. Raises Unfit with a sentence for every field that is wrong."""
    errors: dict[str, str] = {}
    division = areas().filter(code=typed.get("area", "").strip()).first()
    if division is None:
        errors["area"] = "请选在哪里适用。"
    subject = typed.get("subject", "")
    if subject not in SUBJECTS:
        errors["subject"] = "请选评定哪一类机构。"
    starts, source = _day(errors, "starts", typed), _ground(errors, typed)
    standard = _edition(errors, typed.get("standard", ""), starts)
    if standard and subject in SUBJECTS and subject not in standard.subjects:
        named = "、".join(SUBJECTS[each] for each in standard.subjects)
        errors["subject"] = f"{standard.source}没有说到{SUBJECTS[subject]}，它说的是：{named}。"
    if errors or standard is None or division is None or starts is None:
        raise Unfit(errors)
    wanted = Wanted(standard, division, subject, starts, source)
    _require_free(wanted)
    _require_open(wanted)
    return wanted


def _edition(errors: dict[str, str], key: str, starts: date | None) -> Standard | None:
    """That judges in the quarter of ``starts``."""
    found = list(Standard.objects.filter(key=key).order_by("-effective"))
    if not found:
        errors["standard"] = "请选一份规范。"
        return None
    if not found[0].by_adoption:
        errors["standard"] = f"{found[0].source}自行适用于全部{_subjects(found[0])}，不用指定。"
        return None
    if starts is None:
        return found[0]
    on = quarter_with(starts).last_day
    judging = (each for each in found if each.effective <= on and (each.until is None or each.until >= on))
    edition = next(judging, None)
    if edition is None and "starts" not in errors:
        errors["starts"] = f"{found[-1].source}自{said(found[-1].effective)}起才有，这一天没有可用的版本。"
    return edition


def _subjects(standard: Standard) -> str:
    return "、".join(SUBJECTS[each] for each in standard.subjects)


def _day(errors: dict[str, str], field: str, typed: Mapping[str, str]) -> date | None:
    try:
        day = as_date(clean(typed.get(field, ""))[:40])
    except ValueError as wrong:
        errors[field] = f"{wrong}。"
        return None
    if day > LAST_DAY:
        errors[field] = f"最晚到{said(LAST_DAY)}，请核对年份。"
    return day


def _ground(errors: dict[str, str], typed: Mapping[str, str]) -> str:
    words = clean(typed.get("source", ""))
    if not words:
        errors["source"] = "请写依据：文件的名称、文号，或者为什么这样定。"
    elif len(words) > LONGEST:
        errors["source"] = f"最多 {LONGEST} 字，现在 {len(words)} 字，请缩短。"
    return words


def _require_free(wanted: Wanted) -> None:
    same = Adoption.objects.filter(standard=wanted.standard.key, division=wanted.division, subject=wanted.subject)
    other = same.filter(lasting(wanted.starts, None)).order_by("starts").first()
    if other:
        until = f"到{said(other.ends)}" if other.ends else ""
        raise Unfit({"starts": OVERLAPS.format(f"{said(other.starts)}", f"{wanted.standard.source}{until}")})


def _require_open(wanted: Wanted) -> None:
    newest = _newest_accepted(wanted.division, wanted.subject)
    if newest and newest.last_day >= wanted.starts:
        first = newest.last_day + DAY
        raise Unfit({"starts": f"{_accepted_said(newest, wanted)}起始日期最早是{said(first)}。"})


def checked_end(adoption: Adoption, typed: Mapping[str, str]) -> Ending:
    """Raises Unfit."""
    errors: dict[str, str] = {}
    ends, source = _day(errors, "ends", typed), _ground(errors, typed)
    if adoption.ends is not None:
        errors[""] = f"已定于{said(adoption.ends)}终止，不用再定。"
    elif ends and ends < adoption.starts:
        errors.setdefault("ends", f"不能早于起始日期{said(adoption.starts)}。")
    newest = _newest_accepted(adoption.division, adoption.subject)
    if ends and newest and adoption.starts <= newest.last_day and ends < newest.last_day:
        errors.setdefault("ends", f"{_accepted_said(newest, adoption)}终止日期最早是{said(newest.last_day)}。")
    if errors or ends is None:
        raise Unfit(errors)
    return Ending(adoption, Standard.objects.filter(key=adoption.standard).latest("effective"), ends, source)


def _newest_accepted(division: Division, subject: str) -> Period | None:
    """The newest quarter in which a survey of the area and subject was accepted, be it re-opened since."""
    accepted = Snapshot.objects.filter(surveyed(division, subject, "survey__"), kind=Snapshot.ACCEPTED)
    return Period.objects.filter(pk__in=accepted.order_by().values("survey__period")).first()


def _accepted_said(period: Period, decision: Wanted | Adoption) -> str:
    subject = SUBJECTS[decision.subject]
    return f"{decision.division.name}的{subject}在{period}已有核查表通过，通过的不再改变；"


def quarter_with(day: date) -> Period:
    """The quarter in which ``day`` lies, stored or not."""
    year, quarter = quarter_of(day)
    return Period(year=year, quarter=quarter)


def surveyed(division: Division, subject: str, to: str = "") -> Q:
    return below(division.code, f"{to}facility__code") & Q(**{f"{to}facility__subject": subject})
