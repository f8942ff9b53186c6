"""适用 decided on the page: by an administrator alone, after being told whom it concerns, never back into what was
accepted; and the file, loaded again, undoes nothing."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments.adopting import UnreadableAdoptions, in_force_on, load_adoptions
from assessments.models import Adoption, Judgement
from assessments.standings import standards_of
from facilities.models import Act, Division, Facility
from tests.assessments.acts import fresh
from tests.assessments.adopted import FILE, adopt

NEW = "/standards/adoptions/new/"
PLAN = "zhuhai_2011"
TYPED = {
    "standard": PLAN, "area": "440402", "subject": "township", "starts": "2027-01-01", "source": "珠人社〔2026〕12号",
}  # fmt: skip
ENDED = {"ends": "2026-12-31", "source": "另有安排"}


@pytest.fixture
def admin(officer, browse, now):
    return browse(officer("admin"))


def decide(client, url, typed):
    """Sent, told, confirmed."""
    told = client.post(url, typed)
    assert told.status_code == 200, told.content.decode()
    done = client.post(url, typed | {"step": "confirm"})
    assert done.status_code == 302
    return told.content.decode()


def judging(code, day):
    return [standard.key for standard in in_force_on(day).of(Facility.objects.get(code=code))]


def end_url(adoption):
    return f"/standards/adoptions/{adoption.pk}/end/"


def test_an_administrator_is_told_whom_it_concerns_before_it_holds(city, admin):
    offices = Facility.objects.filter(code__startswith="440402", subject="township").count()
    told = admin.post(NEW, TYPED).content.decode()
    assert f"从2027年第一季度起，涉及 {offices} 家" in told
    assert not Adoption.objects.exists()
    back = admin.post(NEW, TYPED | {"step": "back"}).content.decode()
    assert "珠人社〔2026〕12号" in back
    assert not Adoption.objects.exists()
    decide(admin, NEW, TYPED)
    assert judging("440402001", date(2027, 3, 31)) == ["town_office", PLAN]
    assert judging("440402001", date(2026, 12, 31)) == ["town_office"]
    assert judging("440403100", date(2027, 3, 31)) == ["town_office"]
    act = Act.objects.get(verb="适用")
    assert "珠海方案自2027年1月1日起评定香洲区的街道（乡镇）服务所；依据：珠人社〔2026〕12号" in act.said
    page = admin.get("/standards/adoptions/").content.decode()
    assert page.count(act.by.display_name) >= 2
    assert act.said in page


def test_a_district_gets_its_body_with_it(city, admin):
    assert "其中 1 家还没有填报对象" in decide(admin, NEW, TYPED | {"area": "440403", "subject": "district"})
    assert judging("440403G", date(2027, 3, 31)) == [PLAN]


REFUSED = [
    ({"subject": "county"}, "subject", "珠海方案没有说到县级综合服务中心"),
    ({"standard": "town_office"}, "standard", "附表2自行适用于全部街道（乡镇）服务所，不用指定"),
    ({"standard": "x"}, "standard", "请选一份规范"),
    ({"area": "99"}, "area", "请选在哪里适用"),
    ({"area": "440402001001"}, "area", "请选在哪里适用"),
    ({"subject": ""}, "subject", "请选评定哪一类机构"),
    ({"starts": "2011-09-30"}, "starts", "珠海方案自2011年11月23日起才有"),
    ({"starts": "明年"}, "starts", "要填日期"),
    ({"starts": "3000-01-01"}, "starts", "最晚到2099年12月31日，请核对年份"),
    ({"source": " "}, "source", "请写依据"),
    ({"source": "字" * 301}, "source", "最多 300 字"),
]


@pytest.mark.parametrize(("changed", "field", "said"), REFUSED)
def test_what_cannot_be_is_told_beside_the_field(city, admin, changed, field, said):
    for step in ("", "confirm"):
        answer = admin.post(NEW, TYPED | changed | {"step": step})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="{field}-error">{said}' in page
        kept = TYPED | changed
        assert f'name="starts" value="{kept["starts"]}"' in page
        assert f">{kept['source']}</textarea>" in page
    assert not Adoption.objects.exists()
    assert not Act.objects.exists()


def test_nothing_overlaps(city, admin):
    decide(admin, NEW, TYPED)
    for starts in ("2026-10-01", "2027-01-01", "2028-04-01"):
        assert (
            "已自2027年1月1日起适用珠海方案，不能重叠" in admin.post(NEW, TYPED | {"starts": starts}).content.decode()
        )
    decide(admin, end_url(Adoption.objects.get()), {"ends": "2027-06-30", "source": "到期"})
    assert "到2027年6月30日，不能重叠" in admin.post(NEW, TYPED | {"starts": "2027-06-30"}).content.decode()
    decide(admin, NEW, TYPED | {"starts": "2027-07-01"})
    again = Adoption.objects.get(ends=None)
    again.pk, again.starts = None, date(2029, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_what_was_accepted_is_not_reached(staged, admin):
    """The office's fourth quarter is accepted: the plan may begin, or end, after it."""
    survey = staged("accepted")
    answer = admin.post(NEW, TYPED | {"starts": "2026-12-31"})
    assert "在2026年第四季度已有核查表通过，通过的不再改变；起始日期最早是2027年1月1日" in answer.content.decode()
    adoption = Adoption.objects.create(
        standard=PLAN,
        division=Division.objects.get(code="4404"),
        subject="township",
        starts=date(2026, 7, 1),
        source="文",
    )
    answer = admin.post(end_url(adoption), ENDED | {"ends": "2026-12-30"})
    assert "终止日期最早是2026年12月31日" in answer.content.decode()
    assert "另有安排" in answer.content.decode()
    other = Division.objects.get(code="440403")
    assert admin.post(NEW, TYPED | {"area": other.code, "starts": "2026-12-31"}).status_code == 200
    assert [each.key for each in standards_of(fresh(survey))] == ["town_office"]
    assert Judgement.objects.filter(survey=survey, beside=True).count() == 0


def test_one_that_has_ended_is_not_ended_again(city, admin):
    adopt()
    adoption = Adoption.objects.get(subject="village")
    early = admin.post(end_url(adoption), ENDED | {"ends": "2026-06-30"})
    assert "不能早于起始日期2026年7月1日" in early.content.decode()
    stations = Facility.objects.filter(subject="village").count()
    assert f"从2027年第一季度起，涉及 {stations} 家" in decide(admin, end_url(adoption), ENDED)
    assert judging("440402001001", date(2026, 12, 31)) == ["village_station", PLAN]
    assert judging("440402001001", date(2027, 3, 31)) == ["village_station"]
    assert "已定于2026年12月31日终止" in admin.post(end_url(adoption), ENDED | {"step": "confirm"}).content.decode()
    assert Act.objects.filter(verb="适用").count() == 1


def test_the_file_loaded_again_undoes_nothing(city, admin, tmp_path):
    """What stands on the page wins: ended stays ended, and what would overlap it stays out."""
    decide(admin, NEW, TYPED | {"area": "4404", "subject": "village"})
    assert adopt()[0] == 3  # township, district, city: the village's own would overlap
    decide(admin, end_url(Adoption.objects.get(subject="township")), ENDED)
    before = list(Adoption.objects.values())
    file, text = tmp_path / "adoptions.toml", FILE.read_text(encoding="utf-8")
    decided = text.replace('"township", "village", "district", "city"', '"township", "village"')
    assert decided != text
    for again in (text, f"{decided}ends = 2028-12-31\n"):
        file.write_text(again, encoding="utf-8")
        assert load_adoptions(file)[0] == 0
    assert list(Adoption.objects.values()) == before
    file.write_text(text.replace("2026-07-01", "2026-10-01"), encoding="utf-8")
    with pytest.raises(UnreadableAdoptions, match="和已载入的（自 2026-07-01 起）重叠"):
        load_adoptions(file)


def test_telling_asks_a_constant_number_of_queries(city, admin):
    def asked(area):
        with CaptureQueriesContext(connection) as queries:
            assert admin.post(NEW, TYPED | {"area": area, "subject": "village"}).status_code == 200
        return len(queries)

    assert asked("440402001") == asked("4404") <= 20
