"""The words that are marked: overlaps, repeats, bands in and out of force, and nothing of the text lost."""

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.edition import Cases, Clause, Compare, IndicatorMeasure, Relaxation, Requirement, Row
from standards.marking import Marked, law, law_of
from standards.outcomes import Judgement, Result


def at_least(indicator, norm, quotes=()):
    return Compare(IndicatorMeasure(indicator), "at_least", Decimal(norm), quotes)


def band(threshold, norm, quote):
    when = at_least("population", threshold) if threshold else None
    return Row(when, at_least("computers", norm), (quote,))


TEXT = "9万以上配7台计算机和触摸屏、打印机；6到9万配5台计算机和触摸屏、打印机；6万以下配3台计算机和打印机。杜绝浪费。"
ROWS = (band(90000, 7, "7台计算机"), band(60000, 5, "5台计算机"), band(None, 3, "3台计算机"))
COMPUTER = Requirement("computer", "7", "计算机", "mandatory", tuple(row.quotes[0] for row in ROWS), check=Cases(ROWS))
SCREEN = Requirement("screen", "7", "触摸屏", "mandatory", ("触摸屏",), check=at_least("screens", 1))
PRINTER = Requirement("printer", "7", "打印机", "mandatory", ("打印机",), check=at_least("printers", 1))
WASTE = Requirement("waste", "7", "浪费", "mandatory", ("杜绝浪费",))
CLAUSE = Clause("7", "7", "设施配置", TEXT, "", Decimal(1), (COMPUTER, SCREEN, PRINTER, WASTE))


def judged(row=None, screen="pass"):
    quotes = () if row is None else ROWS[row].quotes
    results = {
        "computer": Result("computer", "missing" if row is None else "pass", quotes=quotes, row=row),
        "screen": Result("screen", screen, quotes=("触摸屏",)),
        "printer": Result("printer", "pass", quotes=("打印机",)),
    }
    return Judgement(None, None, results)


def runs(marks, state):
    return [mark.text for mark in marks if mark.state == state]


def shown_of(text, quotes):
    requirements = tuple(dataclasses.replace(PRINTER, key=key, quotes=tuple(parts)) for key, parts in quotes.items())
    return law(dataclasses.replace(CLAUSE, text=text, remark="", requirements=requirements)).text


def test_a_text_without_quotes_is_one_run():
    assert shown_of("甲乙", {}) == (Marked("甲乙"),)


def test_an_empty_text_has_no_runs():
    assert shown_of("", {"k": ["甲"]}) == ()


def test_overlapping_quotes_are_split():
    found = shown_of("甲乙丙丁", {"a": ["甲乙丙"], "b": ["乙丙丁"]})
    assert [(part.text, part.keys) for part in found] == [("甲", ("a",)), ("乙丙", ("a", "b")), ("丁", ("b",))]


def test_every_occurrence_of_a_quote_is_marked():
    found = shown_of("台账、制度、台账", {"a": ["台账"]})
    assert [part.text for part in found if part.keys] == ["台账", "台账"]


@given(st.text("甲乙；。", max_size=30), st.text("甲乙；。", min_size=1, max_size=3))
def test_a_clause_shown_is_its_text(text, quote):
    requirement = dataclasses.replace(PRINTER, quotes=(quote,))
    clause = dataclasses.replace(CLAUSE, text=text, remark=text, requirements=(requirement,))
    for shown in (law(clause), law_of(clause, requirement)):
        assert "".join(mark.text for mark in shown.text) == text
        assert "".join(mark.text for mark in shown.remark) == text


def test_unjudged_every_band_is_in_force():
    assert runs(law(CLAUSE).text, "other") == []
    assert runs(law(CLAUSE).text, "inforce").count("打印机") == 3


def test_the_bands_that_lost_are_grey_as_whole_sentences():
    shown = law(CLAUSE, judged(row=1)).text
    first, last = runs(shown, "other")
    assert first == "9万以上配7台计算机和触摸屏、打印机；"
    assert last == "6万以下配3台计算机和打印机。"
    assert runs(shown, "inforce") == ["5台计算机", "触摸屏", "打印机", "杜绝浪费"]


def test_a_mark_in_force_carries_its_requirements():
    shown = law(CLAUSE, judged(row=0)).text
    assert Marked("7台计算机", "inforce", ("computer",)) in shown
    assert all(not mark.keys for mark in shown if mark.state in ("other", "plain"))


def test_while_the_band_is_open_nothing_is_grey():
    assert runs(law(CLAUSE, judged(row=None)).text, "other") == []


def test_words_of_what_does_not_apply_are_grey():
    shown = law(CLAUSE, judged(row=1, screen="not_applicable")).text
    assert "触摸屏" in runs(shown, "other")


def test_the_deciding_words_are_under_the_marker():
    shown = law_of(CLAUSE, COMPUTER, judged(row=1)).text
    assert runs(shown, "now") == ["5台计算机"]


def test_words_that_every_band_repeats_are_marked_in_the_band_in_force():
    assert runs(law_of(CLAUSE, PRINTER, judged(row=2)).text, "now") == ["打印机"]
    assert len(runs(law_of(CLAUSE, PRINTER).text, "now")) == 3


def test_an_excerpt_keeps_the_sentence_and_says_what_it_leaves_out():
    shown = law_of(CLAUSE, COMPUTER, judged(row=1), whole=False)
    assert "".join(mark.text for mark in shown.text) == "……6到9万配5台计算机和触摸屏、打印机；……"
    assert shown.remark == ()


def test_an_excerpt_of_what_is_not_marked_is_the_whole():
    shown = law_of(CLAUSE, SCREEN, judged(row=2, screen="not_applicable"), whole=False)
    assert "".join(mark.text for mark in shown.text) == TEXT


def test_a_quote_may_cross_sentences():
    requirement = dataclasses.replace(PRINTER, quotes=("甲；乙",))
    clause = dataclasses.replace(CLAUSE, text="甲；乙。", requirements=(requirement,))
    assert runs(law(clause).text, "inforce") == ["甲；乙"]


@pytest.mark.parametrize(("reduction", "marked"), [(None, []), (Decimal("0.07"), ["可减少"])])
def test_a_relaxation_is_marked_only_where_it_was_asked(reduction, marked):
    relaxation = Relaxation(at_least("computers", 1), Decimal("0.1"), ("可减少",))
    area = dataclasses.replace(PRINTER, quotes=("一般200以上", "可减少"), relaxation=relaxation)
    clause = dataclasses.replace(CLAUSE, text="一般200以上。", remark="面积可减少。", requirements=(area,))
    judgement = Judgement(None, None, {"printer": Result("printer", "pass", quotes=area.quotes, reduction=reduction)})
    assert runs(law_of(clause, area, judgement).remark, "now") == marked
