"""Long work: asked once, done once, seen by who asked; a worker that dies loses nothing."""

import os
import re
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessments.models import Period
from facilities.models import Officer
from reports import exports
from reports.jobs import running
from reports.jobs.work import WORKS, CannotMake, Made, Stopped
from reports.models import Job


@pytest.fixture
def officer(db):
    return Officer.objects.create(username="city", role="city", last_name="某")


@pytest.fixture
def kinds(monkeypatch):
    """kinds["slow"] = make: kinds of work that only this test knows."""
    known = dict(WORKS)
    monkeypatch.setattr(running, "WORKS", known)
    return known


@pytest.fixture
def made(kinds):
    kinds["slow"] = lambda job: Made(b"a,b", "表.csv", "text/csv")


def browser(who):
    client = Client()
    client.force_login(who, backend="facilities.backends.OfficerBackend")
    return client


def ask(who, **wanted):
    return running.start(who, "slow", "慢的导出", wanted)


def do(job):
    running.run.call(str(job.pk), job.attempt)
    job.refresh_from_db()
    return job


def test_asked_twice_it_is_one_job_and_asked_otherwise_another(officer, made):
    first = ask(officer, unit="440402")
    assert ask(officer, unit="440402").pk == first.pk
    assert ask(officer, unit="440403").pk != first.pk
    assert DBTaskResult.objects.count() == 2
    do(first)
    assert ask(officer, unit="440402").pk != first.pk


def test_what_is_made_is_given_to_who_asked_and_to_nobody_else(officer, made):
    job = do(ask(officer))
    other = Officer.objects.create(username="viewer", role="viewer")
    answer = browser(officer).get(f"/jobs/{job.pk}/result/")
    assert (b"".join(answer.streaming_content), answer["Content-Type"]) == (b"a,b", "text/csv")
    assert "attachment" in answer["Content-Disposition"]
    for page in ("", "result/"):
        assert browser(other).get(f"/jobs/{job.pk}/{page}").status_code == 404
    assert browser(other).post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert "慢的导出" not in browser(other).get("/jobs/").content.decode()
    assert "慢的导出" in browser(officer).get("/jobs/").content.decode()


def test_progress_is_shown_and_the_rest_is_told_after_ten_seconds(officer, kinds):
    seen = []

    def make(job):
        Job.objects.filter(pk=job.pk).update(began_at=timezone.now() - timedelta(seconds=20))
        job.progress(10, 40)
        seen.append(browser(officer).get(f"/jobs/{job.pk}/").content.decode())
        return Made(b"", "空", "text/plain")

    kinds["slow"] = make
    do(ask(officer))
    assert "10 / 40" in seen[0]
    assert re.search(r"大约还要 \d+ (秒|分钟)", seen[0]), seen[0]


def test_a_cancelled_job_stops_at_its_next_step_and_keeps_no_file(officer, kinds):
    def make(job):
        browser(officer).post(f"/jobs/{job.pk}/cancel/")
        with pytest.raises(Stopped):
            job.progress(1, 2)
        return Made(b"late", "晚.csv", "text/csv")

    kinds["slow"] = make
    job = do(ask(officer))
    assert (job.state, job.file.name) == (Job.CANCELLED, "")
    assert not any(name.startswith(str(job.pk)) for name in kept_files())
    assert browser(officer).get(f"/jobs/{job.pk}/result/").status_code == 302


def kept_files():
    return default_storage.listdir("jobs")[1] if default_storage.exists("jobs") else []


def test_what_is_cancelled_before_it_began_is_never_begun(officer, kinds):
    kinds["slow"] = lambda job: pytest.fail("begun")
    job = ask(officer)
    running.cancel(job)
    assert do(job).state == Job.CANCELLED


def test_a_failure_is_told_and_gives_nothing_away(officer, kinds):
    def make(job):
        raise RuntimeError("机密")

    kinds["slow"] = make
    job = do(ask(officer))
    page = browser(officer).get(f"/jobs/{job.pk}/").content.decode()
    assert running.BROKEN in page
    assert "机密" not in page


def test_what_cannot_be_made_says_why(officer, kinds):
    def make(job):
        raise CannotMake("这个季度还没有打开。")

    kinds["slow"] = make
    job = do(ask(officer))
    assert "这个季度还没有打开。" in browser(officer).get(f"/jobs/{job.pk}/").content.decode()


def test_an_attempt_that_was_overtaken_writes_nothing(officer, kinds):
    """Two workers, one of them thought dead: only the newer counts."""

    def make(job):
        Job.objects.filter(pk=job.pk).update(alive_at=timezone.now() - timedelta(minutes=5))
        running.reap()
        return Made(b"old", "旧", "text/plain")

    kinds["slow"] = make
    job = do(ask(officer))
    assert (job.state, job.attempt, job.file.name) == (Job.WAITING, 1, "")
    kinds["slow"] = lambda job: Made(b"new", "新", "text/plain")
    assert do(job).file.read() == b"new"
    assert do(job).file.read() == b"new"  # the queue may deliver twice


def test_after_three_deaths_it_is_given_up(officer, made):
    job = ask(officer)
    for _ in range(running.MOST_ATTEMPTS):
        Job.objects.filter(pk=job.pk).update(state=Job.RUNNING, alive_at=timezone.now() - timedelta(minutes=5))
        assert running.reap() == 1
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.FAILED, running.GIVEN_UP)
    assert running.reap() == 0


def test_a_living_job_is_left_alone(officer, made):
    job = ask(officer)
    Job.objects.filter(pk=job.pk).update(state=Job.RUNNING, alive_at=timezone.now())
    assert running.reap() == 0


def test_results_are_kept_a_week(officer, made):
    job = do(ask(officer))
    assert running.expire(timezone.now() + timedelta(days=6)) == 0
    name = job.file.name
    assert default_storage.exists(name)
    assert running.expire(timezone.now() + timedelta(days=7, minutes=1)) == 1
    assert not default_storage.exists(name)
    assert browser(officer).get(f"/jobs/{job.pk}/").status_code == 404


def test_a_reach_that_has_ended_gives_nothing(officer, xiangzhou, standards):
    job = running.start(officer, "unit_results", "结果", {"unit": "440402", "period": "2026Q3"})
    officer.role, officer.unit = "reviewer", None
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    assert do(job).state == Job.FAILED


def test_a_large_export_becomes_a_job_and_a_small_one_comes_at_once(officer, xiangzhou, standards, monkeypatch):
    Period.objects.create(year=2026, quarter=3)
    url = "/units/440402/2026Q3/results.xlsx"
    small = browser(officer).post(url)
    assert small.content.startswith(b"PK")
    monkeypatch.setattr(exports, "QUICK", 0)
    job = Job.objects.get(pk=browser(officer).post(url)["Location"].split("/")[2])
    assert do(job).state == Job.DONE
    assert job.file.read().startswith(b"PK")
    assert job.name.endswith(".xlsx")


def test_the_list_asks_the_database_as_often_for_many_as_for_few(officer, made):
    client = browser(officer)
    client.get("/jobs/")
    ask(officer, n=0)
    few = queries_of(client)
    for n in range(1, 12):
        ask(officer, n=n)
    assert queries_of(client) == few


def queries_of(client):
    with CaptureQueriesContext(connection) as asked:
        client.get("/jobs/")
    return len(asked)


# ── A worker that is killed ───────────────────────────────────────────────────


def worker(pause):
    database = settings.DATABASES["default"]
    name = str(connection.settings_dict["NAME"])
    address = f"sqlite:///{name}" if "sqlite" in database["ENGINE"] else postgres(database, name)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": address,
        "DATA_DIR": str(settings.STORAGES["default"]["OPTIONS"]["location"]).removesuffix("evidence"),
    }
    return subprocess.Popen([sys.executable, "-m", "tests.reports.slow_work", str(pause)], env=environment)


def postgres(database, name):
    return f"postgres://{database['USER']}@{database['HOST']}:{database['PORT'] or 5432}/{name}"


def wait_for(said, seconds=60):
    until = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing_and_another_goes_on(officer):
    job = ask(officer)
    first = worker(0.2)
    wait_for(lambda: Job.objects.get(pk=job.pk).done >= 2)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    job.refresh_from_db()
    assert job.state == Job.RUNNING  # nobody told
    assert running.reap(timezone.now() + running.DEAD_AFTER * 2) == 1
    second = worker(0)
    assert second.wait(60) == 0
    job.refresh_from_db()
    assert (job.state, job.attempt, job.done) == (Job.DONE, 1, 30)
    assert default_storage.open(job.file.name).read().decode() == "做好了"
    assert not DBTaskResult.objects.running().exists()
    assert [name for name in kept_files() if name.startswith(str(job.pk))] == [f"{job.pk}-1"]
