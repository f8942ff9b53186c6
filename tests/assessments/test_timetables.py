"""内部时限 and 工作日历: who sets them, what they do not touch."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import timetables, workdays
from assessments.deadlines import due_of
from assessments.models import Period, Timetable, UnitDue, WorkDay
from assessments.opening import open_quarter
from assessments.refusals import Overtaken
from facilities.models import Act, ReportingUnit

pytestmark = pytest.mark.django_db
URL = "/timetables/440402/"


@pytest.fixture(autouse=True)
def calendar(city, now):
    call_command("load_calendar", stdout=StringIO())


@pytest.fixture
def unit(city):
    return ReportingUnit.objects.get(code="440402")


def test_a_units_own_reviewer_sets_its_days_and_open_quarters_keep_theirs(officer, browse, unit):
    period = open_quarter(2026, 3)
    client = browse(officer("reviewer"))
    response = client.post(URL, {"station_days": "1", "office_days": "2", "seen": ""}, follow=True)
    assert "从下一个开启的季度起用" in response.text
    assert UnitDue.objects.get(period=period, unit=unit).station_day == date(2026, 10, 9)
    assert open_quarter(2026, 4).unit_dues.get(unit=unit).station_day == date(2027, 1, 4)
    assert "服务站第 2、镇街第 3 个工作日 改为 服务站第 1、镇街第 2 个工作日" in Act.objects.get().said


@pytest.mark.parametrize(
    ("station", "office", "said"),
    [
        ("0", "3", "服务站的时限请填 1 到 5 的整数"),
        ("2", "6", "镇街的时限请填 1 到 5 的整数"),
        ("4", "3", "服务站的时限不能晚于镇街的时限"),
        ("两天", "3", "服务站的时限请填"),
        ("", "", "服务站的时限请填"),
        ("²", "3", "服务站的时限请填"),
    ],
)
def test_bad_days_are_refused_where_they_stand_and_kept(officer, browse, station, office, said):
    response = browse(officer("reviewer")).post(URL, {"station_days": station, "office_days": office, "seen": ""})
    assert response.status_code == 422
    assert response.text.count(said) == 2  # above, and at the field
    assert f'value="{station}"' in response.text
    assert not Timetable.objects.exists()


def test_two_who_set_it_never_overwrite_each_other_silently(officer, browse):
    first, second = browse(officer("reviewer")), browse(officer("reviewer"))
    assert first.post(URL, {"station_days": "1", "office_days": "2", "seen": ""}).status_code == 302
    response = second.post(URL, {"station_days": "3", "office_days": "4", "seen": ""})
    assert response.status_code == 409
    assert "别人改过这里" in response.text
    assert Timetable.objects.get().station_days == 1


@pytest.mark.parametrize(("role", "status"), [("city", 403), ("viewer", 403), ("admin", 403), ("surveyor", 404)])
def test_others_read_or_do_not_see_it(officer, browse, role, status):
    assert browse(officer(role)).post(URL, {"station_days": "1", "office_days": "2"}).status_code == status


def test_the_city_sees_every_units_days_in_as_many_queries_for_few_as_for_many(officer, browse):
    client = browse(officer("city"))

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/timetables/").status_code == 200
        return len(queries)

    few = count()
    ReportingUnit.objects.bulk_create(ReportingUnit(code=f"Z{n}", name=f"新{n}区", kind="zone") for n in range(50, 90))
    open_quarter(2026, 3)
    open_quarter(2026, 4)
    assert count() <= few + 1 <= 9  # one more query where a quarter is open, whatever the number of units


@pytest.mark.parametrize(
    ("code", "own"), [("440402001001", "服务站报镇街"), ("440402001", "镇街报区"), ("440402C", "区报市局")]
)
def test_a_surveyors_home_says_the_own_day_and_the_districts(officer, browse, code, own, now):
    open_quarter(2026, 4)
    now.move_to("2027-01-05T09:00:00+08:00")  # the next quarter has begun, and the last one's return is due
    text = browse(officer("surveyor", facility=code)).get("/").text
    assert f'<span class="is-own">{own} ' in text
    assert "2026年第四季度 还有 <b>4</b> 个工作日" in text
    assert "已逾期" not in text
    for step in ("服务站报镇街", "镇街报区", "区报市局"):
        assert step in text


def test_the_reviewers_home_marks_today_and_the_days(officer, browse, now):
    period = open_quarter(2026, 4)
    now.move_to("2026-12-31T09:00:00+08:00")
    text = browse(officer("reviewer")).get("/").text
    assert "1月5日" in text  # the stations' day, before the count has begun
    deadline = timetables.deadline_for(officer("reviewer"), period, date(2027, 1, 5))
    marked = {day.day.day: [step.label for step in day.steps] for day in deadline.days}
    assert marked == {4: [], 5: ["服务站报镇街"], 6: ["镇街报区"], 7: [], 8: ["区报市局"]}
    assert [day.day.day for day in deadline.days if day.is_today] == [5]


# ── 工作日历 ──────────────────────────────────────────────────────────────────


def day_form(**more):
    return {
        "day": "2026-10-12",
        "works": "0",
        "source": "市政府通知",
        "reason": "台风停工",
        "seen": workdays.version(),
    } | more


def test_a_changed_day_is_an_act_and_moves_no_open_quarter(officer, browse):
    period = open_quarter(2026, 3)
    response = browse(officer("admin")).post("/calendar/day/", day_form(), follow=True)
    assert (
        "这些季度开启时截止日已经定下，不变：2026年第三季度（2026-10-13，按现在的日历是 2026-10-14）" in response.text
    )
    assert due_of(Period.objects.get(pk=period.pk)).day == date(2026, 10, 13)
    act = Act.objects.get()
    assert act.said == "2026-10-12 休；依据：市政府通知；原因：台风停工"
    assert act.said in response.text


def test_taking_a_change_back_is_another_act(officer):
    admin = officer("admin")
    for works in (False, True):
        workdays.change(workdays.Wanted({date(2026, 10, 12): works}, "通知", "更正"), admin, workdays.version())
    assert due_of(Period(year=2026, quarter=3)).day == date(2026, 10, 13)
    assert Act.objects.count() == 2
    assert all(span.source != "通知" for span in workdays.year_of(2026).spans)  # a usual day is not listed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "2026-02-30"}, "不是日期"),
        ({"day": "1999-01-01"}, "日历从 2011 年"),
        ({"works": ""}, "请选这一天是上班还是放假"),
        ({"source": " "}, "请写依据"),
        ({"reason": ""}, "请写为什么改"),
        ({"reason": "长" * 201}, "最多 200 字"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_what_was_typed(officer, browse, typed, said):
    response = browse(officer("admin")).post("/calendar/day/", day_form(**typed))
    assert response.status_code == 422
    assert response.text.count(said) == 2
    assert 'value="2026-10-12"' in response.text or "day" in typed
    assert not Act.objects.exists()


def test_two_administrators_never_overwrite_each_other_silently(officer, browse):
    seen = workdays.version()
    assert browse(officer("admin")).post("/calendar/day/", day_form(seen=seen)).status_code == 302
    response = browse(officer("admin")).post("/calendar/day/", day_form(seen=seen, works="1"))
    assert response.status_code == 409
    assert WorkDay.objects.get(day=date(2026, 10, 12)).works is False
    assert Act.objects.count() == 1
    with pytest.raises(Overtaken):
        workdays.change(workdays.Wanted({date(2026, 1, 5): False}, "x", "x"), officer("admin"), seen)


def test_a_single_day_does_not_make_its_year_announced(officer):
    workdays.change(workdays.checked_day("2027-01-05", "0", "通知", "台风"), officer("admin"), workdays.version())
    due = due_of(Period(year=2026, quarter=4))
    assert (due.day, due.provisional) == (date(2027, 1, 11), True)


def test_a_years_notice_makes_it_announced_and_an_open_quarter_keeps_its_provisional_day(officer, browse):
    period = open_quarter(2026, 4)
    lines = "2027-01-01 至 2027-01-04 休\n2027-01-09 班\n2027-10-01—2027-10-07 休"
    data = {"lines": lines, "source": "国务院办公厅关于2027年部分节假日安排的通知", "seen": workdays.version()}
    response = browse(officer("admin")).post("/calendar/2027/", data, follow=True)
    assert "2026年第四季度（2027-01-08，按现在的日历是 2027-01-09）" in response.text
    assert due_of(Period.objects.get(pk=period.pk)).day == date(2027, 1, 8)
    assert not due_of(Period(year=2027, quarter=3)).provisional
    spans = [(span.first, span.last, span.works) for span in workdays.year_of(2027).spans]
    assert spans == [
        (date(2027, 1, 1), date(2027, 1, 4), False),
        (date(2027, 1, 9), date(2027, 1, 9), True),
        (date(2027, 10, 1), date(2027, 10, 7), False),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "请写明放假和调休的日期"),
        ("国庆放七天", "第 1 行“国庆放七天”看不明白"),
        ("2027-01-01 休\n2026-01-02 休", "第 2 行不在 2027 年"),
        ("2027-01-05 至 2027-01-01 休", "起止日期不对"),
        ("2027-01-01 至 2027-12-31 休", "一段最多 31 天"),
        ("2027-02-30 休", "不是日期"),
    ],
)
def test_a_notice_that_cannot_be_read_names_its_line(officer, browse, lines, said):
    data = {"lines": lines, "source": "通知", "seen": workdays.version()}
    response = browse(officer("admin")).post("/calendar/2027/", data)
    assert response.status_code == 422
    assert response.text.count(said) == 2
    assert not WorkDay.objects.filter(day__year=2027).exists()


def test_the_calendar_says_what_is_announced_and_what_is_provisional(officer, browse):
    client = browse(officer("reviewer"))
    text = client.get("/calendar/?year=2026").text
    assert "已公布" in text
    assert "10月1日（周四）至 10月7日（周三）" in text or "10月1日（星期四）至 10月7日（星期三）" in text
    assert "<b>上班</b>（调休）" in text
    assert "尚未公布，暂定" in client.get("/calendar/?year=2027").text
    assert client.get("/calendar/?year=年").status_code == 200
    assert "改一天" not in text


def test_the_calendar_takes_as_many_queries_with_a_long_history(officer, browse):
    admin = officer("admin")
    client = browse(admin)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/calendar/").status_code == 200
        return len(queries)

    few = count()
    Act.objects.bulk_create(Act(by=admin, verb=workdays.VERB, said=f"第{n}次") for n in range(60))
    WorkDay.objects.bulk_create(WorkDay(day=date(2028, 1, n), works=False, source="x") for n in range(1, 29))
    assert count() == few <= 8


def test_the_last_quarters_survey_can_be_begun_until_the_quarter_is_closed(officer, browse, now, office):
    period = open_quarter(2026, 3)
    client, url = browse(officer("surveyor")), f"/surveys/{office.code}/2026Q3/"
    assert url in client.get("/").text
    assert "开始" in client.get(url).text
    Period.objects.filter(pk=period.pk).update(closed_at="2026-10-09T00:00:00Z")
    assert client.post(f"{url}start/").url == "/"
    Period.objects.filter(pk=period.pk).update(closed_at=None)
    assert client.post(f"{url}start/").url == url
