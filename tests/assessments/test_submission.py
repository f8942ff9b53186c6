"""Check, submit, snapshot, receipt."""

import json
from decimal import Decimal

import pytest
from django.db import IntegrityError

from assessments import beginning, snapshots, workflow
from assessments.models import Finding, Judgement, Period, Snapshot, Survey
from assessments.snapshots import hash_of
from tests.assessments.conftest import URL

pytestmark = pytest.mark.django_db


def test_an_incomplete_survey_is_refused_with_links(client_of_surveyor, fill, survey):
    fill(filing_cabinet_count=None)
    response = client_of_surveyor.post(f"{URL}submit/")
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>错误：" in page
    assert f'href="{URL}clauses/7/?from=check#q-filing_cabinet_count"' in page
    assert Survey.objects.get().is_open
    assert not Snapshot.objects.exists()


def test_what_is_only_recorded_may_stay_empty(client_of_surveyor, fill):
    fill(other_equipment=None, software_list=None, qualified_staff=None, county_budget_amount=None)
    assert client_of_surveyor.post(f"{URL}submit/").url == f"{URL}receipt/"


def test_what_does_not_apply_is_not_asked(client_of_surveyor, fill):
    fill(resident_population=50000, touch_screen_count=None, town_has_own_budget=False, in_town_budget=None)
    assert client_of_surveyor.post(f"{URL}submit/").url == f"{URL}receipt/"


def test_cannot_be_given_counts_as_missing(client_of_surveyor, fill, say, survey):
    fill(filing_cabinet_count=None)
    say("filing_cabinet_count", None, filing_cabinet_count__reason="清点中")
    assert client_of_surveyor.post(f"{URL}submit/").url == f"{URL}receipt/"
    judgement = Judgement.objects.get()
    assert judgement.grade == "资料不全"
    assert judgement.findings.get(requirement__key="town.7.filing_cabinet").outcome == "missing"


def test_a_body_not_set_up_needs_no_more(client_of_surveyor, say, survey):
    say("established", "false")
    assert client_of_surveyor.post(f"{URL}submit/").url == f"{URL}receipt/"
    judgement = Judgement.objects.get()
    assert (judgement.grade, judgement.score) == ("未设立", Decimal("0.0"))


def test_submission_keeps_snapshot_judgement_and_findings(submitted, survey):
    judgement = Judgement.objects.get(snapshot=submitted)
    assert submitted.receipt == "2026Q4-440402001-01"
    assert submitted.content_hash == hash_of(submitted.content)
    assert json.loads(json.dumps(submitted.content)) == submitted.content
    assert submitted.content["facility"]["place"] == ["珠海市", "香洲区", "翠香街道"]
    assert submitted.content["facility"]["unit"] == "香洲区"
    assert submitted.content["judgements"][0]["content_hash"] == judgement.standard.content_hash
    found = dict(judgement.findings.values_list("requirement__key", "outcome"))
    assert found == {
        "town.2.area": "relaxed",
        "town.3.ratio": "deviation",
        "town.6.mediation_room": "deviation",
        "town.7.computer": "fail",
        "town.7.fingerprint": "fail",
        "town.8.ledger": "fail",
        "town.8.procedures": "fail",
    }
    assert Finding.objects.get(requirement__key="town.7.computer").shortfall == 2
    # by hand: rows 1, 2, 4, 5, 9, 10 full; row 3 (1 + 0.5) / 2; row 6 4.5 / 5; row 7 11 / 13; row 8 3 / 5
    by_hand = (6 + Decimal("0.75") + Decimal("0.9") + Decimal(11) / 13 + Decimal("0.6")) * 10
    assert judgement.score == round(by_hand, 1)


def test_pressing_twice_gives_the_same_receipt(client_of_surveyor, fill, survey):
    fill()
    for _ in range(2):
        assert client_of_surveyor.post(f"{URL}submit/").url == f"{URL}receipt/"
    assert Snapshot.objects.count() == 1
    page = client_of_surveyor.get(f"{URL}receipt/").content.decode()
    assert "2026Q4-440402001-01" in page
    assert "香洲区" in page


def test_a_failure_midway_leaves_nothing_behind(client_of_surveyor, fill, survey, monkeypatch):
    fill()
    monkeypatch.setattr(snapshots, "_keep_findings", lambda *_: (_ for _ in ()).throw(IntegrityError))
    with pytest.raises(IntegrityError):
        client_of_surveyor.post(f"{URL}submit/")
    assert Survey.objects.get().is_open
    assert not Snapshot.objects.exists()


def test_readers_and_strangers_do_not_submit(fill, officer, browse):
    fill()
    assert browse(officer("reviewer")).post(f"{URL}submit/").status_code == 403
    assert browse(officer("reviewer", unit="440403")).post(f"{URL}submit/").status_code == 404
    assert Survey.objects.get().is_open


def test_a_closed_quarter_is_not_submitted_to(client_of_surveyor, fill, survey, officer, browse):
    fill()
    admin = browse(officer("admin"))
    assert admin.post("/periods/2026Q4/close/").url == "/periods/"
    page = client_of_surveyor.post(f"{URL}submit/", follow=True).content.decode()
    assert "已关闭" in page
    assert Survey.objects.get().is_open
    admin.post("/periods/2026Q4/reopen/")
    assert client_of_surveyor.post(f"{URL}submit/").url == f"{URL}receipt/"


def test_only_an_administrator_closes_a_quarter(survey, officer, browse):
    for role in ("reviewer", "city", "viewer", "surveyor"):
        client = browse(officer(role))
        assert client.get("/periods/").status_code == 403
        assert client.post("/periods/2026Q4/close/").status_code == 403
    survey.period.refresh_from_db()
    assert survey.period.closed_at is None


def test_after_submission_the_rows_are_locked(client_of_surveyor, submitted):
    page = client_of_surveyor.get(f"{URL}clauses/7/").content.decode()
    assert "已提交，不能再改" in page
    assert 'class="page-fields" disabled' in page
    assert client_of_surveyor.get(f"{URL}check/").url == URL
    response = client_of_surveyor.post(
        f"{URL}clauses/7/", {"computer_count": "9", "computer_count__revision": "1"}, follow=True
    )
    assert "已提交，不能再改" in response.content.decode()


def test_a_later_survey_remembers_the_last_result(submitted, office, officer, now):
    now.move_to("2027-02-01T09:00:00+08:00")
    who = officer("surveyor")
    survey = beginning.start(office, Period(year=2027, quarter=1), who)
    again = workflow.submit(survey, who)
    assert again.content["previous"]["period"] == "2026Q4"
    assert again.content["previous"]["score"] == str(Judgement.objects.get(snapshot=submitted).score)
