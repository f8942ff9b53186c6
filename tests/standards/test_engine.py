"""The walk: three-valued logic, absence, decision tables, scope and force."""

from datetime import date
from itertools import product

import pytest

from tests.standards.samples import (
    BANDS,
    OPEN,
    WIRED,
    clause,
    edition_from,
    edition_of_check,
    given,
    judged,
    number,
    outcome_of,
    result_of,
)

ON = date(2026, 3, 31)
TRUTHS = {True: True, False: False, None: None}


# ── Kleene ─────────────────────────────────────────────────────────────────

WORD = {True: "pass", False: "fail", None: "missing"}


@pytest.mark.parametrize(("left", "right"), list(product(TRUTHS, TRUTHS)))
def test_all_is_false_with_one_false_whatever_is_absent(left, right):
    truth = False if False in (left, right) else None if None in (left, right) else True
    assert outcome_of(f"{{ all = [{OPEN}, {WIRED}] }}", given(open=left, wired=right)) == WORD[truth]


@pytest.mark.parametrize(("left", "right"), list(product(TRUTHS, TRUTHS)))
def test_any_is_true_with_one_true_whatever_is_absent(left, right):
    truth = True if True in (left, right) else None if None in (left, right) else False
    assert outcome_of(f"{{ any = [{OPEN}, {WIRED}] }}", given(open=left, wired=right)) == WORD[truth]


@pytest.mark.parametrize("truth", TRUTHS)
def test_not_turns_what_is_known(truth):
    turned = None if truth is None else not truth
    assert outcome_of(f"{{ not = {OPEN} }}", given(open=truth)) == WORD[turned]


@pytest.mark.parametrize(
    ("check", "facts", "unknown"),
    [
        (f"{{ all = [{OPEN}, {WIRED}] }}", {}, {"open", "wired"}),
        (f"{{ all = [{OPEN}, {WIRED}] }}", {"open": True}, {"wired"}),
        (f"{{ all = [{OPEN}, {WIRED}] }}", {"open": False}, set()),
        (f"{{ any = [{OPEN}, {WIRED}] }}", {"open": True}, set()),
        (f"{{ any = [{OPEN}, {WIRED}] }}", {"open": False}, {"wired"}),
        ("{ sum = ['staff', '-extra'], at_least = 1 }", {"staff": 5}, {"extra"}),
        ("{ indicator = 'staff', at_least = { of = 'served', per = 10000, round = 'up' } }", {}, {"staff", "served"}),
        ("{ indicator = 'staff', at_least = { of = 'served', minimum = 5 } }", {"staff": 3}, {"served"}),
        ("{ indicator = 'ledgers', includes = { of = 'services' } }", {"ledgers": []}, {"services"}),
    ],
)
def test_unknown_is_what_can_still_change_the_outcome(check, facts, unknown):
    result = result_of(check, facts)
    assert result.unknown == unknown
    assert (result.outcome == "missing") == bool(unknown)


# ── Absence, blanks and nothing ticked ─────────────────────────────────────


def test_a_blank_is_an_answer_and_absence_is_none():
    check = "{ indicator = 'name', answered = true }"
    assert [outcome_of(check, facts) for facts in ({}, {"name": " "}, {"name": "甲"})] == ["missing", "fail", "pass"]


def test_nothing_ticked_is_an_answer():
    check = "{ indicator = 'services', includes = ['jobs'] }"
    assert [outcome_of(check, facts) for facts in ({}, {"services": []})] == ["missing", "fail"]


def test_zero_is_not_absence():
    check = "{ indicator = 'computers', at_most = 0 }"
    assert [outcome_of(check, facts) for facts in ({}, {"computers": 0})] == ["missing", "pass"]


def test_a_count_is_of_what_is_ticked():
    check = "{ count = 'services', at_least = 2 }"
    assert [result_of(check, {"services": ticked}).main.actual for ticked in ([], ["jobs"])] == [0, 1]
    assert outcome_of(check, {"services": ["jobs", "care"]}) == "pass"
    assert outcome_of(check, {}) == "missing"


def test_a_sum_may_subtract():
    result = result_of("{ sum = ['staff', '-extra'], at_least = 5 }", {"staff": 6, "extra": 2})
    assert (result.outcome, result.main.actual, result.main.shortfall) == ("fail", 4, 1)


# ── Decision tables ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("people", "computers", "outcome", "row"),
    [
        (90000, 7, "pass", 0),
        (90000, 6, "fail", 0),
        (89999, 6, "pass", 1),
        (60000, 5, "pass", 1),
        (60000, None, "missing", 1),
        (59999, 9, "not_applicable", None),
        (59999, None, "not_applicable", None),
        (None, 9, "missing", None),
    ],
)
def test_the_first_row_that_fits_decides(people, computers, outcome, row):
    result = result_of(BANDS, given(people=people, computers=computers), "quote = '应当这样做'")
    assert (result.outcome, result.row) == (outcome, row)


def test_the_words_of_the_deciding_row_decide():
    assert result_of(BANDS, {"people": 70000, "computers": 1}).quotes == ("这样做",)


@pytest.mark.parametrize(
    ("facts", "unknown"),
    [
        ({}, {"people", "computers"}),
        ({"computers": 9}, {"people"}),
        ({"people": 60000}, {"computers"}),
        ({"people": 1}, set()),
    ],
)
def test_an_undecided_table_lacks_its_condition_and_the_rows_that_may_decide(facts, unknown):
    assert result_of(BANDS, facts).unknown == unknown


def test_rows_after_the_one_that_must_decide_do_not_matter():
    check = f"{{ cases = [{{ when = {OPEN}, indicator = 'staff', at_least = 1 }}, {{ when = {WIRED}, indicator = 'computers', at_least = 1 }}, {{ indicator = 'area', at_least = 1 }}] }}"  # noqa: E501
    assert result_of(check, {"wired": True}).unknown == {"open", "staff", "computers"}
    assert result_of(check, {"wired": False}).unknown == {"open", "staff", "area"}
    assert result_of(check, {}).unknown == {"open", "wired", "staff", "computers", "area"}


@pytest.mark.parametrize(
    ("joined", "facts", "outcome"),
    [
        ("all", {"people": 1, "open": True}, "pass"),
        ("all", {"people": 1, "open": False}, "fail"),
        ("any", {"people": 1, "open": False}, "fail"),
        ("all", {"people": 1}, "missing"),
    ],
)
def test_what_is_not_laid_down_is_left_out(joined, facts, outcome):
    assert outcome_of(f"{{ {joined} = [{BANDS}, {OPEN}] }}", facts) == outcome


def test_nothing_left_is_not_applicable():
    assert outcome_of(f"{{ all = [{BANDS}] }}", {"people": 1}) == "not_applicable"
    assert outcome_of(f"{{ not = {BANDS} }}", {"people": 1}) == "not_applicable"


# ── Scope and force ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("applies", "force", "outcome"),
    [
        (True, "mandatory", "pass"),
        (False, "mandatory", "not_applicable"),
        (None, "mandatory", "missing"),
        (None, "norm", "missing"),
        (None, "permissive", "info"),
        (None, "aspirational", "info"),
        (False, "aspirational", "not_applicable"),
        (True, "permissive", "info"),
    ],
)
def test_scope_decides_first(applies, force, outcome):
    rest = f"force = '{force}'\napplies = {{ indicator = 'wired', is = true }}"
    result = result_of(OPEN, given(open=True, wired=applies), rest)
    assert result.outcome == outcome
    assert result.unknown == ({"wired"} if outcome == "missing" else set())


def test_the_scope_of_a_clause_is_joined_with_the_requirement_s_own():
    own = f"check = {{ indicator = 'computers', at_least = 1 }}\napplies = {WIRED}"
    edition = edition_from(clause(1, own, extra=f"applies = {OPEN}"))
    for facts in ({"open": False}, {"wired": False}, {"open": True, "wired": False}):
        assert judged(edition, ON, facts).results["c1.r1"].outcome == "not_applicable"
    assert judged(edition, ON, {"open": True, "wired": True, "computers": 1}).results["c1.r1"].outcome == "pass"
    assert judged(edition, ON, {"open": True}).results["c1.r1"].unknown == {"wired"}


def test_a_requirement_for_others_does_not_apply():
    edition = edition_of_check(OPEN, "subjects = ['village']")
    outcomes = {
        subject: judged(edition, ON, {"open": True}, subject=subject).results["c1.r1"].outcome
        for subject in (None, "village", "township", "county")
    }
    assert outcomes == {None: "pass", "village": "pass", "township": "not_applicable", "county": "not_applicable"}


def test_what_is_only_recorded_is_info():
    assert judged(edition_from(clause(1, "record = ['name']")), ON, {}).results["c1.r1"].outcome == "info"


@pytest.mark.parametrize(("truth", "allowed"), TRUTHS.items())
def test_a_permission_carries_whether_it_is_given(truth, allowed):
    result = result_of(OPEN, given(open=truth), "force = 'permissive'")
    assert (result.outcome, result.allowed, result.unknown) == ("info", allowed, frozenset())


@pytest.mark.parametrize(
    ("check", "facts", "progress"),
    [
        ("{ indicator = 'staff', at_least = { of = 'people' } }", {"staff": 1, "people": 3}, "0.3333"),
        ("{ indicator = 'staff', at_least = { of = 'people' } }", {"staff": 2, "people": 3}, "0.6667"),
        ("{ indicator = 'staff', at_least = { of = 'people' } }", {"staff": 1, "people": 20000}, "0.0001"),
        ("{ indicator = 'staff', at_least = { of = 'people' } }", {"staff": 9, "people": 8}, "1.125"),
        ("{ indicator = 'staff', at_least = { of = 'people' } }", {"staff": 0, "people": 0}, None),
        ("{ indicator = 'staff', at_least = { of = 'people' } }", {"staff": 3}, None),
        ("{ indicator = 'staff', at_least = 8 }", {}, None),
        ("{ indicator = 'services', includes = ['jobs', 'care', 'files'] }", {"services": ["jobs"]}, "0.3333"),
        (OPEN, {"open": True}, None),
    ],
)
def test_an_aspiration_shows_its_progress(check, facts, progress):
    assert result_of(check, facts, "force = 'aspirational'").progress == number(progress)


@pytest.mark.parametrize(
    ("on", "truth", "overdue"),
    [
        (date(2020, 12, 31), False, False),
        (date(2021, 1, 1), False, True),
        (date(2021, 1, 1), None, True),
        (date(2021, 1, 1), True, False),
    ],
)
def test_overdue_is_asked_on_the_last_day_of_the_period(on, truth, overdue):
    edition = edition_of_check(OPEN, "force = 'aspirational'\ndeadline = 2020-12-31")
    assert judged(edition, on, given(open=truth)).results["c1.r1"].overdue is overdue


def test_a_notice_is_shown_and_decides_nothing():
    rest = "notice = { when = { indicator = 'people', is = 60000 }, hint = '恰在端点' }"
    assert result_of(OPEN, {"open": True, "people": 60000}, rest).notices == ("恰在端点",)
    for facts in ({"open": True}, {"open": True, "people": 59999}):
        assert result_of(OPEN, facts, rest).notices == ()
        assert outcome_of(OPEN, facts, rest) == "pass"
