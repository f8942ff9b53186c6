"""Score and grade: exact, rounded once, in the order of the rule language."""

from datetime import date
from decimal import Decimal

import pytest

from tests.standards.samples import HEAD, clause, edition_from, given, judged

ON = date(2026, 3, 31)
PLAIN = "check = { indicator = 'open', is = true }"
SECOND = "check = { indicator = 'wired', is = true }"
NORM = "force = 'norm'\n" + SECOND


def graded(edition, decisions=None, **facts):
    found = judged(edition, ON, given(**facts), determinations=decisions or {})
    return found.score, found.grade


def tens(*rest):
    """Ten requirements: nine plain, then what is given, so that one lost is a tenth of the score."""
    return edition_from(clause(1, *[PLAIN] * 9, *rest))


@pytest.mark.parametrize(
    ("last", "wired", "decision", "score", "grade"),
    [
        (SECOND, True, None, "100.0", "达标"),
        (SECOND, False, None, "90.0", "基本达标"),
        (SECOND, None, None, "90.0", "资料不全"),
        (NORM, False, None, "95.0", "基本达标"),
        (NORM, False, "accepted", "100.0", "达标"),
        (NORM, False, "refused", "95.0", "基本达标"),
        (SECOND + "\nveto = true", False, None, "90.0", "未达标"),
        (SECOND + "\nfoundation = true", False, None, "0.0", "未设立"),
        (SECOND + "\nfoundation = true", None, None, "90.0", "资料不全"),
        (SECOND + "\nrefer = { indicator = 'computers', at_least = 0 }", False, None, "90.0", "资料不全"),
    ],
)
def test_the_first_grade_that_holds(last, wired, decision, score, grade):
    decisions = {"c1.r10": decision} if decision else {}
    assert graded(tens(last), decisions, open=True, wired=wired, computers=0) == (Decimal(score), grade)


def test_a_provisional_relaxation_does_not_stand_in_the_way():
    last = "check = { indicator = 'area', at_least = 200 }\nrelaxation = { when = { indicator = 'wired', is = true }, within = 0.1 }"  # noqa: E501
    assert graded(tens(last), open=True, area=190, wired=True) == (100, "达标")


def test_below_the_line_is_not_enough():
    assert graded(edition_from(clause(1, *[PLAIN] * 8, SECOND)), open=True, wired=False) == (Decimal("88.9"), "未达标")


def test_what_is_missing_may_no_longer_save_it():
    """Of ten, two failed: with the missing one passed it is still 80."""
    rules = [PLAIN] * 7 + [SECOND] * 2 + ["check = { indicator = 'computers', at_least = 1 }"]
    assert graded(edition_from(clause(1, *rules)), open=True, wired=False) == (70, "未达标")


def test_an_unset_foundation_outranks_everything_missing():
    foundation = PLAIN + "\nfoundation = true"
    assert graded(edition_from(clause(1, foundation, SECOND)), open=False) == (0, "未设立")


def test_nothing_scored_has_neither_score_nor_grade():
    assert graded(edition_from(clause(1, "record = ['name']")), open=True) == (None, None)
    nobody = clause(1, PLAIN, extra="applies = { indicator = 'wired', is = true }")
    assert graded(edition_from(nobody), open=True, wired=False) == (None, None)


def test_grades_compare_the_rounded_score():
    """1 of 3 and 2 of 3 …: 89.95 is 90.0 when rounded, and enough."""
    head = HEAD.replace("deviation = 0.5", "deviation = 0.8995")
    assert graded(edition_from(clause(1, NORM), head=head), wired=False) == (Decimal("90.0"), "基本达标")
    head = HEAD.replace("deviation = 0.5", "deviation = 0.8994")
    assert graded(edition_from(clause(1, NORM), head=head), wired=False) == (Decimal("89.9"), "未达标")


def test_a_clause_counts_once_however_many_requirements_it_has():
    edition = edition_from(clause(1, PLAIN, PLAIN, SECOND), clause(2, SECOND))
    found = judged(edition, ON, {"open": True, "wired": False})
    assert found.score == Decimal("33.3")
    assert {key: (each.outcome, each.score) for key, each in found.clauses.items()} == {
        "c1": ("fail", Decimal("66.7")),
        "c2": ("fail", Decimal("0.0")),
    }


def test_weights_of_clauses_and_requirements():
    edition = edition_from(clause(1, PLAIN + "\nweight = 3", SECOND, extra="weight = 2"), clause(2, SECOND))
    assert judged(edition, ON, {"open": True, "wired": False}).score == 50


def test_info_and_not_applicable_leave_the_mean():
    never = SECOND + "\napplies = { indicator = 'computers', at_least = 1 }"
    edition = edition_from(clause(1, PLAIN, "record = ['name']", never), clause(2, never))
    found = judged(edition, ON, {"open": True, "computers": 0})
    assert (found.score, found.grade) == (100, "达标")
    assert (found.clauses["c2"].outcome, found.clauses["c2"].score) == ("not_applicable", None)


@pytest.mark.parametrize(
    ("outcomes", "worst"),
    [
        (["pass", "fail", "missing"], "fail"),
        (["pass", "missing", "deviation"], "missing"),
        (["pass", "deviation"], "deviation"),
        (["pass", "pass"], "pass"),
    ],
)
def test_a_clause_takes_its_worst(outcomes, worst):
    rules = {
        "pass": PLAIN,
        "fail": SECOND,
        "missing": "check = { indicator = 'computers', at_least = 1 }",
        "deviation": NORM,
    }
    edition = edition_from(clause(1, *(rules[outcome] for outcome in outcomes)))
    assert judged(edition, ON, {"open": True, "wired": False}).clauses["c1"].outcome == worst
