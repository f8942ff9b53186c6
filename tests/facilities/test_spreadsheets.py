"""Spreadsheets that others send: read where they are plain, refused with a sentence where they are not."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from facilities.bounded import run_bounded
from facilities.spreadsheets import cells, guard, looking, reading
from facilities.spreadsheets.reading import read_book
from facilities.spreadsheets.tables import Unreadable, coordinate, place
from tests.facilities.bombs import BOMBS, good, mutated, parts_of, read_all, zipped


def saved(book: Workbook) -> bytes:
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def test_cells_come_as_plain_values():
    book = Workbook()
    sheet = book.active
    sheet.append(
        ["甲", 5, 0.1 + 0.2, True, date(2026, 11, 1), datetime(2026, 11, 1, 8, 30), time(8, 30), None, 440402001001]
    )
    sheet["A3"], sheet["B3"], sheet["C3"] = "=1+1", "#N/A", "尾"
    sheet.merge_cells("D3:E4")
    book.create_sheet("里").sheet_state = "veryHidden"
    read = read_book("甲.xlsx", saved(book))
    first = read.sheets[0]
    moment = ["甲", Decimal(5), Decimal("0.3"), True, date(2026, 11, 1), date(2026, 11, 1), "08:30:00", None]
    assert first.rows == [[*moment, Decimal(440402001001)], [], [None, reading.ERROR, "尾"]]
    assert first.formulas == {"A3"}
    assert first.merged == ("D3:E4",)
    assert [sheet.hidden for sheet in read.sheets] == [False, True]
    assert read.shown == (first,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("between", [",", "\t"])
def test_csv_in_the_alphabets_of_excel_and_wps(encoding, between):
    text = f'编码{between}名称\r\n440402001{between}"翠香，""一"""\r\n'
    sheet = read_book("表.csv", text.encode(encoding)).sheets[0]
    assert sheet.rows == [["编码", "名称"], ["440402001", '翠香，"一"']]


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.__name__)
def test_a_bomb_is_refused_with_a_sentence(bomb):
    with pytest.raises(Unreadable, match="请"):
        read_book("表.xlsx", bomb())


def test_sizes_are_counted_not_believed(monkeypatch):
    """The control: what the guard refuses by counting, the limits alone would let pass."""
    content = zipped(parts_of(good()) | {"xl/media/x.xml": random.Random(1).randbytes(300_000).hex().encode()})
    assert read_book("表.xlsx", content).sheets
    monkeypatch.setattr(guard, "MOST_BYTES", 200_000)
    with pytest.raises(Unreadable, match="展开后太大"):
        reading.read("表.xlsx", content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("表.xlsx", b"", "空"),
        ("表.xlsx", b"%PDF-1.7", "不是 Excel"),
        ("表.pdf", b"%PDF-1.7", "也不是 CSV"),
        ("表.csv", bytes(range(256)), "也不是 CSV"),
        ("表.csv", b"a," * 120_000 + b"\n" + b"b," * 120_000, "20 万"),
        ("表.xlsx", b"PK\3\4" + b"\0" * (5 * 2**20), "5 MB"),
        ("表.docx", zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}), "不是 Excel"),
    ],
)
def test_other_files_are_refused(name, content, said):
    with pytest.raises(Unreadable, match=said):
        read_book(name, content)


def test_three_hundred_accidents_are_read_or_refused():
    """No other exception, no sentence without advice, within the bounds of three children."""
    contents = list(mutated(good(), 300))
    ended: Counter[str] = Counter()
    for start in range(0, 300, 100):
        each, peak = run_bounded(read_all, (contents[start : start + 100],), 20, 300)
        ended += Counter(each)
        assert peak < 300 * 1024
    assert set(ended) == {"read", "refused"}
    assert min(ended.values()) > 20


# ── Spellings ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "said", ["是", "有", " 是　", "√", "✓", "Y", "y", "ｙ", "YES", "TRUE", "1", "１", Decimal(1), True]
)
def test_yes(said):
    assert cells.as_boolean(said) is True


@pytest.mark.parametrize("said", ["否", "无", "没有", "×", "X", "N", "no", "0", "０", Decimal(0), False])
def test_no(said):
    assert cells.as_boolean(said) is False


@pytest.mark.parametrize("said", ["", None, "可能", Decimal(2), date(2026, 1, 1)])
def test_neither_yes_nor_no(said):
    with pytest.raises(ValueError, match="“是”或“否”"):
        cells.as_boolean(said)


@pytest.mark.parametrize(
    "said",
    [
        date(2026, 11, 1),
        "2026-11-01",
        "2026/11/1",
        "2026.11.1",
        "2026年11月1日",
        "２０２６年１１月１日",
        "2026 年 11 月 1 日",
        "20261101",
        "2026-11-01 00:00:00",
        Decimal(20261101),
        Decimal(46327),
    ],
)
def test_dates(said):
    assert cells.as_date(said) == date(2026, 11, 1)


@pytest.mark.parametrize("said", ["2026-02-30", "11月1日", "去年", Decimal(5), Decimal("1e20"), True, None])
def test_no_dates(said):
    with pytest.raises(ValueError, match="日期"):
        cells.as_date(said)


@pytest.mark.parametrize(
    ("said", "meant"), [("１，２３４．５", "1234.5"), (" 1,234 ", "1234"), (Decimal("2"), "2"), ("－5", "-5")]
)
def test_numbers(said, meant):
    assert cells.as_number(said) == Decimal(meant)


@pytest.mark.parametrize("said", ["", "五", "1,23", "1e5", "5台", None, True])
def test_no_numbers(said):
    with pytest.raises(ValueError, match="数字"):
        cells.as_number(said)


def test_texts():
    assert cells.as_text("　翠香 社区 ") == "翠香 社区"
    assert cells.as_text(Decimal("440402001001")) == "440402001001"
    with pytest.raises(ValueError, match="前 15 位"):
        cells.as_text(Decimal("440402198001011234"))


@pytest.mark.parametrize(
    ("row", "column", "said"), [(1, 1, "A1"), (7, 26, "Z7"), (7, 27, "AA7"), (1048576, 16384, "XFD1048576")]
)
def test_coordinates(row, column, said):
    assert coordinate(row, column) == said
    assert place(said) == (row, column)


def test_the_most_that_is_allowed_is_read():
    """Just under every cap: two hundred thousand cells in the time and memory of one child."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for _ in range(looking.MOST_CELLS // 100):
        sheet.append(list(range(100)))
    assert len(read_book("表.xlsx", saved(book)).sheets[0].rows) == looking.MOST_CELLS // 100
