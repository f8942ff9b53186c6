"""What a request costs in this process: CPU, and questions to the database.

A browser's request in all but the socket: middleware, session, gzip, and, as in earnest, SQLite opened anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from assessments.models import Answer, Survey
from bench.table import figure, say, table, times, title
from bench.timing import cost_of
from facilities.models import Officer

ROUNDS, ROUNDS_OF_PAPER = 40, 3
SAVED, OFFICE = "computer_count", "440402001"
HEAD = ("", "CPU 毫秒", "最少", "目标", "同类", "比同类", "时钟毫秒", "查询", "目标", "同类")


class NotThere(Exception):
    """The page does not stand yet, or does not answer with 200."""


@dataclass(frozen=True)
class Aim:
    """Milliseconds of CPU and queries: what is aimed at, and what a known peer takes."""

    cpu: float | None = None
    queries: int | None = None
    peer_cpu: float | None = None
    peer_queries: int | None = None


ROW = Aim(cpu=35, queries=12, peer_cpu=392, peer_queries=277)
SAVING = Aim(cpu=12, queries=10, peer_cpu=128, peer_queries=31)


@dataclass(frozen=True)
class Case:
    name: str
    act: Callable[[], object]
    aim: Aim = Aim()
    rounds: int = ROUNDS


def show_costs() -> None:
    title(f"一次请求（{ROUNDS} 次的中位数，PDF {ROUNDS_OF_PAPER} 次；查询含 BEGIN、COMMIT）")
    table(HEAD, [_row(case) for case in cases()])
    say("“同类”是一个已知的同类系统：保存一项 31 次查询、128 毫秒，核查页 277 次查询、392 毫秒。")


def _row(case: Case) -> tuple[str, ...]:
    try:
        case.act()
    except (NotThere, NoReverseMatch) as missing:
        return case.name, f"没有量（{missing}）"[:40], *[""] * 8
    aim, cost, asked = case.aim, cost_of(case.act, case.rounds, warm=2), queries_of(case.act)
    return (
        case.name,
        figure(cost.cpu),
        figure(cost.least),
        f"≤ {aim.cpu:g}" if aim.cpu else "",
        figure(aim.peer_cpu),
        times(cost.cpu, aim.peer_cpu),
        figure(cost.wall),
        str(asked),
        f"≤ {aim.queries}" if aim.queries else "",
        str(aim.peer_queries or ""),
    )


def queries_of(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def cases() -> Iterator[Case]:
    """The demonstration's surveyor with a survey half filled; the city's reader for its home and for what waits."""
    client, city = logged_in("cuixiang"), logged_in("city")
    draft, sent = survey_in(Survey.DRAFT), submitted()
    yield Case("保存一项", saving(client, draft), SAVING)
    for number in ("1", "7", "8"):
        yield Case(f"第{number}项的页", getting(client, "assessments:clause", draft, number), ROW)
    yield Case("任务清单", getting(client, "assessments:survey", draft), Aim(queries=12))
    yield Case("首页（填报员）", getting(client, "home"), Aim(queries=10))
    yield Case("首页（市局）", getting(city, "home"), Aim(queries=10))
    yield Case("检查答案", getting(client, "assessments:check", draft))
    yield Case("判定结果", getting(city, "reports:result", sent), Aim(queries=15))
    yield Case("PDF", getting(city, "reports:pdf", sent), rounds=ROUNDS_OF_PAPER)


def browser() -> Client:
    return Client(headers={"accept-encoding": "gzip"}, SERVER_NAME="localhost")


def logged_in(username: str) -> Client:
    client = browser()
    client.force_login(Officer.objects.get(username=username))
    return client


def survey_in(state: str) -> tuple[str, str]:
    """Code and quarter of the demonstration's office, as they stand in addresses."""
    surveys = Survey.objects.select_related("facility", "period").filter(state=state, facility__code=OFFICE)
    survey = surveys.latest("period__year", "period__quarter")
    return survey.facility.code, survey.period.key


def submitted() -> tuple[str, str]:
    """Of an office that waits for its review: its paper is made anew each time."""
    waiting = Survey.objects.filter(state=Survey.SUBMITTED, facility__subject="township")
    survey = waiting.select_related("facility", "period").latest("period__year", "period__quarter")
    return survey.facility.code, survey.period.key


def getting(client: Client, name: str, where: tuple[str, ...] = (), *more: str) -> Callable[[], Any]:
    def get() -> Any:
        response = client.get(reverse(name, args=[*where, *more]))
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        return answered(response, len(body))

    return get


def saving(client: Client, where: tuple[str, str]) -> Callable[[], Any]:
    """Another number each time, based on the revision before: every act writes."""
    answer = Answer.objects.filter(survey__facility__code=where[0], survey__state=Survey.DRAFT, indicator=SAVED).first()
    revisions, url = count(answer.revision if answer else 0), reverse("assessments:answer", args=[*where, SAVED])

    def save() -> Any:
        revision = next(revisions)
        posted = {SAVED: 5 + revision % 2, f"{SAVED}__revision": revision, "operation": uuid4()}
        return answered(client.post(url, posted))

    return save


def answered(response: Any, size: int = 0) -> Any:
    """The connection ends with the request, as it does under gunicorn; the test client would keep it."""
    close_old_connections()
    if response.status_code != 200:
        raise NotThere(f"状态 {response.status_code}")
    return response
