"""批量填写: one row of the standard for 40 stations, and for 10, turn about in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from assessments.models import Answer, Survey
from assessments.standings import standing_of
from bench.pages import answered, getting, logged_in, queries_of
from bench.table import figure, table, times, title
from bench.timing import Act, turn_about
from bench.towns import Town, town_of

MANY, FEW, ROUNDS = 40, 10, 15
CPU, QUERIES = 150, 15
SAVED = "computer_count"
HEAD = (
    "",
    f"CPU 毫秒，{MANY} 站",
    "最少",
    "目标",
    f"{FEW} 站",
    f"{MANY} 比 {FEW}",
    f"查询，{MANY} 站",
    "目标",
    f"{FEW} 站",
)


def show_grids() -> None:
    many, few = town_of(1, MANY, answered=True), town_of(2, FEW, answered=True)
    title(f"批量填写：一项 × 一个镇的站（{ROUNDS} 次的中位数，两个镇轮流）")
    table(HEAD, [_row(*each) for each in cases(many, few)])


def cases(many: Town, few: Town) -> Iterator[tuple[str, Act, Act]]:
    clients = [logged_in(town.officer.username) for town in (many, few)]
    for number in numbers(many):
        acts = [_page(client, town, number) for client, town in zip(clients, (many, few), strict=True)]
        yield f"第{number}项", acts[0], acts[1]
    saves = [_save(client, town) for client, town in zip(clients, (many, few), strict=True)]
    yield "保存一行", saves[0], saves[1]


def numbers(town: Town) -> list[str]:
    survey = Survey.objects.select_related("facility__division", "period").get(facility=town.stations[0])
    return [page.clause.number for page in standing_of(survey).questionnaire.pages]


def _row(name: str, many: Act, few: Act) -> tuple[str, ...]:
    costs = turn_about({"many": many, "few": few}, ROUNDS)
    large, small = costs["many"], costs["few"]
    saving = name.startswith("保存")
    return (
        name,
        figure(large.cpu),
        figure(large.least),
        "" if saving else f"≤ {CPU}",
        figure(small.cpu),
        times(large.cpu, small.cpu),
        str(queries_of(many)),
        "" if saving else f"≤ {QUERIES}",
        str(queries_of(few)),
    )


def _page(client: Client, town: Town, number: str) -> Callable[[], Any]:
    return getting(client, "assessments:grid", (town.office.code, town.period), number)


def _save(client: Client, town: Town) -> Callable[[], Any]:
    """Another number each time, based on the revision before."""
    station = town.stations[0]
    held = Answer.objects.get(survey__facility=station, indicator=SAVED)
    revisions = count(held.revision)
    where = (town.office.code, town.period, "7", station.code)
    url = reverse("assessments:grid_line", args=where)

    def save() -> Any:
        revision = next(revisions)
        posted = {SAVED: 5 + revision % 2, f"{SAVED}__revision": revision, "operation": uuid4()}
        return answered(client.post(url, posted, headers={"x-requested-with": "fetch"}))

    return save
