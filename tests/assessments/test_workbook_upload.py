"""Excel there and back: what is sent is compared, confirmed, and does what the form would have done."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection, reset_queries, transaction
from django.test.utils import CaptureQueriesContext

from assessments import beginning, workflow
from assessments.answering import Edit, Given, save
from assessments.models import Answer, Change, Judgement, Period, Survey
from assessments.standings import standing_of
from assessments.workbooks import importing, sending
from facilities.models import Facility, Upload
from tests.assessments.desk import TEMPLATE, Desk, download, send, staged, taken_in
from tests.assessments.town import make_stations, note_places, town_answers
from tests.facilities.bombs import giant_strings, laughing, lying, mutated

OFFICE = "440402001"
PERIOD = Period(year=2026, quarter=4)


@pytest.fixture
def stations(office, now):
    made = make_stations(office, 7)
    note_places(made)
    return made


@pytest.fixture
def client(browse, surveyor, now):
    return browse(surveyor)


@pytest.fixture(scope="module")
def printed_once():
    """The office's workbook, which takes seconds: every test fills the same survey, and gets the same bytes."""
    return []


@pytest.fixture
def desk(client, survey, fill, printed_once):
    """The office's own workbook, everything filled."""
    fill()
    if not printed_once:
        printed_once.append(client.post(TEMPLATE, {"subject": "township"}).content)
    return Desk(printed_once[0])


def questions_of(facility):
    return standing_of(Survey.objects.get(facility=facility)).questionnaire.questions


def lines_of(upload):
    return {line["code"]: line for line in upload.rows}


# ── There and back ────────────────────────────────────────────────────────────

ODD_TEXTS = [
    "=1+1",
    "+86",
    "-",
    "@所",
    "＝和",
    "'引",
    "_x0041_",
    "两\n行",
    "清单：无法提供",
    "\tA",
    "  首尾  ",
    "1,200",
    "0012",
    "—",
]


@pytest.mark.parametrize(
    ("subject", "code"), [("county", "440402C"), ("township", OFFICE), ("village", f"{OFFICE}001")]
)
def test_what_comes_back_as_it_went_changes_nothing(officer, browse, now, city, subject, code, monkeypatch):
    """Every kind of answer, odd texts, stated reasons and notes; saved by another program in between."""
    monkeypatch.setattr("reports.exports.QUICK", 1000)  # however many, without a worker
    surveyor = officer("surveyor", facility="440402C")
    facility = Facility.objects.select_related("division").get(code=code)
    survey = beginning.start(facility, PERIOD, surveyor)
    said = {key: any_answer(question, n) for n, (key, question) in enumerate(questions_of(facility).items())}
    save(survey, surveyor, [Edit(questions_of(facility)[key], given, 0, uuid4()) for key, given in said.items()])
    client = browse(surveyor)
    for content in (
        client.post("/workbooks/template.xlsx", {"subject": subject}).content,
        download(client, subject=subject).saved(),
    ):
        upload = staged(client, content)
        assert upload.outcome["counts"]["same"] >= len([each for each in said.values() if each != Given()])
        assert [edit for line in upload.rows for edit in line["edits"]] == []
        assert not any(line["refused"] or line["why"] or line["blanked"] for line in upload.rows)


def any_answer(question, n):
    """One after the other: an answer, an answer with a note, 无法提供, an empty checklist."""
    if n % 7 == 3:
        return Given(None, "原件在\n区里")
    note = ODD_TEXTS[n % len(ODD_TEXTS)].strip() if n % 3 == 0 else ""
    match question.indicator.type:
        case "integer":
            return Given(1200 + n, note=note)
        case "decimal":
            return Given(f"{1200 + n}.{'50'[: question.indicator.places]}", note=note)
        case "boolean":
            return Given(bool(n % 2), note=note)
        case "choice":
            return Given(question.choices[n % len(question.choices)].value, note=note)
        case "choices":
            return Given([choice.value for choice in question.choices[: n % 4]], note=note)
        case "date":
            return Given("2012-03-01", note=note)
    return Given(ODD_TEXTS[n % len(ODD_TEXTS)], note=note)


# ── Spellings ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "typed", "meant"),
    [
        ("computer_count", "１２", 12),
        ("computer_count", "1,200", 1200),
        ("computer_count", " 12 台 ", 12),
        ("computer_count", 12.0, 12),
        ("building_area", "１８６．５平方米", "186.50"),
        ("building_area", 186.456789, None),
        ("computer_count", "十二", None),
        ("computer_count", -1, None),
        ("computer_count", 1.5, None),
        ("computer_count", "#N/A", None),
        ("in_town_budget", "×", False),
        ("in_town_budget", "无", False),
        ("in_town_budget", 0, False),
        ("in_town_budget", "也许", None),
        ("line_type", "ｖｐｎ", "VPN"),
        ("line_type", "光纤", None),
        ("established_on", "2011.3.5", "2011-03-05"),
        ("established_on", 40607, "2011-03-05"),
        ("established_on", "2031-01-01", None),
        ("established_on", "2011-02-30", None),
        ("institution_name", 20261101, "20261101"),
        ("other_equipment", "甲" * 2001, None),
    ],
)
def test_what_is_typed_is_understood_or_refused_where_it_stands(client, desk, key, typed, meant):
    desk.write(OFFICE, **{key: typed})
    [line] = staged(client, desk).rows
    if meant is None:
        [refusal] = line["refused"]
        assert refusal["where"] == desk.cell(OFFICE, key).coordinate
        assert refusal["why"]
    else:
        assert [(edit["key"], edit["value"]) for edit in line["edits"]] == [(key, meant)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["√", None, None, None, None], ["hall"]),
        (["是", "否", "有", "Y", "1"], ["hall", 2, 3, 4]),
        (["否", "否", "否", "否", "否"], []),
        ([None] * 5, "same"),
        (["无法提供：在装修", None, None, None, None], "cannot"),
        (["清空", None, None, None, None], "back"),
        (["否", None, "是", "是", "是"], "refused"),
        (["清空", "是", None, None, None], "refused"),
        (["也许", "是", "是", "是", "是"], "refused"),
    ],
)
def test_a_checklist_is_ticked_or_answered_throughout(client, desk, typed, meant):
    columns = desk.items("functional_areas")
    desk.write(OFFICE, **dict(zip(columns, typed, strict=True)))
    [line] = staged(client, desk).rows
    said = [edit for edit in line["edits"] if edit["key"] == "functional_areas"]
    if meant == "refused":
        assert len(line["refused"]) == 1
    elif meant == "same":
        assert said == []
        assert len(line["blanked"]) == 1
    elif meant in ("cannot", "back"):
        assert (said[0]["value"], said[0]["reason"]) == (None, "在装修" if meant == "cannot" else "")
    else:
        ticked = [
            column.partition("/")[2] for column, cell in zip(columns, typed, strict=True) if cell not in (None, "否")
        ]
        assert said[0]["value"] == ticked


def test_formulas_and_merged_cells_are_refused_where_they_stand(client, desk):
    desk.write(OFFICE, computer_count="=3+4")
    place = desk.cell(OFFICE, "printer_count")
    desk.sheet.merge_cells(start_row=7, end_row=7, start_column=place.column, end_column=place.column + 1)
    [line] = staged(client, desk).rows
    assert [refusal["where"] for refusal in line["refused"]] == [
        desk.cell(OFFICE, "computer_count").coordinate,
        place.coordinate,
        desk.sheet.cell(7, place.column + 1).coordinate,
    ]
    assert ["公式" in each["why"] or "合并" in each["why"] for each in line["refused"]] == [True] * 3


def test_a_note_is_for_what_it_names_or_for_what_looks_odd(client, desk, fill, survey):
    fill(computer_count=900)
    desk = download(client, subject="township")
    desk.write(OFFICE, **{"@note/town.7": "传真机：坏了一台\n新建机房"})
    upload = taken_in(client, staged(client, desk))
    assert upload.outcome["late"] == {}
    notes = dict(Answer.objects.filter(survey=survey).exclude(note="").values_list("indicator", "note"))
    assert notes == {"fax_count": "坏了一台", "computer_count": "新建机房"}
    assert staged(client, download(client, subject="township")).rows[0]["edits"] == []


def test_a_note_for_nothing_in_particular_is_asked_back(client, desk):
    desk.write(OFFICE, **{"@note/town.7": "都很好"})
    assert "哪一项" in staged(client, desk).rows[0]["refused"][0]["why"]


# ── Refused as a whole ────────────────────────────────────────────────────────


def spoil_sheet_name(desk):
    desk.sheet.title = "我的表"


def spoil_column(desk):
    desk.sheet.delete_cols(desk.columns["computer_count"])


def spoil_identity(field, said):
    def spoil(desk):
        desk.book["版本"].cell(field, 2).value = said

    return spoil


def spoil_lines(desk):
    desk.sheet.delete_rows(7, 5)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_sheet_name, "不要改工作表的名字"),
        (spoil_column, "列应当是“计算机”"),
        (spoil_lines, "没有一家机构"),
        (spoil_identity(1, "别的"), "不是从本系统下载"),
        (spoil_identity(2, "0"), "旧版式"),
        (spoil_identity(5, "0" * 64), "规范版本"),
        (spoil_identity(6, "2026Q3"), "2026年第三季度"),
        (spoil_identity(6, "去年"), "不是从本系统下载"),
        (spoil_identity(7, "city"), "别的单位"),
        (spoil_identity(8, "440402002"), "别的单位"),
    ],
)
def test_another_workbook_is_refused_kindly(client, desk, spoil, said):
    spoil(desk)
    response = send(client, desk)
    assert response.status_code == 422
    assert said in response.context["error"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("表.csv", b"a,b\n1,2", "不是从本系统下载"),
        ("表.xlsx", b"x", "不是 Excel"),
        ("表.xlsx", b"PK\3\4" + b"\0" * 6_000_000, "5 MB"),
    ],
)
def test_another_file_is_refused_kindly(client, survey, name, content, said):
    response = send(client, content, name)
    assert response.status_code == 422
    assert said in response.context["error"]


def test_whatever_is_sent_is_answered(client, desk):
    """A handful of accidents to a real template and of bombs, through the page: compared or refused, never an error."""
    hurt = mutated(desk.saved(), 12, seed=7)
    ended = {send(client, content).status_code for content in [*hurt, lying(), laughing(), giant_strings()]}
    assert ended == {302, 422}


def test_without_a_file_the_page_asks_for_one(client, survey):
    assert "请先选择" in client.post("/workbooks/upload/").content.decode()


def test_a_closed_quarter_takes_nothing(client, desk, officer, survey):
    workflow.close(survey.period, officer("admin"))
    assert "已关闭" in send(client, desk).context["error"]


# ── Refused line by line ──────────────────────────────────────────────────────


def test_unknown_repeated_and_foreign_lines_are_refused_and_the_others_go_in(client, stations):
    desk = download(client, subject="village")
    first, second, third, fourth, fifth = (station.code for station in stations[:5])
    for code in desk.rows:
        desk.write(code, computer_count=3)
    for code, said in ((second, first), (third, "440403100001"), (fourth, "无此编码"), (fifth, None)):
        desk.write(code, **{"@code": said})
    upload = staged(client, desk)
    why = {line["row"]: line["why"] for line in upload.rows if line["why"]}
    assert [why[desk.rows[code]][:6] for code in (first, second, third, fourth, fifth)] == [
        "同一家机构出",
        "同一家机构出",
        "没有这个编码",
        "没有这个编码",
        "没有机构编码",
    ]
    taken_in(client, upload)
    held = Answer.objects.filter(indicator="computer_count", value=3).values_list("survey__facility__code", flat=True)
    assert set(held) == {*desk.rows} - {first, second, third, fourth, fifth}


def test_a_submitted_line_is_refused_if_it_says_anything_new(client, desk, survey, surveyor):
    workflow.submit(survey, surveyor)
    assert staged(client, desk).rows[0]["why"] == ""
    desk.write(OFFICE, computer_count=99)
    assert "已提交" in staged(client, desk).rows[0]["why"]


def test_what_somebody_changed_meanwhile_is_named_with_both_values(client, desk, fill, survey):
    fill(computer_count=8, printer_count=9, fax_count=4)
    desk.write(OFFICE, computer_count=99, fax_count=4)
    [line] = staged(client, desk).rows
    [refusal] = line["refused"]
    assert "8 台" in refusal["why"]
    assert "99 台" in refusal["why"]
    assert line["edits"] == []  # untouched printers stay as the other left them; equal fax machines are no conflict


def test_one_wrong_cell_keeps_the_whole_line_out_and_no_other(client, stations):
    desk = download(client, subject="village")
    wrong, right = stations[0].code, stations[1].code
    for code in (wrong, right):
        desk.write(code, computer_count=3, printer_count="三" if code == wrong else 3)
    taken_in(client, staged(client, desk))
    assert Survey.objects.filter(facility__code=right).exists()
    assert not Survey.objects.filter(facility__code=wrong).exists()


def test_refused_lines_go_back_with_their_reasons_and_come_in_when_mended(client, stations):
    desk = download(client, subject="village")
    wrong = stations[0].code
    desk.write(wrong, computer_count="三", printer_count="5台", ledger_medium="电子")
    desk.write(stations[1].code, computer_count=4)
    upload = taken_in(client, staged(client, desk))
    back = Desk(client.get(f"/workbooks/{upload.pk}/refused.xlsx").content)
    assert list(back.rows) == [wrong]
    assert "整数" in back.cell(wrong, "@why").value
    assert "整数" in back.cell(wrong, "computer_count").comment.text
    assert back.cell(wrong, "computer_count").value == "三"
    back.write(wrong, computer_count=3)
    taken_in(client, staged(client, back))
    held = dict(Answer.objects.filter(survey__facility__code=wrong, origin="entered").values_list("indicator", "value"))
    assert held == {"computer_count": 3, "printer_count": 5, "ledger_medium": "电子"}


def test_a_conflict_is_settled_by_the_lines_that_go_back(client, desk, fill, survey):
    fill(computer_count=8)
    desk.write(OFFICE, computer_count=9)
    upload = staged(client, desk)
    back = Desk(client.get(f"/workbooks/{upload.pk}/refused.xlsx").content)
    assert back.cell(OFFICE, "computer_count").value == 9
    taken_in(client, staged(client, back))
    assert survey.answers.get(indicator="computer_count").value == 9


# ── The import ────────────────────────────────────────────────────────────────


def test_an_import_is_one_act_of_each_survey(client, desk, survey, surveyor):
    desk.write(OFFICE, computer_count=9, fax_count="清空", screen_area="无法提供：正在安装")
    upload = taken_in(client, staged(client, desk))
    changes = Change.objects.filter(survey=survey, operation=upload.pk).order_by("indicator")
    assert [(c.indicator, c.value, c.reason, c.by) for c in changes] == [
        ("computer_count", 9, "", surveyor),
        ("fax_count", None, "", surveyor),
        ("screen_area", None, "正在安装", surveyor),
    ]
    assert survey.is_open


def test_overtaken_before_the_confirmation_the_line_stays_out(client, desk, fill, survey):
    desk.write(OFFICE, computer_count=9, fax_count=5)
    upload = staged(client, desk)
    fill(fax_count=7)
    taken_in(client, upload)
    assert "传真机" in upload.outcome["late"][OFFICE]
    held = dict(survey.answers.filter(indicator__in=["computer_count", "fax_count"]).values_list("indicator", "value"))
    assert held == {"computer_count": 5, "fax_count": 7}


def test_it_goes_in_step_by_step_and_goes_on_after_a_break(client, stations, monkeypatch):
    desk = download(client, subject="village")
    for code in desk.rows:
        desk.write(code, computer_count=3)
    upload = staged(client, desk)
    monkeypatch.setattr(importing, "AT_ONCE", 4)
    client.post(f"/workbooks/{upload.pk}/confirm/")
    upload.refresh_from_db()
    assert (upload.done, upload.state) == (4, Upload.CHECKED)
    assert "继续导入" in client.get(f"/workbooks/{upload.pk}/").content.decode()
    stale = Upload.objects.get(pk=upload.pk)
    importing.import_some(upload, upload.by)
    importing.import_some(stale, upload.by)  # pressed twice: the second finds its lines taken
    taken_in(client, Upload.objects.get(pk=upload.pk))
    assert Change.objects.filter(operation=upload.pk).count() == len(desk.rows) == upload.total


def test_dropped_it_is_forgotten(client, desk, survey):
    desk.write(OFFICE, computer_count=9)
    upload = staged(client, desk)
    client.post(f"/workbooks/{upload.pk}/drop/")
    assert client.post(f"/workbooks/{upload.pk}/confirm/").status_code == 302
    upload.refresh_from_db()
    assert (upload.state, upload.rows) == (Upload.DROPPED, [])
    assert survey.answers.get(indicator="computer_count").value == 5


def test_a_transferred_surveyor_imports_nothing(client, desk, surveyor, survey):
    desk.write(OFFICE, computer_count=9)
    upload = staged(client, desk)
    surveyor.facility = Facility.objects.get(code="440402002")
    surveyor.save()
    taken_in(client, upload)
    assert "不归您" in upload.outcome["late"][OFFICE]


# ── A whole town ──────────────────────────────────────────────────────────────


def judged(stations):
    """code → what its submission was judged to be."""
    found = Judgement.objects.filter(survey__facility__in=stations, survey__state=Survey.SUBMITTED)
    return {
        each.survey.facility.code: (each.grade, each.score, each.content)
        for each in found.select_related("survey__facility")
    }


def by_the_form(stations, answers, surveyor):
    for station in stations:
        survey = beginning.start(station, PERIOD, surveyor)
        asked, held = questions_of(station), dict(survey.answers.values_list("indicator", "revision"))
        said = answers[station.code].items()
        save(
            survey, surveyor, [Edit(asked[key], Given(v), held.get(key, 0), uuid4()) for key, v in said if key in asked]
        )
        workflow.submit(survey, surveyor)


def test_a_town_filled_by_excel_alone_is_judged_as_by_the_form(client, stations, surveyor, now):
    answers = town_answers(stations)
    with transaction.atomic():
        by_the_form(stations, answers, surveyor)
        expected = judged(stations)
        asked = questions_of(stations[0])
        transaction.set_rollback(True)
    desk = download(client, subject="village")
    labels = {key: {c.value: c.label for c in question.choices} for key, question in asked.items()}
    for code, told in answers.items():
        for key, value in told.items():
            if key in asked:
                desk.answer(code, key, value, labels[key])
        if "supervising_office" in told:  # registered under another name
            desk.write(code, **{"@note/village.1": "属实"})
    upload = taken_in(client, staged(client, desk))
    assert upload.outcome["late"] == {}
    assert "提交这 7 家" in client.get(f"/workbooks/{upload.pk}/").content.decode()
    client.post(f"/workbooks/{upload.pk}/submit/")
    assert len(expected) == 7
    assert judged(stations) == expected


def test_only_what_is_complete_and_explained_is_submitted(client, stations, fill, survey, surveyor, monkeypatch):
    fill(computer_count=900, fax_count=None)
    upload = staged(client, download(client, subject="township"))
    page = client.get(f"/workbooks/{upload.pk}/").content.decode()
    assert "还有 1 项没填" in page
    fill(computer_count=900, fax_count=3)
    assert "有 1 处提示没写说明" in client.get(f"/workbooks/{upload.pk}/").content.decode()
    client.post(f"/workbooks/{upload.pk}/submit/")
    assert Survey.objects.get(pk=survey.pk).is_open
    fill(computer_count=7)
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    client.post(f"/workbooks/{upload.pk}/submit/")
    assert not Survey.objects.get(pk=survey.pk).is_open
    assert not Answer.objects.filter(survey=survey, origin__in=Answer.UNREAD).exists()


# ── Cost ──────────────────────────────────────────────────────────────────────


def queries_of(act):
    reset_queries()  # of the log only so many are kept
    with CaptureQueriesContext(connection) as asked:
        given = act()
    return len(asked), given


def test_queries_do_not_grow_with_the_stations(client, stations, office, surveyor, monkeypatch):
    monkeypatch.setattr(importing, "SECONDS", 60)
    beginning.start(stations[0], PERIOD, surveyor)

    def asked():
        template, desk = queries_of(lambda: download(client, subject="village"))
        for code in desk.rows:
            desk.write(code, computer_count=len(desk.rows))
        upload, sent = queries_of(lambda: staged(client, desk))
        page, _ = queries_of(lambda: client.get(f"/workbooks/{sent.pk}/"))
        Upload.objects.filter(pk=sent.pk).update(state=Upload.DONE)  # so that some stay as they are, not begun
        result, _ = queries_of(lambda: client.get(f"/workbooks/{sent.pk}/"))
        start, _ = queries_of(lambda: client.get("/workbooks/"))
        return [template, upload, page, result, start]

    few = asked()
    note_places(make_stations(office, 12, first=10))
    assert asked() == few
    assert max(few) <= 25
