"""佐证 as an officer meets it: sent, shown, served to whom it concerns, used, removed, submitted."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assessments import beginning, workflow
from assessments.evidence import keeping
from assessments.models import Evidence, Period
from facilities.models import Facility
from tests.assessments.conftest import URL
from tests.assessments.pictures import SECRET, paper, polyglots, telling, written

EVIDENCE = URL + "evidence/"
HALL = "town.6.service_hall"


def photo(seed: int = 0) -> bytes:
    """Another one for each number."""
    return written(Image.new("RGB", (64, 48), (seed % 256, seed // 256, 90)))


@pytest.fixture
def send(survey, client_of_surveyor):
    """send(bytes, …): as the script does, one file; send.plain: as the form does, any number."""

    def by_script(content=None, name="大厅.jpg", use="town.2", client=None, **more):
        file = SimpleUploadedFile(name, photo() if content is None else content)
        data = {"operation": str(uuid4()), "use": use, "files": file} | more
        return (client or client_of_surveyor).post(EVIDENCE, data, headers={"X-Requested-With": "fetch"})

    def by_form(*files, **more):
        sent = [SimpleUploadedFile(name, content) for name, content in files]
        data = {"operation": str(uuid4()), "use": "town.2", "clause": "2", "files": sent} | more
        return client_of_surveyor.post(EVIDENCE, data, follow=True)

    by_script.plain = by_form
    return by_script


def text(response) -> str:
    return response.content.decode()


# ── Sent ──────────────────────────────────────────────────────────────────────


def test_a_photo_is_kept_and_shown_in_its_row(send, survey, client_of_surveyor):
    response = send(name="大厅.png")
    file = survey.evidence.get()
    assert response.status_code == 200
    assert f"{EVIDENCE}{file.pk}/thumbnail/" in text(response)
    assert "大厅.png" in text(client_of_surveyor.get(URL + "clauses/2/"))
    assert "大厅.png" not in text(client_of_surveyor.get(URL + "clauses/7/"))
    assert "大厅.png" in text(client_of_surveyor.get(EVIDENCE))


def test_it_is_stored_under_a_name_that_says_nothing(send, survey):
    send(name="../../大厅<script>.jpg")
    file = survey.evidence.get()
    assert file.file.name == f"2026/{file.pk}.jpg"
    assert file.thumbnail.name == f"2026/{file.pk}.s.jpg"
    assert file.name == "大厅<script>.jpg"
    assert os.stat(file.file.path).st_size == file.size


def test_several_are_sent_by_a_form_without_scripts(send, survey):
    response = send.plain(("一.jpg", photo(1)), ("二.pdf", paper()), ("三.svg", b"<svg/>"))
    assert response.redirect_chain == [(URL + "clauses/2/", 302)]
    assert "“三.svg”没有收。这里只收 JPEG、PNG、WebP 照片和 PDF，不收这个文件（.svg）。" in text(response)
    assert sorted(survey.evidence.values_list("name", "kind")) == [("一.jpg", "image"), ("二.pdf", "pdf")]


@pytest.mark.parametrize(
    ("files", "more", "said"), [([], {}, "还没有选文件"), ([("一.jpg", photo())], {"use": "x"}, "说明什么")]
)
def test_a_form_that_lacks_something_says_what(send, survey, files, more, said):
    assert said in text(send.plain(*files, **more))
    assert not survey.evidence.exists()


@pytest.mark.parametrize("name", list(polyglots())[:4])
def test_what_is_no_photo_is_refused_with_a_sentence(send, survey, name):
    response = send(polyglots()[name], name)
    assert response.status_code == 422
    assert f"“{name}”没有收。这里只收 JPEG、PNG、WebP 照片和 PDF" in text(response)
    assert not survey.evidence.exists()


def test_a_file_too_large_is_refused(send, survey):
    assert "12 MB" in text(send(b"\xff\xd8\xff" + b"\0" * 12 * 2**20))
    assert "PDF不能超过 10 MB" in text(send(b"%PDF-1.7" + b"\0" * 10 * 2**20))
    assert not survey.evidence.exists()


def test_a_request_too_large_is_stopped(send, settings):
    settings.FILES_AT_ONCE = 100_000
    response = send(b"\xff\xd8\xff" + b"\0" * 200_000)
    assert response.status_code == 413
    assert "太大" in text(response)


def test_nothing_of_where_and_when_is_kept_without_consent(send, survey):
    send(telling(), taken_at="2026-10-08T15:30:00", latitude="22.2", longitude="113.5")
    file = survey.evidence.get()
    assert (file.taken_at, file.latitude, file.longitude) == (None, None, None)
    assert SECRET.encode() not in file.file.read() + file.thumbnail.read()


def test_with_consent_time_and_place_are_kept_as_data(send, survey, client_of_surveyor):
    send(telling(), keep_capture="1")
    file = survey.evidence.get()
    assert file.taken_at.isoformat() == "2026-10-08T07:30:00+00:00"
    assert (str(file.latitude), str(file.longitude)) == ("22.270139", "113.550000")
    assert b"Exif" not in file.file.read()
    assert "2026年10月8日 15:30 拍摄，位置 22.270139, 113.550000" in text(client_of_surveyor.get(URL + "clauses/2/"))


def test_what_the_device_read_is_kept_where_the_file_says_nothing(send, survey):
    send(photo(), keep_capture="1", taken_at="2026-10-08T15:30:00", latitude="22.2", longitude="-1")
    assert survey.evidence.get().taken_at.isoformat() == "2026-10-08T07:30:00+00:00"


def test_a_moment_that_has_not_come_is_not_kept(send, survey):
    send(photo(), keep_capture="1", taken_at="2026-10-09T10:00:01")
    assert survey.evidence.get().taken_at is None


# ── Once ──────────────────────────────────────────────────────────────────────


def test_sent_twice_it_is_kept_once(send, survey):
    operation = str(uuid4())
    assert [send(operation=operation).status_code for _ in range(2)] == [200, 200]
    assert survey.evidence.count() == 1


def test_a_form_sent_twice_is_kept_once(send, survey):
    operation = str(uuid4())
    for _ in range(2):
        send.plain(("一.jpg", photo(1)), ("二.jpg", photo(2)), operation=operation)
    assert survey.evidence.count() == 2


def test_an_act_with_another_content_is_refused(send, survey):
    operation = str(uuid4())
    send(photo(1), operation=operation)
    response = send(photo(2), operation=operation)
    assert response.status_code == 422
    assert "编号已经用过" in text(response)


def test_the_same_file_in_a_survey_serves_one_use_more(send, survey):
    send(photo(), use="town.2")
    send(photo(), use=HALL)
    assert set(survey.evidence.get().uses.values_list("clause", "requirement")) == {("town.2", ""), ("town.6", HALL)}


def test_a_row_and_a_survey_have_room_for_so_many(send, survey, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_OF_A_ROW", 1)
    monkeypatch.setattr(keeping, "MOST_OF_A_SURVEY", 2)
    assert send(photo(1)).status_code == 200
    assert "这一项已经满了" in text(send(photo(2)))
    assert send(photo(3), use="town.1").status_code == 200
    assert "一份核查表最多附" in text(send(photo(4), use="town.4"))
    assert survey.evidence.count() == 2


# ── The same elsewhere ────────────────────────────────────────────────────────


@pytest.fixture
def elsewhere(survey, send):
    """The same photo in the survey of another street, two places of the district."""

    def attached(content=None):
        other = Facility.objects.get(code="440402002")
        begun = beginning.begin(other, survey.period, survey.created_by)
        send(content)
        file = survey.evidence.get()
        Evidence.objects.create(
            survey=begun,
            operation=uuid4(),
            kind=file.kind,
            file=file.file.name,
            name="别处.jpg",
            size=1,
            sent_hash=file.sent_hash,
            content_hash="0" * 64,
            by=survey.created_by,
        )
        return other

    return attached


def test_a_place_that_the_officer_may_not_see_is_not_named(elsewhere, client_of_surveyor):
    other = elsewhere()
    shown = text(client_of_surveyor.get(URL + "clauses/2/"))
    assert "与另一单位的一份佐证完全相同" in shown
    assert other.division.name not in shown


@pytest.mark.parametrize("page", [URL + "clauses/2/", EVIDENCE])
def test_a_reviewer_is_told_the_place(elsewhere, browse, officer, page):
    other = elsewhere()
    shown = text(browse(officer("reviewer")).get(page))
    assert f"与 {other.division.name} 2026年第四季度 的照片完全相同" in shown


def test_it_is_said_on_sending(elsewhere, send):
    elsewhere(photo(1))
    assert "完全相同" in text(send(photo(1)))


def test_last_quarters_photo_is_told(survey, send, surveyor, client_of_surveyor):
    last = beginning.begin(survey.facility, Period.objects.create(year=2026, quarter=3), surveyor)
    send(photo())
    survey.evidence.update(survey=last)
    assert "与 本单位 2026年第三季度 的照片完全相同" in text(send(photo()))


# ── Served ────────────────────────────────────────────────────────────────────


def test_a_photo_is_served_with_its_own_policy(send, survey, client_of_surveyor):
    send(name="大厅.png")
    file = survey.evidence.get()
    for part in ("", "thumbnail/"):
        response = client_of_surveyor.get(f"{EVIDENCE}{file.pk}/{part}", headers={"Accept-Encoding": "gzip"})
        assert Image.open(BytesIO(response.content)).format == "JPEG"
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Disposition"] == "inline; filename*=utf-8''%E5%A4%A7%E5%8E%85.jpg"


def test_a_pdf_is_a_download(send, survey, client_of_surveyor):
    send(paper(armed=True), "制度.pdf")
    file = survey.evidence.get()
    response = client_of_surveyor.get(f"{EVIDENCE}{file.pk}/")
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E5%88%B6%E5%BA%A6.pdf"
    assert b"JavaScript" not in response.content
    assert client_of_surveyor.get(f"{EVIDENCE}{file.pk}/thumbnail/").status_code == 404


@pytest.mark.parametrize("name", ['"; x="', "a\r\nSet-Cookie: x=1", "\u202e", "%0d%0a", "名" * 200, "", ".", "a;b.jpg"])
def test_a_hostile_name_does_no_harm(send, survey, client_of_surveyor, name):
    send()
    survey.evidence.update(name=name)
    response = client_of_surveyor.get(f"{EVIDENCE}{survey.evidence.get().pk}/")
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert "\n" not in response.headers["Content-Disposition"]


def test_a_name_that_is_too_long_is_kept_as_far_as_it_fits(send, survey, client_of_surveyor):
    send(name="名" * 230 + ".jpg")
    file = survey.evidence.get()
    assert (len(file.name), file.name[-5:]) == (120, "….jpg")
    assert client_of_surveyor.get(f"{EVIDENCE}{file.pk}/").status_code == 200


def test_no_address_but_the_views_gives_a_file(send, survey, client_of_surveyor):
    send()
    file = survey.evidence.get()
    for path in (f"/{file.file.name}", f"/static/{file.file.name}", f"/evidence/{file.file.name}"):
        assert client_of_surveyor.get(path).status_code == 404


def test_a_file_that_is_lost_answers_404(send, survey, client_of_surveyor):
    send()
    file = survey.evidence.get()
    default_storage.delete(file.file.name)
    assert client_of_surveyor.get(f"{EVIDENCE}{file.pk}/").status_code == 404


def test_another_surveys_file_is_not_served_under_this_one(send, survey, client_of_surveyor, surveyor):
    send()
    last = beginning.begin(survey.facility, Period.objects.create(year=2026, quarter=3), surveyor)
    survey.evidence.update(survey=last)
    assert client_of_surveyor.get(f"{EVIDENCE}{last.evidence.get().pk}/").status_code == 404


# ── Used for more, removed, locked ────────────────────────────────────────────


def test_one_file_serves_several(send, survey, client_of_surveyor):
    send(use="town.2")
    file = survey.evidence.get()
    page = f"{EVIDENCE}{file.pk}/uses/"
    assert 'value="town.2" checked' in text(client_of_surveyor.get(page))
    response = client_of_surveyor.post(page, {"use": [HALL, "town.7"], "clause": "6"})
    assert response.headers["Location"] == URL + "clauses/6/#evidence"
    assert set(file.uses.values_list("clause", "requirement")) == {("town.6", HALL), ("town.7", "")}
    assert "已有 1" in text(client_of_surveyor.get(URL + "clauses/6/"))


def test_a_file_shows_something(send, survey, client_of_surveyor):
    send()
    response = client_of_surveyor.post(f"{EVIDENCE}{survey.evidence.get().pk}/uses/", {"clause": "../x"})
    assert response.status_code == 422
    assert "至少要用于一处" in text(response)
    assert survey.evidence.get().uses.count() == 1


def test_a_removed_file_is_gone_from_the_pages_and_stays_stored(send, survey, client_of_surveyor):
    send()
    file = survey.evidence.get()
    for _ in range(2):
        response = client_of_surveyor.post(f"{EVIDENCE}{file.pk}/remove/", {"clause": "2"})
        assert response.headers["Location"] == URL + "clauses/2/#evidence"
    assert "已移除“大厅.jpg”" in text(client_of_surveyor.get(EVIDENCE))
    assert "大厅.jpg" not in text(client_of_surveyor.get(URL + "clauses/2/"))
    assert client_of_surveyor.get(f"{EVIDENCE}{file.pk}/").status_code == 404
    assert client_of_surveyor.get(f"{EVIDENCE}{file.pk}/uses/").status_code == 404
    assert default_storage.exists(file.file.name)


@pytest.mark.parametrize("how", ["submitted", "closed"])
def test_a_locked_survey_takes_and_loses_nothing(send, survey, surveyor, officer, fill, client_of_surveyor, how):
    send()
    file = survey.evidence.get()
    if how == "submitted":
        fill()
        workflow.submit(survey, surveyor)
    else:
        workflow.close(survey.period, officer("admin"))
    assert send(photo(2)).status_code == 423
    assert send.plain(("一.jpg", photo(3))).status_code == 423
    for act, data in (("remove", {}), ("uses", {"use": "town.7"})):
        assert client_of_surveyor.post(f"{EVIDENCE}{file.pk}/{act}/", data).status_code == 423
    kept = survey.evidence.get()
    assert (kept.removed_at, kept.uses.get().clause) == (None, "town.2")
    assert client_of_surveyor.get(f"{EVIDENCE}{file.pk}/").status_code == 200


def test_a_file_is_stored_before_its_row_is_written(send, survey, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(default_storage, "_save", full)
    with pytest.raises(OSError, match="no space"):
        send()
    assert not survey.evidence.exists()


# ── Kept by a submission, counted ─────────────────────────────────────────────


def test_a_snapshot_names_its_files(send, survey, surveyor, fill):
    send(telling(), keep_capture="1", use=HALL)
    send(photo(2))
    keeping.remove(survey.evidence.exclude(taken_at__isnull=False).get(), surveyor)
    fill()
    file = survey.evidence.get(removed_at=None)
    assert workflow.submit(survey, surveyor).content["evidence"] == [
        {
            "id": str(file.pk),
            "name": "大厅.jpg",
            "kind": "image",
            "content_hash": file.content_hash,
            "uses": [["town.6", HALL]],
            "taken_at": "2026-10-08T15:30:00+08:00",
            "place": ["22.270139", "113.550000"],
        }
    ]


def test_wishes_never_keep_a_survey_from_being_sent(survey, surveyor, fill, client_of_surveyor):
    fill()
    assert "项建议附照片" in text(client_of_surveyor.get(URL + "check/"))
    assert workflow.submit(survey, surveyor).number == 1


@pytest.mark.parametrize("page", [URL + "clauses/2/", EVIDENCE, URL + "check/"])
def test_a_page_asks_the_same_of_the_database_however_many_files(page, survey, officer, browse, queries_of):
    client = browse(officer("surveyor"))
    attach(survey, 2)
    few = queries_of(client, page)
    attach(survey, 15)
    assert queries_of(client, page) == few


@pytest.fixture
def queries_of():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(client, page):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    return count


def attach(survey, many):
    """Files, each with a twin in another street's survey."""
    other = beginning.begin(Facility.objects.get(code="440402002"), survey.period, survey.created_by)
    for where in (survey, other):
        for number in range(many):
            file = Evidence.objects.create(
                survey=where,
                operation=uuid4(),
                kind="image",
                file=default_storage.save(f"2026/{uuid4()}.jpg", ContentFile(b"x")),
                name=f"{number}.jpg",
                size=1,
                sent_hash=str(number),
                content_hash=str(uuid4()),
                at=datetime.fromisoformat("2026-10-09T10:00:00+08:00") + timedelta(seconds=number),
                by=survey.created_by,
            )
            file.uses.create(clause="town.2")
