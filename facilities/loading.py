"""Divisions from CSV and reporting units from TOML → rows; and the facilities that stand in the divisions.

Divisions and units follow their files. Facilities and memberships are added where there are none and then left
alone, since officers change them here. A second load writes nothing.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from facilities.models import Division, Facility, Membership, ReportingUnit

#: level → (subject, what follows the division's code, what follows its name)
HOUSED = {
    "district": ("county", "C", "人力资源和社会保障综合服务中心"),
    "street": ("township", "", "人力资源和社会保障服务所"),
    "town": ("township", "", "人力资源和社会保障服务所"),
    "community": ("village", "", "人力资源和社会保障服务站"),
    "village": ("village", "", "人力资源和社会保障服务站"),
}
ENDINGS = {
    "community": ("社区", ("社区居民委员会", "居民委员会", "社区居委会", "居委会", "社区")),
    "village": ("村", ("村民委员会", "村委会")),
}
BATCH = 5_000

Row = TypeVar("Row", Division, ReportingUnit)


class UnreadablePlacesError(Exception):
    """A file that cannot be loaded; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class DivisionRow:
    code: str
    name: str
    level: str
    parent_code: str


@dataclass(slots=True)
class Loaded:
    """How many rows a load wrote."""

    divisions: int = 0
    units: int = 0
    memberships: int = 0
    facilities: int = 0

    @property
    def anything(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


@transaction.atomic
def load_places(folder: Path) -> Loaded:
    """Load every ``*.csv`` of divisions and ``units.toml`` of a folder."""
    rows = [row for file in sorted(folder.glob("*.csv")) for row in read_divisions(file)]
    units = read_units(folder / "units.toml")
    return Loaded(
        divisions=_load_divisions(rows),
        units=_load_units(units),
        memberships=_add_memberships(units, folder / "units.toml"),
        facilities=_add_facilities(),
    )


# ── Files ─────────────────────────────────────────────────────────────────────


def read_divisions(file: Path) -> list[DivisionRow]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        lines = list(csv.DictReader(opened))
    rows = [DivisionRow(line["code"], line["name"], line["level"], line["parent_code"]) for line in lines]
    for number, flaw in _flaws(rows):
        raise UnreadablePlacesError(f"{file.name} 第{number}行：{flaw}，请改正后重新导入。")
    return rows


def _flaws(rows: list[DivisionRow]) -> Iterator[tuple[int, str]]:
    known: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if not row.code.isdecimal() or not row.code.startswith(row.parent_code):
            yield number, f"区划代码“{row.code}”应为数字，并以上级代码“{row.parent_code}”开头"
        if row.code in known:
            yield number, f"区划代码“{row.code}”重复"
        if row.level not in Division.LEVELS:
            yield number, f"区划级别“{row.level}”不在 {'、'.join(Division.LEVELS)} 之中"
        if known and row.parent_code not in known:
            yield number, f"上级代码“{row.parent_code}”须排在前面的行里"
        known.add(row.code)


def read_units(file: Path) -> list[dict[str, Any]]:
    units: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["unit"]
    return units


# ── Rows ──────────────────────────────────────────────────────────────────────


def _load_divisions(rows: list[DivisionRow]) -> int:
    """Parents before children, one tier of codes at a time."""
    stored = {division.code: division for division in Division.objects.all()}
    written = 0
    for length in sorted({len(row.code) for row in rows}):
        tier = [_division(row, stored) for row in rows if len(row.code) == length]
        written += _write(Division, tier, stored, ["name", "level", "parent_id"])
    return written


def _division(row: DivisionRow, stored: dict[str, Division]) -> Division:
    return Division(code=row.code, name=row.name, level=row.level, parent=stored.get(row.parent_code))


def _load_units(units: list[dict[str, Any]]) -> int:
    stored = {unit.code: unit for unit in ReportingUnit.objects.all()}
    wanted = [ReportingUnit(code=unit["code"], name=unit["name"], kind=unit["kind"]) for unit in units]
    return _write(ReportingUnit, wanted, stored, ["name", "kind"])


def _write(model: type[Row], wanted: list[Row], stored: dict[str, Row], names: list[str]) -> int:
    """Insert what is new and update what differs; ``stored`` (by code) then holds the new rows too."""
    new = [row for row in wanted if row.code not in stored]
    changed = [row for row in wanted if row.code in stored and _differ(row, stored[row.code], names)]
    for row in changed:
        row.pk = stored[row.code].pk
    stored.update({row.code: row for row in model.objects.bulk_create(new, batch_size=BATCH)})
    if changed:
        model.objects.bulk_update(changed, [name.removesuffix("_id") for name in names], batch_size=BATCH)
    return len(new) + len(changed)


def _differ(row: Row, stored: Row, names: list[str]) -> bool:
    return any(getattr(row, name) != getattr(stored, name) for name in names)


def _add_memberships(units: list[dict[str, Any]], file: Path) -> int:
    divisions = dict(Division.objects.filter(code__in=_member_codes(units)).values_list("code", "pk"))
    unit_ids = dict(ReportingUnit.objects.values_list("code", "pk"))
    kept = set(Membership.objects.values_list("division__code", flat=True))
    for code in _member_codes(units) - divisions.keys():
        raise UnreadablePlacesError(f"{file.name}：没有代码为“{code}”的区划，请改正后重新导入。")
    new = [
        Membership(
            division_id=divisions[member["division"]],
            unit_id=unit_ids[unit["code"]],
            starts=member["starts"],
            note=member.get("note", ""),
        )
        for unit in units
        for member in unit["memberships"]
        if member["division"] not in kept
    ]
    return len(Membership.objects.bulk_create(new))


def _member_codes(units: list[dict[str, Any]]) -> set[str]:
    return {member["division"] for unit in units for member in unit["memberships"]}


def _add_facilities() -> int:
    housed = Division.objects.filter(level__in=HOUSED)
    known = set(Facility.objects.values_list("code", flat=True))
    wanted = (facility_of(division) for division in housed.iterator(BATCH))
    new = [facility for facility in wanted if facility.code not in known]
    return len(Facility.objects.bulk_create(new, batch_size=BATCH))


def facility_of(division: Division) -> Facility:
    """The facility that a district, street, town, community or village has."""
    subject, mark, what = HOUSED[division.level]
    return Facility(
        code=division.code + mark,
        name=place_name(division.name, division.level) + what,
        subject=subject,
        division=division,
    )


def place_name(name: str, level: str) -> str:
    """A community or village without its committee: 紫荆社区居民委员会 → 紫荆社区, 桂山村委会 → 桂山村."""
    if level not in ENDINGS:
        return name
    kind, endings = ENDINGS[level]
    bare = next((name.removesuffix(ending) for ending in endings if name.endswith(ending)), name)
    return bare if bare.endswith(kind) else bare + kind
