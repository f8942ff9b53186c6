"""Seeded accidents to a real workbook and to real pictures: sent through the pages, and read in a child of their own,
one by one. No error 500; the worst time and the most memory of any."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from time import perf_counter, process_time
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments.evidence import receiving
from assessments.models import Evidence, Survey
from bench import children, excel
from bench.ground import cpu_of_children
from bench.pages import logged_in, survey_in
from bench.table import say, table, title
from bench.towns import town_of
from facilities.bounded import Exceeded, run_bounded
from facilities.models import Upload
from facilities.spreadsheets import reading
from tests.assessments import pictures
from tests.assessments.desk import send
from tests.facilities import bombs

NUMBER, SECONDS, MEGABYTES = 300, 5, 300
TOWN, STATIONS = 4, 40
HEAD = ("", "个", "错误 500", "目标", "最慢，秒", "目标", "CPU 秒", "内存最多 MB", "目标", "读得出", "拒收")
Sending = Callable[[bytes], int]  # gives the status


def show_accidents() -> None:
    title("意外：每次都是同样的坏文件（种子固定），逐个上传；内存为读文件的子进程的峰值")
    logging.disable()  # hundreds of refusals
    client = logged_in(town_of(TOWN, STATIONS, answered=True).officer.username)
    good = client.post("/workbooks/template.xlsx", excel.ASKED, headers=excel.PLAIN).content
    workbooks, images = list(bombs.mutated(good, NUMBER)), list(pictures.mutated(NUMBER))
    read = (children.read_workbook, reading.SECONDS, reading.MEGABYTES)
    judged = (children.judge_file, receiving.SECONDS, receiving.MEGABYTES)
    table(
        HEAD,
        [
            _row(f"核查表（{STATIONS} 个站）", workbooks, _workbook_to(client), read),
            _row("照片和 PDF", images, _evidence_to(logged_in("cuixiang")), judged),
        ],
    )
    say(f"子进程另有硬限制：地址空间 {reading.MEGABYTES} MB，处理器 {reading.SECONDS} 秒。")


def _row(name: str, files: Iterable[bytes], sending: Sending, reader: tuple[Any, int, int]) -> tuple[str, ...]:
    statuses: Counter[int] = Counter()
    slowest, busiest, peaks, ended = 0.0, 0.0, [0], Counter[str]()
    for content in files:
        began, used = perf_counter(), process_time() + cpu_of_children()
        statuses[sending(content)] += 1
        slowest = max(slowest, perf_counter() - began)
        busiest = max(busiest, process_time() + cpu_of_children() - used)
        how, peak = _alone(content, *reader)
        ended[how] += 1
        peaks.append(peak)
    broken = sum(number for status, number in statuses.items() if status >= 500)
    limits = (f"{slowest:.2f}", f"≤ {SECONDS}", f"{busiest:.2f}", f"{max(peaks) / 1024:.0f}", f"≤ {MEGABYTES}")
    return name, str(statuses.total()), str(broken), "0", *limits, str(ended["read"]), str(ended["refused"])


def _alone(content: bytes, function: Any, seconds: int, megabytes: int) -> tuple[str, int]:
    """How it ended in a child, and the child's peak in kB; a child that is stopped has had all that it may."""
    try:
        ended: tuple[str, int] = run_bounded(function, (content,), seconds, megabytes)
    except Exceeded:
        return "refused", megabytes * 1024
    return ended


def _workbook_to(client: Client) -> Sending:
    """Each is dropped again, so that the portal stays as it was."""
    client.raise_request_exception = False

    def sent(content: bytes) -> int:
        status = int(send(client, content).status_code)
        Upload.objects.filter(by__username=f"bench{TOWN}").delete()
        return status

    return sent


def _evidence_to(client: Client) -> Sending:
    where = survey_in(Survey.DRAFT)
    url = reverse("assessments:evidence", args=where)
    client.raise_request_exception = False

    def sent(content: bytes) -> int:
        name = "制度.pdf" if content.startswith(b"%PDF") else "大厅.jpg"
        data = {"operation": str(uuid4()), "use": "town.2", "files": SimpleUploadedFile(name, content)}
        status = int(client.post(url, data, headers={"x-requested-with": "fetch"}).status_code)
        Evidence.objects.filter(survey__facility__code=where[0]).delete()
        return status

    return sent
