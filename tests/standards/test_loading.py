"""Editions are published once and never change; what explains them may be mended; nothing is loaded with a flaw."""

import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from standards.loading import edition_of, load_standards, read_editions
from standards.models import Clause, Requirement, Standard, StandardFile
from standards.rules.flaws import Flaws

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
TOWN = "town_office.2016-01-01.toml"


@pytest.fixture
def folder(tmp_path):
    """A copy of the dictionary, the interpretations and 附表2, to be changed at will."""
    (tmp_path / "standards").mkdir()
    for name in ("indicators.toml", "interpretations.toml", f"standards/{TOWN}"):
        shutil.copy(FIXTURES / name, tmp_path / name)
    return tmp_path


def change(folder, name, old, new, times=1):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, times), encoding="utf-8")


def refusals(folder):
    with pytest.raises(Flaws) as refused:
        load_standards(folder)
    return refused.value.sentences


@pytest.mark.django_db
def test_an_edition_becomes_rows(folder):
    assert load_standards(folder) == [f"{TOWN}: 已发布"]
    standard = Standard.objects.get(key="town_office")
    assert (standard.key, standard.effective, standard.subjects) == ("town_office", date(2016, 1, 1), ["township"])
    assert [clause.number for clause in Clause.objects.all()] == [str(number) for number in range(1, 11)]
    edition = edition_of(standard)
    assert [row.key for row in Requirement.objects.all()] == list(edition.by_key)
    assert set(Requirement.objects.filter(gap="staff").values_list("key", flat=True)) == {
        "town.3.ratio",
        "town.3.minimum",
    }


@pytest.mark.django_db
def test_loading_again_changes_nothing(folder):
    load_standards(folder)
    before = list(Standard.objects.values()), list(Requirement.objects.values())
    assert load_standards(folder) == [f"{TOWN}: 没有变化"]
    assert (list(Standard.objects.values()), list(Requirement.objects.values())) == before


@pytest.mark.django_db
def test_an_edition_is_read_once_a_process(folder, django_assert_num_queries):
    change(folder, f"standards/{TOWN}", "# 附表2", "# a text that no other test has loaded\n# 附表2")
    load_standards(folder)
    standard = Standard.objects.get(key="town_office")
    with django_assert_num_queries(1):
        first = edition_of(standard)
    with django_assert_num_queries(0):
        assert edition_of(Standard(loaded_hash=standard.loaded_hash)) is first


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("indicators.toml", 'label = "计算机"', 'label = "业务计算机"'),
        ("indicators.toml", "由区级人社部门核定", "由区人社局核定"),
        ("interpretations.toml", 'reading = "', 'reading = "（修订）'),
        (f"standards/{TOWN}", "# 附表2", "# A comment more\n# 附表2"),
        (f"standards/{TOWN}", "within = 0.10", "within = 0.1"),
    ],
)
def test_what_explains_an_edition_may_be_mended(folder, name, old, new):
    load_standards(folder)
    before = Standard.objects.get(key="town_office")
    change(folder, name, old, new)
    assert load_standards(folder) == [f"{TOWN}: 内容没有变化，说明文字已更新"]
    after = Standard.objects.get(key="town_office")
    assert (after.pk, after.content_hash) == (before.pk, before.content_hash)
    assert after.loaded_hash != before.loaded_hash
    field = {"indicators.toml": "indicators", "interpretations.toml": "interpretations"}.get(name, "text")
    assert new in getattr(StandardFile.objects.get(), field)


@pytest.mark.django_db
def test_a_mended_label_is_read(folder):
    load_standards(folder)
    change(folder, "indicators.toml", 'label = "计算机"', 'label = "业务计算机"')
    load_standards(folder)
    assert edition_of(Standard.objects.get(key="town_office")).indicators["computer_count"].label == "业务计算机"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at_least = 200 }", "at_least = 180 }"),
        ("basic_compliance = 90", "basic_compliance = 80"),
        ('title = "机构设立"', 'title = "机构"'),
        ('label = "计算机"', 'label = "电脑"'),
        ("within = 0.10", "within = 0.20"),
        ("effective = 2016-01-01", "effective = 2016-01-01\nuntil = 2030-12-31"),
    ],
)
def test_a_published_edition_never_changes(folder, old, new):
    load_standards(folder)
    before = list(StandardFile.objects.values())
    change(folder, f"standards/{TOWN}", old, new)
    [sentence] = refusals(folder)
    assert sentence.startswith(f"{TOWN}: 已发布的版本不得修改")
    assert "另建新版本文件 town_office.<新的生效日期>.toml" in sentence
    assert list(StandardFile.objects.values()) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ('label = "计算机"\ntype = "integer"', 'label = "计算机"\ntype = "decimal"', "type"),
        ('unit = "台"', 'unit = "套"', "unit"),
        ('"一站式"', '"一站"', "一站式"),
    ],
)
def test_what_a_published_fact_means_never_changes(folder, old, new, wrong):
    load_standards(folder)
    (folder / "standards" / TOWN).unlink()  # the edition stays published, its file or not
    change(folder, "indicators.toml", old, new, times=-1)
    sentences = refusals(folder)
    assert sentences
    assert all(wrong in each and "已发布的 town_office.2016-01-01 用到它" in each for each in sentences)


@pytest.mark.django_db
def test_a_choice_may_be_added(folder):
    load_standards(folder)
    change(
        folder,
        "indicators.toml",
        'value = "均未实行", label = "均未实行"',
        'value = "新模式", label = "新模式" },\n  { value = "均未实行", label = "均未实行"',
    )
    assert load_standards(folder) == [f"{TOWN}: 内容没有变化，说明文字已更新"]


@pytest.mark.django_db
def test_a_new_edition_stands_beside_the_old(folder):
    load_standards(folder)
    text = (folder / "standards" / TOWN).read_text(encoding="utf-8")
    newer = text.replace("effective = 2016-01-01", "effective = 2027-01-01").replace(
        "at_least = 200 }", "at_least = 220 }"
    )
    newer = newer.replace("less_than = 200", "less_than = 220")
    (folder / "standards" / "town_office.2027-01-01.toml").write_text(newer, encoding="utf-8")
    assert load_standards(folder) == [f"{TOWN}: 没有变化", "town_office.2027-01-01.toml: 已发布"]
    assert Standard.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("waits", [True, False])
def test_an_edition_may_say_that_it_judges_only_where_it_is_adopted(folder, waits):
    if waits:
        change(folder, f"standards/{TOWN}", "effective = 2016-01-01", "effective = 2016-01-01\nby_adoption = true")
    load_standards(folder)
    standard = Standard.objects.get()
    assert (standard.by_adoption, edition_of(standard).by_adoption) == (waits, waits)


@pytest.mark.django_db
def test_nothing_is_loaded_if_anything_is_refused(folder):
    text = (folder / "standards" / TOWN).read_text(encoding="utf-8")
    wrong = text.replace("effective = 2016-01-01", "effective = 2027-01-01").replace('force = "norm"', 'force = "soft"')
    (folder / "standards" / "town_office.2027-01-01.toml").write_text(wrong, encoding="utf-8")
    assert len(refusals(folder)) >= 6
    assert not Standard.objects.exists()


def test_a_file_is_named_after_its_edition(folder):
    (folder / "standards" / TOWN).rename(folder / "standards" / "town.toml")
    with pytest.raises(Flaws, match="改名为 town_office.2016-01-01.toml"):  # noqa: RUF043
        read_editions(folder)


def test_flaws_of_both_shared_files_are_told_together(folder):
    change(folder, "indicators.toml", 'type = "integer"', 'type = "number"')
    change(folder, "interpretations.toml", "ground = ", "grounds = ")
    with pytest.raises(Flaws) as refused:
        read_editions(folder)
    files = {sentence.split(":")[0] for sentence in refused.value.sentences}
    assert files == {"indicators.toml", "interpretations.toml"}


@pytest.mark.parametrize("content", [b"key = ", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_told(folder, content):
    (folder / "standards" / TOWN).write_bytes(content)
    with pytest.raises(Flaws, match=TOWN):
        read_editions(folder)


# ── The command ───────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_check_writes_nothing(folder):
    out = StringIO()
    call_command("load_standards", "--check", folder=folder, stdout=out)
    assert out.getvalue() == f"{TOWN}: 合格\n"
    assert not Standard.objects.exists()


def test_check_tells_every_flaw_and_fails(folder):
    change(folder, f"standards/{TOWN}", 'force = "norm"', 'force = "soft"', times=-1)
    err = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("load_standards", "--check", folder=folder, stderr=err)
    assert failed.value.returncode == 1
    assert err.getvalue().count("force 不能是“soft”") == 7


@pytest.mark.django_db
def test_our_own_fixtures_load():
    assert all(sentence.endswith("已发布") for sentence in load_standards(FIXTURES))
    assert Standard.objects.count() == len(read_editions(FIXTURES))
