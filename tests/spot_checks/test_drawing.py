"""A draw equals an independent recount, is stored with its seed, and cannot be made to say something else unnoticed."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from assessments.demo import checking
from assessments.models import Draw, DueSurvey, Notice, SpotCheck, Survey
from assessments.refusals import Overtaken, Refused
from assessments.spot_checks import draws, inspectors
from assessments.spot_checks.drawing import Member, size_of, strata_of
from assessments.spot_checks.policy import FILE, parse_policy, policy
from facilities.models import Officer, ReportingUnit
from standards.files import toml_of
from standards.rules.flaws import Flaws
from tests.spot_checks.conftest import SEED

TEXT = FILE.read_text(encoding="utf-8")
PLAN = (Path(__file__).parents[1] / "sources/zhuhai_2011.txt").read_text(encoding="utf-8")


def verified(draw):
    said = StringIO()
    call_command("verify_draw", str(draw.pk), stdout=said)
    return said.getvalue()


# ── The rule ──────────────────────────────────────────────────────────────────


def test_a_recount_by_hand_draws_the_same():
    frame = [Member(f"44040{u}{n:03}", f"44040{u}", s) for u in "23" for n in range(90) for s in ("village",)]
    frame += [Member(f"440402{n:03}X", "440402", "township") for n in range(7)]
    for stratum in strata_of(frame, SEED, Decimal(5), 1):
        mine = [m.code for m in frame if (m.unit, m.subject) == (stratum.unit, stratum.subject)]
        ranked = sorted(mine, key=lambda code: hashlib.sha256((SEED + code).encode("utf-8")).hexdigest())
        assert list(stratum.drawn) == ranked[: {90: 5, 7: 1}[len(mine)]]


@pytest.mark.parametrize(
    ("members", "share", "minimum", "size"),
    [(100, "5", 1, 5), (101, "5", 1, 6), (3, "5", 1, 1), (3, "5", 5, 3), (10, "0", 0, 0), (10, "100", 0, 10)],
)
def test_how_many_of_a_stratum(members, share, minimum, size):
    assert size_of(members, Decimal(share), minimum) == size


def test_every_facility_of_a_stratum_can_be_drawn():
    frame = [Member(f"44040200{n}", "440402", "township") for n in range(5)]
    drawn = {code for seed in range(60) for each in strata_of(frame, str(seed), Decimal(1), 1) for code in each.drawn}
    assert drawn == {member.code for member in frame}


# ── The policy ────────────────────────────────────────────────────────────────


def test_the_file_rests_on_the_plan():
    assert policy().quote in PLAN
    assert (policy().share, policy().minimum, policy().area.exceeds) == (5, 1, "any")


@pytest.mark.parametrize(
    ("reported", "found", "any_", "all_"),
    [
        ("200", "200.50", False, False),
        ("200", "200.51", True, False),
        ("200", "202.00", True, False),
        ("200", "202.01", True, True),
        ("20", "20.20", False, False),
        ("20", "20.21", True, False),
        ("0", "0.01", True, False),
    ],
)
def test_both_readings_of_the_or(reported, found, any_, all_):
    other = parse_policy(toml_of(TEXT.replace('"any"\n', '"all"\n'), "x"), "x").area
    assert policy().area.is_exceeded(Decimal(reported), Decimal(found)) is any_
    assert other.is_exceeded(Decimal(reported), Decimal(found)) is all_


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("share = 5", "share = 101", "x.toml: draw: share 缺失或不在 0 到 100 之间；"),
        ("share = 5", 'share = "5"', "x.toml: draw: 抽取的 share 应是数字；"),
        ("share = 5", "share = 5.125", "x.toml: draw: share 多于 2 位小数；"),
        ("minimum = 1", "minimum = 1.5", "x.toml: draw: minimum 不是整数；"),
        ("minimum = 1", "least = 1", "x.toml: draw: 抽取里有不认识的键“least”；"),
        ("[draw]", "[drawing]", "x.toml: draw: 抽取应是一张表；"),
        ('exceeds = "any"', 'exceeds = "either"', "x.toml: area: exceeds“either”不认识；"),
        ("amount = 0.5", "amount = -1", "x.toml: area: amount 缺失或不在 0 到 1000 之间；"),
        ("percent = 1 ", "", "x.toml: area: percent 缺失或不在 0 到 100 之间；"),
        ('source = "四（二）"', "", "x.toml: 文件的 source 缺失或不是文字；"),
    ],
)
def test_a_flaw_is_refused_with_file_place_and_remedy(old, new, sentence):
    assert old in TEXT
    with pytest.raises(Flaws) as refused:
        parse_policy(toml_of(TEXT.replace(old, new, 1), "x.toml"), "x.toml")
    assert [said for said in refused.value.sentences if said.startswith(sentence)]


# ── In the database ───────────────────────────────────────────────────────────

pytestmark = pytest.mark.django_db


def test_what_is_drawn_follows_from_what_is_stored(draw):
    due = DueSurvey.objects.filter(period=draw.period, unit__isnull=False).select_related("facility", "unit")
    reported = Survey.objects.filter(period=draw.period, state__in=("submitted", "accepted"))
    stands = set(reported.values_list("facility__code", flat=True))
    frame = [
        [row.facility.code, row.unit.code, row.subject]
        for row in sorted(due, key=lambda row: row.facility.code)
        if row.facility.code in stands
    ]
    assert draw.frame == frame
    written = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    assert draw.frame_hash == hashlib.sha256(written.encode()).hexdigest()
    expected = set()
    for stratum in {(unit, subject) for _, unit, subject in frame}:
        codes = [code for code, *rest in frame if tuple(rest) == stratum]
        ranked = sorted(codes, key=lambda code: hashlib.sha256((draw.seed + code).encode()).hexdigest())
        expected |= set(ranked[: max(draw.minimum, -(-len(codes) * 5 // 100))])
    assert set(draw.checks.values_list("facility__code", flat=True)) == expected
    assert draw.checks.filter(snapshot__survey__period=draw.period).count() == len(expected) == 2
    assert "重抽结果与记录一致" in verified(draw)


def test_verify_tells_whatever_was_changed(draw):
    Draw.objects.filter(pk=draw.pk).update(frame=draw.frame[1:])
    with pytest.raises(CommandError) as wrong:
        verified(draw)
    assert wrong.value.returncode == 1
    Draw.objects.filter(pk=draw.pk).update(frame=draw.frame)
    SpotCheck.objects.filter(pk=draw.checks.first().pk).delete()
    with pytest.raises(CommandError, match="对不上，共 1 处"):
        verified(draw)
    with pytest.raises(CommandError, match="没有编号为 0"):
        call_command("verify_draw", "0")


def test_a_seed_draws_once_and_only_the_city_draws(draw, period, officers, bureau):
    with pytest.raises(Overtaken):
        draws.draw(period, bureau, f" {SEED} ")
    assert len(draws.draw(period, bureau, "").seed) == 16
    for name in ("reviewer", "viewer", "admin", "surveyor"):
        with pytest.raises(PermissionDenied):
            draws.draw(period, officers[name], "x")
    with pytest.raises(Refused):
        draws.draw(period, bureau, "x" * 65)
    with pytest.raises(Refused, match="不能抽查"):
        draws.draw(period, bureau, "x", ["440403"])


def test_the_demonstration_draws_inspects_and_does_it_once(period, officers, monkeypatch):
    Officer.objects.update(is_demo=True)
    monkeypatch.setattr(checking, "LEFT", 0)
    [said] = checking.check_city(date(2026, 11, 22))
    assert said == "2026年第三季度：抽查办结 2 家"
    draw = Draw.objects.get()
    assert (draw.is_demo, "一致" in verified(draw)) == (True, True)
    assert list(checking.check_city(date(2026, 11, 22))) == [said]
    assert Draw.objects.count() == 1


# ── Inspectors ────────────────────────────────────────────────────────────────


def test_nobody_inspects_the_own_district_or_what_they_had_a_hand_in(draw, officers, bureau):
    check = draw.checks.select_related("unit", "snapshot").get(facility__code="440402001")
    [choices] = inspectors.choices_for([check]).values()
    assert {each.username for each in choices} == {"stranger", "city"}
    for name, said in {"reviewer": "本单位", "colleague": "本单位", "viewer": "请选", "surveyor": "请选"}.items():
        with pytest.raises(Refused, match=said):
            inspectors.assign(check, bureau, str(officers[name].pk))
    for wrong in ("", "x", "999999", "²"):
        with pytest.raises(Refused):
            inspectors.assign(check, bureau, wrong)
    with pytest.raises(PermissionDenied):
        inspectors.assign(check, officers["reviewer"], str(bureau.pk))
    moved = officers["reviewer"]
    Officer.objects.filter(pk=moved.pk).update(unit=ReportingUnit.objects.get(code="440403"))
    with pytest.raises(Refused, match="填过或审核过"):
        inspectors.assign(check, bureau, str(moved.pk))


def test_in_turn_whoever_has_fewest_and_reviewers_first(draw, bureau, officers):
    unit = ReportingUnit.objects.get(code="440404")
    second = Officer.objects.create(username="second", role="reviewer", unit=unit)
    assert inspectors.assign_all(draw, bureau) == (2, 0)
    assert set(draw.checks.values_list("inspector", flat=True)) == {officers["stranger"].pk, second.pk}
    assert inspectors.assign_all(draw, bureau) == (0, 0)
    told = {notice.officer_id: notice for notice in Notice.objects.all()}
    assert set(told) == {officers["stranger"].pk, second.pk}
    for check in draw.checks.all():
        notice = told[check.inspector_id]
        assert (notice.title, notice.by) == ("抽查：2026年第三季度，指派给您 1 家", bureau)
        assert notice.text.splitlines()[1:] == [f"{check.facility}（{check.unit}）"]  # and nothing of what was reported
        assert notice.link == f"/spot-checks/{draw.pk}/checks/{check.pk}/"


def test_an_inspector_of_many_gets_one_letter_and_another_when_relieved(draw, bureau, officers):
    assert inspectors.assign_all(draw, bureau) == (2, 0)
    [letter] = Notice.objects.all()
    assert (letter.title[-5:], letter.link) == ("您 2 家", "/spot-checks/")
    check = draw.checks.select_related("unit").first()
    for _ in range(2):
        inspectors.assign(check, bureau, str(bureau.pk))
    [own] = Notice.objects.filter(officer=bureau)
    assert own.title.endswith("1 家")
    for back in (letter.officer, bureau):
        inspectors.assign(check, bureau, str(back.pk))
    assert Notice.objects.filter(officer=letter.officer).count() == 2
    assert Notice.objects.filter(officer=bureau).count() == 2
