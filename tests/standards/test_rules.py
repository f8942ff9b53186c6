"""What a standard's file may say, and the smaller refusals that tests/flawed does not keep a file for."""

from datetime import date
from decimal import Decimal

import pytest

from standards.edition import All, Cases, Compare, IndicatorMeasure, ItemsOf, OfNorm, SumMeasure
from standards.files import toml_of
from standards.rules import parse_dictionary, parse_interpretations
from standards.rules.flaws import Flaws
from tests.standards.samples import BANDS, HEAD, OPEN, WIRED, clause, edition_from, edition_of_check

BUILT_BEFORE = "when = { indicator = 'built', on_or_before = 2011-12-31 }"
LEASED = "when = { indicator = 'line', is = '专线' }"
BOTH = f"when = {{ all = [{OPEN}, {WIRED}] }}"


def check_of(check):
    return edition_of_check(check, "quote = '应当'").by_key["c1.r1"].check


def refusals(*clauses, head=HEAD):
    with pytest.raises(Flaws) as refused:
        edition_from(*clauses, head=head)
    return refused.value.sentences


def unreachable(*rows):
    """1-based, of a decision table whose rows are these conditions."""
    table = ", ".join(f"{{ {row}{', ' if row else ''}indicator = 'computers', at_least = 1 }}" for row in rows)
    try:
        edition_of_check(f"{{ cases = [{table}] }}")
    except Flaws as flaws:
        return [int(sentence.split("第")[1][0]) for sentence in flaws.sentences]
    return []


def people(comparison, number):
    return f"when = {{ indicator = 'people', {comparison} = {number} }}"


# ── What is read ──────────────────────────────────────────────────────────────


def test_an_edition_carries_only_what_it_uses():
    edition = edition_of_check(OPEN, "interpretation = ['A1']\nrecord = ['name']")
    assert list(edition.indicators) == ["open", "name"]
    assert list(edition.interpretations) == ["A1"]
    assert (edition.key, edition.effective, edition.until) == ("sample", date(2016, 1, 1), None)
    assert edition.credit["deviation"] == Decimal("0.5")


def test_measures_and_norms():
    assert check_of("{ sum = ['staff', '-extra'], at_least = 5 }").measure == SumMeasure(((1, "staff"), (-1, "extra")))
    norm = check_of("{ indicator = 'staff', at_least = { of = 'served', per = 800, round = 'up', minimum = 1 } }").norm
    assert norm == OfNorm("served", per=Decimal(800), round="up", minimum=Decimal(1))
    assert check_of("{ indicator = 'ledgers', includes = { of = 'services' } }").norm == ItemsOf("services")
    assert check_of("{ indicator = 'open', is = true }") == Compare(IndicatorMeasure("open"), "is", True)


def test_a_named_list_keeps_its_name():
    check = check_of("{ indicator = 'services', includes = { list = 'both' } }")
    assert (check.norm, check.list_name) == (("jobs", "care"), "both")


def test_quotes_of_a_requirement_are_all_that_it_rests_on():
    rest = f"quote = '应当这样做'\nrelaxation = {{ when = {OPEN}, within = 0.1, quote = '做' }}"
    check = BANDS.replace("computers", "area")
    requirement = edition_of_check(check, rest).by_key["c1.r1"]
    assert requirement.quotes == ("应当这样做", "应当", "这样做", "做")
    assert isinstance(requirement.check, Cases)
    assert [row.quotes for row in requirement.check.rows] == [("应当",), ("这样做",)]


def test_the_scope_of_the_clause_is_joined():
    edition = edition_from(
        clause(1, f"check = {OPEN}\napplies = {WIRED}", f"check = {OPEN}", extra=f"applies = {WIRED}")
    )
    first, second = edition.requirements
    assert isinstance(first.applies, All)
    assert isinstance(second.applies, Compare)


def test_subjects_are_the_edition_s_unless_narrowed():
    first, second = edition_from(clause(1, f"check = {OPEN}", f"check = {OPEN}\nsubjects = ['village']")).requirements
    assert (first.subjects, second.subjects) == (("township", "village"), ("village",))


def test_a_notice_may_be_one_or_several():
    one = f"notice = {{ when = {OPEN}, hint = '甲' }}"
    two = f"notice = [{{ when = {OPEN}, hint = '甲' }}, {{ when = {WIRED}, hint = '乙' }}]"
    hints = [[n.hint for n in edition_of_check(OPEN, rest).by_key["c1.r1"].notice] for rest in (one, two)]
    assert hints == [["甲"], ["甲", "乙"]]


def test_a_sentence_may_be_listed_as_unruled():
    text = "text = '一、总则。应当这样做；各地要重视。'"
    rule = f"check = {OPEN}\nquote = '应当这样做'"
    unruled = "unruled = [{ sentence = '一、总则。', reason = '标题' }, { sentence = '各地要重视', reason = '对各地' }]"
    whole = clause(1, rule, extra=unruled).replace('text = "应当这样做。"', text)
    assert len(edition_from(whole).clauses[0].unruled) == 2
    assert len(refusals(whole.replace(unruled, ""))) == 2


def test_a_file_that_is_no_toml_is_told():
    with pytest.raises(Flaws, match="不是合格的 TOML"):
        toml_of("key = 1\nkey = 2", "x.toml")


# ── Rows that can never be reached ────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rows", "never"),
    [
        ([people("at_least", 90000), people("at_least", 60000), ""], []),
        ([people("at_least", 60000), people("at_least", 90000), ""], [2]),
        ([people("less_than", 10), people("at_most", 9), ""], [2]),
        ([people("less_than", 10), people("at_most", 10), ""], []),
        ([people("more_than", 10), people("at_least", 11)], [2]),
        ([people("at_least", 10), people("less_than", 10), ""], [3]),
        ([people("at_least", 0), ""], [2]),
        ([people("less_than", 0), ""], [1]),
        ([f"when = {OPEN}", f"when = {{ not = {OPEN} }}", ""], [3]),
        ([f"when = {OPEN}", BOTH, ""], [2]),
        ([BOTH, f"when = {OPEN}", f"when = {{ any = [{OPEN}, {WIRED}] }}", ""], []),
        ([LEASED, "when = { indicator = 'line', one_of = ['VPN', '无'] }", ""], [3]),
        (["when = { indicator = 'line', is_not = '专线' }", "when = { indicator = 'line', is = 'VPN' }", ""], [2]),
        (["when = { indicator = 'services', includes = ['jobs'] }"] * 2, [2]),
        (["when = { indicator = 'name', answered = true }", ""], []),
        (["when = { indicator = 'people', answered = true }", ""], [2]),
        ([BUILT_BEFORE, "when = { indicator = 'built', on_or_after = 2012-01-01 }", ""], [3]),
        ([BUILT_BEFORE, "when = { indicator = 'built', on_or_after = 2012-01-02 }", ""], []),
        (["when = { sum = ['staff', '-extra'], at_least = 0 }", ""], []),
        (["when = { indicator = 'staff', at_least = { of = 'served' } }", people("at_least", 1), ""], []),
        (["", ""], [2]),
    ],
)
def test_a_row_that_no_subject_reaches_is_refused(rows, never):
    assert unreachable(*rows) == never


# ── The two shared files ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("label = '甲'\ntype = 'number'", "type 不能是“number”；只可用：integer"),
        ("type = 'text'", "label 缺失"),
        ("label = '甲'", "type 缺失"),
        ("label = '甲'\ntype = 'text'\nhint = '…'", "不认识的键“hint”"),
        ("label = '甲'\ntype = 'choice'", "choices 与 type 不符"),
        ("label = '甲'\ntype = 'text'\nchoices = ['a']", "choices 与 type 不符"),
        ("label = '甲'\ntype = 'choice'\nchoices = ['a', 'a']", "选项“a”重复"),
        ("label = '甲'\ntype = 'choice'\nchoices = [{ value = 'a' }]", "选项的 label 缺失"),
        ("label = '甲'\ntype = 'integer'\nplaces = 2", "places 不能是 2"),
        ("label = '甲'\ntype = 'decimal'\nplaces = 9", "places 不能是 9"),
        ("label = '甲'\ntype = 'integer'\nrange = [5, 1]", "range 的下限 5 大于上限 1"),
        ("label = '甲'\ntype = 'integer'\nrange = [5]", "range 应是"),
        ("label = '甲'\ntype = 'text'\nrange = [1, 5]", "range 应是"),
        ("label = '甲'\ntype = 'text'\nfrom = 'asked'", "from 不能是“asked”"),
    ],
)
def test_a_flaw_of_the_dictionary(text, wrong):
    with pytest.raises(Flaws) as refused:
        parse_dictionary(toml_of(f"[x]\n{text}", "indicators.toml"), "indicators.toml")
    [sentence] = refused.value.sentences
    assert sentence.startswith("indicators.toml: x: ")
    assert wrong in sentence


def test_a_decimal_has_two_places_unless_it_says():
    text = "a = { label = '甲', type = 'decimal' }\nb = { label = '乙', type = 'decimal', places = 1 }"
    found = parse_dictionary(toml_of(text, "indicators.toml"), "indicators.toml")
    assert [indicator.places for indicator in found.values()] == [2, 1]


def test_an_interpretation_has_question_reading_and_ground():
    with pytest.raises(Flaws) as refused:
        parse_interpretations(toml_of("A1 = { question = '问', answer = '答' }", "i.toml"), "i.toml")
    assert len(refused.value.sentences) == 3


def test_the_name_of_a_fact_goes_into_addresses():
    with pytest.raises(Flaws, match="数据项的键“人口”里有不能用的字符"):
        parse_dictionary(toml_of("'人口' = { label = '人口', type = 'integer' }", "indicators.toml"), "indicators.toml")
