"""Which editions judge whom: by themselves, or adopted for an area; and how adoptions are loaded from their file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from assessments.models import Adoption
from facilities.access import below
from facilities.governed import add_governed
from facilities.models import SUBJECTS, Division, Facility
from standards.models import Standard

#: What judges one facility: the first by itself (or alone), the others beside it. Empty: nothing does.
Standards = tuple[Standard, ...]


@dataclass(frozen=True)
class InForce:
    """What judges on one day. ``own`` is the edition of a subject; ``adopted`` adoptions with their edition."""

    own: Mapping[str, Standard]
    adopted: tuple[tuple[Adoption, Standard], ...]

    def of(self, facility: Facility) -> Standards:
        own = (self.own[facility.subject],) if facility.subject in self.own else ()
        adopted = [
            standard
            for adoption, standard in self.adopted
            if adoption.subject == facility.subject and facility.code.startswith(adoption.division.code)
        ]
        return tuple(dict.fromkeys((*own, *adopted)))

    def anywhere(self, subject: str) -> Standards:
        """What judges any facility of a subject, wherever it stands: its own edition, then whatever is adopted."""
        own = (self.own[subject],) if subject in self.own else ()
        adopted = (standard for adoption, standard in self.adopted if adoption.subject == subject)
        return tuple(dict.fromkeys((*own, *adopted)))

    def over(self, subject: str, facilities: Iterable[Facility]) -> Standards:
        """What judges any of the facilities of one subject: its own edition, then what is adopted for some of them."""
        own = (self.own[subject],) if subject in self.own else ()
        every = (standard for facility in facilities if facility.subject == subject for standard in self.of(facility))
        return tuple(dict.fromkeys((*own, *every)))

    def without(self, adoption: Adoption | None) -> InForce:
        """As if one had ended."""
        return replace(self, adopted=tuple(each for each in self.adopted if each[0] != adoption))

    @property
    def subjects(self) -> list[str]:
        return list(dict.fromkeys((*self.own, *(adoption.subject for adoption, _ in self.adopted))))

    @property
    def judged(self) -> Q:
        """For facilities: judged by something."""
        found = Q(subject__in=list(self.own))
        for adoption, _ in self.adopted:
            if adoption.subject not in self.own:
                found |= Q(below(adoption.division.code), subject=adoption.subject)
        return found


def standards_in_force(day: date) -> dict[str, Standard]:
    """subject → the edition that judges it on ``day`` by itself."""
    return dict(in_force_on(day).own)


def in_force_on(day: date) -> InForce:
    """Two queries. Of a standard the newest edition that is effective by ``day`` and not ended."""
    own: dict[str, Standard] = {}
    by_key: dict[str, Standard] = {}
    for standard in Standard.objects.filter(effective__lte=day).order_by("effective"):
        if standard.until is None or standard.until >= day:
            by_key[standard.key] = standard
            if not standard.by_adoption:
                own.update(dict.fromkeys(standard.subjects, standard))
    return InForce(own, tuple(_adopted(day, by_key)))


def _adopted(day: date, by_key: Mapping[str, Standard]) -> Iterator[tuple[Adoption, Standard]]:
    for adoption in adoptions_on(day):
        standard = by_key.get(adoption.standard)
        if standard is not None and adoption.subject in standard.subjects:
            yield adoption, standard


def adoptions_on(day: date) -> list[Adoption]:
    return list(Adoption.objects.filter(lasting(day, day)).select_related("division"))


def lasting(first: date, last: date | None) -> Q:
    """For adoptions: in force on some day from ``first`` to ``last`` (None: for good)."""
    begun = Q(starts__lte=last) if last else Q()
    return begun & (Q(ends=None) | Q(ends__gte=first))


# ── The file ──────────────────────────────────────────────────────────────────


class UnreadableAdoptions(Exception):
    """The file cannot be loaded; the message is one sentence for each flaw."""


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the file."""

    standard: str
    area: str
    subjects: tuple[str, ...]
    starts: date
    ends: date | None
    source: str


def read_adoptions(file: Path) -> list[Told]:
    """Raises UnreadableAdoptions."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as broken:
        raise UnreadableAdoptions(f"{file.name} 不是合格的 TOML：{broken}") from broken
    entries = told.get("adoption")
    if not isinstance(entries, list) or set(told) != {"adoption"}:
        raise UnreadableAdoptions(f"{file.name} 里应当只有 [[adoption]]，请改正后重新载入。")
    flaws = [f"{file.name} 第{n}条：{flaw}" for n, entry in enumerate(entries, 1) for flaw in _flaws(entry)]
    if flaws:
        raise UnreadableAdoptions("\n".join(flaws))
    return [
        Told(e["standard"], e["area"], tuple(e["subjects"]), e["starts"], e.get("ends"), e["source"]) for e in entries
    ]


NEEDED = {"standard": str, "area": str, "subjects": list, "starts": date, "source": str}


def _flaws(entry: dict[str, Any]) -> Iterator[str]:
    for name in entry.keys() - {*NEEDED, "ends"}:
        yield f"不认识“{name}”，请删去"
    for name, kind in NEEDED.items():
        if not isinstance(entry.get(name), kind) or not entry[name]:
            yield f"缺“{name}”，或者它不是{'日期' if kind is date else '一串' if kind is list else '文字'}"
    ends = entry.get("ends")
    if ends is not None and not isinstance(ends, date):
        yield "“ends”不是日期"
    elif ends is not None and isinstance(entry.get("starts"), date) and ends < entry["starts"]:
        yield "“ends”早于“starts”"
    if isinstance(entry.get("area"), str) and not entry["area"].isdecimal():
        yield f"“area”应为区划代码，“{entry['area']}”不是"
    if isinstance(entry.get("subjects"), list):
        yield from (f"“subjects”里没有“{each}”这一类" for each in entry["subjects"] if each not in SUBJECTS)


@transaction.atomic
def load_adoptions(file: Path) -> tuple[int, int]:
    """Adds what is not there yet, ends what the file ends, and gives the districts and cities that are to be surveyed
    their bodies. What was decided on the page stays, and keeps out what would overlap it. How many adoptions and bodies
    were written. Raises UnreadableAdoptions."""
    entries = read_adoptions(file)
    _refuse_unknown(entries, file.name)
    written = sum(_kept(entry, subject) for entry in entries for subject in entry.subjects)
    return written, sum(add_governed(entry.area, entry.subjects) for entry in entries)


def _refuse_unknown(entries: Iterable[Told], name: str) -> None:
    subjects: dict[str, set[str]] = {}
    for standard in Standard.objects.all():
        subjects.setdefault(standard.key, set()).update(standard.subjects)
    divisions = set(Division.objects.values_list("code", flat=True))
    for number, entry in enumerate(entries, 1):
        if entry.standard not in subjects:
            raise UnreadableAdoptions(f"{name} 第{number}条：没有载入“{entry.standard}”这份规范，请先载入规范。")
        if strange := set(entry.subjects) - subjects[entry.standard]:
            said = "、".join(sorted(strange))
            raise UnreadableAdoptions(f"{name} 第{number}条：“{entry.standard}”不涉及 {said}，请删去。")
        if entry.area not in divisions:
            raise UnreadableAdoptions(f"{name} 第{number}条：没有代码为“{entry.area}”的区划，请改正。")


def _kept(entry: Told, subject: str) -> bool:
    """Whether something was written."""
    division = Division.objects.get(code=entry.area)
    same = Adoption.objects.filter(standard=entry.standard, division=division, subject=subject)
    there = list(same.filter(lasting(entry.starts, entry.ends)))
    if any(adoption.by_id for adoption in there):
        return False
    if not there:
        told = {"starts": entry.starts, "ends": entry.ends, "source": entry.source}
        Adoption.objects.create(standard=entry.standard, division=division, subject=subject, **told)
        return True
    own = next((adoption for adoption in there if adoption.starts == entry.starts), None)
    if own is None or len(there) > 1:
        said = "、".join(str(adoption.starts) for adoption in there)
        what = f"“{entry.standard}”在 {entry.area} 对 {subject} 自 {entry.starts} 起"
        raise UnreadableAdoptions(f"{what}，和已载入的（自 {said} 起）重叠，请改正。")
    return _ended(own, entry.ends)


def _ended(adoption: Adoption, ends: date | None) -> bool:
    if ends is None or adoption.ends == ends:
        return False
    adoption.ends = ends
    adoption.save(update_fields=["ends"])
    return True
