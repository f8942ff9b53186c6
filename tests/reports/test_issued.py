"""What was issued is given again byte for byte, whatever has changed since; two who ask at once get one file."""

import hashlib
import re
from unittest.mock import patch

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client

from assessments.models import Snapshot
from facilities.models import Facility, Officer, ReportingUnit
from reports.issued import Damaged, bytes_of, issue
from reports.jobs.running import run, start
from reports.models import IssuedFile, Job
from standards.models import Standard
from tests.assessments.test_races import at_once
from tests.reports.printing import paper_bytes
from tests.returns.quarter import accept, fill, load_city, make_quarter, note, office_answers, surveyor_of

URL = "/surveys/440402001/2026Q3/"


@pytest.fixture
def accepted(db):
    load_city()
    reviewer = Officer.objects.create(
        username="xiangzhou", role="reviewer", unit=ReportingUnit.objects.get(code="440402")
    )
    office = Facility.objects.select_related("division").get(code="440402001")
    with time_machine.travel("2026-09-28T10:00:00+08:00", tick=False):
        accept(fill(office, make_quarter(), office_answers()), reviewer)
    return Snapshot.objects.get(kind=Snapshot.ACCEPTED)


@pytest.fixture
def given(accepted):
    client = Client()
    client.force_login(surveyor_of(accepted.survey.facility), backend="facilities.backends.OfficerBackend")

    def get(name):
        return paper_bytes(client, f"{URL}{name}") if name.endswith("pdf") else client.get(f"{URL}{name}").content

    return get


def another_edition():
    standard = Standard.objects.get(key="town_office")
    standard.pk, standard.effective = None, "2026-07-01"
    standard.title, standard.content_hash = "新的规范", "0" * 64
    standard.save()


@pytest.mark.parametrize("name", ["report.pdf", "report.xlsx"])
def test_the_same_bytes_again_whatever_changed(accepted, given, name):
    first = given(name)
    another_edition()
    Facility.objects.filter(code="440402001").update(name="改了名的所")
    note(accepted.survey.facility, resident_population=1)
    Officer.objects.filter(username="s440402001").update(last_name="改名")
    with time_machine.travel("2027-02-03T09:00:00+08:00", tick=False), patch("reports.documents.TITLE", "改了的标题"):
        again = Client()
        again.force_login(surveyor_of(accepted.survey.facility), backend="facilities.backends.OfficerBackend")
        assert again.get(f"{URL}{name}").content == first
    accepted.refresh_from_db()
    issued = IssuedFile.objects.get(format=name.rpartition(".")[2])
    assert issued.content_hash == hashlib.sha256(first).hexdigest()
    assert issued.size == len(first)


def test_a_paper_is_made_by_a_job_until_it_is_issued(accepted):
    client = Client()
    client.force_login(surveyor_of(accepted.survey.facility), backend="facilities.backends.OfficerBackend")
    assert "开始生成" in client.get(f"{URL}report.pdf").content.decode()
    assert not Job.objects.exists(), "a link changes nothing"
    made = paper_bytes(client, f"{URL}report.pdf")
    assert client.get(f"{URL}report.pdf").content == made
    assert Job.objects.get().state == Job.DONE


def test_a_reach_that_has_ended_gives_no_paper(accepted):
    officer = surveyor_of(accepted.survey.facility)
    job = start(officer, "facility_pdf", "判定结果", {"snapshot": accepted.pk})
    Officer.objects.filter(pk=officer.pk).update(facility=Facility.objects.get(code="440403100"))
    run.call(str(job.pk), job.attempt)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.FAILED, "您现在看不到这个范围，没有生成文件。")


def test_a_submission_that_is_not_accepted_is_not_kept(accepted, given):
    accepted.survey.snapshots.filter(kind=Snapshot.ACCEPTED).update(kind=Snapshot.SUBMITTED)
    given("report.xlsx")
    assert not IssuedFile.objects.exists()


def test_the_name_in_the_store_says_nothing(accepted):
    issued = issue(accepted, "pdf", lambda: b"x")
    assert re.fullmatch(r"[0-9a-f]{32}", issued.file.name)


def test_it_is_made_once(accepted):
    made = iter([b"first", b"second"])
    assert [bytes_of(issue(accepted, "pdf", lambda: next(made))) for _ in range(2)] == [b"first"] * 2


def test_a_damaged_file_is_not_given_out(accepted, given):
    given("report.xlsx")
    issued = IssuedFile.objects.get()
    default_storage.delete(issued.file.name)
    with pytest.raises(Damaged):
        bytes_of(issued)
    client = Client()
    client.force_login(surveyor_of(accepted.survey.facility), backend="facilities.backends.OfficerBackend")
    response = client.get(f"{URL}report.xlsx")
    assert response.status_code == 503
    assert "损坏" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_one_file(accepted):
    def ask(body):
        return lambda: bytes_of(issue(accepted, "pdf", lambda: body))

    assert len(set(at_once(ask(b"one"), ask(b"two"), ask(b"three")))) == 1
    assert IssuedFile.objects.count() == 1
