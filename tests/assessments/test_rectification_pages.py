"""整改 as pages: finding → item → evidence → closure by who may; filters in the address; constant queries."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from assessments import rectification_list, rectifying
from assessments.models import Rectification, Survey
from facilities.models import Facility, ReportingUnit
from tests.assessments.pictures import written
from tests.assessments.test_rectifying import KEY, brought, found, item  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
RECTIFY = "/surveys/440402001/2026Q4/rectify/"
LIST = "/rectifications/"


def text(response):
    return response.content.decode()


def test_from_a_finding_to_closure(found, own, surveyor, browse):  # noqa: F811
    above, below = browse(own), browse(surveyor)
    page = above.get(RECTIFY, {"row": KEY})
    assert f'value="{KEY}" checked' in text(page)
    made = above.post(RECTIFY, {"row": KEY, "responsible": "翠香所 李某", "days": "5"})
    url = made["Location"]
    assert "开始整改" in text(below.get(url))
    assert "开始整改" not in text(above.get(url))
    below.post(f"{url}take/")
    assert 'name="computer_count" value="1"' in text(below.get(url))
    below.post(f"{url}evidence/", {"computer_count": "30", "text": "已购置"})
    shown = text(above.get(url))
    assert "1 台" in shown
    assert "30 台" in shown
    above.post(f"{url}verify/")
    above.post(f"{url}close/")
    assert "已销号" in text(below.get(url))
    assert Survey.objects.get(pk=found.pk).state == "accepted"


def test_several_at_once(found, own, browse):  # noqa: F811
    keys = list(rectifying.source_of(found).results)
    assert len(keys) > 1
    browse(own).post(RECTIFY, {"row": keys, "responsible": "服务所", "days": "5"})
    assert Rectification.objects.count() == len(keys)
    assert "已在整改" in text(browse(own).get(RECTIFY))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"responsible": "服务所", "days": "5"}, "请勾选要整改的要求"),
        ({"row": KEY, "responsible": " ", "days": "5"}, "由谁负责"),
        ({"row": KEY, "responsible": "服务所", "days": "很快"}, "1 到 60"),
        ({"row": "town.99.none", "responsible": "服务所", "days": "5"}, "不需要整改"),
    ],
)
def test_what_is_lacking_is_said(data, said, found, own, browse):  # noqa: F811
    response = browse(own).post(RECTIFY, data)
    assert response.status_code == 422
    assert said in text(response)


def test_the_second_is_told_and_bad_facts_are_refused_with_the_forms_words(item, own, surveyor, browse):  # noqa: F811
    url, client = f"{LIST}{item.pk}/", browse(surveyor)
    client.post(f"{url}take/")
    again = client.post(f"{url}take/")
    assert (again.status_code, "刚有人办过" in text(again)) == (409, True)
    wrong = client.post(f"{url}evidence/", {"computer_count": "三台", "text": "已购置"})
    assert wrong.status_code == 422
    assert 'value="三台"' in text(wrong)
    assert "已购置" in text(wrong)
    short = client.post(f"{url}evidence/", {"computer_count": "2", "text": ""})
    assert (short.status_code, "请写明做了什么" in text(short)) == (422, True)


def test_what_falls_short_says_so_on_the_page(brought, own, browse):  # noqa: F811
    item = brought("evidenced")  # noqa: F811
    Rectification.objects.update(facts={"computer_count": 2})
    response = browse(own).post(f"{LIST}{item.pk}/verify/")
    assert (response.status_code, "不能核实或销号" in text(response)) == (422, True)


def test_a_stranger_finds_nothing(item, officer, browse):  # noqa: F811
    client = browse(officer("reviewer", unit="440403"))
    assert client.get(f"{LIST}{item.pk}/").status_code == 404
    assert item.facility.name not in text(client.get(LIST))


def test_the_list_is_filtered_by_its_address(item, own, browse, now):  # noqa: F811
    client = browse(own)
    for query, shown in {
        "": True,
        "?state=open": True,
        "?state=doing": False,
        "?unit=440402": True,
        "?unit=440403": False,
        "?overdue=1": False,
        "?state=nonsense&page=x": True,
    }.items():
        assert (item.facility.name in text(client.get(LIST + query))) is shown, query
    now.shift(timedelta(days=21))  # Friday 10-23 was the day; today is Friday 10-30
    late = text(browse(own).get(f"{LIST}?overdue=1"))
    assert "逾期 5 个工作日" in late


def test_overdue_by_unit_names_number_and_the_longest(item, found, own):  # noqa: F811
    mendable = rectifying.source_of(found).results
    second = next(key for key in mendable if key != KEY)
    rectifying.open_all(found, own, [second], "服务所", "1")
    told = rectification_list.overdue_by_unit(item.due + timedelta(days=7))
    unit = ReportingUnit.objects.get(code="440402")
    assert set(told) == {unit.pk}
    assert (told[unit.pk].number, told[unit.pk].longest.requirement.key) == (2, second)
    assert told[unit.pk].days == 14  # Monday 10-12 was the day; on Friday 10-30 fourteen working days have gone by
    Rectification.objects.update(state="closed")
    assert not rectification_list.overdue_by_unit(item.due + timedelta(days=7))


def test_the_pages_ask_no_more_for_many(item, own, browse):  # noqa: F811
    client = browse(own)
    urls = (LIST, f"{LIST}?overdue=1", f"{LIST}{item.pk}/", RECTIFY)

    def counts():
        Rectification.objects.update(due=timezone.localdate() - timedelta(days=3))
        asked = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            asked.append(len(queries))
        return asked

    counts()
    few = counts()
    others = Facility.objects.filter(code__startswith="440402", subject="village")[:25]
    Rectification.objects.bulk_create(
        Rectification(
            facility=other,
            unit=item.unit,
            requirement=item.requirement,
            snapshot=item.snapshot,
            found=item.found,
            responsible="服务站",
            due=item.due,
        )
        for other in others
    )
    assert Rectification.objects.count() == 26
    assert counts() == few


# ── Files ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def doing(found, own, surveyor, browse):  # noqa: F811
    [item] = rectifying.open_all(found, own, [KEY], "服务所", "5")  # noqa: F811
    rectifying.take(item, surveyor)
    return item


def photo(name="整改后.jpg", colour=(90, 140, 90)):
    return SimpleUploadedFile(name, written(Image.new("RGB", (64, 48), colour)))


def test_photos_come_with_the_evidence_and_are_shown_to_who_verifies(doing, own, surveyor, browse):
    below, url = browse(surveyor), f"{LIST}{doing.pk}/"
    sent = below.post(
        f"{url}evidence/", {"computer_count": "30", "text": "已购置", "files": [photo(), photo("发票.png", (1, 2, 3))]}
    )
    assert sent.status_code == 302
    files = list(doing.files.all())
    assert [file.act.verb for file in files] == ["evidence", "evidence"]
    above = browse(own)
    assert text(above.get(url)).count("看大图：") == 2
    served = above.get(f"{url}files/{files[0].pk}/")
    assert (served["Content-Type"], served["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert served.content.startswith(b"\xff\xd8\xff")


def test_a_refused_form_keeps_the_files_that_came(doing, surveyor, browse):
    below, url = browse(surveyor), f"{LIST}{doing.pk}/"
    refused = below.post(f"{url}evidence/", {"computer_count": "七八台", "text": "已购置", "files": [photo()]})
    assert refused.status_code == 422
    assert "已经收到，随这次佐证一起提交" in text(refused)
    again = below.post(f"{url}evidence/", {"computer_count": "30", "text": "已购置", "files": [photo("再选一次.jpg")]})
    assert again.status_code == 302
    assert doing.files.get().act.verb == "evidence"  # the same photo is kept once


def test_what_is_no_photo_is_refused_by_name_and_nothing_is_sent(doing, surveyor, browse):
    below, url = browse(surveyor), f"{LIST}{doing.pk}/"
    bad = SimpleUploadedFile("说明.docx", b"PK\x03\x04")
    refused = below.post(f"{url}evidence/", {"computer_count": "30", "text": "已购置", "files": [bad, photo()]})
    assert refused.status_code == 422
    assert "“说明.docx”没有收：" in text(refused)
    doing.refresh_from_db()
    assert (doing.state, doing.files.count()) == ("doing", 1)


def test_a_file_that_waits_can_be_removed_and_one_that_was_sent_cannot(doing, surveyor, browse):
    below, url = browse(surveyor), f"{LIST}{doing.pk}/"
    below.post(f"{url}evidence/", {"computer_count": "七八台", "text": "已购置", "files": [photo()]})
    waiting = doing.files.get()
    assert below.post(f"{url}files/{waiting.pk}/remove/").status_code == 302
    assert not doing.files.exists()
    below.post(f"{url}evidence/", {"computer_count": "30", "text": "已购置", "files": [photo()]})
    assert below.post(f"{url}files/{doing.files.get().pk}/remove/").status_code == 409
    assert doing.files.exists()
