"""对照: one survey's facts under two editions; every difference of the reading has its row and its reason."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.comparing import ALONE, APART, OPEN, SAME, _rows, compared
from assessments.models import Answer, Period, Survey
from assessments.scoring import stand
from facilities.models import Division, Facility
from standards.files import read_fixtures
from standards.loading import load_standards
from standards.models import Standard

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
#: X rows that speak of a body; the others speak of the papers themselves (X12, X15–X23) or of whom they concern (X4)
OF_BODIES = {f"X{number}" for number in (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 13, 14)}

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    load_standards(FIXTURES)


def standing_with(subject, key, **values):
    """A survey that is not stored: its facts alone matter."""
    place = Facility(code="440402001", name="翠香街道人力资源和社会保障服务所", subject=subject, division=Division())
    survey = Survey(facility=place, period=Period(year=2026, quarter=3))
    answers = {name: Answer(survey=survey, indicator=name, value=value) for name, value in values.items()}
    return stand(survey, (Standard.objects.get(key=key),), answers)


def differences(standing, other="zhuhai_2011"):
    return {each.row.key: each for each in compared(standing, Standard.objects.get(key=other)).differences}


def test_every_row_names_requirements_that_there_are():
    editions = {edition.key: edition for edition in read_fixtures(FIXTURES).editions}
    assert {row["key"] for row in _rows()} == OF_BODIES
    for row in _rows():
        sides = {key: value for key, value in row.items() if key in editions}
        assert "zhuhai_2011" in sides
        assert len(sides) >= 2, row["key"]
        assert row["why"].endswith("。")
        for key, requirements in sides.items():
            assert [each for each in requirements if each not in editions[key].by_key] == [], row["key"]


def test_the_same_office_passes_one_and_fails_the_other(published):
    """60,000 served: six by 附表2 (1 in 10,000), ten by the plan (1 in 6,000); 200 ㎡ and 300 ㎡."""
    found = differences(
        standing_with(
            "township", "town_office", served_population=60000, staff_count=6, building_area="200.00",
            office_service_area="200.00",
        )
    )  # fmt: skip
    assert found["X2"].verdict == APART
    assert [line.outcome for line in found["X2"].left] == ["pass", "pass"]
    assert [(line.outcome, line.gap) for line in found["X2"].right] == [("fail", "差 4 人")]
    assert [line.outcome for line in (*found["X1"].left, *found["X1"].right)] == ["pass", "deviation"]
    assert found["X1"].verdict == APART


def test_enough_for_both_is_the_same(published):
    found = differences(standing_with("township", "town_office", served_population=60000, staff_count=10))
    assert found["X2"].verdict == SAME


def test_what_was_never_asked_is_open_and_not_judged(published):
    found = differences(standing_with("township", "town_office", building_area="400.00"))
    assert found["X1"].verdict == OPEN
    assert found["X1"].right[0].outcome == "missing"


def test_what_one_only_records_is_judged_by_the_other_alone(published):
    found = differences(standing_with("township", "town_office", certified_post_system=True))
    assert found["X11"].verdict == ALONE


def test_a_station_has_its_own_rows(published):
    found = differences(standing_with("village", "village_station", unit_type="城镇社区", has_station=True))
    assert {"X3", "X5", "X8", "X14"} <= set(found)
    assert not {"X1", "X2", "X7", "X9"} & set(found)


def test_two_editions_in_time_show_what_was_changed(tmp_path):
    shutil.copytree(FIXTURES, tmp_path / "fixtures")
    folder = tmp_path / "fixtures" / "standards"
    text = (folder / "town_office.2016-01-01.toml").read_text(encoding="utf-8")
    newer = text.replace("effective = 2016-01-01", "effective = 2027-01-01").replace(
        'indicator = "building_area", at_least = 200', 'indicator = "building_area", at_least = 250'
    )
    assert newer.count("at_least = 250") == 1
    (folder / "town_office.2027-01-01.toml").write_text(newer, encoding="utf-8")
    load_standards(tmp_path / "fixtures")
    old, new = Standard.objects.filter(key="town_office").order_by("effective")
    survey = standing_with("village", "village_station").survey
    survey.facility.subject = "township"
    standing = stand(survey, (old,), {"building_area": Answer(indicator="building_area", value="210.00")})
    (changed,) = compared(standing, new).differences
    assert (changed.row.key, changed.left[0].outcome, changed.right[0].outcome) == ("town.2.area", "pass", "deviation")


def test_the_page_shows_both_and_their_words(client_of_surveyor, fill, survey):
    fill()
    url = f"/surveys/440402001/{survey.period.key}/comparison/"
    page = client_of_surveyor.get(url).content.decode()
    for words in ("同样的数据，两份规范", "不少于300平方米", "一般在200㎡以上", "（X1）"):
        assert words in page
    assert client_of_surveyor.get(f"{url}?with=zhuhai_2011.2011-11-23").status_code == 200
    for strange in ("county_center.2016-01-01", "x", "%00"):
        assert client_of_surveyor.get(f"{url}?with={strange}").status_code == 404
    with CaptureQueriesContext(connection) as asked:
        client_of_surveyor.get(url)
    assert len(asked) <= 12
