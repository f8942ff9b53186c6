"""The queue and the page on which a survey is reviewed."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import reviewing
from assessments.flags import flags_of
from assessments.models import Answer, Comment, Judgement, Review, Snapshot, Survey
from assessments.outliers import band_of, fences_of
from facilities.models import Division, Facility
from tests.access.conftest import tiny_photo
from tests.assessments.acts import accepted, fresh, returned
from tests.assessments.conftest import URL

pytestmark = pytest.mark.django_db
REVIEW = f"{URL}review/"


@pytest.fixture
def reviewer(own, browse):
    return browse(own)


def body(response):
    return response.content.decode()


# ── Outliers, pure ────────────────────────────────────────────────────────────


def numbers(*values):
    return [Decimal(value) for value in values]


def test_a_number_far_from_its_like_is_told_with_its_side():
    fences = fences_of(numbers(10, 11, 12, 12, 13, 13, 14, 15, 90))
    assert fences.side(Decimal(90)) == "高"
    assert fences.side(Decimal(1)) == "低"
    assert fences.side(Decimal(15)) == ""


def test_of_too_few_nothing_is_said():
    assert fences_of(numbers(1, 1, 1, 1, 1, 1, 1, 900)) is None


def test_where_all_are_alike_one_more_is_no_oddity():
    fences = fences_of(numbers(*[1] * 12))
    assert [fences.side(Decimal(n)) for n in (0, 1, 2, 3, 4)] == ["", "", "", "", "高"]


def test_a_bound_lies_in_the_upper_band():
    assert [band_of("township", Decimal(n)) for n in (59_999, 60_000, 89_999, 90_000)] == [0, 1, 1, 2]
    assert band_of("township", None) is None
    assert band_of("county", None) == 0


# ── Flags ─────────────────────────────────────────────────────────────────────


def test_flags_name_what_must_be_decided_what_jumped_and_what_is_odd(staged, office, survey, surveyor, grow):
    survey = staged("submitted")
    Answer.objects.filter(survey=survey, indicator="staff_count").update(previous=3)
    grow(12)
    flags = flags_of([fresh(survey)])[survey.pk]
    assert [(f.kind, f.key) for f in flags if f.kind != "outlier"] == [
        ("decide", "town.2.area"),
        *[(f.kind, f.key) for f in flags if f.kind == "jump"],
    ]
    assert "staff_count" in [f.key for f in flags if f.kind == "jump"]
    Answer.objects.filter(survey=survey, indicator="computer_count").update(value=500)
    odd = [f for f in flags_of([fresh(survey)])[survey.pk] if f.kind == "outlier"]
    assert [(f.key, "偏高" in f.said, f.clause) for f in odd] == [("computer_count", True, "town.7")]


def test_a_decision_takes_its_flag_away(staged, own):
    survey = staged("submitted")
    reviewing.determine(survey, own, "town.2.area", "accepted", "同意")
    assert [f for f in flags_of([fresh(survey)])[survey.pk] if f.kind == "decide"] == []


@pytest.fixture
def grow(survey, surveyor):
    """grow(12): so many more offices of the district with the same submitted answers."""

    def more(number):
        district, start = Division.objects.get(code="440402"), Division.objects.filter(level="town").count()
        towns = Division.objects.bulk_create(
            Division(code=f"440402{500 + start + n}", name=f"增设{n}镇", level="town", parent=district)
            for n in range(number)
        )
        offices = Facility.objects.bulk_create(
            Facility(code=t.code, name=f"{t.name}服务所", subject="township", division=t) for t in towns
        )
        like = Survey.objects.get(pk=survey.pk)
        copies = Survey.objects.bulk_create(
            Survey(
                facility=f, period=like.period, created_by=surveyor, state=like.state, submitted_at=like.submitted_at
            )
            for f in offices
        )
        snapshot = like.snapshots.latest("number")
        judgement = Judgement.objects.filter(survey=like).latest("pk")
        fields = {"content": snapshot.content, "content_hash": snapshot.content_hash, "by": surveyor, "number": 1}
        snapshots = Snapshot.objects.bulk_create(Snapshot(survey=s, **fields) for s in copies)
        Judgement.objects.bulk_create(
            Judgement(snapshot=s, survey=s.survey, standard=judgement.standard, content=judgement.content)
            for s in snapshots
        )
        answers = list(like.answers.all())
        Answer.objects.bulk_create(
            Answer(survey=s, indicator=a.indicator, value=a.value, previous=a.previous, by=surveyor)
            for s in copies
            for a in answers
        )
        return copies

    return more


# ── The queue ─────────────────────────────────────────────────────────────────


def test_the_queue_shows_what_waits_and_can_be_narrowed(staged, reviewer, grow):
    survey = staged("submitted")
    assert survey.facility.name in body(reviewer.get("/reviews/"))
    assert survey.facility.name in body(reviewer.get("/reviews/?flagged=yes"))
    assert survey.facility.name not in body(reviewer.get("/reviews/?flagged=no"))
    assert survey.facility.name not in body(reviewer.get("/reviews/?town=440402002"))
    assert survey.facility.name not in body(reviewer.get("/reviews/?state=returned"))
    assert reviewer.get("/reviews/?page=x&town=%00&state=y&period=z").status_code == 200


def test_another_district_does_not_see_it(staged, officer, browse):
    survey = staged("submitted")
    assert survey.facility.name not in body(browse(officer("reviewer", unit="440403")).get("/reviews/"))


def test_many_are_accepted_in_one_act_and_what_is_flagged_stays(staged, reviewer, own, grow):
    survey = staged("submitted")
    copies = grow(3)
    plain = copies[0]
    Judgement.objects.filter(survey=plain).update(content=_decided(Judgement.objects.get(survey=plain).content))
    names = [f"{s.facility.code}:2026Q4" for s in (survey, plain)]
    said = body(reviewer.post("/reviews/accept/", {"survey": [*names, "nonsense", "440403100:2026Q4"]}))
    assert "有 1 处要看" in said or "处要看，请单独审核" in said
    assert fresh(survey).state == "submitted"


def _decided(content):
    content["results"]["town.2.area"].pop("provisional", None)
    return content


def test_nothing_ticked_is_said(reviewer, staged):
    assert "还没有勾选" in body(reviewer.post("/reviews/accept/", follow=True))


# ── The page ──────────────────────────────────────────────────────────────────


def test_to_look_writes_nothing(staged, reviewer):
    survey = staged("submitted")
    page = body(reviewer.get(REVIEW))
    assert "开始审核" in page
    assert "return-form" not in page
    assert not Review.objects.filter(survey=survey).exists()
    assert reviewer.post(f"{REVIEW}open/").url == REVIEW
    assert Review.objects.get(survey=survey).verb == "opened"
    page = body(reviewer.get(REVIEW))
    assert "return-form" in page
    assert "还有 1 条必须认定" in page


def test_an_opened_survey_is_not_withdrawn(staged, reviewer, client_of_surveyor):
    staged("opened")
    assert "撤回</button>" not in body(client_of_surveyor.get(f"{URL}receipt/"))
    assert "已经打开这份核查表，不能撤回" in body(client_of_surveyor.post(f"{URL}withdraw/", follow=True))


def test_a_surveyor_withdraws_from_the_receipt(staged, client_of_surveyor, survey):
    staged("submitted")
    assert "撤回</button>" in body(client_of_surveyor.get(f"{URL}receipt/"))
    assert "撤回</button>" in body(client_of_surveyor.get(f"{URL}result/"))
    assert "已撤回，可以修改" in body(client_of_surveyor.post(f"{URL}withdraw/", follow=True))
    assert client_of_surveyor.get(f"{URL}result/").url == URL


def test_a_mistaken_return_keeps_what_was_typed(staged, reviewer):
    staged("opened")
    sent = {"row": ["town.7"], "reason": "", "text": "请补台账照片", "said__town.7": "照片看不清", "due": "2026-10-15"}
    response = reviewer.post(f"{REVIEW}return/", sent)
    page = body(response)
    assert response.status_code == 422
    assert all(words in page for words in ("请选退回的原因", "请补台账照片", "照片看不清", "2026-10-15"))
    assert re.search(r'value="town.7"[^>]*checked', page)
    assert reviewer.post(f"{REVIEW}return/", sent | {"reason": "wrong", "due": "明天"}).status_code == 422
    assert reviewer.post(f"{REVIEW}return/", sent | {"reason": "wrong", "due": "2020-01-01"}).status_code == 422


def test_a_return_reaches_the_surveyor_first(staged, reviewer, client_of_surveyor, own):
    staged("opened")
    sent = {
        "row": ["town.7", "town.3"],
        "reason": "unproved",
        "text": "缺佐证",
        "said__town.7": "请拍全",
        "due": "2026-10-15",
    }
    assert reviewer.post(f"{REVIEW}return/", sent).status_code == 302
    for url in ("/", URL, f"{URL}clauses/7/", f"{URL}check/", f"{URL}receipt/"):
        page = body(client_of_surveyor.get(url))
        assert all(words in page for words in ("缺少佐证", "缺佐证", "请拍全", "10月15日", own.last_name)), url
    assert Comment.objects.get().clause == "town.7"
    home = body(client_of_surveyor.get("/"))
    assert home.index("退回修改") < home.index("历次结果")
    assert 'class="page-fields" disabled' in body(client_of_surveyor.get(f"{URL}clauses/2/"))
    assert "disabled" not in re.search(r'class="page-fields"[^>]*', body(client_of_surveyor.get(f"{URL}clauses/7/")))[0]


def test_a_shut_row_is_refused_everywhere(staged, client_of_surveyor, say, own, survey):
    staged("returned")
    held = Answer.objects.get(survey=survey, indicator="building_area").revision
    refused = say("building_area", "300", revision=held)
    assert refused.status_code == 423
    assert "这一项没有退回" in body(refused)
    fields = {"building_area": "300", "building_area__revision": held, "operation": "x"}
    assert client_of_surveyor.post(f"{URL}clauses/2/", fields).status_code == 423
    evidence = {"operation": "00000000-0000-0000-0000-000000000007", "use": "town.2"}
    sent = client_of_surveyor.post(
        f"{URL}evidence/", evidence | {"files": SimpleUploadedFile("照片.jpg", tiny_photo())}, follow=True
    )
    assert sent.status_code == 423
    assert "退回的事项" in body(client_of_surveyor.get(f"{URL}unchanged/", follow=True))


def test_a_determination_is_shown_judged_again(staged, reviewer):
    staged("opened")
    sent = {"requirement": "town.2.area", "decision": "accepted", "reason": "信息化已建成"}
    page = body(reviewer.post(f"{REVIEW}determine/", sent, follow=True))
    assert "已认定，并重新判定" in page
    assert "同意酌减</b>：信息化已建成" in page
    assert "没有必须认定的" in page
    assert reviewer.post(f"{REVIEW}determine/", sent | {"reason": ""}).status_code == 422


def test_acceptance_waits_for_determinations_and_the_result_tells_them(staged, reviewer, client_of_surveyor, own):
    survey = staged("opened")
    refused = reviewer.post(f"{REVIEW}accept/")
    assert refused.status_code == 422
    assert "还有 1 条没有认定" in body(refused)
    accepted(survey, own)
    for client in (reviewer, client_of_surveyor):
        page = body(client.get(f"{URL}result/"))
        assert all(words in page for words in ("同意酌减：已看过佐证", "审核通过", "经过", "第 1 版"))
    said = client_of_surveyor.get(f"{URL}report.json").json()
    found = next(f for row in said["rows"] for f in row["findings"] if f["requirement"] == "town.2.area")
    assert found["word"] == "酌减达标，已认定"
    assert (found["determined"]["word"], found["determined"]["by"]) == ("同意酌减", own.display_name)
    assert said["approval"]["by"] == own.display_name


def test_who_was_overtaken_is_told_and_sees_how_it_stands(staged, reviewer, own, officer):
    survey = staged("opened")
    returned(survey, officer("reviewer"))
    response = reviewer.post(f"{REVIEW}accept/")
    assert response.status_code == 409
    assert "现在是“已退回”" in body(response)


def test_accepting_goes_on_to_the_next_and_opens_it(staged, reviewer, own, grow):
    survey = staged("opened")
    following = grow(1)[0]
    reviewing.determine(survey, own, "town.2.area", "accepted", "同意")
    response = reviewer.post(f"{REVIEW}accept/", {"go": "next"})
    assert response.url == f"/surveys/{following.facility.code}/2026Q4/review/"
    assert Review.objects.filter(survey=following, verb="opened").exists()


# ── Queries ───────────────────────────────────────────────────────────────────


def count(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("url", "most"), [("/reviews/", 16), (REVIEW, 32), (f"{URL}result/", 22)])
def test_queries_do_not_grow(url, most, staged, reviewer, grow):
    staged("opened")
    grow(2)
    few = count(reviewer, url)
    grow(60)
    assert count(reviewer, url) == few <= most
