"""名单: there and back without a change; spellings, encodings and hostile cells; all or nothing; who may."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from facilities import existence, registering
from facilities.access import today
from facilities.demo import load_demo
from facilities.lists import staging
from facilities.lists.kinds import KINDS
from facilities.lists.workbook import refused_workbook, workbook_of
from facilities.models import Act, Division, Existence, Facility, Fact, Officer, Upload
from facilities.spreadsheets.tables import Unreadable
from tests.facilities.conftest import FIXTURES

ROLES = [("surveyor", "440402001"), ("reviewer", "440402"), ("city", None), ("viewer", None), ("admin", None)]
EXPORTS = {
    "divisions": {"admin"},
    "facilities": {"reviewer", "city", "viewer", "admin"},
    "officers": {"reviewer", "admin"},
    "facts": {"reviewer", "city", "admin"},
}
IMPORTS = EXPORTS | {"facilities": {"city", "admin"}}
STATION = "440402001001"
HEADS = {
    "divisions": "区划代码,名称,级别,上级区划代码",
    "facilities": "机构代码,机构名称,区划代码,办理,并入机构代码,生效日期",
    "officers": "用户名,姓名,角色,报送单位,机构",
    "facts": "机构代码,生效日期,来源,常住人口,服务对象,单位类别",
}


def sheet_of(kind, *lines, encoding="utf-8"):
    return "\r\n".join([HEADS[kind], *lines]).encode(encoding)


@pytest.fixture
def send(zhuhai, appoint):
    """send("facts", line, …, by=officer) → what waits for the confirmation."""
    admin = appoint("admin")

    def make(kind, *lines, by=None, content=b"", name="名单.csv"):
        return staging.stage(by or admin, KINDS[kind], name, content or sheet_of(kind, *lines))

    make.admin = admin
    return make


@pytest.fixture
def visit(client, appoint, settings):
    settings.AUTHENTICATION_BACKENDS = ["facilities.backends.OfficerBackend"]

    def as_(role, place=None):
        client.force_login(appoint(role, place))
        return client

    return as_


def counts(upload):
    return tuple(upload.outcome["counts"][state] for state in ("new", "changed", "same", "refused"))


def reasons(upload):
    return [each["why"] for line in upload.outcome["lines"] for each in line["refused"]]


# ── There and back ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_exported_comes_back_without_a_change(send, settings, kind, form):
    settings.DEMO = True
    load_demo(FIXTURES / "demo.toml")
    existence.rename(Facility.objects.get(code=STATION), "康宁社区便民服务站", today(), today())
    content = workbook_of(KINDS[kind], KINDS[kind].current(send.admin))
    if form == "csv":
        out = StringIO()
        csv.writer(out).writerows(load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))
        content = out.getvalue().encode("gb18030")
    upload = send(kind, content=content, name=f"名单.{form}")
    new, changed, same, refused = counts(upload)
    assert (new, changed, refused, upload.state) == (0, 0, 0, "done"), reasons(upload)
    assert same > 5


def test_the_printed_divisions_come_back_without_a_change(send):
    content = (FIXTURES / "divisions" / "zhuhai.csv").read_bytes()
    assert counts(send("divisions", content=content)) == (0, 0, 380, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(send, encoding):
    content = sheet_of("divisions", "440402001999,凤凰山社区居委会,社区,440402001", encoding=encoding)
    assert counts(send("divisions", content=content)) == (1, 0, 0, 0)


def test_a_template_has_drop_downs_a_guide_and_the_mark_of_the_trial(zhuhai):
    for kind in KINDS.values():
        book = load_workbook(BytesIO(workbook_of(kind, [])))
        assert book.sheetnames == [kind.title, "填写说明"]
        assert "演示数据" in book.worksheets[0]["A1"].value
        limits = {each.formula1 for each in book.worksheets[0].data_validations.dataValidation}
        assert limits == {f'"{",".join(column.choices)}"' for column in kind.columns if column.choices}


# ── Each kind does what it shows ──────────────────────────────────────────────


def test_divisions_come_in_with_their_parents(send):
    lines = ["440402999001,新村居委会,社区,440402999", "440402999,新镇,镇,440402", "440402001,翠香街,街道,440402"]
    upload = send("divisions", *lines)
    assert counts(upload) == (2, 1, 0, 0)
    assert not Division.objects.filter(code="440402999").exists()
    staging.confirm(send.admin, upload)
    assert Division.objects.get(code="440402999001").parent.code == "440402999"
    assert Division.objects.get(code="440402001").name == "翠香街"
    assert sorted(Act.objects.values_list("verb", flat=True)) == ["修改区划", "新增区划", "新增区划"]


def test_facilities_are_set_up_renamed_merged_and_closed_from_their_day(send):
    Division.objects.create(
        code="440402001999", name="新村", level="community", parent=Division.objects.get(code="440402001")
    )
    day = today().isoformat()
    upload = send(
        "facilities",
        f",新村社区服务站,440402001999,,,{day}",
        f"440402001001,康宁社区便民服务站,,,,{day}",
        f"440402001002,{Facility.objects.get(code='440402001002').name},,合并,440402001003,{day}",
        f"440402001004,{Facility.objects.get(code='440402001004').name},,撤销,,{day}",
        f"440402001005,{Facility.objects.get(code='440402001005').name},,,,",
    )
    assert counts(upload) == (1, 3, 1, 0), reasons(upload)
    staging.confirm(send.admin, upload)
    assert Facility.objects.get(code="440402001999").name == "新村社区服务站"
    assert Facility.objects.get(code="440402001001").name == "康宁社区便民服务站"
    assert existence.last_of(Facility.objects.get(code="440402001002")).heir.code == "440402001003"
    assert not existence.is_open(Facility.objects.get(code="440402001004"), today())
    assert sorted(Act.objects.values_list("verb", flat=True)) == ["合并", "撤销", "新设", "更名"]


def test_officers_come_in_with_slips_and_are_moved(send, appoint):
    moved = appoint("surveyor", "440402001001")
    upload = send("officers", "zhangsan,张三,填报员,,440402001002", f"{moved.username},第2人,填报员,,440402001003")
    assert counts(upload) == (1, 1, 0, 0)
    done = staging.confirm(send.admin, upload)
    (entry,) = done.entries
    assert entry.officer.check_password(entry.secret)
    assert entry.officer.must_change_password
    assert entry.secret not in str(Upload.objects.get().outcome) + str(Upload.objects.get().rows)
    assert Officer.objects.get(pk=moved.pk).facility.code == "440402001003"


def test_a_district_brings_the_surveyors_of_its_own(send, appoint):
    by = appoint("reviewer", "440402")
    lines = ["lisi,李四,填报员,,440403100", "wangwu,王五,市局,,", "zhaoliu,赵六,填报员,,440402001"]
    assert counts(send("officers", *lines, by=by)) == (1, 0, 0, 2)


def test_facts_come_in_by_their_day(send):
    upload = send(
        "facts",
        "440402001001,2024年1月1日,2025年统计年鉴,１２，０００,9500,城镇社区",
        "440402001002,20240101,年鉴,12,,",
        "440402001003,,,,,",
    )
    assert counts(upload) == (2, 0, 1, 0), reasons(upload)
    assert "一般在" in upload.outcome["lines"][1]["doubts"][0]
    staging.confirm(send.admin, upload)
    assert sorted(Fact.objects.values_list("value", flat=True), key=str) == [12, 12000, 9500, "城镇社区"]
    assert Act.objects.filter(verb="登记数据").count() == 4


def test_a_corrected_fact_is_told_with_what_it_was(send):
    staging.confirm(send.admin, send("facts", "440402001001,2024-01-01,年鉴,12000,,"))
    upload = send("facts", "440402001001,2024-01-01,年鉴,13000,,")
    assert upload.outcome["lines"][0]["edits"] == [["常住人口", "12,000（来源：年鉴）", "13,000"]]
    staging.confirm(send.admin, upload)
    assert "原为12,000人" in Act.objects.first().said


# ── What is refused ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "line", "why"),
    [
        ("divisions", "44040200199,新村,社区,440402001", "12 位"),
        ("divisions", "440402001999,新村,社区,440402777", "以它开头"),
        ("divisions", "440402777999,新村,社区,440402777", "没有这个上级"),
        ("divisions", "440402001999,新村,部落,440402001", "请从这几种里选"),
        ("divisions", "440402001999,,社区,440402001", "请填名称"),
        ("facilities", "440402001777,新站服务站,,,,2024-01-01", "没有这家机构"),
        ("facilities", "440402001001,康宁便民服务站,,,,", "更名要填从哪一天起"),
        ("facilities", "440402001001,康宁便民服务站,,,,明天", "要填日期"),
        ("facilities", "440402001001,康宁便民服务站,,解散,,2026-11-01", "办理请从"),
        ("facilities", "440402001001,康宁便民服务站,,合并,,2026-11-01", "合并要填"),
        ("facilities", "440402001001,康宁便民服务站,440402001002,,,", "不在这个区划"),
        ("facilities", ",,,,,2026-11-01", "请填机构代码"),
        ("officers", "张三,张三,填报员,,440402001", "用户名用"),
        ("officers", "zhangsan,张三,填报员,,没有这家", "一家机构"),
        ("officers", "zhangsan,张三,审核员,没有这区,", "报送单位"),
        ("officers", "zhangsan,张三,皇帝,,", "选一个角色"),
        ("facts", "440402001001,2036-01-01,年鉴,12000,,", "不能晚于今天"),
        ("facts", "440402001001,2024-01-01,,12000,,", "请写数据来源"),
        ("facts", "440402001001,2024-01-01,年鉴,1.2万,,", "要填数字"),
        ("facts", "440402001,2024-01-01,年鉴,,,城镇社区", "不登记这一项"),
        ("facts", "999,2024-01-01,年鉴,12000,,", "没有这个代码"),
    ],
)
def test_a_refused_line_says_where_and_why(send, kind, line, why):
    upload = send(kind, line)
    assert counts(upload) == (0, 0, 0, 1)
    assert why in "；".join(reasons(upload))
    assert upload.state == "done"  # nothing to confirm


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("divisions", "440402001999,新村,社区,440402001"),
        ("facilities", "440402001001,康宁便民服务站,,,,2026-11-01"),
        ("officers", "zhangsan,张三,填报员,,440402001001"),
        ("facts", "440402001001,2024-01-01,年鉴,12000,,"),
    ],
)
def test_the_same_twice_is_once(send, kind, line):
    upload = send(kind, line, line)
    assert counts(upload)[3] == 1
    assert "第 2 行" in reasons(upload)[0]


def test_a_child_of_a_refused_division_is_refused(send):
    assert counts(send("divisions", "440402999,,镇,440402", "440402999001,新村,社区,440402999")) == (0, 0, 0, 2)


def test_formulas_merged_cells_and_errors_are_refused_at_their_place(send):
    book = Workbook()
    sheet = book.active
    sheet.append(HEADS["divisions"].split(","))
    sheet.append(["440402001997", "新村", "社区", "=A2"])
    sheet.append(["440402001998", "新村", "社区", "440402001"])
    sheet.append(["440402001999", "#N/A", "社区", "440402001"])
    sheet["B4"].data_type = "e"
    sheet.merge_cells("C3:C4")
    out = BytesIO()
    book.save(out)
    upload = send("divisions", content=out.getvalue(), name="名单.xlsx")
    said = " ".join(reasons(upload))
    assert counts(upload)[3] == 3
    assert all(words in said for words in ("公式", "合并", "错误值"))
    assert upload.outcome["lines"][0]["refused"][0]["where"] == "D2"


@pytest.mark.parametrize(
    "cell", ["=cmd|'/c calc'!A1", "+1", "@SUM(A1)", "<script>alert(1)</script>", "x\x0by", "长" * 500]
)
def test_hostile_cells_stay_text_or_are_refused(send, visit, cell):
    out = StringIO()
    csv.writer(out).writerows([HEADS["divisions"].split(","), ["440402001999", cell, "社区", "440402001"]])
    upload = send("divisions", content=out.getvalue().encode())
    page = visit("admin").get(f"/list-uploads/{upload.pk}/")
    assert page.status_code == 404  # another administrator's
    staging.confirm(send.admin, upload)
    content = workbook_of(KINDS["divisions"], KINDS["divisions"].current(send.admin))
    cells = [each for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows() for each in row]
    assert all(each.data_type != "f" for each in cells)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空的"),
        ("名称,级别\n新村,社区".encode(), "没有找到这几列：区划代码、上级区划代码"),
        (HEADS["divisions"].encode(), "没有内容"),
        (b"PK\x03\x04broken", "损坏"),
        (b"\xff\xfe\x00\x00", "不是 Excel"),
    ],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(send, content, why):
    with pytest.raises(Unreadable, match=why):
        staging.stage(send.admin, KINDS["divisions"], "名单.csv", content)
    assert not Upload.objects.exists()


# ── Confirming ────────────────────────────────────────────────────────────────


def test_confirmed_twice_is_done_once(send):
    upload = send("officers", "zhangsan,张三,填报员,,440402001")
    first, second = staging.confirm(send.admin, upload), staging.confirm(send.admin, upload)
    assert (len(first.entries), len(second.entries)) == (1, 0)
    assert Officer.objects.filter(username="zhangsan").count() == 1


def test_what_changed_meanwhile_is_compared_again_and_told(send):
    upload = send("facts", "440402001001,2024-01-01,年鉴,12000,,", "440402001002,2024-01-01,年鉴,8000,,")
    station = Facility.objects.get(code=STATION)
    registering.register(
        send.admin,
        [registering.Given(station, registering.kind_named("常住人口"), 11000, date(2024, 1, 1), "公报")],
    )
    with pytest.raises(staging.Stale, match="有人改过"):
        staging.confirm(send.admin, upload)
    assert Fact.objects.count() == 1
    upload.refresh_from_db()
    assert upload.outcome["lines"][0]["edits"] == [["常住人口", "11,000（来源：公报）", "12,000"]]
    staging.confirm(send.admin, upload)
    assert Fact.objects.count() == 2


def test_lines_that_do_not_go_together_leave_all_undone(send):
    day = today().isoformat()
    names = dict(Facility.objects.values_list("code", "name"))
    upload = send(
        "facilities",
        f"440402001005,康宁社区便民服务站,,,,{day}",
        f"440402001003,{names['440402001003']},,撤销,,{day}",
        f"440402001002,{names['440402001002']},,合并,440402001003,{day}",
    )
    assert counts(upload) == (0, 3, 0, 0)
    with pytest.raises(staging.Stale, match="没有导入：要并入的"):
        staging.confirm(send.admin, upload)
    assert not Existence.objects.exists()
    assert not Act.objects.exists()
    assert Upload.objects.get().state == "checked"


def test_refused_lines_come_back_with_the_reasons_and_can_be_mended(send):
    upload = send("facts", "440402001001,2024-01-01,年鉴,一万二,,", "440402001002,2024-01-01,年鉴,8000,,")
    book = load_workbook(BytesIO(refused_workbook(KINDS["facts"], staging.refused_rows(upload))))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[2]]
    assert sheet.max_row == 3
    assert "常住人口（人）：要填数字" in sheet.cell(3, head.index("没有导入的原因") + 1).value
    sheet.cell(3, head.index("常住人口（人）") + 1).value = 12000
    out = BytesIO()
    book.save(out)
    assert counts(send("facts", content=out.getvalue(), name="改好.xlsx")) == (1, 0, 0, 0)


# ── Pages ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("role", "place"), ROLES)
def test_who_takes_and_who_brings(zhuhai, visit, kind, role, place):
    client = visit(role, place)
    file = SimpleUploadedFile("名单.csv", b"x")
    assert client.get(f"/lists/{kind}/").status_code == (200 if role in EXPORTS[kind] else 403)
    assert client.get(f"/lists/{kind}/export/").status_code == (200 if role in EXPORTS[kind] else 403)
    assert client.post(f"/lists/{kind}/upload/", {"file": file}).status_code == (422 if role in IMPORTS[kind] else 403)


def test_an_export_holds_what_the_officer_may_see(zhuhai, visit):
    content = visit("reviewer", "Z02").get("/lists/facilities/export/").content
    codes = [row[0].value for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows(min_row=3)]
    assert len(codes) == 10
    assert {code[:9] for code in codes} == {"440402105", "440402106", "440402107"}


def test_a_list_from_the_upload_to_the_slips(zhuhai, visit):
    client = visit("reviewer", "440402")
    content = sheet_of("officers", "zhangsan,张三,填报员,,440402001", "李四,李四,填报员,,440402001")
    page = client.post("/lists/officers/upload/", {"file": SimpleUploadedFile("a.csv", content)}, follow=True)
    said = page.content.decode()
    assert "确认导入 1 行" in said
    assert "下载这些行" in said
    url = page.request["PATH_INFO"]
    assert client.get(f"{url}refused/").status_code == 200
    slips = client.post(f"{url}confirm/")
    assert "zhangsan" in slips.content.decode()
    assert "no-store" in slips.headers["Cache-Control"]
    again = client.post(f"{url}confirm/", follow=True)
    assert "已导入 1 行" in again.content.decode()
    assert client.post(f"{url}drop/", follow=True).status_code == 200
    assert Upload.objects.get().state == "done"


def test_one_that_is_dropped_does_nothing(zhuhai, visit):
    client = visit("admin")
    content = sheet_of("divisions", "440402001999,新村,社区,440402001")
    page = client.post("/lists/divisions/upload/", {"file": SimpleUploadedFile("a.csv", content)}, follow=True)
    url = page.request["PATH_INFO"]
    assert "已放弃" in client.post(f"{url}drop/", follow=True).content.decode()
    assert client.post(f"{url}confirm/", follow=True).status_code == 200
    assert client.get(f"{url}refused/", follow=True).status_code == 200
    assert not Division.objects.filter(code="440402001999").exists()


def test_a_stale_list_is_shown_again(zhuhai, visit):
    client = visit("admin")
    content = sheet_of("divisions", "440402001999,新村,社区,440402001")
    page = client.post("/lists/divisions/upload/", {"file": SimpleUploadedFile("a.csv", content)}, follow=True)
    street = Division.objects.get(code="440402001")
    Division.objects.create(code="440402001999", name="别名", level="community", parent=street)
    again = client.post(f"{page.request['PATH_INFO']}confirm/")
    assert again.status_code == 409
    assert "有人改过" in again.content.decode()
    assert "别名" in again.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_pages_ask_a_constant_number_of_queries(zhuhai, crowd, visit, kind, django_assert_max_num_queries):
    client = visit("admin")
    addresses = [f"/lists/{kind}/", f"/lists/{kind}/export/"]
    for address in addresses:
        client.get(address)
        with django_assert_max_num_queries(8) as few:
            client.get(address)
        if address is addresses[-1]:
            crowd()
        with django_assert_max_num_queries(8) as many:
            client.get(address)
        assert len(few) == len(many)


@pytest.mark.parametrize("kind", ["divisions", "facilities", "facts"])
def test_comparing_asks_a_constant_number_of_queries(send, kind, django_assert_max_num_queries):
    lines = {
        "divisions": [f"440402001{n:03d},新{n}村,社区,440402001" for n in range(900, 999)],
        "facilities": [f"{code},{name},,,," for code, name in Facility.objects.values_list("code", "name")[:99]],
        "facts": [f"{code},2024-01-01,年鉴,1200,," for code in Facility.objects.values_list("code", flat=True)[:99]],
    }[kind]
    with django_assert_max_num_queries(10) as few:
        send(kind, *lines[:2])
    with django_assert_max_num_queries(10) as many:
        send(kind, *lines)
    assert len(few) == len(many)
