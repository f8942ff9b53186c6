"""What was accepted stays as it was accepted, whatever becomes of the editions and facts around it."""

from copy import deepcopy
from datetime import date

import pytest
from django.conf import settings
from django.http import QueryDict

from assessments import unchanged
from assessments.models import Finding, Judgement, Period, Snapshot
from assessments.snapshots import hash_of
from assessments.standings import standing_of
from facilities.models import Fact, Membership
from reports.documents import json_of, newest_report
from standards.loading import load_standards
from standards.models import Clause, Requirement, Standard
from tests.assessments.acts import fresh

pytestmark = pytest.mark.django_db
FIXTURES = settings.BASE_DIR / "fixtures"


@pytest.fixture
def frozen(staged):
    return staged("accepted")


def everything(survey):
    """Of each snapshot and judgement the content, byte for byte; the findings; what the result says."""
    snapshots = {s.number: (deepcopy(s.content), s.content_hash, s.kind, s.at) for s in survey.snapshots.all()}
    judged = {j.snapshot.number: (deepcopy(j.content), j.score, j.grade) for j in survey.judgements.all()}
    findings = set(Finding.objects.filter(judgement__survey=survey).values_list("requirement__key", "outcome"))
    return snapshots, judged, findings, json_of(newest_report(fresh(survey)))


def assert_sound(survey):
    assert all(hash_of(snapshot.content) == snapshot.content_hash for snapshot in survey.snapshots.all())


def test_a_new_edition_changes_nothing(frozen, tmp_path):
    before = everything(frozen)
    old = (FIXTURES / "standards" / "town_office.2016-01-01.toml").read_text(encoding="utf-8")
    folder = tmp_path / "standards"
    folder.mkdir()
    new = old.replace("effective = 2016-01-01", "effective = 2026-07-01").replace("at_least = 200", "at_least = 400")
    assert new != old
    (folder / "town_office.2026-07-01.toml").write_text(new, encoding="utf-8")
    for name in ("indicators.toml", "interpretations.toml"):
        (tmp_path / name).write_text((FIXTURES / name).read_text(encoding="utf-8"), encoding="utf-8")
    load_standards(tmp_path)
    assert Standard.objects.filter(key="town_office").count() == 2
    assert everything(frozen) == before
    assert standing_of(fresh(frozen)).standard.effective == date(2016, 1, 1)
    assert_sound(frozen)


def test_a_changed_fact_or_membership_changes_nothing(frozen, office):
    before = everything(frozen)
    Fact.objects.update_or_create(
        facility=office,
        indicator="resident_population",
        since=date(2026, 1, 1),
        defaults={"value": 30_000, "source": "x"},
    )
    Membership.objects.update(note="改过")
    office.name = "另一个名字服务所"
    office.save()
    assert everything(frozen) == before
    assert_sound(frozen)


def test_a_later_quarter_leaves_it_alone(frozen, office, surveyor, now):
    before = everything(frozen)
    now.move_to("2027-02-01T09:00:00+08:00")
    unchanged.submit_unchanged(office, Period(year=2027, quarter=1), surveyor, QueryDict())
    assert everything(frozen) == before
    assert Snapshot.objects.exclude(survey=frozen).count() == 1


def test_mended_labels_change_no_hash(frozen):
    before = everything(frozen)[:3]
    Clause.objects.update(title="改过的题目")
    Requirement.objects.update(label="改过的说法")
    assert everything(frozen)[:3] == before
    assert Judgement.objects.filter(survey=frozen).count() == 2
