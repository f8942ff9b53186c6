"""佐证 in a result: named by the snapshot, shown under its row, on paper as a grid of exactly what was submitted."""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from pypdf import PdfReader

from assessments.models import Evidence, Survey
from facilities.models import Facility
from reports.documents import as_json, report_of
from reports.pdf import PHOTO, locked_fetcher, pdf_of
from reports.photos import photos_of

RESULT = "/surveys/440402001/2026Q3/result/"


def picture(number):
    out = BytesIO()
    Image.new("RGB", (400, 300), (20 * number, 90, 120)).save(out, "JPEG")
    return out.getvalue()


def attach(survey, number, uses=(("town.6", "town.6.service_hall"),), kind="image", content=None):
    """A file of a survey, and what a snapshot says of it."""
    content = picture(number) if content is None else content
    digest = hashlib.sha256(content).hexdigest()
    file = Evidence.objects.create(
        survey=survey,
        operation=uuid4(),
        kind=kind,
        file=default_storage.save(f"2026/{uuid4()}.jpg", ContentFile(content)),
        name=f"大厅{number}.{'jpg' if kind == 'image' else 'pdf'}",
        size=len(content),
        sent_hash=digest,
        content_hash=digest,
        by=survey.created_by,
    )
    return {
        "id": str(file.pk),
        "name": file.name,
        "kind": kind,
        "content_hash": digest,
        "uses": [list(use) for use in uses],
        "taken_at": "2026-09-30T15:30:00+08:00" if number == 1 else None,
        "place": ["22.270139", "113.550000"] if number == 1 else None,
    }


@pytest.fixture
def with_files(snapshot):
    """Seven photos, the last of two rows, and a PDF."""
    survey = snapshot.survey
    both = (("town.8", ""), ("town.2", "town.2.area"))
    kept = [attach(survey, number) for number in range(1, 7)]
    kept += [attach(survey, 7, both), attach(survey, 8, (("town.2", ""),), "pdf", b"%PDF-1.7")]
    snapshot.content["evidence"] = kept
    snapshot.save()
    return snapshot


def pages_of(printed):
    return [page.extract_text().replace("\n", "") for page in PdfReader(BytesIO(printed)).pages]


def test_a_snapshot_from_before_there_was_evidence_reads_as_having_none(snapshot):
    assert "evidence" not in snapshot.content
    assert report_of(snapshot).evidence == ()


def test_files_are_told_in_the_order_of_the_schedule(with_files):
    report = report_of(with_files)
    assert [each.name for each in report.evidence] == ["大厅7.jpg", "大厅8.pdf", *(f"大厅{n}.jpg" for n in range(1, 7))]
    assert [(show.number, show.label) for show in report.evidence[0].shows] == [("2", "建筑面积"), ("8", "整项")]
    told = as_json(report)["evidence"][2]
    assert (told["name"], told["taken_at"]) == ("大厅1.jpg", "2026-09-30T15:30:00+08:00")


def test_the_paper_shows_six_photos_a_page_and_names_the_pdf(with_files):
    report = report_of(with_files)
    printed = pdf_of(report)
    pages = pages_of(printed)
    counted = [sum(photo.content_hash[:8] in page for photo in report.photos) for page in pages]
    assert [count for count in counted if count] == [6, 1]
    assert len(PdfReader(BytesIO(printed)).pages[0].images) == 7
    text = re.sub(r"\s", "", "".join(pages))
    assert "五、佐证" in text
    assert "大厅1.jpg2026年9月30日15:30拍摄位置22.270139,113.550000" in text
    assert "第6项区域设置：服务大厅" in text
    assert "大厅8.pdf" in text
    assert report.evidence[1].content_hash[:8] in text


def test_a_photo_that_is_lost_or_changed_is_not_printed(with_files):
    kept = with_files.content["evidence"]
    lost, changed = (Evidence.objects.get(pk=kept[n]["id"]) for n in (0, 1))
    default_storage.delete(lost.file.name)
    default_storage.delete(changed.file.name)
    default_storage.save(changed.file.name, ContentFile(picture(200)))
    report = report_of(with_files)
    assert set(photos_of(report)) == {each.id for each in report.photos} - {str(lost.pk), str(changed.pk)}
    assert "这张照片在服务器上找不到" in "".join(pages_of(pdf_of(report)))


@pytest.mark.parametrize(
    "url", [PHOTO + "2", PHOTO, "portal-evidence://1", "file:///etc/hostname", "http://127.0.0.1/"]
)
def test_nothing_but_the_reports_own_photos_is_fetched(url):
    fetcher = locked_fetcher({"1": b"x"})
    assert fetcher.fetch(PHOTO + "1").read() == b"x"
    with pytest.raises(ValueError, match="refused"):
        fetcher.fetch(url)


def test_the_result_shows_each_rows_files(with_files, client, surveyor):
    client.force_login(surveyor, backend="facilities.backends.OfficerBackend")
    page = client.get(RESULT).content.decode()
    file = with_files.content["evidence"][6]["id"]
    assert page.count(f"evidence/{file}/thumbnail/") == 2
    assert "完全相同" not in page


def test_a_reviewer_is_told_of_the_same_file_elsewhere(with_files, client, reviewer, doumen):
    kept = with_files.content["evidence"][0]
    here = with_files.survey
    other = Facility.objects.get(code="440403001")
    there = Survey.objects.create(facility=other, period=here.period, created_by=here.created_by)
    attach(there, 1)
    client.force_login(reviewer, backend="facilities.backends.OfficerBackend")
    page = client.get(RESULT).content.decode()
    assert kept["name"] in page
    assert "与另一单位的一份佐证完全相同" in page
    assert "井岸" not in page
