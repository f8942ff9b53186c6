import time
from collections import Counter
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from facilities.loading import Loaded, UnreadablePlacesError, load_places, place_name, read_divisions
from facilities.models import Division, Facility, Membership, ReportingUnit

FIXTURES = settings.BASE_DIR / "fixtures"


def test_the_tree_of_zhuhai(zhuhai):
    assert Counter(Division.objects.values_list("level", flat=True)) == {
        "city": 1,
        "district": 3,
        "street": 10,
        "town": 15,
        "functional_zone": 6,
        "community": 214,
        "village": 122,
        "virtual_community": 6,
        "other": 3,
    }


def test_a_facility_for_each_place_that_has_one(zhuhai):
    assert Counter(Facility.objects.values_list("subject", flat=True)) == {"county": 3, "township": 25, "village": 336}


def test_a_childs_code_starts_with_its_parents(zhuhai):
    for division in Division.objects.select_related("parent").exclude(parent=None):
        assert division.code.startswith(division.parent.code)
    for facility in Facility.objects.select_related("division"):
        assert facility.code.rstrip("C") == facility.division.code


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("440402C", "香洲区人力资源和社会保障综合服务中心"),
        ("440402001", "翠香街道人力资源和社会保障服务所"),
        ("440402100", "唐家湾镇人力资源和社会保障服务所"),
        ("440402001001", "紫荆社区人力资源和社会保障服务站"),
    ],
)
def test_a_facility_bears_the_name_of_its_place(zhuhai, code, name):
    assert Facility.objects.get(code=code).name == name


@pytest.mark.parametrize(
    ("printed", "level", "short"),
    [
        ("紫荆社区居民委员会", "community", "紫荆社区"),
        ("新家园社区居委会", "community", "新家园社区"),
        ("白蕉工业开发区居委会", "community", "白蕉工业开发区社区"),
        ("桂山村委会", "village", "桂山村"),
        ("新村村委会", "village", "新村"),
        ("鱼月村民委员会", "village", "鱼月村"),
        ("翠香街道", "street", "翠香街道"),
    ],
)
def test_the_committee_is_left_out_of_a_name(printed, level, short):
    assert place_name(printed, level) == short


def test_no_name_keeps_a_committee(zhuhai):
    assert not Facility.objects.filter(name__contains="委").exists()


def test_zones_and_districts_report(zhuhai):
    units = dict(ReportingUnit.objects.values_list("code", "name"))
    assert units == {
        "440402": "香洲区",
        "440403": "斗门区",
        "440404": "金湾区",
        "Z01": "高新区",
        "Z02": "万山区",
        "Z03": "横琴",
    }
    assumed = Membership.objects.filter(unit__kind="zone")
    assert assumed.count() == 5
    assert all(membership.note.startswith("演示假定") for membership in assumed)


def test_a_second_load_writes_nothing_and_is_quick(zhuhai, django_assert_num_queries):
    start = time.perf_counter()
    with django_assert_num_queries(9):
        assert load_places(FIXTURES / "divisions") == Loaded()
    assert time.perf_counter() - start < 1


def test_what_an_administrator_changed_stays(zhuhai):
    Facility.objects.filter(code="440402001").update(name="翠香所")
    Membership.objects.filter(unit__code="Z01").update(ends=date(2025, 12, 31))
    load_places(FIXTURES / "divisions")
    assert Facility.objects.get(code="440402001").name == "翠香所"
    assert Membership.objects.get(division__code="440402100").ends == date(2025, 12, 31)


def test_a_renamed_division_follows_the_file(zhuhai):
    Division.objects.filter(code="440402001").update(name="旧名街道")
    assert load_places(FIXTURES / "divisions") == Loaded(divisions=1)
    assert Division.objects.get(code="440402001").name == "翠香街道"


HEAD = "code,name,level,parent_code,urban_rural_class\n4404,珠海市,city,44,\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("440502,香洲区,district,4404,", "第3行：区划代码“440502”应为数字，并以上级代码“4404”开头"),
        ("440402,香洲区,county,4404,", "第3行：区划级别“county”不在"),
        ("440402001,翠香街道,street,440402,", "第3行：上级代码“440402”须排在前面的行里"),
        ("4404,珠海市,city,44,", "第3行：区划代码“4404”重复"),
    ],
)
def test_a_flawed_file_is_refused_with_its_line(tmp_path, line, said):
    file = tmp_path / "a.csv"
    file.write_text(HEAD + line + "\n", encoding="utf-8")
    with pytest.raises(UnreadablePlacesError, match=said):
        read_divisions(file)


def test_a_unit_of_an_unknown_division_is_refused(zhuhai, tmp_path):
    (tmp_path / "units.toml").write_text(
        '[[unit]]\ncode = "Z09"\nname = "某区"\nkind = "zone"\n'
        'memberships = [{ division = "999999", starts = 2011-01-01 }]\n',
        encoding="utf-8",
    )
    with pytest.raises(CommandError, match="没有代码为“999999”的区划"):
        call_command("load_places", tmp_path)
    assert not ReportingUnit.objects.filter(code="Z09").exists()


def test_the_command_says_what_it_did(db, capsys):
    call_command("load_places")
    assert "区划 380 条，报送单位 6 个，隶属关系 8 条，服务机构 364 家已写入。" in capsys.readouterr().out
    call_command("load_places")
    assert "没有变化" in capsys.readouterr().out
