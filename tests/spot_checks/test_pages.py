"""抽查 as pages: draw → assign → blind survey → result → rectification by who may; nothing of the report reaches the
inspector; constant queries."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Draw, Rectification, SpotCheck
from assessments.spot_checks import draws, inspectors
from facilities.models import Facility, Officer
from tests.access.addresses import address, cases, every_name
from tests.returns import quarter
from tests.returns.conftest import make_officers, once_a_module
from tests.spot_checks.conftest import OFFICE, finished, fresh, say

pytestmark = pytest.mark.django_db
LIST = "/spot-checks/"
BEHIND = f"{reverse('reports:behind')}?period=2026Q3&show=due"
REPORTED = {"computer_count": 73915, "building_area": "48261.00", "other_equipment": "QXREPORTEDQX"}
SAID = re.compile("73[,，]?915|48[,，]?261|QXREPORTEDQX|陈嘉敏")


def build():
    """As the district of the returns, but for what 翠香's office reports: it would be known anywhere."""
    quarter.load_city()
    make_officers()
    period, office = quarter.make_quarter(), Facility.objects.get(code=OFFICE)
    with time_machine.travel(quarter.FILLED, tick=False):
        quarter.due(office, period)
        reviewer = Officer.objects.get(username="reviewer")
        quarter.accept(quarter.fill(office, period, quarter.office_answers(**REPORTED)), reviewer)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with once_a_module(django_db_blocker, build):
        yield


def text(response):
    return re.sub(r"<[^>]+>", "", response.content.decode())


def url(check, rest=""):
    return f"{LIST}{check.draw_id}/checks/{check.pk}/{rest}"


# ── The way through ───────────────────────────────────────────────────────────


def test_from_the_draw_to_a_rectification(period, bureau, inspector, now, browse, officers):
    city, other = browse(bureau), browse(inspector)
    page = text(city.get(LIST))
    assert "至少 1 家" in page
    response = city.post(f"{LIST}draw/", {"period": "2026Q3", "seed": "十月抽查", "note": "第三季度"})
    draw = Draw.objects.get()
    assert response["Location"] == f"{LIST}{draw.pk}/"
    city.post(f"{LIST}{draw.pk}/assign/")
    check = SpotCheck.objects.get()
    assert check.inspector == inspector
    assert "要您检查的" in text(other.get(LIST))
    form = {"computer_count": "2", "computer_count__revision": "0", "go": "next"}
    assert other.post(url(check, "rows/7/"), form)["Location"] == url(check, "rows/8/")
    assert "还不能办结" in text(other.post(url(check, "finish/")))
    say(check, inspector, **quarter.office_answers(computer_count=2, building_area="48261.00"))
    other.post(url(check, "finish/"), {"place": "翠香路1号"})
    shown = text(city.get(url(check)))
    assert "73,915 台" in shown or "73915 台" in shown
    assert "2 台" in shown
    assert "陈嘉敏" in shown
    assert "陈嘉敏" not in text(other.get(url(check)))
    assert "差异率" in text(city.get(f"{LIST}{draw.pk}/"))
    data = {"row": "town.7.computer", "responsible": "服务所", "days": "5"}
    assert "按抽查查到的情况" in text(city.get(url(check, "rectify/")))
    city.post(url(check, "rectify/"), data)
    item = Rectification.objects.get()
    assert item.spot_check == check
    assert "2 台" in text(browse(officers["reviewer"]).get(f"/rectifications/{item.pk}/"))
    assert "已在整改" in text(city.get(url(check, "rectify/")))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"period": "2099Q9", "seed": "1"}, "请选一个季度"),
        ({"period": "2026Q3", "seed": "1" * 65}, "种子最多 64"),
        ({"period": "2026Q3", "seed": "1", "unit": "440403"}, "不能抽查"),
        ({"period": "2026Q3", "seed": "1", "note": "长" * 301}, "最多 300 字"),
    ],
)
def test_what_is_wrong_with_a_draw_is_said_and_what_was_typed_stays(data, said, period, bureau, now, browse):
    response = browse(bureau).post(f"{LIST}draw/", data)
    assert response.status_code == 422
    assert said in text(response)
    assert f'value="{data["seed"]}"' in response.content.decode()


def test_a_page_of_answers_says_what_is_wrong_and_never_overwrites(check, inspector, browse):
    client = browse(inspector)
    wrong = client.post(url(check, "rows/7/"), {"computer_count": "七台", "computer_count__revision": "0"})
    assert (wrong.status_code, 'value="七台"' in wrong.content.decode()) == (422, True)
    say(check, inspector, computer_count=5)
    stale = client.post(url(check, "rows/7/"), {"computer_count": "6", "computer_count__revision": "0"})
    assert stale.status_code == 409
    assert "5 台" in text(stale)
    assert "6 台" in text(stale)
    mine = {"computer_count": "6", "computer_count__revision": "0", "take": "mine:computer_count:1"}
    assert client.post(url(check, "rows/7/"), mine).status_code == 302
    assert fresh(check).answers["computer_count"]["value"] == 6


def test_what_is_finished_takes_nothing_more(check, inspector, browse):
    finished(check, inspector)
    client = browse(inspector)
    for method in (client.get, client.post):
        assert method(url(check, "rows/7/"))["Location"] == url(check)


# ── Blindness ─────────────────────────────────────────────────────────────────


#: some of those that tell a report
TELLING = ("assessments:survey", "assessments:clause", "assessments:check", "reports:result", "reports:json")


def everything(client, names=None):
    """Whatever any address of the portal answers, or some of them."""
    for name in names or every_name():
        if name == "logout":
            continue
        for case in cases(name):
            if case not in ("-", "sent"):
                continue
            try:
                where = address(name, case, OFFICE)
            except IndexError:
                continue
            for method in (client.get, client.post):
                response = method(where)
                body = b"".join(response.streaming_content) if response.streaming else response.content
                yield where, body.decode("utf-8", "replace")
    for where in (BEHIND, f"{BEHIND}&format=csv", "/facilities/?q=翠香", "/dashboard/?period=2026Q3"):
        yield where, client.get(where).content.decode()


def test_the_city_reads_the_report_before(period, bureau, now, browse):
    """Without this the next test would prove nothing."""
    telling = {where for where, body in everything(browse(bureau), TELLING) if SAID.search(body)}
    assert len(telling) > 3


@pytest.mark.parametrize("who", ["city", "stranger"])
def test_no_byte_of_the_report_reaches_its_inspector(who, check, officers, bureau, browse):
    inspectors.assign(check, bureau, str(officers[who].pk))
    client = browse(officers[who])
    pages = [url(check), *(url(check, f"rows/{number}/") for number in range(1, 11))]
    bodies = [*everything(client), *((page, client.get(page).content.decode()) for page in pages)]
    assert [where for where, body in bodies if SAID.search(body)] == []
    assert client.get(url(check)).status_code == 200
    assert client.get(f"/facilities/{OFFICE}/").status_code == 404
    assert client.get("/city-report/2026Q3/figures/due/").status_code in (403, 404)


def test_it_opens_again_when_finished(check, bureau, browse):
    client = browse(bureau)
    assert "翠香街道人力" in text(client.get(BEHIND))
    inspectors.assign(check, bureau, str(bureau.pk))
    assert "翠香街道人力" not in text(client.get(BEHIND))
    assert client.get("/dashboard/440402/?period=2026Q3").status_code == 404
    assert client.get(f"/surveys/{OFFICE}/2026Q3/").status_code == 404
    finished(check, bureau)
    assert client.get(f"/surveys/{OFFICE}/2026Q3/").status_code == 200
    assert "翠香街道人力" in text(client.get(BEHIND))


def test_an_old_result_is_closed_to_who_inspects_again(check, period, bureau, inspector, browse):
    finished(check, inspector)
    client = browse(inspector)
    assert client.get(url(check)).status_code == 200
    again = SpotCheck.objects.get(draw=draws.draw(period, bureau, "又一次"))
    inspectors.assign(again, bureau, str(inspector.pk))
    assert client.get(url(check)).status_code == 404
    assert client.get(url(again)).status_code == 200


# ── Who ───────────────────────────────────────────────────────────────────────


def test_who_sees_a_check_before_and_after(check, officers, inspector, browse):
    before = {name: browse(who).get(url(check)).status_code for name, who in officers.items()}
    said = text(browse(officers["reviewer"]).get(url(check)))
    assert "还没有办结" in said
    finished(check, inspector, computer_count=2)
    after = {name: browse(who).get(url(check)).status_code for name, who in officers.items()}
    seeing = {"reviewer", "colleague", "stranger", "city", "viewer", "admin"}
    assert {name for name, status in before.items() if status == 200} & {*seeing, "surveyor"} == seeing
    assert {name for name, status in after.items() if status == 200} >= {*seeing, "surveyor"}
    named = {name for name, who in officers.items() if "陈嘉敏" in text(browse(who).get(url(check)))}
    assert named & {*seeing, "surveyor"} == {"reviewer", "colleague", "city"}


# ── Queries ───────────────────────────────────────────────────────────────────


def queries(client, where):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(where).status_code == 200
    return len(seen)


def test_queries_do_not_grow(check, bureau, inspector, browse):
    city, own = browse(bureau), browse(inspector)
    pages = [
        (city, LIST),
        (city, f"{LIST}{check.draw_id}/"),
        (own, LIST),
        (own, url(check)),
        (own, url(check, "rows/7/")),
    ]
    few = [queries(client, where) for client, where in pages]
    more(check, inspector, 30)
    say(check, inspector, **quarter.office_answers())
    assert [queries(client, where) for client, where in pages] == few
    assert max(few) <= 24
    finished(check, inspector)
    assert queries(city, url(check)) <= 16


def more(check, inspector, number):
    """So many more facilities in the draw, some of them waiting."""
    places = Facility.objects.filter(subject="village", code__startswith="440402")[:number]
    draw = check.draw
    SpotCheck.objects.bulk_create(
        SpotCheck(
            draw=draw,
            facility=place,
            unit=check.unit,
            subject="village",
            snapshot=check.snapshot,
            inspector=inspector if n % 2 else None,
        )
        for n, place in enumerate(places)
    )
    frame = [*draw.frame, *([place.code, check.unit.code, "village"] for place in places)]
    Draw.objects.filter(pk=draw.pk).update(frame=frame, minimum=len(frame))


# ── On the board ──────────────────────────────────────────────────────────────


def test_the_board_tells_the_rate_by_unit_row_and_surveyor_and_leads_to_it(check, bureau, inspector, officers, browse):
    assert 'id="checking"' not in browse(bureau).get("/dashboard/?period=2026Q3").content.decode()
    done = finished(check, inspector, computer_count=2)
    compared, apart = done.differences.count(), done.differences.filter(differs=True).count()
    reported_by = done.differences.select_related("surveyor").first().surveyor.display_name
    for where in ("/dashboard/?period=2026Q3", "/dashboard/440402/?period=2026Q3"):
        panel = browse(bureau).get(where).content.decode().split('id="checking"')[1].split("</section>")[0]
        assert f"{apart} / {compared}" in panel
        assert f"{LIST}?period=2026Q3" in panel
        assert "附表2 第7项 设施配置" in panel
        assert reported_by in panel
    told = browse(officers["viewer"]).get("/dashboard/?period=2026Q3").content.decode().split('id="checking"')[1]
    assert "设施配置" in told
    assert reported_by not in told
    csv = browse(bureau).get("/dashboard/?period=2026Q3&format=csv").content.decode("utf-8-sig")
    assert f"香洲区,{round(apart * 100 / compared, 1)},{apart},{compared}" in csv
    assert 'id="checking"' not in browse(bureau).get("/dashboard/440402/440402001/?period=2026Q3").content.decode()
