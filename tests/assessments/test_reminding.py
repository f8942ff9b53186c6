"""催报: when, to whom, once; by hand; by mail."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.deadlines import calendar_between
from assessments.inbox import Letter, tell
from assessments.models import Notice, Period, Review, Snapshot, Survey, UnitDue
from assessments.opening import open_quarter
from assessments.reminding import occasion, remind
from facilities.models import Facility, Officer, ReportingUnit
from tests.assessments.test_races import at_once

pytestmark = pytest.mark.django_db
DUE = date(2026, 10, 13)  # 2026Q3; the offices' day is the 10th, the stations' the 9th


@pytest.fixture
def calendar(city, now):
    call_command("load_calendar", stdout=StringIO())


@pytest.fixture
def period(calendar):
    return open_quarter(2026, 3)


@pytest.fixture
def sent(period, surveyor):
    """sent("440402001"): its survey of the quarter has come in; nothing for all that is due to a unit."""

    def send(*codes, unit="", state="submitted"):
        due = (
            period.due_surveys.filter(unit__code=unit) if unit else period.due_surveys.filter(facility__code__in=codes)
        )
        Survey.objects.bulk_create(
            Survey(facility_id=row.facility_id, period=period, created_by=surveyor, state=state)
            for row in due.exclude(facility__surveys__period=period)
        )

    return send


def told(day, officer):
    remind(day, {})
    return officer.notices.first()


# ── When ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 28), None),
        (date(2026, 9, 29), None),
        (date(2026, 9, 30), date(2026, 9, 30)),  # five working days before: 10-08, 09, 10, 12, 13
        (date(2026, 10, 5), date(2026, 9, 30)),  # the National Day holiday: told late
        (date(2026, 10, 8), date(2026, 9, 30)),
        (date(2026, 10, 12), date(2026, 10, 12)),  # one before
        (date(2026, 10, 13), date(2026, 10, 13)),  # the day itself
        (date(2026, 10, 14), date(2026, 10, 14)),  # overdue, every working day
        (date(2026, 10, 17), date(2026, 10, 16)),  # a Saturday
        (date(2026, 11, 20), date(2026, 11, 20)),
    ],
)
def test_occasions_of_a_due_day(calendar, day, expected):
    assert occasion(day, {DUE}, calendar_between(date(2026, 1, 1), date(2026, 12, 31))) == expected


def test_internal_days_are_occasions_of_their_own(calendar):
    days = calendar_between(date(2026, 1, 1), date(2026, 12, 31))
    assert occasion(date(2026, 9, 27), {DUE, date(2026, 10, 9)}, days) == date(2026, 9, 24)  # 28, 29, 30, 8, 9
    assert occasion(date(2026, 10, 8), {DUE, date(2026, 10, 9)}, days) == date(2026, 10, 8)
    assert occasion(date(2026, 10, 9), {DUE, date(2026, 10, 9)}, days) == date(2026, 10, 9)


# ── Whom ──────────────────────────────────────────────────────────────────────


def test_a_surveyor_is_told_of_the_own_and_its_stations_and_by_when(period, officer):
    office = told(date(2026, 10, 9), officer("surveyor"))
    assert office.title.startswith("2026年第三季度还有 ")
    assert "翠香街道人力资源和社会保障服务所" in office.text
    assert "内部时限 10月9日，内部时限 10月10日，10月13日24时截止，还有 4 个工作日，含今天" in office.text
    station = told(date(2026, 10, 9), officer("surveyor", facility="440402001001"))
    assert station.title == "2026年第三季度还有 1 家没有提交"


def test_who_has_done_everything_is_left_alone(period, officer, sent):
    surveyor = officer("surveyor", facility="440402001001")
    sent("440402001001")
    assert told(DUE, surveyor) is None


def test_what_was_sent_back_is_told_as_such(period, officer, sent):
    surveyor = officer("surveyor", facility="440402001001")
    sent("440402001001", state="returned")
    assert "（已退回）" in told(DUE, surveyor).text


def test_what_was_sent_back_has_a_day_of_its_own(period, officer, sent):
    """No internal day counts for it any more; by its own it is told five and one working day before."""
    surveyor, reviewer = officer("surveyor", facility="440402001001"), officer("reviewer")
    sent("440402001001", state="returned")
    survey = Survey.objects.get(facility=surveyor.facility)
    newest = Snapshot.objects.create(survey=survey, number=1, content={}, content_hash="", by=surveyor)
    kept = {"survey": survey, "snapshot": newest, "by": reviewer}
    Review.objects.create(verb="returned", due=date(2026, 10, 30), at=datetime(2026, 10, 12, tzinfo=UTC), **kept)
    assert told(date(2026, 10, 21), surveyor) is None
    notice = told(date(2026, 10, 23), surveyor)
    assert notice.title == "2026年第三季度有 1 份退回的要改好重新提交"
    assert "（10月30日前）" in notice.text
    assert "没有提交" not in notice.text
    assert told(date(2026, 10, 28), surveyor) == notice
    assert told(date(2026, 10, 29), surveyor) != notice


def test_a_centres_surveyor_is_told_of_all_that_is_due_to_its_unit_though_the_centre_is_accepted(period, officer, sent):
    centre = officer("surveyor", facility="440402C")
    sent("440402C", state="accepted")
    count = period.due_surveys.filter(unit__code="440402").count() - 1
    assert f"还有 {count} 家没有提交" in told(DUE, centre).title


def test_a_reviewer_is_told_of_what_is_unfinished_waiting_and_of_the_return(period, officer, sent):
    reviewer, elsewhere = officer("reviewer"), officer("reviewer", unit="440403")
    sent("440402001", "440402C")
    notice = told(DUE, reviewer)
    assert "10月13日24时截止，今天截止" in notice.text
    assert "有 1 份核查表等待审核：翠香街道人力资源和社会保障服务所" in notice.text  # the centre waits for the city
    assert "香洲区的季报还没有报送" in notice.text
    assert "翠香" not in elsewhere.notices.get().text


def test_a_reviewer_with_nothing_left_and_the_return_sent_is_left_alone(period, officer, sent):
    reviewer = officer("reviewer")
    sent(unit="440402", state="accepted")
    unit = ReportingUnit.objects.get(code="440402").pk
    remind(DUE, {period.pk: frozenset({unit})})
    assert not reviewer.notices.exists()


def test_the_city_is_told_which_units_are_missing(period, officer, sent):
    city = officer("city")
    sent("440402C")
    gone = ReportingUnit.objects.get(code="440403")
    remind(date(2026, 10, 14), {period.pk: frozenset({gone.pk})})
    text = city.notices.get().text
    assert "还有 5 个单位没有报送季报：香洲区、金湾区" in text
    assert "斗门区" not in text
    assert "有 1 份中心的核查表等待市局审核" in text
    assert "已过期 1 个工作日" in text


@pytest.mark.parametrize("role", ["viewer", "admin"])
def test_readers_are_told_nothing(period, officer, role):
    assert told(DUE, officer(role)) is None


def test_who_is_switched_off_and_a_closed_quarter_are_left_out(period, officer, now):
    assert told(DUE, officer("surveyor", is_active=False)) is None
    Period.objects.update(closed_at="2026-10-09T00:00:00Z")
    assert told(DUE, officer("surveyor")) is None


# ── Once ──────────────────────────────────────────────────────────────────────


def test_twice_is_once_and_late_tells_what_was_missed(period, officer):
    surveyor = officer("surveyor", facility="440402001001")
    for day in (DUE, DUE, DUE + timedelta(days=1), date(2026, 10, 17), date(2026, 10, 18)):
        remind(day, {})
    assert [notice.key for notice in surveyor.notices.order_by("pk")] == [
        "remind 2026-10-13",
        "remind 2026-10-14",
        "remind 2026-10-16",  # told on Saturday, since Friday's run was missed
    ]


def test_a_quarter_whose_day_is_far_is_not_spoken_of_yet(period, officer):
    open_quarter(2026, 4)
    assert "第四季度" not in told(DUE, officer("reviewer")).text


def test_several_quarters_are_one_digest(period, officer):
    open_quarter(2026, 2)
    surveyor = officer("surveyor", facility="440402001001")
    text = told(DUE, surveyor).text
    assert surveyor.notices.count() == 1
    assert "2026年第二季度还有 1 家" in text
    assert "2026年第三季度还有 1 家" in text


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_once(period, officer):
    surveyor = officer("surveyor")
    runs = at_once(*[lambda: remind(DUE, {})] * 3)
    assert surveyor.notices.count() == 1
    assert sum(len(run.new) for run in runs) == 1


def test_a_digest_takes_as_many_queries_for_many_officers(period, officer):
    officer("surveyor")

    def count(day):
        with CaptureQueriesContext(connection) as queries:
            remind(day, {})
        return len(queries)

    few = count(DUE)
    stations = Facility.objects.filter(subject="village")[:60]
    Officer.objects.bulk_create(
        Officer(username=f"zhan{n}", role="surveyor", facility=station) for n, station in enumerate(stations)
    )
    assert count(DUE + timedelta(days=1)) <= few + 1 <= 12  # one more to insert a second batch
    assert Notice.objects.count() > 60


# ── The command, and mail ─────────────────────────────────────────────────────


def run(**options):
    out, err = StringIO(), StringIO()
    call_command("remind", stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_the_command_opens_the_quarter_and_says_what_it_did(period, officer, now):
    officer("surveyor")
    assert run()[0] == "2026-10-09：新发 1 条，已发过 0 条\n"
    assert run()[0] == "2026-10-09：新发 0 条，已发过 1 条\n"
    assert Period.objects.get(year=2026, quarter=4).opened_at


def test_the_future_is_not_reminded_of(period, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="将来"):
        run(on=date(2026, 10, 13))


def test_without_a_mail_server_nobody_is_mailed(period, officer, settings):
    officer("surveyor", email="chen@example.gov.cn")
    run()
    assert mail.outbox == []


def test_one_mail_a_digest(period, officer, settings):
    settings.MAIL, settings.PORTAL_URL = True, "https://dabiao.example.gov.cn/"
    officer("surveyor", email="chen@example.gov.cn")
    officer("surveyor")
    assert "邮件：发出 1 封" in run()[0]
    run()
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        (["chen@example.gov.cn"], Notice.objects.exclude(mailed_at=None).get().title)
    ]
    assert "https://dabiao.example.gov.cn/" in mail.outbox[0].body


def test_a_mail_that_fails_is_told_loses_nothing_and_is_tried_again(period, officer, settings, monkeypatch):
    settings.MAIL = True
    surveyor = officer("surveyor", email="chen@example.gov.cn")

    def fail(*_, **__):
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", fail)
        assert "邮件没有发出（ConnectionRefusedError），消息已在门户里" in run()[1]
    assert surveyor.notices.count() == 1
    run()
    assert len(mail.outbox) == 1


# ── The inbox ─────────────────────────────────────────────────────────────────


def test_an_inbox_shows_ones_own_marks_what_is_read_and_leads_on(officer, browse, now):
    mine, other = officer("surveyor"), officer("surveyor")
    tell([Letter(who, f"k{n}", f"第{n}条", "请填报", "/help/") for who in (mine, other) for n in range(3)])
    client = browse(mine)
    assert "3<span" in client.get("/help/").text
    notice = mine.notices.first()
    assert client.post(f"/inbox/{notice.pk}/read/").url == "/help/"
    assert "<b>2</b> 条未读" in client.get("/inbox/").text
    assert client.post(f"/inbox/{other.notices.first().pk}/read/").status_code == 404
    client.post("/inbox/read/")
    assert "没有未读" in client.get("/inbox/").text
    assert other.notices.filter(read_at=None).count() == 3


def test_an_inbox_takes_as_many_queries_however_full(officer, browse, now):
    mine = officer("surveyor")
    client = browse(mine)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/inbox/").status_code == 200
        return len(queries)

    tell([Letter(mine, "k", "一条", "", "")])
    few = count()
    tell([Letter(mine, f"k{n}", "又一条", "", "") for n in range(90)])
    assert count() == few <= 5


# ── By hand ───────────────────────────────────────────────────────────────────

NUDGE = {"period": "2026Q3", "text": "请今天下班前报送"}


def test_a_reviewer_nudges_who_fills_in_the_own_unit_and_is_told_whom(period, officer, browse):
    surveyor, elsewhere = officer("surveyor"), officer("surveyor", facility="440403100")
    response = browse(officer("reviewer")).post(
        "/reminders/", NUDGE | {"groups": ["440402001", "440403100"]}, follow=True
    )
    assert f"已催报 1 人：{surveyor.display_name}" in response.text
    notice = surveyor.notices.get()
    assert notice.text.startswith("请今天下班前报送\n翠香街道")
    assert not elsewhere.notices.exists()
    assert "未读" in response.text


def test_at_most_once_a_day(period, officer, browse, now):
    surveyor, reviewer = officer("surveyor"), officer("reviewer")
    again = NUDGE | {"groups": ["440402001"]}
    browse(reviewer).post("/reminders/", again)
    response = browse(reviewer).post("/reminders/", again, follow=True)
    assert f"今天已经催过、没有再发的 1 人：{surveyor.display_name}" in response.text
    assert surveyor.notices.count() == 1
    now.move_to("2026-10-10T09:00:00+08:00")
    browse(reviewer).post("/reminders/", again)
    assert surveyor.notices.count() == 2


def test_the_city_nudges_the_units_reviewers(period, officer, browse):
    reviewer, elsewhere = officer("reviewer"), officer("reviewer", unit="440403")
    browse(officer("city")).post("/reminders/", NUDGE | {"groups": ["440402"]})
    assert reviewer.notices.get().text.startswith("请今天下班前报送\n香洲区：")
    assert not elsewhere.notices.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": " "}, "请写一句要告诉对方的话"),
        ({"text": "快" * 201}, "最多 200 字"),
        ({"groups": []}, "请勾选要催的单位"),
    ],
)
def test_a_nudge_that_cannot_be_keeps_what_was_typed(period, officer, browse, typed, said):
    officer("surveyor")
    response = browse(officer("reviewer")).post("/reminders/", NUDGE | {"groups": ["440402001"]} | typed)
    assert response.status_code == 422
    assert response.text.count(said) >= 2
    assert (NUDGE | typed)["text"].strip() in response.text
    assert not Notice.objects.exists()


@pytest.mark.parametrize("role", ["surveyor", "viewer", "admin"])
def test_others_do_not_nudge(period, officer, browse, role):
    client = browse(officer(role))
    assert client.get("/reminders/").status_code == 403
    assert client.post("/reminders/", NUDGE).status_code == 403


@pytest.mark.parametrize("role", ["reviewer", "city"])
def test_the_page_takes_as_many_queries_with_little_left_as_with_much(period, officer, browse, sent, role):
    officer("surveyor")
    client = browse(officer(role))

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/reminders/?period=2026Q3").status_code == 200
        return len(queries)

    many = count()
    sent(*period.due_surveys.exclude(facility__code="440402001").values_list("facility__code", flat=True))
    assert count() == many <= 9


def test_without_an_open_quarter_the_page_says_so(officer, browse, now):
    assert "没有开放的季度" in browse(officer("reviewer")).get("/reminders/").text
    assert not UnitDue.objects.exists()
