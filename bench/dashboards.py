"""What a dashboard costs: a city of 5,000 facilities, and a nation of 650,000, on the database of ``DATABASE_URL``.

Summaries alone are generated, no surveys. ``python -m bench.dashboards`` makes a scratch SQLite database;
``DATABASE_URL=postgres://… python -m bench.dashboards`` fills the empty database that it names. ``SIZES=5000`` leaves
the nation out, ``TOWNS=3000`` makes the rows of so many towns only."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from bench.table import figure, say, table, title

ROUNDS = 7
SEED = 7
BATCH = 5000
SUBJECT_SHARES = (("village", 0.92), ("township", 0.07), ("county", 0.01))
STANDARDS = {"village": "village_station", "township": "town_office", "county": "county_center"}


@dataclass(frozen=True)
class Size:
    facilities: int
    units: int
    towns: int


MOST_TOWNS = int(os.environ.get("TOWNS", "100000"))  # whose rows are made: a nation's take a while
SIZES = {5000: Size(5000, 24, 320), 650_000: Size(650_000, 2978, 41_352)}


def main() -> None:
    with TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/portal.sqlite3")
        os.environ |= {
            "DEMO": "1",
            "DEBUG": "0",
            "ENV_FILE": os.devnull,
            "LOG_LEVEL": "CRITICAL",
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
        from bench.ground import manage

        manage("setup")
        import django

        django.setup()
        wanted = [int(size) for size in os.environ.get("SIZES", "5000,650000").split(",")]
        show([SIZES[size] for size in wanted])


def show(sizes: list[Size]) -> None:
    from django.db import connection

    title(f"看板（{connection.vendor}，{ROUNDS} 次的中位数）")
    rows = []
    for size in sizes:
        started = time.perf_counter()
        number = fill(size)
        say(f"{size.facilities:,} 家：{number:,} 行汇总，{time.perf_counter() - started:.0f} 秒")
        rows += [*measured(size)]
    table(("", "家数", "时钟毫秒", "CPU 毫秒", "目标", "查询", "KB"), rows)


# ── Measuring ─────────────────────────────────────────────────────────────────


def measured(size: Size) -> Iterator[tuple[str, ...]]:
    from bench.pages import logged_in

    city = logged_in("city")
    unit, town = "U00001", "T000001"
    for name, url in (
        ("全市看板", "/dashboard/?period=2026Q3"),
        ("全市看板，一类", "/dashboard/?period=2026Q3&subject=village"),
        ("单位看板", f"/dashboard/{unit}/?period=2026Q3"),
        ("全市看板 Excel", "/dashboard/?period=2026Q3&format=xlsx"),
    ):
        yield _row(name, size, _getting(city, url), "≤ 300")
    yield _row("一份核查表通过，汇总更新", size, accepting(unit, town), "≤ 20")


def _getting(client: Any, url: str) -> Callable[[], int]:
    def get() -> int:
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url}：状态 {response.status_code}")
        return len(response.content)

    return get


def _row(name: str, size: Size, act: Callable[[], int], aim: str) -> tuple[str, ...]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    act()
    walls, cpus, length = [], [], 0
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        length = act()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    with CaptureQueriesContext(connection) as asked:
        act()
    middle = ROUNDS // 2
    return (
        name,
        f"{size.facilities:,}",
        figure(sorted(walls)[middle]),
        figure(sorted(cpus)[middle]),
        aim,
        str(len(asked)),
        figure(length / 1000) if length else "",
    )


def accepting(unit: str, town: str) -> Callable[[], int]:
    """A judgement's sums added to town, unit and city, and taken away the next time."""
    from django.db import transaction

    from assessments.models import Period
    from assessments.summaries import keeping
    from assessments.summaries.areas import Area
    from assessments.summaries.counting import Sums, contributions
    from standards.engine import judge
    from standards.loading import edition_of
    from standards.models import Standard

    period = Period.objects.get(year=2026, quarter=3)
    edition = edition_of(Standard.objects.get(key="town_office"))
    content = judge(edition, {"established": True, "staff_count": Decimal(4)}, period.last_day, "township").as_json()
    areas = (Area("city", "4404"), Area("unit", unit, "4404"), Area("town", town, unit))
    turn = [1]

    def act() -> int:
        from standards.outcomes import Judgement

        with transaction.atomic():
            held = keeping.held(period.pk)
            sums: dict[tuple[Area, Any], Sums] = {}
            for key, each in contributions(edition, "township", Judgement.from_json(content)).items():
                for area in areas:
                    sums.setdefault((area, key), Sums()).add(each, turn[0])
            keeping._add_sums(held, sums)
        turn[0] = -turn[0]
        return 0

    return act


# ── Generating ────────────────────────────────────────────────────────────────


def fill(size: Size) -> int:
    """Summaries of two quarters; of the older one the whole and the rows of the schedule alone. One unit and one town
    are made, all others copied from them in the database with figures of their own."""
    from assessments.models import Period, Progress, Summary
    from facilities.models import Division, ReportingUnit

    for model in (Summary, Progress):
        model.objects.all().delete()
    units = [f"U{n:05}" for n in range(1, size.units + 1)]
    ReportingUnit.objects.bulk_create(
        (ReportingUnit(code=code, name=f"第{n}区", kind="district") for n, code in enumerate(units, 1)),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    top = Division.objects.get(parent=None)
    Division.objects.filter(code__startswith="T").delete()
    Division.objects.bulk_create(  # a town's name is its unit's code, which the copies read
        (
            Division(code=f"T{n:06}", name=units[(n - 1) % size.units], level="town", parent=top)
            for n in range(1, min(size.towns, MOST_TOWNS) + 1)
        ),
        batch_size=BATCH,
    )
    now = Period.objects.get_or_create(year=2026, quarter=3)[0]
    before = Period.objects.get_or_create(year=2026, quarter=2)[0]
    areas = [("city", "4404", ""), ("unit", units[0], "4404"), ("town", "T000001", units[0])]
    shares = {"city": 1, "unit": size.units, "town": size.towns}
    _store(Progress, _progress(now, before, areas, shares, size))
    _store(Summary, _summaries(now, before, areas, shares, size))
    for model, moved in ((Progress, "on_time"), (Summary, "reached")):
        _copy(model, "unit", units[0], moved)
        _copy(model, "town", "T000001", moved)
    _analyse()
    return Summary.objects.count() + Progress.objects.count()


def _copy(model: Any, kind: str, template: str, moved: str) -> None:
    """INSERT … SELECT: the template's rows for every other unit or town, with another number that reaches them."""
    from django.db import connection

    own = model._meta.db_table
    source, parent = ("facilities_reportingunit", "r.parent") if kind == "unit" else ("facilities_division", "a.name")
    fields = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    told = {"area": "a.code", "parent": parent, moved: f"r.{moved} - (a.id * 31 + r.id) %% (r.{moved} / 2 + 1)"}
    names = ", ".join(f'"{name}"' for name in fields)
    values = ", ".join(told.get(name, f'r."{name}"') for name in fields)
    first = "U" if kind == "unit" else "T"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {own} ({names}) SELECT {values} FROM {own} r CROSS JOIN {source} a "  # noqa: S608
            "WHERE r.kind = %s AND r.area = %s AND a.code LIKE %s AND a.code <> %s",
            [kind, template, f"{first}%", template],
        )


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _store(model: Any, rows: Iterator[Any]) -> None:
    model.objects.bulk_create(rows, batch_size=BATCH)


def _each(areas: Any, shares: dict[str, int], size: Size) -> Iterator[tuple[str, str, str, str, int]]:
    """kind, area, parent, subject, how many facilities of it."""
    for kind, area, parent in areas:
        for subject, share in SUBJECT_SHARES:
            if kind == "town" and subject == "county":
                continue
            yield kind, area, parent, subject, max(1, round(size.facilities * share / shares[kind]))


def _progress(now: Any, before: Any, areas: Any, shares: dict[str, int], size: Size) -> Iterator[Any]:
    from assessments.models import Progress

    chance = Random(SEED)  # noqa: S311 - no secret
    for period in (now, before):
        for kind, area, parent, subject, number in _each(areas, shares, size):
            accepted = number - chance.randint(0, number // 8)
            own = {"kind": kind, "area": area, "parent": parent, "subject": subject}
            late = chance.randint(0, accepted // 10)
            counts = {"due": number, "begun": number, "submitted": accepted, "accepted": accepted}
            yield Progress(period=period, **own, **counts, on_time=accepted - late, late=late)


def _summaries(now: Any, before: Any, areas: Any, shares: dict[str, int], size: Size) -> Iterator[Any]:
    from assessments.models import Summary

    chance = Random(SEED + 1)  # noqa: S311 - no secret
    rows = _rows_of_standards()
    for period in (now, before):
        for kind, area, parent, subject, number in _each(areas, shares, size):
            standard, whole, more = rows[subject]
            for key, unit_word in whole if period is before else more:
                reached = number - chance.randint(0, number // 2)
                short = number - reached if unit_word else 0
                yield Summary(
                    period=period, kind=kind, area=area, parent=parent, subject=subject, standard=standard, **key,
                    facilities=number, judged=number, reached=reached, numbered=number, lacking=short, gap=2 * short,
                    required=9 * number, actual=8 * number, unit_word=unit_word, score=88 * number,
                    counts={"pass": reached, "fail": number - reached},
                )  # fmt: skip


Rows = list[tuple[dict[str, str], str]]


def _rows_of_standards() -> dict[str, tuple[str, Rows, Rows]]:
    """subject → its standard; the whole and the rows of the schedule; these with requirements and things."""
    from assessments.summaries.counting import name_of, unit_word_of
    from standards.loading import edition_of
    from standards.models import Standard

    found = {}
    for subject, key in STANDARDS.items():
        edition = edition_of(Standard.objects.get(key=key))
        whole: Rows = [({}, ""), *(({"clause": clause.key}, "") for clause in edition.clauses)]
        scored = [each for each in edition.requirements if each.scored]
        words = {each.key: unit_word_of(edition, each.key) for each in scored}
        more = [({"clause": each.clause, "requirement": each.key}, words[each.key]) for each in scored]
        more += [
            ({"item": each.gap}, words[each.key]) for each in {e.gap: e for e in scored if e.gap}.values() if each.gap
        ]
        found[subject] = (name_of(edition.key, edition.effective), whole, whole + more)
    return found


if __name__ == "__main__":
    main()
