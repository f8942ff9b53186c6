"""The steps of an official with one large workbook, as ``bench.large`` measures them one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.test import Client

from assessments.models import Survey
from bench.large import TOWN
from bench.pages import logged_in
from facilities.models import Facility, Upload
from reports.jobs.running import run
from reports.models import Job
from tests.assessments.desk import Desk, send
from tests.assessments.town import town_answers

ASKED = {"subject": "village"}
PLAIN = {"accept-encoding": "identity"}  # the file itself, not packed once more on the way
SENT, FILLED = "sent.xlsx", "filled.xlsx"


def prepared(step: str, folder: Path) -> Callable[[], str]:
    """The act, its officer logged in and the page where it begins looked at."""
    if step == "fill":
        return partial(_fill, folder)
    client = logged_in(f"bench{TOWN}")
    client.get("/workbooks/")
    acts: dict[str, Callable[[Client, Path], str]] = {
        "download": _download,
        "upload": _upload,
        "show": _show,
        "confirm": _confirm,
    }
    return partial(acts[step], client, folder)


def _download(client: Client, folder: Path) -> str:
    """So many are a job: asked for, made as the worker makes it, fetched."""
    job = Job.objects.get(pk=client.post("/workbooks/template.xlsx", ASKED).headers["Location"].split("/")[2])
    run.func(str(job.pk), job.attempt)
    content = client.get(f"/jobs/{job.pk}/result/", headers=PLAIN).getvalue()
    (folder / SENT).write_bytes(content)
    return f"{len(content) / 1e6:.2f} MB 文件"


def _fill(folder: Path) -> str:
    """By the labels that the sheet shows."""
    from assessments.adopting import standards_in_force
    from assessments.forms import questionnaire
    from assessments.periods import current_period
    from standards.loading import edition_of

    asked = questionnaire(edition_of(standards_in_force(current_period().last_day)["village"])).questions
    desk = Desk((folder / SENT).read_bytes())
    stations = list(Facility.objects.filter(code__in=desk.rows).order_by("code"))
    for code, said in town_answers(stations).items():
        for key, value in said.items():
            desk.answer(code, key, value, {choice.value: choice.label for choice in asked[key].choices})
    (folder / FILLED).write_bytes(desk.saved())
    return ""


def _upload(client: Client, folder: Path) -> str:
    content = (folder / FILLED).read_bytes()
    response = send(client, content)
    if response.status_code != 302:
        return f"没有收，状态 {response.status_code}"
    told = Upload.objects.latest("at").outcome["counts"]
    return f"{len(content) / 1e6:.2f} MB 文件，{told['lines']} 行，新填 {told['new']} 格，拒收 {told['refused']} 格"


def _show(client: Client, folder: Path) -> str:
    response = client.get(f"/workbooks/{Upload.objects.latest('at').pk}/")
    return f"{len(response.content) / 1e3:.1f} kB 网页，状态 {response.status_code}"


def _confirm(client: Client, folder: Path) -> str:
    upload, steps = Upload.objects.latest("at"), 0
    while upload.state == Upload.CHECKED:
        client.post(f"/workbooks/{upload.pk}/confirm/")
        upload.refresh_from_db()
        steps += 1
    begun = Survey.objects.filter(facility__code__startswith=f"4404029{TOWN:02d}").count()
    return f"{steps} 步，{begun} 份核查表"
